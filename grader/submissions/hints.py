"""Says what Python's syntax errors mean, to somebody who has met few of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.submissions.model import shown
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_BY_LINE: tuple[tuple[str, Text], ...] = (
    (
        r"^(<{7}|={7}|>{7})",
        Text(
            "this is a conflict marker of git: finish the merge", "这是 git 的冲突标记：请完成合并"
        ),
    ),
    (
        r"^\s*(>>>|In \[\d*\]:)",
        Text(
            "take out the prompt (`>>>`): it isn't part of the program",
            "请去掉提示符（`>>>`），它不是程序的一部分",
        ),
    ),
    (
        r"^\s*%%[A-Za-z]",
        Text(
            "a `%%` command works only in a notebook, in the first line of a cell: take it out, or "
            "give it a cell of its own",
            "`%%` 命令只能用在 notebook 中，并且要在单元格的第一行：请删除，或放到单独的单元格里",
        ),
    ),
    (
        r"^\s*(%{1,2}[A-Za-z]|![A-Za-z])|=\s*[!%][A-Za-z]",
        Text(
            "commands with `%` or `!` work only in a notebook: take the line out",
            "以 `%` 或 `!` 开头的命令只能在 notebook 中使用：请删除这一行",
        ),
    ),
)
_BY_MESSAGE: tuple[tuple[str, Text], ...] = (
    (
        r"expected ':'",
        Text(
            "a line that starts with def, class, if, else, for, while, with, try ends with a colon",
            "以 def、class、if、else、for、while、with 或 try 开头的行要以英文冒号结尾",
        ),
    ),
    (
        r"inconsistent use of tabs|tabs and spaces",
        Text(
            "tabs and spaces are mixed: use four spaces everywhere (editors can convert them)",
            "制表符和空格混用了：请统一使用四个空格（编辑器可以转换）",
        ),
    ),
    (
        r"expected an indented block",
        Text(
            "the line before opens a block: what belongs to it is indented by four spaces",
            "上一行开始了一个代码块：属于它的内容要缩进四个空格",
        ),
    ),
    (
        r"unexpected indent|unindent does not match|unindent",
        Text(
            "the spaces at the start of the line don't fit the lines around it",
            "行首的空格与前后各行不一致",
        ),
    ),
    (
        r"too many levels of indentation",
        Text("blocks are nested too deep", "代码块嵌套过深"),
    ),
    (
        r"was never closed",
        Text("a bracket that is opened here is never closed", "这里的括号没有闭合"),
    ),
    (
        r"unmatched|does not match opening",
        Text("this closing bracket has no fitting opening one", "这个右括号没有对应的左括号"),
    ),
    (
        r"unexpected EOF",
        Text(
            "the file ends in the middle of a statement: take out the backslash at its end",
            "文件在语句中间就结束了：请去掉末尾的反斜杠",
        ),
    ),
    (
        r"unterminated|EOL while|EOF while",
        Text("the text in quotes has no closing quote", "字符串缺少右引号"),
    ),
    (
        r"invalid (non-printable )?character",
        Text(
            "this character isn't part of Python; often it is full-width punctuation (，：（）“”) "
            "or an invisible space from a web page: type it again on an English keyboard",
            "Python 不认识这个字符，常见原因是中文标点（，：（）“”）或从网页复制来的不可见空格："
            "请切换到英文输入法重新输入",
        ),
    ),
    (
        r"Missing parentheses in call to",
        Text(
            "this is Python 2: `print` and `exec` take brackets now",
            "这是 Python 2 的写法：现在 `print` 和 `exec` 要加括号",
        ),
    ),
    (
        r"outside function",
        Text(
            "`return`, `yield` and `await` belong inside a function: check the indentation",
            "`return`、`yield` 和 `await` 只能写在函数里：请检查缩进",
        ),
    ),
    (
        r"outside loop|not properly in loop",
        Text("this belongs inside a loop: check the indentation", "它只能写在循环里：请检查缩进"),
    ),
    (
        r"cannot assign to|Maybe you meant '=='",
        Text("to compare, use `==`; `=` stores a value in a name", "比较用 `==`；`=` 是赋值"),
    ),
    (
        r"forgot a comma",
        Text("a comma may be missing", "可能缺少逗号"),
    ),
    (
        r"f-string",
        Text("look at the braces inside the f-string", "请检查 f-string 中的花括号"),
    ),
)
_GENERAL = Text(
    "Python can't read this line; often the mistake is at the end of the line before",
    "Python 无法读懂这一行；错误常常在上一行的末尾",
)


def explain(error: SyntaxError, lines: Sequence[str]) -> Text:
    """What is wrong, where in the line, and a hint; without the line's number."""
    message = shown(str(error.msg), 160)
    number = error.lineno or 0
    code = lines[number - 1] if 0 < number <= len(lines) else ""
    hint = _hint(message, code)
    where_en = where_zh = ""
    if code.strip():
        snippet = shown(code.strip(), 80)
        where_en, where_zh = f", in `{snippet}`", f"，位于 `{snippet}`"
        column = error.offset or 0
        if 0 < column <= len(code) and not isinstance(error, IndentationError):
            where_en, where_zh = f"{where_en} at column {column}", f"{where_zh} 第 {column} 列"
    return Text(f"{message}{where_en}: {hint.en}", f"语法错误（{message}）{where_zh}：{hint.zh}")


def _hint(message: str, code: str) -> Text:
    for pattern, hint in _BY_LINE:
        if re.search(pattern, code):
            return hint
    for pattern, hint in _BY_MESSAGE:
        if re.search(pattern, message):
            return hint
    return _GENERAL

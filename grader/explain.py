"""Turns an exception of the student's into a sentence that says what to do next."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from grader.advice import advice
from grader.errors import ImportFailed, MissingSymbol, StudentError
from grader.text import Text

MAX_SAID = 400
"""Characters of an exception's own words that a sentence carries."""

# What TensorFlow and Keras put around the one sentence that matters.
_WRAPPED = re.compile(
    r"Could not automatically infer the output shape.*?Error encountered:\s+", re.S
)
_DUMPED = re.compile(
    r"\.? ?Full object config:|\n\nArguments received|\n\nconfig=\{|\n\nExample:"
    r"| You can attempt the following resolutions| You are likely doing something like"
    r"|\nPlease see https://| See https://"
)
_NOISE = re.compile(r"\{\{function_node [^}]*\}\} ?| ?\[Op:\w+\](?: name:? ?\S*)?| \(/[^()]*\.py\)")
_PLACE = re.compile(r"(?:.*, cell (\d+)|.*), line (\d+)")


def exception(error: StudentError, file: str, place: Callable[[int], str] | None = None) -> Text:
    """The sentence about an exception raised by the code in `file`.

    Args:
        place: turns a line of the graded module into the student's own place (`cell 3, line 4`).
    """
    where, where_zh = _where(error, place)
    if not_written(error):
        name = f"`{error.frames[-1].function}`" if error.frames else "this part"
        name_zh = f"`{error.frames[-1].function}`" if error.frames else "这一部分"
        text = Text(
            f"{name} isn't written yet: open `{file}`{where}, replace `raise NotImplementedError`"
            " with your code, and run the check again",
            f"{name_zh} 还没有写：打开 `{file}`{where_zh}，把 `raise NotImplementedError`"
            " 换成你的代码，再运行一次检查",
        )
    else:
        hint = advice(error)
        words = said(error).removesuffix(".")
        text = Text(
            f"your code raises {words}{where}" + (f". Hint: {hint.en}" if hint else ""),
            f"你的代码抛出 {words}{where_zh}" + (f"。提示：{hint.zh}" if hint else ""),
        )
    if isinstance(error, ImportFailed):
        return _on_import(error, file, text)
    return text


def places(shown_as: str, cells: Sequence[tuple[int, int]] | None) -> Callable[[int], str]:
    """Turns lines of the graded module into places in the file that the student knows.

    Args:
        cells: (cell, line) of each line of a notebook's module; None for a `.py` file.
    """

    def place(line: int) -> str:
        if cells is not None and 1 <= line <= len(cells):
            cell, inner = cells[line - 1]
            return f"{shown_as}, cell {cell}, line {inner}"
        return f"{shown_as}, line {line}"

    return place


def said(error: StudentError) -> str:
    """The exception's class and its own words, without what the libraries dump around them."""
    text = _DUMPED.split(_WRAPPED.sub("", error.message))[0]
    text = " ".join(_NOISE.sub("", text).split())
    text = text if len(text) <= MAX_SAID else text[:MAX_SAID] + "…"
    return f"{error.type_name}: {text}".rstrip(": ")


def not_written(error: StudentError) -> bool:
    """Whether it is the stub's own `raise NotImplementedError`."""
    return error.type_name == "NotImplementedError" and error.message in ("", error.type_name)


def shortcut(name: str, line: int, place: Callable[[int], str] | None = None) -> Text:
    """The sentence about a use of a shortcut that the exercise rules out; `place` as above."""
    at, at_zh = _at(line, place) if line else ("", "")
    return Text(
        f"`{name}` is used{at}: this exercise asks you to write that part yourself",
        f"使用了 `{name}`{at_zh}：本练习要求自己实现这一部分",
    )


def missing(error: MissingSymbol, file: str) -> Text:
    """The sentence about a name that a check asks for and the module lacks."""
    if error.near:
        near = ", ".join(f"`{name}`" for name in error.near)
        return Text(
            f"`{file}` defines no `{error.name}`, but {near}: the name must be exactly as the"
            " statement gives it",
            f"`{file}` 中没有 `{error.name}`，但有 {near}：名字必须与题目完全一致",
        )
    return Text(
        f"`{file}` defines no `{error.name}`: start from the exercise's stub, which has every name",
        f"`{file}` 中没有 `{error.name}`：请从练习的模板文件开始，其中有全部名字",
    )


def _on_import(error: ImportFailed, file: str, text: Text) -> Text:
    if error.type_name == "SystemExit":
        return Text(
            f"`{file}` ends the program while it is imported (`sys.exit` or `exit`): a module must"
            " only define things; remove the call",
            f"`{file}` 在导入时结束了程序（`sys.exit` 或 `exit`）：模块应只包含定义，请删除该调用",
        )
    return Text(
        f"`{file}` can't be imported, so nothing in it can be checked: {text.en}",
        f"`{file}` 无法导入，因此什么也检查不了：{text.zh}",
    )


def _where(error: StudentError, place: Callable[[int], str] | None) -> tuple[str, str]:
    return _at(error.frames[-1].line, place) if error.frames else ("", "")


def _at(line: int, place: Callable[[int], str] | None) -> tuple[str, str]:
    found = _PLACE.fullmatch(place(line)) if place else None
    if found is None:
        return f" (line {line})", f"（第 {line} 行）"
    cell, inner = found.groups()
    if cell is None:
        return f" (line {inner})", f"（第 {inner} 行）"
    return f" (cell {cell}, line {inner})", f"（第 {cell} 个单元格第 {inner} 行）"

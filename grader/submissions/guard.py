"""Parses a student's Python in this trusted process, without letting it harm the process.

Why that is sound without a process of its own: `ast.parse` runs nothing, and what hostile text can
do to it is use up the C stack, time or memory. CPython bounds its parser's depth and the conversion
to objects (MemoryError, RecursionError; both are caught here), but how well differs from version to
version and with the size of the thread's stack, and `compile` has crashed on deep trees that
`ast.parse` let through. So everything is bounded before it gets there:

- size, and the number of tokens, which bounds the number of nodes and so time and memory;
- brackets, indents and runs of prefix operators, which nest the parser's own recursion: counted by
  a linear scan that reads strings and comments as the tokenizer does and looks into f-strings,
  whose fields are programs too;
- what takes CPython quadratic time: fields of one f-string, combining marks in a row (names are
  brought into a normal form), constants and functions whose hashes collide;
- the depth of the tree (chains like `a.b.c` and `1+1+1` don't nest in the text), measured
  without recursion before anything recursive, `compile` included, sees it;
- the size of the tree with each `finally` as often as the compiler copies it (see `growth`).

A program that people write stays far below all of them. What exceeds one is refused with its line:
a separate process would cost more than the rest of the intake and would refuse the same texts.
"""

from __future__ import annotations

import ast
import warnings

from grader.submissions.growth import compiled_nodes
from grader.submissions.hints import explain
from grader.submissions.scan import MAX_TOKENS, Refused, line_of, scan, too_deep
from grader.text import Text

__all__ = ["MAX_TOKENS", "Refused", "compile_guarded", "parse_guarded"]

MAX_TREE_DEPTH = 300
MAX_NUMBERS = 200
"""Constants whose hashes anybody can make collide; the compiler keeps all in one dictionary."""
MAX_CODES = 3_000
"""Functions, classes and comprehensions: equal ones collide in the same way."""
MAX_COMPILED = 200_000
"""Nodes with copies; compiling one takes up to 1 kB."""
_CODES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def parse_guarded(text: str) -> ast.Module:
    """The tree of `text` (line ends `\\n`), at most MAX_TREE_DEPTH deep; raises only Refused."""
    _refuse_characters(text)
    scan(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            raise Refused(error.lineno, explain(error, text.split("\n"))) from None
        except (RecursionError, MemoryError):
            raise too_deep(None) from None
        except ValueError as error:
            raise _unreadable(error) from None
    deep = _deep_line(tree)
    if deep is not None:
        raise too_deep(deep)
    return tree


def compile_guarded(text: str) -> ast.Module:
    """As parse_guarded, and refuses what only Python's compiler notices (`return` outside, …)."""
    tree = parse_guarded(text)
    _refuse_bombs(text, tree)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(tree, "<submission>", "exec", dont_inherit=True)
        except SyntaxError as error:
            raise Refused(error.lineno, explain(error, text.split("\n"))) from None
        except (RecursionError, MemoryError):
            raise too_deep(None) from None
        except (ValueError, OverflowError, SystemError) as error:
            raise _unreadable(error) from None
    return tree


def _refuse_characters(text: str) -> None:
    """Raises Refused for characters that no Python file can have."""
    place = text.find("\0")
    if place >= 0:
        raise Refused(
            line_of(text, place),
            Text(
                "it has a NUL character, which no editor shows: type the line again",
                "含有编辑器不显示的 NUL 字符：请重新输入这一行",
            ),
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Refused(
            line_of(text, error.start),
            Text(
                f"Python can't read it, it has half a character ({text[error.start]!a}): type the "
                "line again",
                f"Python 无法读取，其中有半个字符（{text[error.start]!a}）：请重新输入这一行",
            ),
        ) from None


def _refuse_bombs(text: str, tree: ast.Module) -> None:
    """Raises Refused for a tree on which the compiler would take gigabytes or minutes."""
    if "finally" in text and compiled_nodes(tree) > MAX_COMPILED:
        blocks = (node for node in ast.walk(tree) if getattr(node, "finalbody", None))
        raise Refused(
            getattr(next(blocks, None), "lineno", None),
            Text(
                "`finally` blocks are nested in each other, or left by too many `return`: "
                "write them as functions",
                "`finally` 块互相嵌套，或其中的 `return` 过多：请改写成函数",
            ),
        )
    numbers = codes = 0
    for node in ast.walk(tree):
        numbers += isinstance(node, ast.Constant) and _collides(node.value)
        codes += isinstance(node, _CODES)
        if numbers > MAX_NUMBERS:
            raise Refused(
                getattr(node, "lineno", None),
                Text(
                    f"more than {MAX_NUMBERS} complex numbers and integers of 19 digits and more: "
                    "leave data out of the program",
                    f"复数和 19 位以上的整数超过 {MAX_NUMBERS} 个：请不要把数据写进程序",
                ),
            )
        if codes > MAX_CODES:
            raise Refused(
                getattr(node, "lineno", None),
                Text(
                    f"more than {MAX_CODES} functions, classes and comprehensions, too much for a "
                    "submission: write what repeats as a loop",
                    f"函数、类和推导式超过 {MAX_CODES} 个，作为提交过大：请把重复的部分写成循环",
                ),
            )


def _collides(value: object) -> bool:
    """Whether others of the same hash can be made up: all smaller integers have their own."""
    return type(value) is complex or (type(value) is int and value.bit_length() > 60)


def _deep_line(tree: ast.Module) -> int | None:
    """The line where the tree gets deeper than MAX_TREE_DEPTH, found without recursion."""
    level: list[tuple[ast.AST, int]] = [(tree, 1)]
    for _ in range(MAX_TREE_DEPTH):
        level = [
            (child, getattr(child, "lineno", line))
            for node, line in level
            for child in ast.iter_child_nodes(node)
        ]
        if not level:
            return None
    return level[0][1]


def _unreadable(error: Exception) -> Refused:
    return Refused(None, Text(f"Python can't read it: {error}", f"Python 无法读取：{error}"))

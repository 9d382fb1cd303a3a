"""Parses a student's Python in this trusted process, without letting it harm the process.

Why that is sound without a process of its own: `ast.parse` runs nothing, and what hostile text can
do to it is use up the C stack, time or memory. CPython bounds its parser's depth and the conversion
to objects (MemoryError, RecursionError; both are caught here), but how well differs from version to
version and with the size of the thread's stack, and `compile` has crashed on deep trees that
`ast.parse` let through. So everything is bounded before it gets there:

- size, and the number of tokens, which bounds the number of nodes and so time and memory;
- brackets, indents and runs of prefix operators, which nest the parser's own recursion: counted by
  a linear scan that reads strings and comments as the tokenizer does (quotes nested in an f-string,
  new in Python 3.12, aside: there CPython's own bounds stand alone);
- the depth of the tree (chains like `a.b.c` and `1+1+1` don't nest in the text), measured
  without recursion before anything recursive, `compile` included, sees it.

A program that people write stays far below all of them. What exceeds one is refused with its line:
a separate process would cost more than the rest of the intake and would refuse the same texts.
"""

from __future__ import annotations

import ast
import re
import warnings

from grader.errors import GraderError
from grader.submissions.hints import explain
from grader.text import Text

MAX_CHARS = 2**20
MAX_TOKENS = 50_000
"""Some 5,000 lines. What follows costs up to 5 kB and 0.1 ms for each."""
MAX_BRACKETS = 90
"""CPython's tokenizer stops at 200."""
MAX_PREFIXES = 90
MAX_TREE_DEPTH = 300

# Possessive throughout: no text makes the scan backtrack. Unterminated strings run to their end.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*+)
  | (?P<string>\"{3}(?:[^\\"]|\\.|"(?!""))*+(?:\"{3})?
             | '{3}(?:[^\\']|\\.|'(?!''))*+(?:'{3})?
             | "(?:[^"\\\n]|\\.)*+"?
             | '(?:[^'\\\n]|\\.)*+'?)
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<prefix>(?:not|lambda|await)\b|\*\*|[-+~:])
  | (?P<word>\w++)
  | (?P<indent>(?<=\n)[ \t]++)
  | (?P<space>[ \t\n\\\f]++)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPERANDS = frozenset({"string", "close"})


class Refused(GraderError):
    """Text that Python or this guard doesn't take.

    Attributes:
        line: where, from 1; None when it concerns the whole text.
        text: what is wrong, without the line.
    """

    def __init__(self, line: int | None, text: Text) -> None:
        super().__init__(text.en)
        self.line = line
        self.text = text


def parse_guarded(text: str) -> ast.Module:
    """The tree of `text` (line ends `\\n`), at most MAX_TREE_DEPTH deep; raises only Refused."""
    _scan(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            raise Refused(error.lineno, explain(error, text.split("\n"))) from None
        except (RecursionError, MemoryError):
            raise _too_deep(None) from None
        except ValueError as error:  # a NUL, an unpaired surrogate
            raise _unreadable(error) from None
    deep = _deep_line(tree)
    if deep is not None:
        raise _too_deep(deep)
    return tree


def compile_guarded(text: str) -> ast.Module:
    """As parse_guarded, and refuses what only Python's compiler notices (`return` outside, …)."""
    tree = parse_guarded(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(tree, "<submission>", "exec", dont_inherit=True)
        except SyntaxError as error:
            raise Refused(error.lineno, explain(error, text.split("\n"))) from None
        except (RecursionError, MemoryError):
            raise _too_deep(None) from None
        except (ValueError, OverflowError, SystemError) as error:
            raise _unreadable(error) from None
    return tree


def _scan(text: str) -> None:
    if len(text) > MAX_CHARS:
        raise Refused(None, Text("it is too long (more than 1 MiB)", "内容过长（超过 1 MiB）"))
    depth = run = tokens = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("space", "comment", "indent"):
            continue
        tokens += 1
        if tokens > MAX_TOKENS:
            raise Refused(
                _line_of(text, match.start()),
                Text(
                    f"it has more than {MAX_TOKENS} words and signs, too much for a submission: "
                    "leave data out of the program",
                    f"内容超过 {MAX_TOKENS} 个词和符号，作为提交过大：请不要把数据写进程序",
                ),
            )
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        # `- - -x`, `not not x`, `lambda: lambda: x`: a run of prefixes without an operand between.
        run = run + 1 if kind == "prefix" else 0 if kind in ("word", "other", *_OPERANDS) else run
        if depth > MAX_BRACKETS or run > MAX_PREFIXES:
            raise _too_deep(_line_of(text, match.start()))


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


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


def _too_deep(line: int | None) -> Refused:
    return Refused(
        line,
        Text(
            "brackets, operators or blocks are nested too deep: split the expression into steps",
            "括号、运算符或代码块嵌套过深：请把表达式拆成几步",
        ),
    )

"""Counts in a text, before Python's parser sees it, what would cost the parser too much.

A linear scan that reads strings and comments as the tokenizer does, and looks into f-strings, whose
fields are programs too. What it bounds and why stands in `guard`.
"""

from __future__ import annotations

import re

from grader.errors import GraderError
from grader.text import Text

MAX_CHARS = 2**20
MAX_TOKENS = 50_000
"""Some 5,000 lines. What follows costs up to 5 kB and 0.1 ms for each."""
MAX_BRACKETS = 90
"""CPython's tokenizer stops at 200."""
MAX_PREFIXES = 90
MAX_FIELDS = 1_000
"""Opening braces in one f-string, which Python 3.11 searches from its start for each of them."""
MAX_MARKS = 50
"""Characters in a row that are neither ASCII nor letters; the form of Unicode that is meant for
such streams has 30 at most."""
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
# Inside a field a quote is just a sign: what stands between two of them costs no more than a name.
_FIELD = re.compile(
    r"""
    (?P<twice>\{\{)
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<prefix>(?:not|lambda|await)\b|\*\*|[-+~:])
  | (?P<word>\w++)
  | (?P<space>\s++)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FORMATTED = re.compile(r"[rR]?[fFtT]|[fFtT][rR]")
# Letters that become combining marks in the normal form: the voiced marks of half-width Kana.
_HALF_MARKS = "\uff9e\uff9f"


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


def scan(text: str) -> None:
    """Raises Refused, with the line, where `text` passes a bound."""
    if len(text) > MAX_CHARS:
        raise Refused(None, Text("it is too long (more than 1 MiB)", "内容过长（超过 1 MiB）"))
    counts = _Counts(text)
    word = None
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("space", "comment", "indent"):
            continue
        counts.add(kind, match)
        if (
            kind == "string"
            and word
            and word.end() == match.start()
            and _FORMATTED.fullmatch(word[0])
        ):
            _scan_fields(text, match, counts)
        word = match if kind == "word" else None


def _scan_fields(text: str, string: re.Match[str], counts: _Counts) -> None:
    """Counts what stands between the braces of an f-string."""
    if text.count("{", *string.span()) > MAX_FIELDS:
        raise Refused(
            line_of(text, string.start()),
            Text(
                f"an f-string has more than {MAX_FIELDS} braces: split it",
                f"一个 f-string 的花括号超过 {MAX_FIELDS} 个：请拆开来写",
            ),
        )
    outside, inside = counts.depth, 0
    for match in _FIELD.finditer(text, *string.span()):
        kind = match.lastgroup
        if not inside and (kind != "open" or match[0] != "{"):
            continue
        if kind == "twice":
            inside += 2
            counts.depth += 1  # the other one is counted as any sign that opens
            kind = "open"
        elif kind == "open":
            inside += 1
        elif kind == "close":
            inside -= 1
        if kind != "space":
            counts.add(kind, match)
    counts.depth = outside


class _Counts:
    """What is bounded while a text is scanned; raises Refused where a bound is passed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = self.run = self.tokens = self.marks = 0

    def add(self, kind: str | None, match: re.Match[str]) -> None:
        self.tokens += 1
        if self.tokens > MAX_TOKENS:
            raise Refused(
                line_of(self.text, match.start()),
                Text(
                    f"it has more than {MAX_TOKENS} words and signs, too much for a submission: "
                    "leave data out of the program",
                    f"内容超过 {MAX_TOKENS} 个词和符号，作为提交过大：请不要把数据写进程序",
                ),
            )
        if kind == "open":
            self.depth += 1
        elif kind == "close":
            self.depth = max(0, self.depth - 1)
        # `- - -x`, `not not x`, `lambda: lambda: x`: a run of prefixes without an operand between.
        if kind == "prefix":
            self.run += 1
        elif kind in ("word", "other", *_OPERANDS):
            self.run = 0
        if self.depth > MAX_BRACKETS or self.run > MAX_PREFIXES:
            raise too_deep(line_of(self.text, match.start()))
        if kind == "other" and not match[0].isascii():
            self.marks += 1
        elif kind != "word" or match[0].strip(_HALF_MARKS):
            self.marks = 0
        if self.marks > MAX_MARKS:
            raise Refused(
                line_of(self.text, match.start()),
                Text(
                    f"more than {MAX_MARKS} accents or signs in a row belong to no word: type the "
                    "line again",
                    f"连续 {MAX_MARKS} 个以上的附加符号不属于任何词：请重新输入这一行",
                ),
            )


def line_of(text: str, position: int) -> int:
    """The line, from 1, of a position in `text`."""
    return text.count("\n", 0, position) + 1


def too_deep(line: int | None) -> Refused:
    """The error about nesting that no person writes."""
    return Refused(
        line,
        Text(
            "brackets, operators or blocks are nested too deep: split the expression into steps",
            "括号、运算符或代码块嵌套过深：请把表达式拆成几步",
        ),
    )

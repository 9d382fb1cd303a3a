"""A tutorial's prose as a page shows it: what it is, and its lines; readable, not rendered.

Headings, quotes and list items lose or keep their marks so that they read as what they are; inline
code becomes code; everything else is the text as its author typed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from grader.tutorial.values import Prose

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\S")
_QUOTE = re.compile(r" {0,3}> ?")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t:|-]*-[ \t:|-]*")
_MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of prose.

    Attributes:
        level: of a heading, 1 to 6; else 0.
        lines: without the marks that its kind stands for.
        left_out: lines beyond the ones that are shown.
    """

    line: int
    end: int
    kind: Literal["heading", "paragraph", "item", "quote", "table"]
    lines: tuple[str, ...]
    level: int = 0
    left_out: int = 0


def passage(prose: Prose) -> Passage | None:
    """How `prose` is shown; None where it is blank."""
    text = prose.text.strip("\n")
    if not text.strip():
        return None
    lines = text.split("\n")
    end = prose.line + len(lines) - 1
    kept, left_out = lines[:_MOST_LINES], max(0, len(lines) - _MOST_LINES)
    if len(lines) == 1 and (match := _HEADING.fullmatch(lines[0])):
        words = match[2].rstrip().rstrip("#").rstrip() or match[2]
        return Passage(prose.line, end, "heading", (words,), len(match[1]))
    if len(lines) == 2 and lines[0].strip() and (match := _UNDERLINE.fullmatch(lines[1])):
        level = 1 if match[1][0] == "=" else 2
        return Passage(prose.line, end, "heading", (lines[0].strip(),), level)
    if all(_QUOTE.match(line) for line in kept if line.strip()):
        return Passage(
            prose.line,
            end,
            "quote",
            tuple(_QUOTE.sub("", line, count=1) for line in kept),
            left_out=left_out,
        )
    if len(lines) > 1 and "|" in lines[0] and _TABLE_RULE.fullmatch(lines[1]):
        return Passage(prose.line, end, "table", tuple(kept), left_out=left_out)
    kind: Literal["item", "paragraph"] = "item" if _ITEM.match(lines[0]) else "paragraph"
    return Passage(prose.line, end, kind, tuple(kept), left_out=left_out)

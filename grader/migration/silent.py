"""Looks at what students will get for words that speak of solutions: none passes in silence.

A marker that is spelled a little differently (`#### BEGIN SOLUTION`, `### begin hidden tests`), or
stands where the tool looks for none, isn't cut by the tool either, and what it was to hide would be
in the stub, the statement or the public tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.migration.values import Assignment

_SPEAKS = re.compile(r"solution|hidden\s+tests", re.IGNORECASE)
_MARKER = re.compile(
    r"[\s#>*`\-]*(?:BEGIN|END)[\s_]+(?:SOLUTION|HIDDEN[\s_]+TESTS?)\b", re.IGNORECASE
)
_OTTERS = re.compile(r"\s*# (?:BEGIN|END) SOLUTION\s*")
_MOST_CHARS = 60


def unmarked(found: Assignment) -> tuple[str, ...]:
    """What is left to do, one item a cell: to read the lines that speak of a solution.

    Raises:
        UsageError: a line that looks like a marker and was cut by nobody.
    """
    said: dict[int, list[str]] = {}
    for cell, line in _shown(found):
        if not _SPEAKS.search(line):
            continue
        quoted = defuse_line(line.strip(), max_chars=_MOST_CHARS)
        # Otter's are plain comments to nbgrader, whose authors may have left them on purpose.
        others = found.tool == "nbgrader" and _OTTERS.fullmatch(line)
        if _MARKER.match(line) and not others:
            raise UsageError(
                f"cell {cell}: “{quoted}” looks like a marker, but {found.tool} knows none that is"
                " written so, or none there, and students would get what it hides; mend it in the"
                " notebook"
            )
        said.setdefault(cell, []).append(quoted)
    return tuple(
        f"cell {cell}: students get “{lines[0]}”{_more(len(lines) - 1)}: see that nothing of the"
        " solution or of hidden tests is given away"
        for cell, lines in said.items()
    )


def _shown(found: Assignment) -> Iterator[tuple[int, str]]:
    """Each line that students get, with its cell."""
    for cell, text in found.statements:
        yield from ((cell, line) for line in text.split("\n"))
    for block in found.blocks:
        for line, region in zip(block.lines, block.regions, strict=True):
            if not region:
                yield block.cell, line
    for test in found.tests:
        yield from ((test.cell, line) for line in (*test.visible.split("\n"), test.hint))


def _more(count: int) -> str:
    return f" and {count} more line(s) like it" if count else ""

"""What a check expected beside what it got: numbers in columns, the first difference marked.

The texts are what NumPy printed (see `grader.show`), or anything else: a check may say what it
likes, and a results file may have been edited. What can't be read as an array is shown as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from grader.defuse import defuse

_MOST = 6000
"""Characters of a text that is looked into; NumPy's are cut at a quarter of that."""
_FACTS = re.compile(r"(\([\d, ]*\)), (\w+)\s*")
_TOKEN = re.compile(
    r"\s*+(?:(?P<open>\[)|(?P<close>\])|(?P<comma>,)|(?P<item>\.\.\."
    r"|[-+]?(?:\d++(?:\.\d*+)?+|\.\d++|inf|nan)(?:e[-+]?\d++)?+(?![\w.+])"
    r"|True|False|'[^'\\\n]{0,40}'))"
)
_PLACE = re.compile(r"\s*\[([\d, ]{0,200})\]")
_MORE = "..."
_UNKNOWN = -(10**9)
"""Where the next element is, after a gap of unknown length: never the place of any."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts; where an element is marked, `before` to `after` are its line.

    `shape` and `dtype` are "" where the text doesn't tell them; `above` ends with a line end.
    """

    text: str
    shape: str = ""
    dtype: str = ""
    above: str = ""
    before: str = ""
    marked: str = ""
    after: str = ""
    below: str = ""

    @property
    def caret(self) -> str:
        """A line that points at the marked element, for eyes that see no colour."""
        return " " * len(self.before) + "^" * len(self.marked)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two sides, and whether their shapes and dtypes differ where both are told."""

    expected: Side
    got: Side

    @property
    def shapes_differ(self) -> bool:
        return _differ(self.expected.shape, self.got.shape)

    @property
    def dtypes_differ(self) -> bool:
        return _differ(self.expected.dtype, self.got.dtype)


@dataclass(frozen=True, slots=True)
class _Row:
    """The elements between an innermost `[` and its `]`, with all brackets around them."""

    head: str
    items: tuple[str, ...]
    places: tuple[tuple[int, ...], ...]
    tail: str


def compare(expected: str, got: str, first_difference: str = "") -> Comparison:
    """The comparison of two texts; `first_difference` begins with the place of the element."""
    want, came = _side(expected), _side(got)
    rows = [_rows(side.text, side.shape) for side in (want, came)]
    if rows[0] is None or rows[1] is None or not _alike(rows[0], rows[1]):
        return Comparison(want, came)
    widths = _widths(rows[0], rows[1])
    marked = _marked(rows[0], rows[1], first_difference)
    return Comparison(
        _laid_out(want, rows[0], widths, marked), _laid_out(came, rows[1], widths, marked)
    )


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _side(text: str) -> Side:
    clean = defuse(text).strip("\n")
    body, said, facts = clean.rpartition("  shape ")
    if said and len(clean) <= _MOST and (match := _FACTS.fullmatch(facts)):
        return Side(body.rstrip(), match[1], match[2])
    return Side(clean)


def _rows(text: str, shape: str) -> list[_Row] | None:
    """The rows of a printed array; None for anything else."""
    if not text.lstrip().startswith("[") or len(text) > _MOST:
        return None
    lengths = [int(n) for n in re.findall(r"\d{1,9}", shape)]
    rows: list[_Row] = []
    depth = at = 0
    counts: list[int] = []  # the index of the next element, axis by axis
    head = ""
    items: list[str] = []
    places: list[tuple[int, ...]] = []
    while match := _TOKEN.match(text, at):
        at = match.end()
        if match["open"]:
            if items or depth > 31:
                return None
            head += "["
            depth += 1
            counts.append(0)
        elif match["item"]:
            if not depth:
                return None
            items.append(match["item"])
            places.append(tuple(counts))
            if match["item"] != _MORE:
                counts[-1] += 1
            elif len(counts) <= len(lengths):  # as many after the gap as before it
                counts[-1] = max(counts[-1], lengths[len(counts) - 1] - counts[-1])
            else:
                counts[-1] = _UNKNOWN
        elif match["close"]:
            if items:
                rows.append(_Row(head, tuple(items), tuple(places), ""))
                head, items, places = "", [], []
            if not rows or not depth:
                return None
            rows[-1] = _Row(rows[-1].head, rows[-1].items, rows[-1].places, rows[-1].tail + "]")
            depth -= 1
            counts.pop()
            if counts:
                counts[-1] += 1
            if not depth:
                break
        elif items == [_MORE] and depth < len(lengths):  # a line of "...," between whole rows
            rows.append(_Row("", (_MORE,), (), ""))
            items, places = [], []
    if depth or text[at:].strip(" …\n"):
        return None
    return rows


def _alike(one: list[_Row], other: list[_Row]) -> bool:
    """Whether two arrays have the same layout, element for element."""
    return len(one) == len(other) and all(
        a.head == b.head and a.tail == b.tail and len(a.items) == len(b.items)
        for a, b in zip(one, other, strict=True)
    )


def _split(item: str) -> tuple[str, str]:
    """What stands before and from the decimal point."""
    whole, point, rest = item.partition(".")
    return (item, "") if item == _MORE or item.startswith("'") else (whole, point + rest)


def _widths(*arrays: list[_Row]) -> list[tuple[int, int]]:
    """The room that each column needs before and from the decimal point, in all arrays."""
    lines = (
        [tuple(map(len, _split(item))) for item in row.items]
        for rows in arrays
        for row in rows
        if row.items != (_MORE,)
    )
    columns = zip_longest(*lines, fillvalue=(0, 0))
    return [(max(w for w, _ in column), max(r for _, r in column)) for column in columns]


def _marked(one: list[_Row], other: list[_Row], first: str) -> tuple[int, int] | None:
    """(row, column) of the first difference: where it is told, else where the texts differ."""
    told = _PLACE.match(first)
    if told:
        wanted = tuple(int(n) for n in re.findall(r"\d{1,9}", told[1]))
        for r, row in enumerate(one):
            if wanted in row.places:
                return r, row.places.index(wanted)
        return None
    for r, (a, b) in enumerate(zip(one, other, strict=True)):
        for c, (x, y) in enumerate(zip(a.items, b.items, strict=True)):
            if x != y:
                return r, c
    return None


def _laid_out(
    side: Side, rows: list[_Row], widths: list[tuple[int, int]], marked: tuple[int, int] | None
) -> Side:
    deepest = max(len(row.head) for row in rows)
    lines: list[str] = []
    before = item = after = ""
    for r, row in enumerate(rows):
        if row.items == (_MORE,):
            lines.append(" " * deepest + _MORE)
            continue
        line = row.head.rjust(deepest)
        for c, text in enumerate(row.items):
            whole, rest = _split(text)
            line += " " * (widths[c][0] - len(whole) + (c > 0))
            if (r, c) == marked:
                before, item, line = line, text, ""
            else:
                line += text
            line += " " * (widths[c][1] - len(rest))
        line += row.tail
        if marked and marked[0] == r:
            after = line
        lines.append("" if marked and marked[0] == r else line)
    if marked is None:
        return Side("\n".join(lines), side.shape, side.dtype)
    above, below = lines[: marked[0]], lines[marked[0] + 1 :]
    text = "\n".join([*above, before + item + after, *below])
    return Side(
        text,
        side.shape,
        side.dtype,
        above="".join(f"{line}\n" for line in above),
        before=before,
        marked=item,
        after=after,
        below="\n".join(below),
    )

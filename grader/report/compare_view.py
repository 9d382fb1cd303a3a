"""What a check expected beside what it got: numbers in columns, the first difference marked.

The texts are what NumPy printed (see `grader.show`), or anything else: a check may say what it
likes, and a results file may have been edited. What can't be read as an array is shown as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup, escape

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

    @property
    def html(self) -> Markup:
        """The text as markup, the same in every language."""
        if not self.marked:
            return _shown(self.text)
        below = f"\n{self.below}" if self.below else ""
        parts = (self.above, self.before, self.marked, self.after, self.caret, below)
        above, before, marked, after, caret, below = map(_shown, parts)
        pointer = f'<span class="caret" aria-hidden="true">{caret}</span>'
        return Markup(f"{above}{before}<mark>{marked}</mark>{after}\n{pointer}{below}")


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


@dataclass(slots=True)
class _Row:
    """The elements between an innermost `[` and its `]`, with all brackets around them; `halves`
    are what stands before and from the decimal point of each."""

    head: str
    items: tuple[str, ...]
    places: tuple[tuple[int, ...], ...]
    halves: list[tuple[str, str]]
    tail: str = ""


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


def _shown(text: str) -> Markup:
    """Defused once more: laid out in columns, a text may be longer than what is shown of one."""
    return escape(defuse(text))


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
        kind = match.lastgroup
        if kind == "open":
            if items or depth > 31:
                return None
            head += "["
            depth += 1
            counts.append(0)
        elif kind == "item":
            if not depth:
                return None
            item = match["item"]
            items.append(item)
            places.append(tuple(counts))
            if item != _MORE:
                counts[-1] += 1
            elif len(counts) <= len(lengths):  # as many after the gap as before it
                counts[-1] = max(counts[-1], lengths[len(counts) - 1] - counts[-1])
            else:
                counts[-1] = _UNKNOWN
        elif kind == "close":
            if items:
                rows.append(_Row(head, tuple(items), tuple(places), [*map(_split, items)]))
                head, items, places = "", [], []
            if not rows or not depth:
                return None
            rows[-1].tail += "]"
            depth -= 1
            counts.pop()
            if counts:
                counts[-1] += 1
            if not depth:
                break
        elif items == [_MORE] and depth < len(lengths):  # a line of "...," between whole rows
            rows.append(_Row("", (_MORE,), (), []))
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
    lines = [row.halves for rows in arrays for row in rows if row.items != (_MORE,)]
    columns = zip_longest(*lines, fillvalue=("", ""))
    return [
        (max([len(whole) for whole, _ in column]), max([len(rest) for _, rest in column]))
        for column in columns
    ]


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
    room = [(whole + (c > 0), rest) for c, (whole, rest) in enumerate(widths)]
    lines: list[str] = []
    before = item = after = ""
    for r, row in enumerate(rows):
        if row.items == (_MORE,):
            lines.append(" " * deepest + _MORE)
            continue
        cells = [
            whole.rjust(left) + rest.ljust(right)
            for (whole, rest), (left, right) in zip(row.halves, room, strict=False)
        ]
        head = row.head.rjust(deepest)
        if marked is None or marked[0] != r:
            lines.append(f"{head}{''.join(cells)}{row.tail}")
            continue
        c = marked[1]
        item, (whole, rest), (left, right) = row.items[c], row.halves[c], room[c]
        before = f"{head}{''.join(cells[:c])}{' ' * (left - len(whole))}"
        after = f"{' ' * (right - len(rest))}{''.join(cells[c + 1 :])}{row.tail}"
        lines.append("")
    if marked is None:
        return Side("\n".join(lines), side.shape, side.dtype)
    above, below = lines[: marked[0]], lines[marked[0] + 1 :]
    return Side(
        "\n".join([*above, before + item + after, *below]), side.shape, side.dtype,
        above="".join(f"{line}\n" for line in above), before=before, marked=item, after=after,
        below="\n".join(below),
    )  # fmt: skip

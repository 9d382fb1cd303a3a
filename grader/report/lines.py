"""Curves as SVG paths: a grid with round ticks, gaps where there is no number, marks by role."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.report.scales import Axis, axis, tick_texts
from grader.results.pictures import Series

_WIDTH, _HEIGHT = 480.0, 250.0
_TOP, _RIGHT, _BOTTOM = 10.0, 24.0, 30.0
_CHAR = 8.0
"""Width of a character of a tick, in the drawing's units, at the size that a phone shows."""
_AIR = 0.04
"""Part of the values' range that is left free above and below."""
_FAR = 12.0
"""Ranges of the expected numbers beyond which a point is left out of the drawing: one that
diverges would press all the others into one line."""
_MARKED = 32
"""Points up to which each gets a mark."""
_SHAPED = ("before", "after")
"""Roles whose marks tell them apart, so that long curves have a few, too."""
_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What goes inside an `svg` element.

    Attributes:
        beyond: whether something is outside of the frame.
        left_out: how many bars' places aren't drawn.
    """

    markup: Markup
    width: float
    height: float
    beyond: bool = False
    left_out: int = 0


def lines(series: Sequence[Series], labels: Sequence[str]) -> Drawing:
    """The curves of a picture; `labels` are for bars."""
    known = [[(x, y) for x, y in zip(s.x, s.y, strict=True) if y is not None] for s in series]
    across = axis(x for points in known for x, _ in points)
    up, beyond = _heights(series, known)
    room = _HEIGHT - _TOP - _BOTTOM
    texts = tick_texts(ticks := up.ticks(5))
    left = 12 + _CHAR * max(map(len, texts), default=1)
    air = _AIR * room
    up = up.along(_TOP + room - air, _TOP + air)
    across = across.along(left, _WIDTH - _RIGHT)
    grid = [f"M{left:.1f} {up.at(tick):.1f}H{_WIDTH - _RIGHT:.1f}" for tick in ticks]
    written = [
        f'<text class="up" x="{left - 6:.1f}" y="{up.at(tick) + 4:.1f}">{text}</text>'
        for tick, text in zip(ticks, texts, strict=True)
    ]
    whole = all(x == int(x) for points in known for x, _ in points)
    columns, texts = _columns(across, whole)
    for tick, text in zip(columns, texts, strict=True):
        place = across.at(tick)
        grid.append(f"M{place:.1f} {_TOP:.1f}V{_TOP + room:.1f}")
        written.append(f'<text x="{place:.1f}" y="{_HEIGHT - 6:.1f}">{text}</text>')
    zero = ""
    if up.low < 0 < up.high:
        zero = f'<path class="zero" d="M{left:.1f} {up.at(0):.1f}H{_WIDTH - _RIGHT:.1f}"/>'
    # A frame of its own cuts off what lies beyond, without an id that would have to be referred to.
    frame = (
        f'<svg x="{left - 6:.1f}" y="{_TOP - 6:.1f}" width="{across.end - left + 12:.1f}"'
        f' height="{room + 12:.1f}" viewBox="{left - 6:.1f} {_TOP - 6:.1f}'
        f' {across.end - left + 12:.1f} {room + 12:.1f}">'
    )
    seen: Counter[str] = Counter()
    drawn = []
    for one in series:
        drawn.append(_curve(one, across, up, again=seen[one.role] > 0))
        seen[one.role] += 1
    order = sorted(range(len(series)), key=lambda n: _ORDER[series[n].role])
    inside = "".join(drawn[n] for n in order)
    return Drawing(
        Markup(
            f'<path class="grid" d="{"".join(grid)}"/>{zero}'
            f'<g class="ticks">{"".join(written)}</g>{frame}{inside}</svg>'
        ),
        _WIDTH,
        _HEIGHT,
        beyond,
    )


_ORDER = {"before": 0, "yours": 1, "after": 2, "expected": 3, "measured": 4}
"""Dashes lie over the solid line that they may agree with, dots over all."""


def _heights(series: Sequence[Series], known: Sequence[Sequence[_Point]]) -> tuple[Axis, bool]:
    """The axis of the values, and whether some of them are far beyond it."""
    values = [y for points in known for _, y in points]
    whole = axis(values)
    trusted = [
        y
        for one, points in zip(series, known, strict=True)
        if one.role in ("expected", "before")
        for _, y in points
    ]
    near = axis(trusted)
    if not trusted:
        return whole, False
    span = near.high - near.low
    low, high = near.low - _FAR * span, near.high + _FAR * span
    if whole.low >= low and whole.high <= high:
        return whole, False
    return Axis(max(low, whole.low), min(high, whole.high), 0.0, 1.0), True


def _columns(across: Axis, whole: bool) -> tuple[list[float], list[str]]:
    """Ticks along the page, as many as have room beside each other."""
    for about in (6, 4, 3):
        ticks = across.ticks(about, whole=whole)
        texts = tick_texts(ticks)
        if sum(map(len, texts)) * (_CHAR + 2) + 16 * len(ticks) <= across.end - across.start:
            break
    return ticks, texts


def _runs(one: Series) -> Iterator[list[_Point]]:
    """Points that follow each other without a gap; none of them for a gap."""
    pairs = zip(one.x, one.y, strict=True)
    for _, run in itertools.groupby(pairs, key=lambda pair: pair[1] is not None):
        yield [(x, y) for x, y in run if y is not None]


def _curve(one: Series, across: Axis, up: Axis, *, again: bool) -> str:
    runs = [[(across.at(x), up.at(y)) for x, y in run] for run in _runs(one)]
    every = _spacing(one.role, sum(map(len, runs)))
    path = []
    for run in runs:
        if len(run) > 1 and one.role != "measured":
            path.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in run))
    line = f'<path class="line" d="{"".join(path)}"/>' if path else ""
    marked = [
        point
        for run in runs
        for n, point in enumerate(run)
        if len(run) == 1 or (every and n % every == 0)
    ]
    marks = _marks(one.role, marked)
    return f'<g class="plot-{one.role}{" plot-again" if again else ""}">{line}{marks}</g>'


def _spacing(role: str, count: int) -> int:
    """Every how many points of a curve one has a mark; 0 for none."""
    if role == "measured" or count <= _MARKED:
        return 1
    return count // 8 if role in _SHAPED else 0


def _marks(role: str, points: Sequence[_Point]) -> str:
    if not points:
        return ""
    if role == "before":
        shapes = "".join(f"M{x - 4:.1f} {y - 4:.1f}h8v8h-8z" for x, y in points)
        return f'<path class="mark" d="{shapes}"/>'
    if role == "after":
        shapes = "".join(f"M{x:.1f} {y - 4.5:.1f}l4.5 8h-9z" for x, y in points)
        return f'<path class="mark" d="{shapes}"/>'
    shapes = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in points)
    return f'<path class="dots" d="{shapes}"/>'

"""Bars as SVG paths: they lie, so that long labels fit beside them, with numbers at their ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup, escape

from grader.report.lines import Drawing
from grader.report.scales import axis, number, tick_texts
from grader.results.pictures import Series

_WIDTH = 480.0
_MOST_GROUPS = 24
_THICK, _BETWEEN = 15.0, 12.0
_TOP, _BOTTOM = 6.0, 24.0
_CHAR = 7.5
_LABEL_CHARS = 30
_VALUE = 62.0
"""Room for a number at a bar's end."""


def bars(series: Sequence[Series], labels: Sequence[str]) -> Drawing:
    """A group of bars for each label, one bar per series; a dash where there is no number."""
    shown = labels[:_MOST_GROUPS]
    values = [y for one in series for y in one.y[:_MOST_GROUPS] if y is not None]
    scale = axis(values, zero=True)
    names = [_short(label) for label in shown]
    left = 10 + _CHAR * min(_LABEL_CHARS, max((_width(name) for name in names), default=1))
    left_end = left + (_VALUE if any(value < 0 for value in values) else 0)
    across = scale.along(left_end, _WIDTH - _VALUE)
    group = len(series) * _THICK + _BETWEEN
    height = _TOP + group * len(shown) + _BOTTOM
    bottom = height - _BOTTOM
    ticks = across.ticks(4, whole=all(value == int(value) for value in values))
    texts = tick_texts(ticks)
    if sum(map(len, texts)) * (_CHAR + 2) > across.end - across.start:
        ticks, texts = ticks[:: len(ticks) - 1 or 1], texts[:: len(texts) - 1 or 1]
    grid = "".join(f"M{across.at(tick):.1f} {_TOP:.1f}V{bottom:.1f}" for tick in ticks)
    written = [
        f'<text x="{across.at(tick):.1f}" y="{height - 6:.1f}">{text}</text>'
        for tick, text in zip(ticks, texts, strict=True)
    ]
    for place, name in enumerate(names):
        middle = _TOP + group * (place + 0.5) + 4
        written.append(
            f'<text class="up" x="{left - 6:.1f}" y="{middle:.1f}">{escape(name)}</text>'
        )
    zero = across.at(0.0)
    seen: Counter[str] = Counter()
    drawn = []
    for row, one in enumerate(series):
        path, ends = [], []
        for place, value in enumerate(one.y[:_MOST_GROUPS]):
            top = _TOP + group * place + _BETWEEN / 2 + row * _THICK + 1
            end = across.at(value or 0.0)
            if value is not None:
                path.append(f"M{zero:.1f} {top:.1f}H{end:.1f}v{_THICK - 2:.1f}H{zero:.1f}z")
            side, beside = ("less", end - 4) if (value or 0.0) < 0 else ("more", end + 4)
            ends.append(
                f'<text class="{side}" x="{beside:.1f}" y="{top + 10.5:.1f}">{number(value)}</text>'
            )
        again = " plot-again" if seen[one.role] else ""
        seen[one.role] += 1
        drawn.append(
            f'<g class="plot-{one.role}{again}"><path class="rod" d="{"".join(path)}"/>'
            f"{''.join(ends)}</g>"
        )
    return Drawing(
        Markup(
            f'<path class="grid" d="{grid}"/><path class="zero" d="M{zero:.1f} {_TOP:.1f}'
            f'V{bottom:.1f}"/><g class="ticks">{"".join(written)}</g>{"".join(drawn)}'
        ),
        _WIDTH,
        height,
        left_out=len(labels) - len(shown),
    )


def _width(name: str) -> int:
    return sum(2 if ord(char) > 0x2E80 else 1 for char in name)


def _short(label: str) -> str:
    """The label, cut to the room there is for it; Chinese signs are twice as wide."""
    kept = label
    while _width(kept) > _LABEL_CHARS:
        kept = kept[:-1]
    return label if kept == label else f"{kept[:-1]}…"

"""Draws a picture of a check's evidence as inline SVG: no script, no file, nothing fetched.

What is drawn comes from results.json, so every text is cut and escaped, and every number of the
drawing is written here. Roles differ in line style, mark and fill, never in colour alone; colours
are the page's own (see templates/plots.css), so dark pages and print need nothing of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup

from grader.defuse import defuse_line
from grader.report.bars import bars
from grader.report.lines import Drawing, lines
from grader.report.markup import sentence
from grader.report.scales import bounded, number
from grader.results.pictures import Picture, Series
from grader.text import Text

WORDS: Final = {
    "numbers": Text("The numbers", "具体数值"),
    "lines": Text(
        "Lines: {names}. Up: {measured}; across: {over}.",
        "曲线：{names}。纵轴：{measured}；横轴：{over}。",
    ),
    "bars": Text(
        "Bars: {names}. {measured}, by {over}.", "条形：{names}。按{over}显示{measured}。"
    ),
    "apart": Text(
        "“{one}” and “{other}” are furthest apart, by {gap}, at {place}.",
        "“{one}”与“{other}”在 {place} 处相差最大，差 {gap}。",
    ),
    "same": Text(
        "“{one}” and “{other}” agree wherever both are drawn.", "“{one}”与“{other}”处处一致。"
    ),
    "beyond": Text("Some points lie beyond the drawing.", "有些点超出了图的范围。"),
    "gaps": Text(
        "Where a line has a gap, there is no finite number.", "曲线中断处没有有限的数值。"
    ),
    "nothing": Text("There is no finite number to draw.", "没有可画的有限数值。"),
    "left_out": Text("Drawn are the first {n} of {all}.", "只画出 {all} 项中的前 {n} 项。"),
    "below": Text("The numbers are in the table below.", "具体数值见下表。"),
}
"""Every sentence of a drawing that isn't the picture's own."""

_MOST_ROWS = 12
_MOST_CHARS = 120

_FIGURE = Markup(
    '<figure class="plot plot-{kind}"><figcaption>{caption}</figcaption>{legend}'
    '<p class="plot-y" aria-hidden="true">{up}</p>'
    '<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{prefix}-t {prefix}-d">'
    '<title id="{prefix}-t">{title}</title><desc id="{prefix}-d">{told}</desc>{drawn}</svg>'
    '<p class="plot-x" aria-hidden="true">{along}</p>{note}'
    "<details><summary>{numbers}</summary>"
    '<div class="scroll" role="group" aria-label="{title}" tabindex="0"><table>'
    '<caption class="hidden">{title}</caption><thead><tr>{head}</tr></thead>'
    "<tbody>{rows}</tbody></table></div></details></figure>"
)
_SWATCH = Markup(
    '<li class="plot-{role}{again}"><svg viewBox="0 0 34 12" aria-hidden="true">{drawn}</svg>'
    "{name}</li>"
)
_SWATCHES: Final = {
    "lines": {
        "measured": '<path class="dots" d="M7 6h0M17 6h0M27 6h0"/>',
        "before": '<path class="line" d="M1 6h32"/><path class="mark" d="M13 2h8v8h-8z"/>',
        "after": '<path class="line" d="M1 6h32"/><path class="mark" d="M17 2l4.5 8h-9z"/>',
    },
    "bars": {},
}
_LINE = '<path class="line" d="M1 6h32"/>'
_BAR = '<path class="rod" d="M4 1h26v10h-26z"/>'


def draw(picture: Picture, lang: str, prefix: str) -> Markup:
    """The picture as a `figure`, in `lang`.

    Args:
        prefix: begins the ids inside; has to be unique on the page.
    """
    names = [_text(one.name, lang) for one in picture.series]
    kind = picture.kind
    drawing = (lines if kind == "lines" else bars)(picture.series, _labels(picture))
    notes = _notes(picture, drawing, lang)
    note = Markup('<p class="plot-note">{}</p>').format(" ".join(notes)) if notes else Markup("")
    listed = ("、" if lang.startswith("zh") else ", ").join(names)
    measured, over = _text(picture.y_label, lang), _text(picture.x_label, lang)
    told = [
        WORDS[kind].in_(lang).format(names=listed, measured=measured, over=over),
        *_compared(picture, names, lang),
    ]
    title = _text(picture.title, lang)
    return _FIGURE.format(
        kind=kind,
        caption=sentence(title),
        title=title.replace("`", ""),
        legend=_legend(picture, names),
        # Bars lie: what is measured runs along the page.
        up=over if kind == "bars" else measured,
        along=measured if kind == "bars" else over,
        width=f"{drawing.width:.0f}",
        height=f"{drawing.height:.0f}",
        prefix=prefix,
        told=" ".join([*told, *notes, WORDS["below"].in_(lang)]),
        drawn=drawing.markup,
        note=note,
        numbers=WORDS["numbers"].in_(lang),
        head=_joined(
            Markup('<th scope="col"{}>{}</th>').format(_num(n), t)
            for n, t in enumerate([over, *names])
        ),
        rows=_joined(_rows(picture)),
    )


def _notes(picture: Picture, drawing: Drawing, lang: str) -> list[str]:
    """What the drawing doesn't show."""
    notes = []
    if not any(y is not None for one in picture.series for y in one.y):
        notes.append(WORDS["nothing"].in_(lang))
    elif picture.kind == "lines" and any(
        None in one.y for one in picture.series if one.role != "measured"
    ):
        notes.append(WORDS["gaps"].in_(lang))
    if drawing.beyond:
        notes.append(WORDS["beyond"].in_(lang))
    if drawing.left_out:
        count = len(picture.labels)
        notes.append(WORDS["left_out"].in_(lang).format(n=count - drawing.left_out, all=count))
    return notes


def _text(text: Text, lang: str) -> str:
    return _cut(text.in_(lang) or text.en or text.zh)


def _cut(text: str) -> str:
    return defuse_line(text, max_chars=_MOST_CHARS)


def _labels(picture: Picture) -> list[str]:
    return [_cut(label) for label in picture.labels] if picture.kind == "bars" else []


def _num(column: int) -> Markup:
    return Markup(' class="num"' if column else "")


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _legend(picture: Picture, names: list[str]) -> Markup:
    if len(names) < 2:
        return Markup("")
    seen: Counter[str] = Counter()
    items = []
    for one, name in zip(picture.series, names, strict=True):
        drawn = _SWATCHES[picture.kind].get(one.role, _BAR if picture.kind == "bars" else _LINE)
        again = " plot-again" if seen[one.role] else ""
        seen[one.role] += 1
        items.append(_SWATCH.format(role=one.role, again=again, drawn=Markup(drawn), name=name))
    return Markup('<ul class="plot-legend">{}</ul>').format(_joined(items))


def _points(picture: Picture, one: Series) -> dict[float, float | None]:
    """What a series says, by place: its x, or the number of the bar's label."""
    return dict(zip(range(len(one.y)) if picture.kind == "bars" else one.x, one.y, strict=True))


def _place(picture: Picture, place: float) -> str:
    return _cut(picture.labels[int(place)]) if picture.kind == "bars" else number(place)


def _compared(picture: Picture, names: list[str], lang: str) -> list[str]:
    """How far the first two series are apart, for those who don't see it."""
    if len(names) < 2:
        return []
    one, other = (_points(picture, s) for s in picture.series[:2])
    gaps = [
        (abs(value - there), place)
        for place, value in one.items()
        if value is not None and (there := other.get(place)) is not None
    ]
    if not gaps:
        return []
    gap, place = max(gaps, key=lambda pair: pair[0])
    said = WORDS["apart" if gap > 0 else "same"].in_(lang)
    where = _place(picture, place)
    return [said.format(one=names[0], other=names[1], gap=number(bounded(gap)), place=where)]


def _rows(picture: Picture) -> list[Markup]:
    """At most `_MOST_ROWS` rows, at the places that most of the series know."""
    known = [_points(picture, one) for one in picture.series]
    counts: Counter[float] = Counter()
    for points in known:
        counts.update({place: value is not None for place, value in points.items()})
    most = max(counts.values(), default=0)
    places = [n for n, count in counts.items() if count == most or picture.kind == "bars"]
    if picture.kind == "lines":
        places.sort()
    if len(places) > _MOST_ROWS:
        last = len(places) - 1
        places = [places[round(n * last / (_MOST_ROWS - 1))] for n in range(_MOST_ROWS)]
    return [
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            _place(picture, place),
            _joined(
                Markup('<td class="num">{}</td>').format(number(points.get(place)))
                for points in known
            ),
        )
        for place in places
    ]

"""Drawings: whole markup whatever a picture holds, its texts as text, its numbers beside it."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report import plots, scales
from grader.results.pictures import MOST_POINTS, MOST_SERIES, Picture, Role, Series, series
from grader.text import Text

from .pages import read

ROLES: tuple[Role, ...] = get_args(Role)
CSS = (files("grader.report") / "templates" / "plots.css").read_text(encoding="utf-8")
HOSTILE = "</svg></title><script>alert(1)</script> \" ' & {0} {prefix} ]]> \x1b[31m \u202e`x`"


def text(name: str = "a") -> Text:
    return Text(name, f"{name}（中）")


def lines(*curves: Series) -> Picture:
    return Picture("lines", text("title"), text("x"), text("y"), list(curves))


def bars(labels: list[str], *rows: Series) -> Picture:
    return Picture("bars", text("title"), text("x"), text("y"), list(rows), labels)


def drawn(picture: Picture, lang: str = "en", prefix: str = "p") -> ET.Element:
    """The drawing, read as XML and as a page."""
    markup = str(plots.draw(picture, lang, prefix))
    assert read(markup).all("figure")
    return ET.fromstring(markup)


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def numbers_in(element: ET.Element) -> list[float]:
    """Every coordinate of the drawing."""
    found = []
    for node in element.iter():
        for name in ("d", "x", "y", "viewBox", "width", "height"):
            found += [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", node.get(name, ""))]
            assert not re.search(r"nan|inf|e[-+]?\d", node.get(name, "")), node.get(name)
    return found


STRAIGHT = lines(
    Series(text("mine"), "yours", [0.0, 1.0, 2.0], [0.0, 1.0, 2.0]),
    Series(text("right"), "expected", [0.0, 1.5, 2.0], [0.0, 1.0, 2.0]),
)


def test_it_is_an_image_with_a_name_and_a_description() -> None:
    figure = drawn(STRAIGHT, prefix="ada-3")
    (image,) = [node for node in figure if node.tag == "svg"]
    assert image.get("role") == "img"
    named = image.get("aria-labelledby", "").split()
    assert [node.get("id") for node in image if node.get("id")] == named
    assert all(name.startswith("ada-3") for name in named)
    told = words(image.find("desc"))  # type: ignore[arg-type]
    assert "“mine” and “right” are furthest apart, by 0.5, at 1." in told
    assert "Up: y; across: x." in told


def test_ids_differ_by_prefix() -> None:
    both = [*drawn(STRAIGHT, prefix="a").iter(), *drawn(STRAIGHT, prefix="b").iter()]
    ids = [node.get("id") for node in both if node.get("id")]
    assert len(ids) == len(set(ids)) == 4


def test_languages() -> None:
    """All that isn't a number is in the language that is asked for."""
    chinese = words(drawn(STRAIGHT, "zh"))
    assert "具体数值" in chinese
    assert "mine（中）" in chinese
    assert not re.search("[\u4e00-\u9fff]", words(drawn(STRAIGHT, "en")))
    for name, said in plots.WORDS.items():
        assert re.search("[\u4e00-\u9fff]", said.zh), name
        assert not re.search("[\u4e00-\u9fff]", said.en), name
        places = r"\{(\w+)\}"
        assert set(re.findall(places, said.en)) == set(re.findall(places, said.zh)), name


@pytest.mark.parametrize("kind", ["lines", "bars"])
def test_hostile_texts_are_texts(kind: str) -> None:
    """Markup, quotes, braces, escapes and megabytes appear as a few words and make no element."""
    hostile = Text(HOSTILE + "x" * 10**6, HOSTILE)
    rows = [Series(hostile, role, [1.0], [0.0] if kind == "lines" else []) for role in ROLES]
    picture = Picture(kind, hostile, hostile, hostile, rows, [HOSTILE])  # type: ignore[arg-type]
    for lang in ("en", "zh"):
        markup = str(plots.draw(picture, lang, "p"))
        assert len(markup) < 20_000
        assert "\x1b" not in markup
        assert "\u202e" not in markup
        figure = drawn(picture, lang)
        assert {node.tag for node in figure.iter()} <= {
            "figure", "figcaption", "code", "ul", "li", "svg", "title", "desc", "path", "g", "text",
            "p", "details", "summary", "div", "table", "caption", "thead", "tbody", "tr", "th",
            "td",
        }  # fmt: skip
        assert "<script>alert(1)</script>" in words(figure)
        assert not re.search(r"https?:|url\(|style=|\son\w+=|href", markup.replace(HOSTILE, ""))


NUMBERS = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))


@st.composite
def any_picture(draw: Any) -> Picture:
    kind = draw(st.sampled_from(["lines", "bars"]))
    count = draw(st.integers(1, 30))
    column = st.lists(NUMBERS, min_size=count, max_size=count)
    finite = st.floats(allow_nan=False, allow_infinity=False)
    rows = [
        Series(
            text(),
            draw(st.sampled_from(ROLES)),
            draw(column),
            draw(st.lists(finite, min_size=count, max_size=count)) if kind == "lines" else [],
        )
        for _ in range(draw(st.integers(1, MOST_SERIES)))
    ]
    labels = draw(st.lists(st.text(max_size=40), min_size=count, max_size=count))
    return Picture(kind, text(), text(), text(), rows, labels if kind == "bars" else [])


@given(any_picture(), st.sampled_from(["en", "zh"]))
def test_any_picture_can_be_drawn(picture: Picture, lang: str) -> None:
    """Well-formed, every coordinate a number near the drawing."""
    assert all(math.isfinite(n) and abs(n) < 5000 for n in numbers_in(drawn(picture, lang)))


@pytest.mark.parametrize(
    "y",
    [
        [1e300, -1e300, 1.7e308],
        [5e-324, 0.0, -5e-324],
        [3.0, 3.0, 3.0],
        [1e6, 1e6 + 1e-3, 1e6],
        [None, None, None],
        [0.0, None, 0.0],
    ],
)
def test_extreme_numbers(y: list[float | None]) -> None:
    """Huge, tiny, all the same, none at all: lines and bars, and a single point."""
    for count in (1, 3):
        x = [0.0, 1e308, 2.0][:count]
        numbers_in(drawn(lines(Series(text(), "yours", y[:count], x))))
        numbers_in(drawn(bars(["a", "b", "c"][:count], Series(text(), "yours", y[:count]))))


def test_without_a_number_it_says_so() -> None:
    assert "There is no finite number to draw." in words(
        drawn(lines(Series(text(), "yours", [None], [0.0])))
    )


def paths(figure: ET.Element, role: str, mark: str) -> list[str]:
    """The paths of a role's line, dots, marks or rods, outside of the legend."""
    return [
        path.get("d", "")
        for group in figure.iter("g")
        if group.get("class", "").split()[0] == f"plot-{role}"
        for path in group.iter("path")
        if path.get("class") == mark
    ]


def test_a_gap_is_a_gap() -> None:
    """No line across a missing number; a number alone between two of them is a dot."""
    y = [0.0, 1.0, None, 2.0, None, 1.0, 0.0] + [0.0] * 40
    figure = drawn(lines(Series(text(), "yours", y, [float(n) for n in range(len(y))])))
    (line,) = paths(figure, "yours", "line")
    assert line.count("M") == 2
    (dots,) = paths(figure, "yours", "dots")
    assert dots.count("M") == 1
    assert "Where a line has a gap" in words(figure)


def test_roles_differ_without_colour() -> None:
    """Each has a dash, a mark or a fill that no other has; legend and drawing agree."""
    curves = lines(*(Series(text(role), role, [0.0, 1.0], [0.0, 1.0]) for role in ROLES))
    figure = drawn(curves)
    assert [words(item) for item in figure.iter("li")] == list(ROLES)
    assert [item.get("class") for item in figure.iter("li")] == [f"plot-{r}" for r in ROLES]
    marks = {
        role: tuple(mark for mark in ("line", "dots", "mark") if paths(figure, role, mark))
        for role in ROLES
    }
    assert marks["measured"] == ("dots",)
    assert marks["before"] == marks["after"] == ("line", "mark")
    dashes = dict(re.findall(r"\.plot-(\w+) \.line \{ stroke-dasharray: ([\d ]+);", CSS))
    assert set(dashes) == {"expected", "after"}
    assert len(set(dashes.values())) == 2
    assert set(re.findall(r"\.plot-(\w+) \{ --tone: var\(--\w+\); \}", CSS)) == set(ROLES)


def test_a_curve_far_away_hides_no_other() -> None:
    """What diverges leaves the frame; the rest keeps its size, and the drawing says so."""
    x = [0.0, 1.0, 2.0]
    figure = drawn(
        lines(
            Series(text(), "yours", [1.0, 50.0, 1e20], x),
            Series(text(), "expected", [3.0, 2.0, 1.0], x),
        )
    )
    (line,) = paths(figure, "expected", "line")
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", line)]
    assert max(heights) - min(heights) > 12
    assert "Some points lie beyond the drawing." in words(figure)
    assert "1e20" in words(figure)  # in the table


def table(figure: ET.Element) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in figure.iter("tr")]


def test_the_numbers_are_beside_it() -> None:
    """At most twelve rows, from first to last, at places that all series know."""
    x = [float(n) for n in range(100)]
    head, *rows = table(
        drawn(
            lines(
                Series(text("mine"), "yours", [2 * n for n in x], x),
                Series(text("dots"), "measured", [n if n % 7 == 0 else None for n in x], x),
            )
        )
    )
    assert head == ["x", "mine", "dots"]
    assert len(rows) == 12
    assert rows[0] == ["0", "0", "0"]
    assert rows[-1] == ["98", "196", "98"]
    assert all("—" not in row for row in rows)


def test_bars_say_their_numbers() -> None:
    """Numbers at the ends, a dash for none; labels that are alike stay apart."""
    figure = drawn(
        bars(
            ["same", "same", "a-label-that-is-far-too-long-for-its-place-beside-the-bars"],
            Series(text("mine"), "yours", [-1.5, None, 1e6]),
            Series(text("right"), "expected", [1.0, 2.0, 3.0]),
        )
    )
    assert [row[:2] for row in table(figure)[1:]][:2] == [["same", "−1.5"], ["same", "—"]]
    said = [words(node) for node in figure.iter("text")]
    assert {"−1.5", "—", "1e6", "1", "2", "3"} <= set(said)
    assert any(name.endswith("…") and len(name) <= 30 for name in said)
    assert "furthest apart, by 1e6, at a-label" in words(figure)


def test_of_very_many_bars_the_first_are_drawn() -> None:
    labels = [str(n) for n in range(MOST_POINTS)]
    figure = drawn(bars(labels, Series(text(), "yours", [1.0] * MOST_POINTS)))
    (rods,) = paths(figure, "yours", "rod")
    assert rods.count("M") == 24
    assert "Drawn are the first 24 of 240." in words(figure)
    assert len(table(figure)) == 13


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-4.0, 4.0, ["−4", "−2", "0", "2", "4"]),
        (0.0, 0.013, ["0.000", "0.005", "0.010"]),
        (1.0, 9.5, ["2", "4", "6", "8"]),
        (-1e300, 1e300, ["−1e300", "−5e299", "0", "5e299", "1e300"]),
    ],
)
def test_ticks_are_round(low: float, high: float, said: list[str]) -> None:
    ticks = scales.axis([low, high]).ticks(4)
    assert scales.tick_texts(ticks) == said


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_ticks_are_few_and_differ(values: list[float]) -> None:
    axis = scales.axis(values)
    ticks = axis.ticks(5)
    texts = scales.tick_texts(ticks)
    assert 1 <= len(ticks) <= 12
    assert len(set(texts)) == len(texts)
    assert all(0.0 - 1e-6 <= axis.at(tick) <= 1.0 + 1e-6 for tick in ticks)


def test_numbers_read_as_people_write_them() -> None:
    assert [scales.number(n) for n in (0.0, -0.0, -1.25, 1e300, 1.5e-7, None)] == [
        "0", "0", "−1.25", "1e300", "1.5e−7", "—",
    ]  # fmt: skip


def test_what_a_check_makes_is_drawn() -> None:
    """Numbers of NumPy and of Python, thinned on the way."""
    figure = drawn(lines(series(text(), "yours", range(5000), range(5000))))
    (line,) = paths(figure, "yours", "line")
    assert line.count("L") < MOST_POINTS

"""The class page: what its table, its lists and its one script say and may do."""

from __future__ import annotations

import dataclasses

import pytest

from grader.report.analysis import analyse
from grader.report.class_page import line
from grader.report.class_page import pages as pages_of
from grader.report.names import Names
from grader.report.slugs import slug
from grader.report.views import overview
from grader.report.words_class import CLASS, REASONS
from grader.results import CheckSpec, ExerciseSpec, Outcome, Results, Row
from grader.text import Text

from .pages import Node, read
from .sample import EXERCISES, HUBER, MEAN_OF_BATCHES, graded, sample

Pages = dict[str, Node]


def table(pages: Pages, name: str) -> list[list[str]]:
    """The texts of the cells of the only table in a section of the class page, row by row."""
    (section,) = [
        s for s in pages["index.html"].all("section") if s.attrs.get("aria-labelledby") == name
    ]
    rows = section.one("tbody").all("tr")
    return [[c.words for c in row.parts if isinstance(c, Node)] for row in rows]


def test_checks_are_ordered_by_how_many_missed_them(pages: Pages) -> None:
    """The hardest check of the course comes first, with the ways it was missed."""
    rows = table(pages, "missed")
    assert [(row[0], row[2]) for row in rows] == [
        ("Values on both sides of the threshold", "5 of 14"),
        ("Gradient at and beyond the threshold", "5 of 14"),
        ("A threshold other than 1.0", "4 of 14"),
        ("Survives saving and loading", "3 of 13"),
        ("Two batches of unequal size", "3 of 12"),
    ]
    assert "failed 2" in rows[0][3]
    assert "out of memory 1" in rows[0][3]
    assert "1 not judged (grader’s fault)" in rows[3][3]


def test_misconceptions_by_frequency(pages: Pages) -> None:
    """The most frequent of the whole class first; names are left to the exercise's page."""
    rows = table(pages, "diagnoses")
    assert rows[0] == [MEAN_OF_BATCHES.title.en, "Streaming precision", "3"]
    assert [row[2] for row in rows] == ["3", "1"]


def test_time_outs_and_crashes(pages: Pages) -> None:
    """Who, where, and how it ended, linked to the student's exercise."""
    rows = table(pages, "incidents")
    assert sorted((row[0], row[3]) for row in rows) == [
        ("loop-lee", "out of time No answer within 10 s."),
        ("luc-émile", "crashed The process ended with signal 11 (SIGSEGV)."),
        ("محمد الأمين", "out of memory More than 3072 MB were used."),
        ("王小明", "out of time No answer within 10 s."),
    ]


def test_item_analysis(pages: Pages) -> None:
    """Figures by exercise; where there is none, why."""
    rows = {row[0]: row for row in table(pages, "items")}
    assert rows["Huber loss"][1:4] == ["14", "85 %", "68 %"]
    assert rows["Shuffled input pipeline"][4] == f"– {REASONS['equal'].en}"


def test_distribution_in_words(pages: Pages) -> None:
    """The bars' numbers are text; everybody who has a total is in one of them."""
    rows = table(pages, "spread")
    assert rows[0] == ["0–9 %", "0"]
    assert rows[-1][0] == "90–100 %"
    assert sum(int(row[1]) for row in rows) == 14


def test_without_the_script_nothing_is_offered_that_does_not_work(pages: Pages) -> None:
    """What the script brings to life is hidden until then; every column has its button."""
    for name in ("index.html", "index.zh.html"):
        page = pages[name]
        assert "hidden" in page.id("controls").attrs
        heads = page.id("matrix").one("thead").all("th")
        buttons = [head.one("button") for head in heads]
        assert len(buttons) == 2 + len(EXERCISES)
        assert all("hidden" in button.attrs for button in page.all("button"))
        assert all(button.attrs["aria-label"] for button in buttons)
        assert page.id("shown").attrs["role"] == "status"


@pytest.mark.parametrize(
    ("rows", "states"),
    [
        ((graded("a", HUBER),), ""),
        ((graded("a", HUBER, "failed"),), "f"),
        ((graded("a", HUBER, "not_run"),), "f"),
        ((graded("a", HUBER, "timeout"),), "fc"),
        ((graded("a", HUBER, "crashed"),), "fc"),
        ((graded("a", HUBER, "out_of_memory"),), "fc"),
        ((graded("a", HUBER, "grader_error"),), "g"),
        ((Row("a", "huber", "grader_error", 0.0, 10.0),), "g"),
        ((Row("a", "huber", "missing", 0.0, 10.0),), "m"),
        ((Row("a", "huber", "unreadable", 0.0, 10.0),), "f"),
        ((graded("a", HUBER, "failed"), Row("a", "precision", "missing", 0.0, 10.0)), "fm"),
    ],
)
def test_states_for_the_filter(rows: tuple[Row, ...], states: str) -> None:
    """The letters that the filter looks for."""
    (student,) = overview(dataclasses.replace(sample(), results=rows)).students
    assert line(student).states == states


def big(students: int, exercises: int) -> Results:
    """A class of many: five checks each, one answer in ten out of the usual."""
    specs = tuple(
        ExerciseSpec(
            f"exercise_{e}",
            Text(f"Exercise number {e} of the course", f"第 {e} 个练习"),
            10.0,
            tuple(CheckSpec(f"c{c}", Text("Check", "检查"), 2.0, "values") for c in range(5)),
        )
        for e in range(exercises)
    )
    odd: tuple[Outcome, ...] = ("crashed", "timeout", "forbidden")
    rows = []
    for s in range(students):
        for e, spec in enumerate(specs):
            name, dice = f"Student with a name, number {s}", (s * 7 + e * 3) % 20
            if dice == 0:
                rows.append(Row(name, spec.id, "missing", 0.0, 10.0))
            else:
                ways = (odd[dice % 3],) if dice < 4 else ("failed",) * (dice % 4)
                rows.append(graded(name, spec, *ways))
    return Results(sample().run, specs, tuple(rows))


def test_a_large_class_stays_light() -> None:
    """Less than 3 MB for 2,000 students and 28 exercises: a tenth of it, a tenth as many."""
    results = big(200, 28)
    view = overview(results)
    *_, (stem, text) = pages_of(results, view, analyse(view), "en", Names())
    assert stem == "index"
    assert len(text.encode()) < 0.3e6 + 50_000  # what doesn't grow with the class: style, lists
    page = read(text)
    assert page.all("div", "scroll", "tall")
    assert "dense" in page.id("matrix").classes
    assert not page.id("matrix").one("tbody").all("td")[1].all("a")
    assert len(page.id("matrix").one("tbody").all("tr")) == 200
    assert CLASS["and_more"].en.partition("{")[0] in page.words


def test_links_keep_their_names(pages: Pages) -> None:
    """Pages that people bookmarked stay where they are."""
    hrefs = {a.attrs["href"] for a in pages["index.html"].all("a")}
    assert f"students/{slug('ada')}.html#{slug('huber')}" in hrefs
    assert f"exercises/{slug('huber')}.html" in hrefs

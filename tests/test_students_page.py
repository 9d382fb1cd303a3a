"""The pages for students say what the course, the reports and the students' zip say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader import course as courses
from grader.report.strings import OUTCOMES, STATUSES

ROOT = Path(__file__).parents[1]
PAGES = {"en": "students.md", "zh": "students.zh.md"}
STARTS = {"en": "START.md.j2", "zh": "START.zh.md.j2"}
MARKS = ("^## ", r"^\| ", "^- ", r"^\d\. ", "^```")
LANGUAGES = pytest.mark.parametrize("lang", PAGES)
ASKED = "huber_fn([[0.], [0.], [1.], [2.]], [[0.5], [-4.], [1.], [1.5]])"


def page(lang: str) -> str:
    """Its text, with every space and line end as one space."""
    return re.sub(r"\s+", " ", (ROOT / "docs" / PAGES[lang]).read_text("utf-8"))


@LANGUAGES
def test_installing_is_as_in_the_students_zip(lang: str) -> None:
    """Line by line; only the folder's name is filled in there."""
    text = (ROOT / "grader" / "release" / "templates" / STARTS[lang]).read_text("utf-8")
    lines = text.split("```console\n")[1].split("```")[0].replace("{{ tools }}", "tools")
    assert re.sub(r"\s+", " ", lines) in page(lang)


@LANGUAGES
def test_verdicts_are_called_as_on_the_reports_pages(lang: str) -> None:
    """Each has a row, whatever isn't plain by itself."""
    cells = " ".join(
        re.findall(r"^\| (.*?) \|", (ROOT / "docs" / PAGES[lang]).read_text("utf-8"), re.M)
    )
    for kind, word in OUTCOMES.items():
        assert kind == "passed" or word.in_(lang).replace("’", "'") in cells, kind
    assert STATUSES["unreadable"].in_(lang) in cells


@LANGUAGES
def test_limits_are_this_courses(lang: str) -> None:
    """Seconds of a check and of an exercise, memory."""
    limits = courses.load(ROOT).limits
    numbers = (limits.check_seconds, limits.submission_seconds, limits.memory_mb / 1024)
    said = {
        "en": "{:g} seconds for a check, {:g} for all checks of an exercise, {:g} GB",
        "zh": "每项检查 {:g} 秒，一题的全部检查共 {:g} 秒，内存 {:g} GB",
    }
    assert said[lang].format(*numbers) in page(lang)


@LANGUAGES
def test_the_failing_check_is_one_of_the_exercise(lang: str) -> None:
    """Title and hint are the public test's."""
    tests = (ROOT / "exercises" / "huber" / "test_huber.py").read_text("utf-8")
    shown = (ROOT / "docs" / PAGES[lang]).read_text("utf-8").split("```text\n")[1].split("```")[0]
    title, question, hint = shown.strip().split("\n\n")
    assert f'"{title.removeprefix("✗ ")}"' in tests
    assert hint.partition(": ")[2] in tests
    assert question.startswith(f"`{ASKED}`")
    assert f"`{ASKED}`" in tests


def test_both_pages_have_the_same_parts() -> None:
    """Headings, rows of the table, points of the lists, blocks."""
    counted = [
        [len(re.findall(mark, (ROOT / "docs" / name).read_text("utf-8"), re.M)) for mark in MARKS]
        for name in PAGES.values()
    ]
    assert counted[0] == counted[1]

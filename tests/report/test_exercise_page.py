"""The exercises' pages: what can be shown to the class, and what only staff should see."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from grader.report import write_report
from grader.report.slugs import slug
from grader.report.words_exercise import EXERCISE
from grader.report.wrong_answers import wrong_answers
from grader.results import CheckResult
from grader.text import Text

from .pages import Node, read
from .sample import ARRAYS, HUBER, MEAN_OF_BATCHES, STUDENTS, check, graded, sample

Pages = dict[str, Node]
ROOT = Path(__file__).parents[2]


def page_of(pages: Pages, exercise: str, lang: str = "") -> Node:
    """An exercise's page."""
    return pages[f"exercises/{slug(exercise)}{lang}.html"]


def answer(got: str, message: str = "", **more: object) -> CheckResult:
    """A failed check that got `got`."""
    return check(
        HUBER.checks[0], "failed", message=Text(message, message), evidence={"got": got, **more}
    )


def test_how_the_class_did_check_by_check(pages: Pages) -> None:
    """The most missed first, every outcome in words with its number."""
    rows = page_of(pages, "huber").one("table", "checks").one("tbody").all("tr")
    cells = [[c.words for c in row.parts if isinstance(c, Node)] for row in rows]
    assert [row[3] for row in cells] == ["5 of 14", "5 of 14", "4 of 14", "3 of 13"]
    assert cells[0][4].startswith("passed 9")
    assert "1 not judged (grader’s fault)" in cells[3][4]
    assert cells[0][5] == "64 %"


def test_nothing_above_the_staff_s_part_names_a_student(pages: Pages) -> None:
    """What can be shown to the class is anonymous, in both languages."""
    named = 0
    for exercise in ("huber", "precision", "pipeline"):
        for lang in ("", ".zh"):
            page = page_of(pages, exercise, lang)
            (staff,) = page.all("section", "staff")
            public = page.one("main").words.replace(staff.words, "")
            assert staff.words not in public
            for name in STUDENTS:
                assert " ".join(name.split()) not in public or name in ("Ada", "ada"), name
                named += " ".join(name.split()) in staff.words
            links = [a for a in page.one("main").all("a") if "students/" in a.attrs["href"]]
            assert len(links) == len(staff.all("a"))
    assert named > 10


def test_misconceptions_by_frequency_then_who(pages: Pages) -> None:
    """How many for everybody; who for staff."""
    page = page_of(pages, "precision")
    (row,) = page.one("table", "misconceptions").one("tbody").all("tr")
    assert row.words == f"{MEAN_OF_BATCHES.title.en} 3" or row.words.endswith("3")
    assert "ada · almost-al · 王小明" in page.one("section", "staff").words


def test_common_wrong_answers(pages: Pages) -> None:
    """Question, expected, got and message of an answer that several gave."""
    found = page_of(pages, "precision").one("article", "check")
    assert "3 students" in found.words
    assert [pre.text for pre in found.all("pre")] == [
        ARRAYS["expected"],
        ARRAYS["got"],
        ARRAYS["first_difference"],
    ]
    assert "on a (7, 3) batch" in found.words
    assert EXERCISE["no_wrong_answers"].en in page_of(pages, "pipeline").words


def test_answers_are_grouped_to_three_digits() -> None:
    """0.12345 and 0.12349 are one answer, 0.129 another; most frequent first."""
    results = [
        answer("0.12345"),
        answer("[7]"),
        answer("0.12349"),
        answer("0.129"),
        answer("0.1231"),
    ]
    found = wrong_answers(([f"s{n}"], result) for n, result in enumerate(results))
    assert [(a.count, a.got.en) for a in found.common] == [(3, "0.12345")]
    assert found.others == 2


def test_outcome_message_and_exception_tell_answers_apart() -> None:
    """Equal in one thing isn't equal in all; the places in a traceback don't matter."""
    assert wrong_answers([(["a"], answer("1", "x")), (["b"], answer("1", "y"))]).common == ()
    raised = [answer("", "m", traceback=f"a.py, line {n}\nValueError: z") for n in (1, 2)]
    assert wrong_answers(zip("ab", raised, strict=True)).common[0].count == 2
    other = answer("", "m", traceback="a.py, line 1\nTypeError: z")
    assert wrong_answers([(["a"], raised[0]), (["b"], other)]).common == ()


def test_what_is_no_answer_is_in_no_group() -> None:
    """Passed, not run, and the grader's faults."""
    silent = [check(HUBER.checks[0], way) for way in ("passed", "not_run", "grader_error")]
    found = wrong_answers(([f"s{n}"], result) for n, result in enumerate(silent * 3))
    assert (found.common, found.others) == ((), 0)


@pytest.mark.parametrize("name", ["Ada Lovelace", "王小明", "o'brien", "a" * 500])
def test_a_name_in_an_answer_is_taken_out(name: str) -> None:
    """Also a part of it; never a hole in another word."""
    text = f"{name[:150]} was here, Adaptive"
    found = wrong_answers([([name], answer(text)), (["zz"], answer(text))]).common[0]
    for part in name.split():
        assert part not in found.got.en.replace("Adaptive", "") or len(name) > 200
    assert "Adaptive" in found.got.en


@pytest.mark.parametrize(
    "said",
    [
        "by ada_lovelace",
        "class AdaLovelace2",
        "/home/s1234567/x",
        "s1234567_model",
        "mail ada.l@uni.edu",
        "王小明的模型",
        "Mu\u0308ller",
        "O’Brien",
        "Bo!",
        "Zoe’s folder",
    ],
)
def test_whatever_names_somebody_of_the_group_is_taken_out(said: str) -> None:
    """Logins, addresses, other spellings; also of those who answered the same."""
    people = [
        ["Ada Lovelace", "s1234567", "ada.l@uni.edu"],
        *([name] for name in ("王小明", "Müller", "O'Brien", "Bo", "zoe")),
    ]
    text = f"got {said} 1.5 bold adagio"
    got = wrong_answers([(names, answer(text)) for names in people]).common[0].got.en
    for name in ("ada_", "love", "1234", "小", "ller", "brien", "bo!", "zoe", "ada.l"):
        assert name not in got.lower()
    assert got.endswith("1.5 bold adagio")


def test_answers_keep_tracebacks_output_and_code_back() -> None:
    """Only what was asked, expected and got."""
    results = [answer("1", traceback="secret()", output="secret") for _ in range(2)]
    (found,) = wrong_answers(zip("ab", results, strict=True)).common
    assert "secret" not in repr(found)


def test_odd_evidence_is_no_crash() -> None:
    """results.json may be edited by hand."""
    odd = {"got": 3, "traceback": ["x", 1], "asked": {"zh": "只有"}, "expected": None}
    results = [check(HUBER.checks[0], "failed", evidence=odd) for _ in range(2)]
    (found,) = wrong_answers(zip("ab", results, strict=True)).common
    assert found.asked.en == "只有"


def test_look_alikes_side_by_side(tmp_path: Path) -> None:
    """Who, how alike, both texts folded away; identical ones are told as such and shown once."""
    folder = ROOT / "solutions" / "huber"
    files = [folder / "huber.py", *sorted((folder / "variants").glob("right_*.py"))]
    sources = [path.read_text("utf-8") for path in files]
    sources += [sources[1], sources[2].replace("y_pred", "slip") + "\n# mine\n", "", "x = ("]
    rows = tuple(graded(f"student {n}", HUBER, source=s) for n, s in enumerate(sources))
    write_report(dataclasses.replace(sample(), results=rows), tmp_path)
    page = read((tmp_path / "exercises" / f"{slug('huber')}.html").read_text("utf-8"))
    same, alike = page.one("section", "staff").all("article", "twins")
    last = len(files)
    assert EXERCISE["identical"].en in same.words
    assert [a.words for a in same.all("a")] == ["student 1", f"student {last}"]
    assert "".join(td.text + "\n" for td in same.one("tbody").all("td")) == sources[1]
    assert [a.words for a in alike.all("a")] == ["student 2", f"student {last + 1}"]
    assert "% alike" in alike.words
    assert "open" not in alike.one("details").attrs
    assert any("slip" in td.text for td in alike.all("td"))
    assert EXERCISE["look_alikes_why"].en in page.words
    index = read((tmp_path / "index.html").read_text("utf-8"))
    assert "2 to look at" in index.words


def test_too_few_to_compare(pages: Pages) -> None:
    """A results file without the code of the class says so."""
    start = EXERCISE["too_few"].en.partition("{")[0]
    assert start in page_of(pages, "pipeline").words

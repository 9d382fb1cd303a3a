"""Pages that would say the same are left as they are; all others are made anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from grader.report import class_pages, made_of, student_page, write_report
from grader.report.names import Names
from grader.report.pages_folder import NOTES
from grader.results import Results, StudentInfo

from .sample import STUDENTS, sample


def written(folder: Path, results: Results, names: Names | None = None) -> set[str]:
    """Writes a report into a folder that has one; the pages that are new files."""
    before = inodes(folder)
    write_report(results, folder, names or Names())
    after = inodes(folder)
    return {page for page, number in after.items() if before.get(page) != number}


def inodes(folder: Path) -> dict[str, int]:
    """Pages are never overwritten: one that is written takes the place of the old file."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*.html")
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    write_report(sample(), tmp_path)
    # Else a new file might be given the number of one that is gone.
    for page in list(tmp_path.rglob("*.html")):
        os.link(page, page.with_suffix(".kept"))
    return tmp_path


def later() -> Results:
    """The same class, graded again: everything was known."""
    results = sample()
    run = replace(results.run, started="2031-01-02T03:04:05Z", seconds=0.7, jobs=31)
    return replace(
        results,
        run=run,
        results=tuple(structs.replace(row, cached=not row.cached) for row in results.results),
    )


def changed_row(results: Results) -> Results:
    """One student has another note."""
    first, *others = results.results
    return replace(
        results, results=(structs.replace(first, notes=(*first.notes, first.reason)), *others)
    )


def test_an_unchanged_class(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written, and nothing is worked out that only pages show."""
    index = (out / "index.html").read_text("utf-8")

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(class_pages, "write", never)
    monkeypatch.setattr(student_page, "Pages", never)
    assert written(out, later()) == set()
    assert (out / "index.html").read_text("utf-8") == index
    assert "2031" not in index
    assert written(out, later()) == set(), "also the second time"


def test_a_changed_row(out: Path) -> None:
    """The pages of that student, and of the class, which has the run's date."""
    results = later()
    first = results.results[0].student
    new = written(out, changed_row(results))
    students = {page for page in new if page.startswith("students/")}
    assert len(students) == 2  # languages
    for page in students:
        assert first in (out / page).read_text("utf-8")
    assert {"index.html", "index.zh.html"} <= new
    assert any(page.startswith("exercises/") for page in new)
    assert "2031-01-02" in (out / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    "changed",
    [
        lambda results: replace(results, run=replace(results.run, sandbox="none")),
        lambda results: replace(results, run=replace(results.run, device="gpu")),
        lambda results: replace(results, run=replace(results.run, versions={"grader": "9"})),
        lambda results: replace(
            results,
            exercises=(replace(results.exercises[0], max_points=77.0), *results.exercises[1:]),
        ),
    ],
    ids=["sandbox", "device", "versions", "exercise"],
)
def test_what_every_page_rests_on(out: Path, changed: Callable[[Results], Results]) -> None:
    assert written(out, changed(later())) == set(inodes(out))


def test_what_the_class_page_rests_on(out: Path) -> None:
    """Who a student is on the platform stands on no student's page."""
    known = {STUDENTS[0]: StudentInfo("moodle", "1", "new-login", "", "", False)}
    new = written(out, replace(later(), students=known))
    assert "index.html" in new
    assert not any(page.startswith("students/") for page in new)


def test_another_version_of_the_grader(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever file of it has changed: it may be what a page shows."""
    monkeypatch.setattr(made_of, "report_digest", lambda: "another")
    assert written(out, later()) == set(inodes(out))


def test_pages_that_somebody_touched(out: Path) -> None:
    """One was changed, one is gone, one is a link to what would have been right."""
    pages = sorted(page for page in inodes(out) if page.startswith("students/"))
    changed, gone, linked = pages[:3]
    kept = (out / linked).read_text("utf-8")
    (out / changed).write_text("mine")
    (out / gone).unlink()
    (out / linked).unlink()
    (out / "elsewhere").write_text(kept)
    (out / linked).symlink_to(out / "elsewhere")
    assert written(out, later()) == {changed, gone, linked}
    assert "mine" not in (out / changed).read_text("utf-8")
    assert not (out / linked).is_symlink()


def test_an_index_that_is_gone(out: Path) -> None:
    (out / "index.zh.html").unlink()
    new = written(out, later())
    assert {"index.html", "index.zh.html"} <= new
    assert not any(page.startswith("students/") for page in new)


def test_other_languages(out: Path) -> None:
    """A page in one language alone leads to no other."""
    assert written(out, later(), Names(("zh",))) == set(inodes(out))
    assert not list(out.rglob("*.zh.html"))
    assert written(out, later(), Names(("zh",))) == set()


def test_a_preferred_language(out: Path) -> None:
    """Only that student's pages change, and those that lead there."""
    stem = next(page for page in inodes(out) if page.startswith("students/")).partition(".")[0]
    new = written(out, later(), Names(preferred={stem: "zh"}))
    assert {page for page in new if page.startswith("students/")} == {
        page for page in inodes(out) if page.startswith(f"{stem}.")
    }
    assert "index.html" in new


def test_a_run_that_was_killed(out: Path) -> None:
    """Notes that promise a page which wasn't written yet keep nothing."""
    page = next(page for page in inodes(out) if page.startswith("students/"))
    notes = (out / NOTES).read_text()
    line = next(line for line in notes.splitlines() if line.split("  ")[1] == page)
    _, _, source = line.split("  ")
    others = "".join(f"{other}\n" for other in notes.splitlines() if other != line)
    (out / NOTES).write_text(
        f"{others}{'0' * 64}  {page}  {'1' * 64}\n{'2' * 64}  {page}  {source}\n"
    )
    assert written(out, later()) == {page}


def test_notes_of_an_earlier_version(out: Path) -> None:
    """They know pages, but not what those were made of."""
    notes = (out / NOTES).read_text().splitlines()
    (out / NOTES).write_text("".join("  ".join(n.split("  ")[:2]) + "\n" for n in notes))
    assert written(out, later()) == set(inodes(out))
    assert written(out, later()) == set()

"""From the download to the upload by the real commands: everybody lands on their own row.

Of each layout a whole class goes through intake, grading, the gradebook and the zip of feedback.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader import cli
from grader.results import Results, read_results

from ..exports.classes import differing
from .classroom import (
    ABSENT,
    CLASS,
    EMPTY,
    ENROLLED,
    PAIR,
    POINTS,
    POSSIBLE,
    UNREADABLE,
    Gradebook,
    by_canvas,
    by_gradescope,
    by_moodle,
    canvas_gradebook,
    gradescope_gradebook,
    handed_in,
    moodle_worksheet,
    zipped,
)
from .downloads import unpacked
from .platforms import canvas_reads, moodle_reads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COURSE = Path(__file__).parents[1] / "courses" / "steps"


class Way:
    """The commands, for one download, in a folder of its own; `out` is where it is graded."""

    def __init__(
        self, download: Path, folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.download, self.folder, self._capsys = download, folder, capsys
        self.results = out / "results.json"

    def call(self, *arguments: object) -> tuple[int, str, str]:
        """(status, stdout, stderr) of `grader ARGUMENTS` in this process."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["grader", *map(str, arguments)])
            try:
                cli.main()
                status: object = 0
            except SystemExit as end:
                status = end.code or 0
        out, err = self._capsys.readouterr()
        assert isinstance(status, int)
        return status, out, err

    def grade(self) -> Results:
        """Looks at the download, grades it; what intake shows is what is graded."""
        options = ["--course", str(COURSE), "--exercise", "steps"]
        _, out, _ = self.call("intake", self.download, *options, "--json")
        shown = json.loads(out)
        taken = {
            one["student"]
            for one in shown["students"]
            if any(file["state"] == "taken" for file in one["files"])
        }
        command = [sys.executable, "-m", "grader", "grade", str(self.download), *options]
        more = ["--jobs", "1", "--seed", "7", "--quiet", "--out", str(self.results.parent)]
        done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        results = read_results(self.results)
        assert {row.student for row in results.results if row.status != "missing"} == taken
        assert {row.student for row in results.results} == {o["student"] for o in shown["students"]}
        return results

    def export(self, form: str, *arguments: object) -> str:
        """What `grader export` says; it goes well."""
        status, out, err = self.call("export", self.results, "--format", form, *arguments)
        assert (status, err) == (0, ""), err
        return out

    def filled(self, form: str, gradebook: Gradebook, *arguments: object) -> str:
        """The gradebook filled in; the one that was downloaded stays."""
        path = self.folder / f"{form}.csv"
        path.write_bytes(gradebook.text.encode())
        self.export(form, "--into", path, *arguments)
        assert path.read_bytes().decode() == gradebook.text
        return path.with_name(f"{form}-filled.csv").read_bytes().decode()

    def refused(self, form: str, *arguments: object) -> str:
        """The one line of an export that can't be made."""
        status, out, err = self.call("export", self.results, "--format", form, *arguments)
        assert (status, out, err.count("\n")) == (2, "", 1)
        return err

    def feedback(self, form: str, *arguments: object) -> dict[str, str]:
        """The zip of feedback: path to text."""
        out = self.folder / f"{form}.zip"
        self.export(form, "--lang", "en", "--out", out, *arguments)
        with zipfile.ZipFile(out) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all gradings: programs that were graded there aren't run again."""
    return tmp_path_factory.mktemp("out")


@pytest.fixture
def way(tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], Way]:
    """Begins at a download."""
    return lambda download: Way(download, tmp_path, out, capsys)


def check_grades(before: Gradebook, after: str, points: Mapping[int, float]) -> None:
    """These students have these grades, and every other line is the same to the byte."""
    whose = {before.first + place: one.number for place, one in enumerate(ENROLLED)}
    changed = differing(before.text, after)
    grades = {whose[row]: cell for (row, at), cell in changed.items() if at == before.column}
    assert grades == {number: f"{value:g}" for number, value in points.items()}
    touched = {row for row, _ in changed}
    assert {whose[row] for row in touched} == set(points)
    old, new = before.text.splitlines(keepends=True), after.splitlines(keepends=True)
    assert len(old) == len(new)
    assert [n for n, line in enumerate(old) if line != new[n]] == sorted(touched)


def check_pages(pages: Mapping[int, str], points: Mapping[int, float]) -> None:
    """Everybody's page is their own: their name, their points, and nobody else."""
    assert set(pages) == set(points)
    people = {one.number: one for one in (*ENROLLED,)}
    for number, text in pages.items():
        head = re.search(
            r'<h1>(.*?)</h1>\s*<p class="sum"><span class="pts">(\d+)', text, re.DOTALL
        )
        assert head is not None
        assert int(head[2]) == points[number]
        said = html.unescape(text)
        for other in people.values():
            if other.name != people[number].name:
                assert not any(known in said for known in (other.name, other.sortable))
            if other.number != number:
                assert not any(known in said for known in (other.login, other.email))
        assert "index.html" not in text


def named(text: str) -> str:
    """Whose page it is, as it says."""
    found = re.search(r"<h1>(.*?)</h1>", text)
    assert found is not None
    return html.unescape(re.sub(r"<[^>]+>|\(.*\)", "", found[1])).strip()


def test_a_directory_for_each_student(tmp_path: Path, way: Callable[[Path], Way]) -> None:
    """Named by login, number or name, as staff do; accents as another file system has them."""
    download = tmp_path / "class"
    for one in (*CLASS, UNREADABLE):
        namesake = sum(one.name == other.name for other in ENROLLED) > 1
        name = one.login if namesake else (one.name, one.sortable)[one.number % 2]
        folder = download / unicodedata.normalize("NFD", name) / "week 3"
        folder.mkdir(parents=True)
        (folder / "steps.py").write_bytes(handed_in(one))
    (download / EMPTY.name).mkdir()
    (download / EMPTY.name / "essay.pdf").write_bytes(b"%PDF")
    along = way(download)
    along.grade()
    before = canvas_gradebook()
    check_grades(before, along.filled("canvas", before, "--column", "Steps (77)"), POINTS)
    before = gradescope_gradebook()
    check_grades(before, along.filled("gradescope-gradebook", before), POINTS)
    assert "nobody in these results comes from Moodle" in along.refused("moodle-feedback")


def test_a_zip_for_each_student(tmp_path: Path, way: Callable[[Path], Way]) -> None:
    """Named by what comes before the @, or by name."""
    download = tmp_path / "class"
    download.mkdir()
    for one in (*CLASS, UNREADABLE):
        namesake = sum(one.name == other.name for other in ENROLLED) > 1
        name = one.login if namesake else one.name
        (download / f"{name}.zip").write_bytes(zipped(handed_in(one)))
    (download / f"{EMPTY.name}.zip").write_bytes(zipped(b"%PDF", "essay.pdf"))
    along = way(download)
    along.grade()
    before = moodle_worksheet()
    check_grades(before, along.filled("moodle", before), POINTS)


@pytest.mark.parametrize("blind", [False, True])
def test_moodle(blind: bool, tmp_path: Path, way: Callable[[Path], Way]) -> None:
    """Files, a text typed online, teams; by participant's number, also under blind marking."""
    team = "" if blind else "Lab"
    along = way(by_moodle(tmp_path / "Week 3-77.zip", blind=blind, team=team))
    results = along.grade()
    assert len({row.student for row in results.results}) == len(CLASS) + 2
    before = moodle_worksheet(blind=blind)
    after = along.filled("moodle", before)
    check_grades(before, after, POINTS)
    pages = {}
    for path, text in along.feedback("moodle-feedback").items():
        number, name = moodle_reads(path)
        assert name == "feedback.html"
        pages[int(number) - 100] = text
    check_pages(pages, POINTS)
    if not blind:
        names = {one.number: one.name.replace("_", " ") for one in ENROLLED}
        assert {n: named(text) for n, text in pages.items()} == {n: names[n] for n in pages}


def test_canvas(tmp_path: Path, way: Callable[[Path], Way]) -> None:
    """Late, handed in again, zips, a text typed online, which gets a grade and no feedback."""
    along = way(by_canvas(tmp_path / "submissions.zip"))
    infos = along.grade().students.values()
    late = {int(info.id) - 4000 for info in infos if info.late}
    assert late == {one.number for one in (*CLASS, UNREADABLE) if one.number % 3 == 0}
    before = canvas_gradebook()
    check_grades(before, along.filled("canvas", before, "--column", "77"), POINTS)
    pages, there = {}, attachments(along.download)
    for path, text in along.feedback("canvas-feedback", "--from", along.download).items():
        user, attachment = canvas_reads(path)
        assert attachment in there[user]
        assert path.endswith("_feedback.html")
        pages[int(user) - 4000] = text
    with_file = {number: points for number, points in POINTS.items() if number != 11}
    check_pages(pages, with_file)
    said = along.export(
        *("canvas-feedback", "--from", along.download, "--dry-run", "--out", tmp_path / "x.zip")
    )
    assert re.search(r"suharto +handed in no file but a text", said)
    assert re.search(r"noranofile +handed in nothing|nofilenora +handed in nothing", said)


def test_anonymous_canvas(tmp_path: Path, way: Callable[[Path], Way]) -> None:
    """Feedback finds its way by the anonymous number, out of the unpacked folder too."""
    archive = by_canvas(tmp_path / "submissions.zip", anonymous=True)
    along = way(archive)
    results = along.grade()
    assert len(results.students) == len(CLASS) + 1
    gradebook = tmp_path / "grades.csv"
    gradebook.write_text(canvas_gradebook().text, "utf-8")
    said = along.refused("canvas", "--into", gradebook, "--column", "77")
    assert "no row of this gradebook is one of the 15 students graded" in said
    zips = [
        along.feedback("canvas-feedback", "--from", source)
        for source in (archive, unpacked(archive, tmp_path / "unpacked"))
    ]
    assert zips[0] == zips[1]
    pages, there = {}, attachments(archive)
    for path, text in zips[0].items():
        who, attachment = canvas_reads(path)
        assert attachment in there[who]
        pages[int(who.removeprefix("anon_aB").removesuffix("xY"))] = text
    check_pages(pages, POINTS)


def test_gradescope(tmp_path: Path, way: Callable[[Path], Way]) -> None:
    """By the addresses in the list; a pair has the same grade; the last submission counts."""
    along = way(by_gradescope(tmp_path / "assignment_77_export.zip"))
    along.grade()
    before = gradescope_gradebook()
    points = POINTS | {PAIR[1].number: PAIR[0].number}
    after = along.filled("gradescope-gradebook", before, "--column", "Steps")
    check_grades(before, after, points)
    assert "--format gradescope" in along.refused("moodle-feedback")
    assert "--format gradescope" in along.refused("canvas-feedback", "--from", along.download)


def attachments(download: Path) -> dict[str, set[str]]:
    """What Canvas knows of everybody's submission."""
    found: dict[str, set[str]] = {}
    with zipfile.ZipFile(download) as archive:
        for name in archive.namelist():
            ids = re.search(r"_(\d{4})_(\d{4})_|(anon_\w+?)_(\d{4})_", name)
            if ids:
                found.setdefault(ids[1] or ids[3], set()).add(ids[2] or ids[4])
    return found


def test_the_class_is_of_hard_names() -> None:
    """At least twelve, namesakes among them, also among those who handed in nothing."""
    names = [one.name for one in CLASS]
    assert len(names) >= 12
    assert len(set(names)) < len(names)
    assert {one.name for one in ABSENT} & set(names)
    assert max(POINTS.values()) < POSSIBLE
    assert len(set(POINTS.values())) == len(POINTS)

"""`grader export` from the call to the files: every format, wrong calls, no accidents."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from grader import cli
from grader.report.marks import marks_csv
from grader.report.slugs import slug
from grader.results import to_json

from ..report.sample import sample
from .classes import class_of, differing, table

CANVAS = (
    "Student,ID,SIS Login ID,Section,Huber loss (1),Streaming precision (2)\n"
    "    Points Possible,,,,10.00,10.00\n"
    "\x1b[31mLoop\u202e,1,loop-lee,A,2.00,\n"
    "Wang,2,王小明,A,,\n"
    "Else,3,[red]else[/red],A,,\n"
)
MOODLE = (
    "Identifier,Full name,Grade,Maximum Grade,Feedback comments\n"
    "Participant 5,Loop-Lee,,10.00,\n"
    "Participant 6,Nobody,,10.00,\n"
)


def call(*arguments: str | Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """(status, stdout, stderr) of `grader export results.json ARGUMENTS` in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["grader", "export", *map(str, arguments)])
        try:
            cli.main()
            status: object = 0
        except SystemExit as end:
            status = end.code or 0
    out, err = capsys.readouterr()
    assert isinstance(status, int)
    return status, out, err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results and gradebooks, in the working directory."""
    (tmp_path / "results.json").write_text(to_json(sample()), "utf-8")
    (tmp_path / "grades.csv").write_bytes(CANVAS.encode())
    (tmp_path / "sheet.csv").write_bytes(MOODLE.encode())
    (tmp_path / "plain.csv").write_text("a,b\n1,2\n")
    (tmp_path / "latin.csv").write_bytes("Müller\n".encode("latin-1"))
    (tmp_path / "other.json").write_text('{"schema": 2}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    """Everything that lies there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def made(folder: Path, *arguments: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The files that a right call adds; it changes none that were there."""
    before = files(folder)
    status, out, err = call("results.json", *arguments, capsys=capsys)
    assert (status, err) == (0, "")
    assert "written: " in out
    after = files(folder)
    assert {name: after[name] for name in before} == before
    return set(after) - set(before)


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    """That can be copied."""
    status, out, _ = call("--help", capsys=capsys)
    assert status == 0
    assert "grader export reports/week3/results.json --format canvas --into grades.csv" in out


def test_junit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the results, or where --out says."""
    assert made(folder, "--format", "junit", capsys=capsys) == {"junit.xml"}
    new = made(
        folder, "--format", "junit", "--out", "ci/x.xml", "--exercise", "huber", capsys=capsys
    )
    assert new == {"ci/x.xml"}
    assert len(ET.parse("junit.xml").getroot()) == len(sample().results)
    assert {s.get("name", "").partition(": ")[2] for s in ET.parse("ci/x.xml").getroot()} == {
        "huber"
    }


def test_csv(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Marks as the report writes them, and checks."""
    new = made(folder, "--format", "csv", "--out", "tables", capsys=capsys)
    assert new == {"tables/marks.csv", "tables/checks.csv"}
    assert (folder / "tables/marks.csv").read_bytes().decode() == marks_csv(sample())


@pytest.mark.parametrize(("form", "suffix"), [("gradescope", ".json"), ("markdown", ".md")])
def test_a_file_for_each_student(
    form: str, suffix: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named as the report's pages are; one student alone into the file that --out names."""
    names = {row.student for row in sample().results}
    new = made(folder, "--format", form, capsys=capsys)
    assert new == {f"{form}/{slug(name)}{suffix}" for name in names}
    one = ("--student", "王小明", "--lang", "zh")
    new = made(folder, "--format", form, *one, "--out", f"x/results{suffix}", capsys=capsys)
    assert new == {f"x/results{suffix}"}
    text = (folder / f"x/results{suffix}").read_text("utf-8")
    assert "未通过" in text
    if form == "gradescope":
        assert json.loads(text)["score"] == 11.0
    new = made(folder, "--format", form, *one, "--out", "y", capsys=capsys)
    assert new == {f"y/{slug('王小明')}{suffix}"}


def test_canvas(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The filled gradebook stands beside the one that was downloaded, which stays as it was."""
    arguments = ("--format", "canvas", "--into", "grades.csv", "--exercise", "huber")
    assert made(folder, *arguments, capsys=capsys) == {"grades-filled.csv"}
    filled = (folder / "grades-filled.csv").read_bytes().decode()
    assert differing(CANVAS, filled) == {(2, 4): "0", (3, 4): "0"}
    both = ("--exercise", "precision", "--column", "1", "--column", "2", "--out", "both.csv")
    assert made(folder, *arguments, *both, capsys=capsys) == {"both.csv"}
    assert table((folder / "both.csv").read_text("utf-8"))[3][4:] == ["0", "6"]


def test_moodle(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With comments in the language that is asked for."""
    arguments = ("--format", "moodle", "--into", "sheet.csv", "--exercise", "huber", "--lang", "zh")
    assert made(folder, *arguments, capsys=capsys) == {"sheet-filled.csv"}
    row = table((folder / "sheet-filled.csv").read_text("utf-8"))[1]
    assert row[2] == "0"
    assert "超时" in row[4]


def test_one_student_gets_no_row_that_fits_another_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whose row is whose is asked of the whole class, however few are to be filled in."""
    grades = {"Loop-Lee": 1.0, "loop lee": 9.0, "Nobody": 5.0}
    (folder / "results.json").write_text(to_json(class_of(grades)), "utf-8")
    arguments = ("--format", "moodle", "--into", "sheet.csv", "--student", "loop lee")
    status, out, err = call("results.json", *arguments, capsys=capsys)
    assert (status, out) == (2, "")
    assert err.startswith("grader: nobody gets a grade, so there is nothing to fill in: loop lee, ")
    assert "2 students fit one row" in err
    assert made(folder, *arguments, "--student", "Nobody", capsys=capsys) == {"sheet-filled.csv"}
    rows = table((folder / "sheet-filled.csv").read_text("utf-8"))
    assert [row[2] for row in rows[1:]] == ["", "5"]


def test_one_student_excused_in_one_of_two_columns(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gets the grade in the other."""
    excused = CANVAS.replace("Wang,2,王小明,A,,", "Wang,2,王小明,A,EX,")
    (folder / "grades.csv").write_text(excused, "utf-8")
    columns = ("--exercise", "huber", "--exercise", "precision", "--column", "1", "--column", "2")
    arguments = ("--format", "canvas", "--into", "grades.csv", *columns, "--student", "王小明")
    assert made(folder, *arguments, capsys=capsys) == {"grades-filled.csv"}
    assert table((folder / "grades-filled.csv").read_text("utf-8"))[3][4:] == ["EX", "6"]


def test_the_downloaded_file_is_replaced_only_by_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--out that names it is how staff say that they mean it."""
    arguments = ("results.json", "--format", "canvas", "--into", "grades.csv", "--column", "1")
    assert call(*arguments, "--out", "grades.csv", capsys=capsys)[0] == 0
    changed = differing(CANVAS, (folder / "grades.csv").read_bytes().decode())
    assert changed == {(2, 4): "15", (3, 4): "11"}


def test_what_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many were filled in, who wasn't and why; nobody's name acts on the terminal."""
    arguments = (
        "results.json",
        "--format",
        "canvas",
        "--into",
        "grades.csv",
        "--exercise",
        "huber",
    )
    _, out, _ = call(*arguments, capsys=capsys)
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[0] == "Huber loss (1): 2 grade(s) entered"
    assert "1 of them had another value before; --dry-run shows which" in lines
    assert "students without a grade in the file: 12" in lines
    assert "rows of the file left as they are: 1" in lines
    assert lines[-1] == "written: grades-filled.csv"
    assert any("<b>bold</b> & co" in line and "no row of the file" in line for line in lines)
    assert "\x1b" not in out
    assert call(*arguments, "--quiet", capsys=capsys) == (0, "", "")


def test_dry_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shows each grade with what stood there, and writes nothing, in any format."""
    before = files(folder)
    arguments = ("--format", "canvas", "--into", "grades.csv", "--exercise", "huber", "--dry-run")
    status, out, _ = call("results.json", *arguments, capsys=capsys)
    assert status == 0
    (line,) = [line for line in out.splitlines() if line.startswith("loop-lee")]
    assert line.split()[-2:] == ["2.00", "0"]
    assert "\x1b" not in out
    assert out.splitlines()[-1] == "would write: grades-filled.csv"
    status, out, _ = call("results.json", "--format", "markdown", "--dry-run", capsys=capsys)
    assert (status, out) == (0, "would write: 14 files in markdown\n")
    assert files(folder) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["results.json"], "Missing option '--format'"),
        (["results.json", "--format", "xlsx"], "'xlsx' is not one of 'junit', 'csv'"),
        (["nowhere.json", "--format", "junit"], "nowhere.json: can't be read"),
        (["other.json", "--format", "junit"], "$.schema is 2, this grader reads 1"),
        (["results.json", "--format", "canvas"], "name the one that you downloaded with --into"),
        (["results.json", "--format", "moodle"], "name the one that you downloaded with --into"),
        (
            ["results.json", "--format", "junit", "--into", "grades.csv"],
            "--into goes with --format canvas, moodle, gradescope-gradebook only",
        ),
        (["results.json", "--format", "csv", "--column", "x"], "--column goes with --format"),
        (
            ["results.json", "--format", "junit", "--exercise", "hubr"],
            "no exercise 'hubr' in the results; there is, for example: 'huber'",
        ),
        (
            ["results.json", "--format", "junit", "--student", "王小名"],
            "no student '王小名' in the results; there is, for example: '王小明'",
        ),
        (
            ["results.json", "--format", "canvas", "--into", "nowhere.csv"],
            "nowhere.csv: can't be read (No such file or directory): give the CSV file",
        ),
        (
            ["results.json", "--format", "canvas", "--into", "plain.csv"],
            "is no gradebook of Canvas",
        ),
        (["results.json", "--format", "moodle", "--into", "plain.csv"], "has no columns of a"),
        (["results.json", "--format", "canvas", "--into", "latin.csv"], "byte 1 is not UTF-8"),
        (
            ["results.json", "--format", "canvas", "--into", "grades.csv"],
            "choose with --column one of: “Huber loss (1)”, “Streaming precision (2)”",
        ),
        (
            [
                *("results.json", "--format", "canvas", "--into", "grades.csv"),
                *("--column", "1", "--column", "2"),
            ],
            "2 columns for 0 exercises: give an --exercise for each --column",
        ),
        (
            [
                *("results.json", "--format", "moodle", "--into", "sheet.csv"),
                *("--column", "a", "--column", "b"),
            ],
            "a worksheet of Moodle has one column of grades",
        ),
        (
            ["results.json", "--format", "junit", "--out", "plain.csv/x.xml"],
            "plain.csv/x.xml: can't be written",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_calls(
    arguments: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2 and one line that says how to mend it; nothing is written."""
    before = files(folder)
    status, out, err = call(*arguments, capsys=capsys)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert files(folder) == before


def test_a_long_list_is_cut(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A whole course that isn't in the results is counted, not poured over the terminal."""
    rows = "".join(f"Else {n},{n + 9},e{n},A,,\n" for n in range(100))
    (folder / "grades.csv").write_text(CANVAS + rows, "utf-8")
    arguments = ("results.json", "--format", "canvas", "--into", "grades.csv", "--column", "1")
    _, out, _ = call(*arguments, capsys=capsys)
    assert "rows of the file left as they are: 101" in out
    assert "  and 61 more" in out
    assert len(out.splitlines()) < 70

"""Late hand-ins and several attempts, from the download through `grader grade` to the marks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from grader.results import read_results

from .downloads import canvas, metadata, write_zip
from .test_grade import RIGHT, TINY

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results import Results, Row

CUBE = b"def square(x):\n    return x * x * x\n"
BROKEN = b"def square(x:\n"
POLICY = 'late = { percent = 10, per = "day", at_most = 50 }\n'


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The tiny course; `laid_down` says what of deadlines."""
    return shutil.copytree(TINY, tmp_path / "course")


def laid_down(course: Path, defaults: str, rest: str = "") -> None:
    """Writes course.toml anew, with these lines in `[defaults]` and those at the end."""
    text = (TINY / "course.toml").read_text("utf-8")
    text = text.replace("[defaults]\n", f"[defaults]\n{defaults}")
    (course / "course.toml").write_text(f'time_zone = "Europe/Berlin"\n{text}\n{rest}', "utf-8")


def run(
    command: str, archive: Path, course: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    """`grader grade` or `grader intake` of a download, one exercise."""
    where = [str(archive), "--course", str(course), "--exercise", "square"]
    whole = [sys.executable, "-m", "grader", command, *where, *options]
    return subprocess.run(whole, capture_output=True, text=True, check=False)


def graded(archive: Path, course: Path, *options: str) -> tuple[Results, str]:
    """The results of `grader grade` and what it said to staff."""
    out = course.parent / "out"
    done = run("grade", archive, course, "--jobs", "1", "--seed", "7", "--out", str(out), *options)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("grader:")]
    return read_results(out / "results.json"), "\n".join(lines)


def by_student(results: Results) -> dict[str, Row]:
    return {row.student: row for row in results.results}


def test_times_of_the_platform(tmp_path: Path, course: Path) -> None:
    """Late by a time, an extension, the best of three; another deadline grades nothing anew."""
    jane = ("Jane Doe", "0123", "jane@example.org")
    kim = ("Kim Lee", "124", "kim@example.org")
    wang = ("王小明", "125", "wang@example.org")
    times = {
        "submission_1": "2026-10-14 01:00:00 Z",
        "submission_2": "2026-10-19 10:00:00 Z",
        "submission_3": "2026-10-12 10:00:00 Z",
        "submission_4": "2026-10-12 11:00:00 Z",
        "submission_5": "2026-10-18 11:00:00 Z",
    }
    people = [jane, kim, wang, wang, wang]
    archive = write_zip(
        tmp_path / "export.zip",
        {
            "submission_metadata.yml": metadata(
                {folder: [who] for folder, who in zip(times, people, strict=True)}, **times
            ),
            "submission_1/square.py": RIGHT,
            "submission_2/square.py": RIGHT,
            "submission_3/square.py": CUBE,
            "submission_4/square.py": RIGHT,
            "submission_5/square.py": RIGHT + b"# again\n",
        },
    )
    extension = "[[extensions]]\nstudent = 'kim@example.org'\ndeadline = 2026-10-20\n"
    laid_down(course, f'deadline = 2026-10-12\nattempts = "best"\n{POLICY}', extension)
    results, said = graded(archive, course)
    assert said == ""
    rows = by_student(results)
    assert {name: (row.points, row.counts) for name, row in rows.items()} == {
        "Jane Doe": (10.0, 8.0),
        "Kim Lee": (10.0, 10.0),
        "王小明": (10.0, 10.0),
    }
    first = rows["Jane Doe"].mark
    assert first is not None
    assert first.late is not None
    assert (first.late.deadline, first.late.submitted) == (
        "2026-10-12T21:59:59Z",
        "2026-10-14T01:00:00Z",
    )
    assert (first.late.seconds, first.late.penalty) == (97_201, 2.0)
    assert first.late.note.en == (
        "handed in 1 day 3 h after the deadline (2026-10-12 23:59, Europe/Berlin): 20 % of 10"
        " points are taken off"
    )
    extended = rows["Kim Lee"].mark
    assert extended is not None
    assert extended.late is not None
    assert (extended.late.deadline, extended.late.seconds) == ("2026-10-20T21:59:59Z", 0)
    best = rows["王小明"].mark
    assert best is not None
    assert [(a.file, a.points, a.penalty, a.counts) for a in best.attempts] == [
        ("submission_3/square.py", 0.0, 0.0, False),
        ("submission_4/square.py", 10.0, 0.0, True),
        ("submission_5/square.py", 10.0, 5.0, False),
    ]
    assert rows["王小明"].source.encode() == RIGHT

    laid_down(course, f'deadline = 2026-10-19\nattempts = "latest"\n{POLICY}')
    results, _ = graded(archive, course)
    rows = by_student(results)
    assert all(row.cached for row in rows.values())
    assert {name: row.counts for name, row in rows.items()} == dict.fromkeys(rows, 10.0)
    assert rows["王小明"].source.encode() == RIGHT + b"# again\n"


def test_a_mark_of_lateness(tmp_path: Path, course: Path) -> None:
    """Canvas tells no times: nothing is taken off, staff are told, and `--times` mends it."""
    archive = write_zip(
        tmp_path / "submissions.zip",
        {
            canvas("Doe, Jane", 4242, 1, "square.py", late=True): RIGHT,
            canvas("Lee, Kim", 20, 2, "square.py"): RIGHT,
            canvas("Roy, Lou", 21, 3, "square.py", late=True): BROKEN,
            canvas("Ek, Ann", 22, 4, "notes.txt", late=True): b"",
        },
    )
    laid_down(course, f"deadline = 2026-10-12T18:00:00\n{POLICY}")
    results, said = graded(archive, course)
    assert said == (
        "grader: 2 hand-in(s) are late by an unknown time, so nothing was taken off for that:"
        " doejane (square), roylou (square); give the times with --times FILE"
    )
    rows = by_student(results)
    mark = rows["doejane"].mark
    assert mark is not None
    assert mark.late is not None
    assert (rows["doejane"].counts, mark.late.seconds, mark.late.penalty) == (10.0, None, 0.0)
    assert "not by how much" in mark.late.note.en
    assert rows["leekim"].mark is None
    assert (rows["ekann"].status, rows["ekann"].mark) == ("missing", None)

    times = tmp_path / "times.csv"
    times.write_text(
        "student,submitted\n4242,2026-10-13 18:00\nroylou,2026-10-13 18:00\neve,2026-10-13 18:00\n"
    )
    results, said = graded(archive, course, "--times", str(times))
    assert said == (
        f"grader: {times}: 1 row(s) used for nobody: 'eve': nobody who handed in is called so"
    )
    rows = by_student(results)
    assert {name: (row.points, row.counts) for name, row in rows.items()} == {
        "doejane": (10.0, 9.0),
        "leekim": (10.0, 10.0),
        "roylou": (0.0, 0.0),
        "ekann": (0.0, 0.0),
    }
    unreadable = rows["roylou"].mark
    assert unreadable is not None
    assert unreadable.late is not None
    assert (rows["roylou"].status, unreadable.late.penalty) == ("unreadable", 0.0)
    assert rows["doejane"].cached


def test_intake_says_it_beforehand(tmp_path: Path, course: Path) -> None:
    """How late, what it costs, and each attempt that will be graded."""
    archive = write_zip(
        tmp_path / "submissions.zip",
        {
            canvas("Doe, Jane", 4242, 1, "square.py", late=True): RIGHT,
            canvas("Lee, Kim", 20, 2, "square.py"): CUBE,
            canvas("Lee, Kim", 20, 3, "square-1.py"): RIGHT,
            canvas("Lee, Kim", 20, 4, "square-2.py"): BROKEN,
        },
    )
    laid_down(course, f'deadline = 2026-10-12T18:00:00\nattempts = "best"\n{POLICY}')
    times = tmp_path / "times.csv"
    times.write_text("student,submitted\ndoejane,2026-10-13 21:30\n")
    done = run("intake", archive, course, "--times", str(times))
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert ("doejane_LATE_4242_1_square.py taken for square, late by 1 day 3 h: 20 % off") in lines
    assert "leekim_20_2_square.py taken for square" in lines
    assert "leekim_20_3_square-1.py taken for square" in lines
    assert any(line.startswith("leekim_20_4_square-2.py taken for square, unr") for line in lines)
    assert "2 students, 3 files to grade, 1 unreadable, 0 superseded, 0 ignored, 0 unclear" in lines
    done = run("intake", archive, course, "--json")
    files = {
        file["path"]: (file["state"], file["remark"])
        for student in json.loads(done.stdout)["students"]
        for file in student["files"]
    }
    assert files["doejane_LATE_4242_1_square.py"] == (
        "taken",
        "late, by how much isn't known: --times FILE tells",
    )

    laid_down(course, 'attempts = "first"\n')
    done = run("intake", archive, course)
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "leekim_20_2_square.py taken for square" in lines
    assert "leekim_20_4_square-2.py superseded the first attempt counts" in lines
    assert "2 students, 2 files to grade, 0 unreadable, 2 superseded, 0 ignored, 0 unclear" in lines


def test_a_bad_call(tmp_path: Path, course: Path) -> None:
    """One line and status 2, before anything is graded."""
    archive = write_zip(tmp_path / "s.zip", {canvas("Doe, Jane", 1, 1, "square.py"): RIGHT})
    for command in ("grade", "intake"):
        done = run(command, archive, course, "--times", str(tmp_path / "none.csv"))
        assert done.returncode == 2
        assert "none.csv: can't be read" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "reports").exists()

"""What runs in Gradescope's container, piece by piece: who, behind which wall, and every fault."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from grader import doctor, grading
from grader.doctor import Diagnosis
from grader.errors import EngineError
from grader.grading import Request
from grader.release import autograder
from grader.results import Results, Row, to_json
from grader.sandbox.levels import Level
from grader.submissions import find_students
from grader.submissions.intake import tree_of

from ..report.sample import HUBER, graded, sample
from .courses import TINY
from .gradescope_form import read

REFUSED = "Landlock is missing, so --sandbox strict can't be had"
LOST = ("sandbox basic: Landlock isn't used", "workers run under the grader's own uid")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An /autograder with nothing handed in."""
    (tmp_path / "results").mkdir()
    return tmp_path


def run(root: Path, *more: str, course: Path = TINY) -> dict[str, Any]:
    autograder.main([str(root), str(course), *more])
    return read(root / "results" / "results.json")


def walls(monkeypatch: pytest.MonkeyPatch, **refusals: str) -> None:
    """Has `grader doctor` refuse these levels."""

    def diagnose(level: Level) -> Diagnosis:
        refusal = refusals.get(level.value, "")
        return Diagnosis(level, (), refusal, LOST if level is Level.BASIC else ())

    monkeypatch.setattr(doctor, "diagnose", diagnose)


def grades(monkeypatch: pytest.MonkeyPatch, row: Row, written: bool = True) -> list[Request]:
    """Has every submission graded with that row; the requests that come."""
    asked: list[Request] = []

    def grade_class(request: Request, begin: Any, on_row: Any) -> SimpleNamespace:
        (student,) = find_students(request.submissions)
        results = Results(
            replace(sample().run, sandbox=request.level.value),
            (HUBER,),
            (structs.replace(row, student=student.name),),
        )
        asked.append(request)
        if written:
            return SimpleNamespace(results=results)
        request.out.mkdir()
        (request.out / "results.json").write_text(to_json(results), "utf-8")
        raise RuntimeError("the page can't be made")

    monkeypatch.setattr(grading, "grade_class", grade_class)
    return asked


# -- the wall --------------------------------------------------------------------------------------


def test_strict(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where strict works nothing else is asked for, and there is nothing to notice."""
    walls(monkeypatch, basic="never asked")
    asked = grades(monkeypatch, graded("", HUBER, "passed"))
    found = run(root)
    assert [request.level for request in asked] == [Level.STRICT]
    assert found["extra_data"]["sandbox"] == "strict"
    assert found["extra_data"]["sandbox_fallback"] == ""
    assert capsys.readouterr().out == "grader: sandbox level strict\n"


def test_basic_only_with_a_notice(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Staff are told why and what is lost: on stdout, hidden from students, and in extra_data."""
    walls(monkeypatch, strict=REFUSED)
    asked = grades(monkeypatch, graded("", HUBER, "passed"))
    found = run(root)
    assert [request.level for request in asked] == [Level.BASIC]
    assert found["extra_data"]["sandbox"] == "basic"
    assert found["extra_data"]["sandbox_fallback"] == REFUSED
    assert found["extra_data"]["sandbox_notes"] == list(LOST)
    assert found["stdout_visibility"] == "hidden"
    assert REFUSED not in found["output"]
    said = capsys.readouterr().out
    assert "NOTICE: this submission is graded at the weaker sandbox level basic" in said
    assert all(part in said for part in (REFUSED, *LOST))


def test_no_wall_at_all(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then nothing is graded: no student's code runs without one."""
    walls(monkeypatch, strict=REFUSED, basic="seccomp is missing")
    asked = grades(monkeypatch, graded("", HUBER, "passed"))
    found = run(root, "--lang=zh")
    assert asked == []
    assert found["output"].startswith("评分程序在这里无法运行：这不是对你作业的评分。")
    assert found["extra_data"]["fault"] == "no sandbox level works here: seccomp is missing"
    assert "seccomp is missing" in capsys.readouterr().out


# -- faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [EngineError("no zygote"), MemoryError(), RuntimeError("<x>\x1b[2J")]
)
def test_faults_of_the_grader(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
) -> None:
    """Whatever is raised: one sentence for the student, the reason for staff."""
    walls(monkeypatch)

    def grade_class(*_: Any) -> None:
        raise error

    monkeypatch.setattr(grading, "grade_class", grade_class)
    found = run(root)
    assert found["output"].startswith("The grader could not run here")
    assert (found["score"], found["tests"]) == (0, [])
    assert str(error).partition("\x1b")[0] in found["extra_data"]["fault"]
    said = capsys.readouterr().out
    assert "\x1b" not in said + found["extra_data"]["fault"]
    assert type(error).__name__ in said or str(error) in said


def test_a_report_that_fails_costs_no_mark(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody reads the pages there; the marks were written before them."""
    walls(monkeypatch)
    grades(monkeypatch, graded("", HUBER, "passed", "failed"), written=False)
    found = run(root)
    assert found["tests"][0]["status"] == "passed"
    assert 0 < found["score"] < HUBER.max_points
    assert "the page can't be made" in capsys.readouterr().out


def test_a_check_of_the_course_that_fails(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Staff find which; the student loses nothing by it."""
    walls(monkeypatch)
    grades(monkeypatch, structs.replace(graded("", HUBER, "grader_error"), status="grader_error"))
    found = run(root)
    assert [test["max_score"] for test in found["tests"]] == [0] * len(HUBER.checks)
    said = capsys.readouterr().out
    assert f"{HUBER.id}: the grader or the course failed" in said
    assert HUBER.checks[0].id in said


# -- what was handed in, and by whom ---------------------------------------------------------------


def test_the_submission_is_copied(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its folders, links as links; what can't be copied is named and stops nothing."""
    submission = root / "submission"
    (submission / "part").mkdir(parents=True)
    (submission / "part" / "huber.py").write_text("x = 1\n")
    (submission / "link.py").symlink_to("/etc/hostname")
    os.mkfifo(submission / "pipe")
    seen: dict[str, str] = {}

    def grade_class(request: Request, *_: Any) -> None:
        (student,) = request.submissions.iterdir()
        for path in student.rglob("*"):
            if not path.is_dir():
                seen[str(path.relative_to(student))] = (
                    os.readlink(path) if path.is_symlink() else path.read_text()
                )
        raise EngineError("enough")

    walls(monkeypatch)
    monkeypatch.setattr(grading, "grade_class", grade_class)
    run(root)
    assert seen == {"part/huber.py": "x = 1\n", "link.py": "/etc/hostname"}
    assert "pipe" in capsys.readouterr().out


def test_folders_without_end(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hundreds of folders in each other stop nothing; staff and the student are told."""
    folder = root / "submission"
    folder.mkdir()
    (folder / "huber.py").write_text("x = 1\n")
    for _ in range(1200):
        folder = folder / "a"
        os.mkdir(folder)
    notes: list[str] = []

    def grade_class(request: Request, *_: Any) -> None:
        with request.opened(request.submissions) as found:
            tree = tree_of(found.students[0])
        assert [entry.path for entry in tree.entries] == ["huber.py"]
        notes.extend(note.en for note in tree.notes)
        raise EngineError("enough")

    walls(monkeypatch)
    monkeypatch.setattr(grading, "grade_class", grade_class)
    found = run(root)
    os.removedirs(folder)  # pytest's own cleaning up would go too deep
    assert found["extra_data"]["fault"] == "enough"
    assert notes == ["folders nested more than 12 deep were not looked into"]
    assert "not copied: folders nested more than 13 deep" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["Mallory", "lovelaceada_55_700_huber", "submission_1"])
def test_a_submission_that_looks_like_a_download(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It is one student's, whatever lies in it and whatever the student is called."""
    submission = root / "submission"
    submission.mkdir()
    (root / "submission_metadata.json").write_text(json.dumps({"users": [{"name": name}]}))
    for file in ("lovelaceada_55_700_huber.py", "hopper_56_701_huber.py"):
        (submission / file).write_text("x = 1\n")
    seen: list[tuple[str, str]] = []

    def grade_class(request: Request, *_: Any) -> None:
        with request.opened(request.submissions) as found:
            seen.extend((one.person.name, one.person.id) for one in found.hand_ins)
        raise EngineError("enough")

    walls(monkeypatch)
    monkeypatch.setattr(grading, "grade_class", grade_class)
    assert run(root)["extra_data"]["fault"] == "enough"
    assert seen == [(name, "")]


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"users": [{"name": "Zoë O'Neil"}]}, "Zoë O'Neil"),
        ({"users": [{"name": "王小明"}, {"name": "Ada"}]}, "王小明, Ada"),
        ({"users": [{"name": None, "email": "a@b.example"}]}, "a@b.example"),
        ({"users": [{"name": "../../etc"}]}, "_.._etc"),
        ({"users": [{"name": ".hidden"}]}, "hidden"),
        ({"users": [{"name": "a\x00b\x1b[31m/c"}]}, "ab_c"),
        ({"users": [{"name": "王" * 200}]}, "王" * 50),
        ({"users": [{"name": "/"}, {"name": 7}]}, "_"),
        ({"users": []}, "student"),
        ({"users": ["Ada"]}, "student"),
        ({"users": {"name": "Ada"}}, "student"),
        (["users"], "student"),
        ({"id": 1}, "student"),
    ],
)
def test_the_student(tmp_path: Path, metadata: object, name: str) -> None:
    """From the metadata, as the name of a folder; whatever is in it."""
    file = tmp_path / "submission_metadata.json"
    file.write_text(json.dumps(metadata), "utf-8")
    assert autograder.student_of(file) == name


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[" * 100_000])
def test_metadata_that_cant_be_read(tmp_path: Path, data: bytes) -> None:
    """Not there, not text, not JSON, nested beyond measure."""
    file = tmp_path / "submission_metadata.json"
    assert autograder.student_of(file) == "student"
    file.write_bytes(data)
    assert autograder.student_of(file) == "student"

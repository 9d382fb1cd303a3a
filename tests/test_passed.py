"""A file that was read before isn't parsed again, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import passed
from grader.passed import Passed
from grader.store import Store
from grader.submissions import intake
from grader.submissions.model import Student, Unreadable

SOURCE = b"def square(x):\n    return x * x\n"


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The files that were really checked, in their order."""
    seen: list[bytes] = []
    check = intake.check_source

    def watched(data: bytes) -> object:
        seen.append(data)
        return check(data)

    monkeypatch.setattr(intake, "check_source", watched)
    return seen


def read(folder: Path, known: Passed) -> intake.Submission:
    """The submission to `square` in a student's folder."""
    student = Student("ada", folder, "directory")
    (taken,) = intake.take(student, intake.tree_of(student), {"square": ["square"]}, (), known)
    return taken.submission


def hand_in(folder: Path, source: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "square.py").write_bytes(source)
    return folder


def test_once_and_not_again(tmp_path: Path, checked: list[bytes]) -> None:
    """Also by another process with the same store; the submission is the same."""
    folder, file = hand_in(tmp_path / "ada", SOURCE), tmp_path / "verdicts.sqlite"
    store = Store(file)
    known = Passed(store)
    first = read(folder, known)
    assert read(folder, known) == first
    known.keep()
    store.close()
    again = Store(file)
    assert read(folder, Passed(again)) == first
    again.close()
    assert checked == [SOURCE]


@pytest.mark.parametrize(
    "source",
    [b"def square(x:\n", b"", b"\xff\xfe", b"(" * 400 + b")" * 400],
    ids=["syntax", "empty", "UTF-16", "deep"],
)
def test_what_is_told_is_told_each_time(
    tmp_path: Path, checked: list[bytes], source: bytes
) -> None:
    """A reason or a note isn't kept: a file that has one is checked anew."""
    folder, store = hand_in(tmp_path / "ada", source), Store(tmp_path / "verdicts.sqlite")
    known = Passed(store)
    first = read(folder, known)
    assert first.reason.en or first.notes
    assert read(folder, known) == first
    assert len(checked) == 2
    store.close()


def test_another_grader_checks_for_itself(
    tmp_path: Path, checked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the reading takes may change with the grader's source, or with Python."""
    folder, store = hand_in(tmp_path / "ada", SOURCE), Store(tmp_path / "verdicts.sqlite")
    known = Passed(store)
    read(folder, known)
    known.keep()
    with monkeypatch.context() as patched:
        patched.setattr(passed, "source_digest", lambda: "another")
        read(folder, Passed(store))
    with monkeypatch.context() as patched:
        patched.setattr("platform.python_version", lambda: "3.99")
        read(folder, Passed(store))
    store.close()
    assert len(checked) == 3


def test_many_are_written_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory doesn't grow with the class."""
    monkeypatch.setattr(passed, "_AT_ONCE", 3)
    store = Store(tmp_path / "verdicts.sqlite")
    known = Passed(store)
    for number in range(7):
        known.add(b"%d" % number)
    assert len(known._new) == 1
    assert all(b"%d" % number in known for number in range(7))
    with pytest.raises(Unreadable):
        intake.check_source(b"\0")
    store.close()

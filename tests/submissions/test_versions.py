"""Everything that was handed in for an exercise over time, oldest first."""

from __future__ import annotations

from pathlib import Path

from grader.lms import opened
from grader.submissions import Student, find_students
from grader.submissions.versions import MAX_COPIES, Version, versions

from ..lms.downloads import canvas, metadata, write_zip
from .handins import SYMBOLS, zipped

ONE = {"huber": SYMBOLS["huber"]}


def one_student(path: Path) -> Student:
    """The only student there."""
    (student,) = find_students(path)
    return student


def sources(found: list[Version]) -> list[bytes]:
    return [one.taken.submission.source for one in found]


def write(folder: Path, files: dict[str, bytes]) -> Student:
    for name, data in files.items():
        place = folder / "class" / "ada" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return one_student(folder / "class")


def test_one_version(tmp_path: Path) -> None:
    """What `collect` gives, whether there is a file or not."""
    student = write(tmp_path, {"huber.py": b"x = 1\n", "notes.txt": b""})
    found = versions(student, SYMBOLS, with_copies=SYMBOLS)
    assert sources(found["huber"]) == [b"x = 1\n"]
    assert [one.taken.submission.status for one in found["dense"]] == ["missing"]


def test_copies_by_their_numbers(tmp_path: Path) -> None:
    """The file itself is the oldest; each is read by itself, so no note says it wasn't used."""
    files = {f"huber ({n}).py": f"x = {n}\n".encode() for n in (10, 2)} | {"huber.py": b"x = 0\n"}
    student = write(tmp_path, files | {"old/huber.py": b"x = 9\n", "huber.ipynb": b"{}"})
    found = versions(student, ONE, with_copies=ONE)["huber"]
    assert sources(found) == [b"x = 0\n", b"x = 2\n", b"x = 10\n"]
    assert [one.taken.submission.attempt for one in found] == [0, 1, 2]
    notes = [note.en for one in found for note in one.taken.submission.notes]
    assert not any("huber (" in note and "not" in note.split() for note in notes), notes
    (only,) = versions(student, ONE)["huber"]
    assert only.taken.submission.source == b"x = 0\n"


def test_copies_without_the_file_itself(tmp_path: Path) -> None:
    """Which isn't clear as long as one is to be taken; as attempts they have an order."""
    student = write(tmp_path, {f"huber-{n}.py": f"x = {n}\n".encode() for n in (1, 2)})
    (only,) = versions(student, ONE)["huber"]
    assert only.taken.submission.status == "missing"
    assert sources(versions(student, ONE, with_copies=ONE)["huber"]) == [b"x = 1\n", b"x = 2\n"]


def test_copies_of_one_number_have_no_order(tmp_path: Path) -> None:
    """So none of them is an attempt; nor where there are more than anybody hands in."""
    student = write(
        tmp_path, {"huber (1).py": b"x = 1\n", "huber-1.py": b"x = 2\n", "huber.py": b"x = 0\n"}
    )
    assert sources(versions(student, ONE, with_copies=ONE)["huber"]) == [b"x = 0\n"]
    many = {f"huber ({n}).py": b"" for n in range(1, MAX_COPIES + 1)}
    student = write(tmp_path / "many", many)
    assert len(versions(student, ONE, with_copies=ONE)["huber"]) == MAX_COPIES
    student = write(tmp_path / "many", {"huber.py": b""})
    assert len(versions(student, ONE, with_copies=ONE)["huber"]) == 1


def test_what_canvas_keeps(tmp_path: Path) -> None:
    """Each file's versions by number, in zips as well; each with its own mark of lateness."""
    archive = write_zip(
        tmp_path / "s.zip",
        {
            canvas("Doe, Jane", 1, 1, "huber.py"): b"x = 0\n",
            canvas("Doe, Jane", 1, 4, "huber-2.py", late=True): b"x = 2\n",
            canvas("Doe, Jane", 1, 3, "huber-1.py", late=True): b"x = 1\n",
            canvas("Doe, Jane", 1, 2, "hw.zip"): zipped({"dense.py": b"y = 0\n"}),
            canvas("Doe, Jane", 1, 5, "hw-1.zip"): zipped({"dense.py": b"y = 1\n"}),
        },
    )
    with opened(archive) as handed_in:
        (student,) = handed_in.students
        found = versions(student, SYMBOLS)
    assert sources(found["huber"]) == [b"x = 0\n", b"x = 1\n", b"x = 2\n"]
    assert [(one.late, one.earlier) for one in found["huber"]] == [
        (False, True), (True, True), (False, False),
    ]  # fmt: skip
    assert sources(found["dense"]) == [b"y = 0\n", b"y = 1\n"]
    assert len(found["huber_metric"]) == 1


def test_no_versions_where_canvas_contradicts_itself(tmp_path: Path) -> None:
    """Which is the last isn't clear, so none is taken."""
    archive = write_zip(
        tmp_path / "s.zip",
        {
            canvas("Doe, Jane", 1, 9, "huber.py"): b"x = 0\n",
            canvas("Doe, Jane", 1, 3, "huber-1.py"): b"x = 1\n",
        },
    )
    with opened(archive) as handed_in:
        (student,) = handed_in.students
        found = versions(student, ONE, with_copies=ONE)["huber"]
    assert [one.taken.submission.status for one in found] == ["unreadable"]


def test_what_gradescope_keeps(tmp_path: Path) -> None:
    """A folder for each time, which the list knows."""
    jane = ("Jane Doe", "0123", "jane@example.org")
    times = {
        "submission_1": "2026-10-12 10:00:00.0 Z",
        "submission_2": "2026-10-11 10:00:00.0 Z",
        "submission_3": "2026-10-13 10:00:00.0 Z",
    }
    archive = write_zip(
        tmp_path / "s.zip",
        {
            "submission_metadata.yml": metadata({folder: [jane] for folder in times}, **times),
            "submission_1/huber.py": b"x = 1\n",
            "submission_2/huber.py": b"x = 2\n",
            "submission_3/other.txt": b"",
        },
    )
    with opened(archive) as handed_in:
        (hand_in,) = handed_in.hand_ins
        found = versions(hand_in.student, ONE)["huber"]
    assert sources(found) == [b"x = 2\n", b"x = 1\n", b""]
    assert [one.submitted for one in found] == [
        "2026-10-11T10:00:00Z", "2026-10-12T10:00:00Z", "",
    ]  # fmt: skip
    assert [one.taken.submission.status for one in found] == ["ready", "ready", "missing"]
    assert hand_in.person.submitted == "2026-10-13T10:00:00Z"

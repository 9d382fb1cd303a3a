"""Gradescope's bulk export, file by file."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from grader.lms.metadata import MAX_DEPTH, read_metadata
from grader.submissions.model import Entry, Unreadable

from .downloads import (
    CODE,
    ONE,
    collected,
    metadata,
    reading,
    states,
    understood,
    unpacked,
    write_zip,
)

if TYPE_CHECKING:
    from pathlib import Path

JANE, KIM, WANG = (
    ("Jane O'Doe", "0123", "jane@example.org"),
    ("Kim Lee", "124", "kim@example.org"),
    ("王小明", "125", "wang@example.org"),
)
OTHER_KIM = ("Kim Lee", "126", "lee@example.org")
ROOT = "assignment_77_export/"
CLASS = {
    f"{ROOT}submission_metadata.yml": metadata(
        {
            "submission_1": [JANE],
            "submission_2": [KIM, WANG],
            "submission_3": [OTHER_KIM],
            "submission_4": [JANE],
            "submission_5": [("Absent Ada", "127", "ada@example.org")],
            "submission_6": [],
        },
        submission_1="2026-01-12 02:31:25.474203000 Z",
        submission_2="2026-01-12 03:00:00 -08:00",
        submission_4="2026-01-13 00:00:00 Z",
    ),
    f"{ROOT}submission_1/huber.py": b"old = 1\n",
    f"{ROOT}submission_2/src/huber.py": b"pair = 1\n",
    f"{ROOT}submission_2/README.md": b"hi",
    f"{ROOT}submission_3/huber.py": b"k = 1\n",
    f"{ROOT}submission_4/huber.py": b"new = 1\n",
    f"{ROOT}submission_6/huber.py": b"nobody = 1\n",
    f"{ROOT}submission_8/huber.py": b"unlisted = 1\n",
    f"{ROOT}.DS_Store": b"\0",
    f"{ROOT}stray.py": CODE,
}


def test_a_class(tmp_path: Path) -> None:
    """A group's file is each member's; the later submission counts; absent folders are told."""
    archive = write_zip(tmp_path / "export.zip", CLASS)
    found = understood(archive, ONE)
    assert found.layout == "gradescope"
    people = {one.person.name: one.person for one in found.students}
    assert list(people) == sorted(people)
    assert set(people) == {
        *("Jane O'Doe", "Kim Lee (124)", "Kim Lee (126)", "王小明", "Absent Ada"),
        *("submission_6", "submission_8"),
    }
    jane, wang = people["Jane O'Doe"], people["王小明"]
    assert (jane.id, jane.login, jane.email) == ("4", "0123", "jane@example.org")
    assert jane.submitted == "2026-01-13T00:00:00Z"
    assert (wang.id, wang.group) == ("2", "王小明, Kim Lee")
    assert wang.submitted == "2026-01-12T11:00:00Z"
    mine = {
        (one.person.name, file.path.removeprefix(ROOT)): file.state
        for one in found.students
        for file in one.files
    }
    assert mine == {
        ("Jane O'Doe", "submission_1/huber.py"): "superseded",
        ("Jane O'Doe", "submission_4/huber.py"): "taken",
        ("Kim Lee (124)", "submission_2/src/huber.py"): "taken",
        ("Kim Lee (124)", "submission_2/README.md"): "ignored",
        ("王小明", "submission_2/src/huber.py"): "taken",
        ("王小明", "submission_2/README.md"): "ignored",
        ("Kim Lee (126)", "submission_3/huber.py"): "taken",
        ("submission_6", "submission_6/huber.py"): "taken",
        ("submission_8", "submission_8/huber.py"): "taken",
    }
    assert {file.path.removeprefix(ROOT): file.state for file in found.loose} == {
        "submission_metadata.yml": "ignored",
        ".DS_Store": "ignored",
        "stray.py": "unclear",
    }
    unclear = [(who, file.path.removeprefix(ROOT)) for who, file in found.unclear()]
    assert unclear == [
        ("Absent Ada", ""), ("submission_6", ""), ("submission_8", ""), ("", "stray.py"),
    ]  # fmt: skip
    graded = collected(archive)
    assert graded["Jane O'Doe", "huber"].source == b"new = 1\n"
    assert graded["王小明", "huber"].source == b"pair = 1\n"
    assert "together with Kim Lee" in graded["王小明", "huber"].notes[0].en
    assert graded["Absent Ada", "huber"].status == "unreadable"
    assert "isn't in the export" in graded["Absent Ada", "huber"].reason.en


def test_unpacked_by_hand(tmp_path: Path) -> None:
    """The folder, and the folder in it, give what the zip gives."""
    archive = write_zip(tmp_path / "export.zip", CLASS)
    folder = unpacked(archive, tmp_path / "class")
    want = {key: one.source for key, one in collected(archive).items()}
    for root in (folder, folder / "assignment_77_export"):
        assert {key: one.source for key, one in collected(root).items()} == want


def test_a_name_that_imitates_another_s_mark(tmp_path: Path) -> None:
    """Whoever is called what a namesake is shown as is shown with a mark of their own."""
    people = {
        "submission_1": [("Ada Lovelace", "s1", "a@x.org")],
        "submission_2": [("Ada Lovelace", "s2", "b@x.org")],
        "submission_3": [("Ada Lovelace (s1)", "s3", "c@x.org")],
        "submission_4": [("Ada Lovelace (s1) (s3)", "s4", "d@x.org")],
        "submission_5": [("Grace (Hopper)", "s5", "e@x.org")],
    }
    members = {"submission_metadata.yml": metadata(people)}
    members |= {f"{folder}/huber.py": CODE for folder in people}
    with reading(write_zip(tmp_path / "e.zip", members)) as found:
        assert {one.person.login: one.person.name for one in found.hand_ins} == {
            "s1": "Ada Lovelace (s1)",
            "s2": "Ada Lovelace (s2)",
            "s3": "Ada Lovelace (s1) (s3)",
            "s4": "Ada Lovelace (s1) (s3) (s4)",
            "s5": "Grace (Hopper)",
        }


@pytest.mark.parametrize("times", [(), ("1",), ("1", "2")])
def test_two_submissions_without_times(tmp_path: Path, times: tuple[str, ...]) -> None:
    """Which of them is the last isn't known, also at one time, so neither is taken."""
    listed = metadata(
        {"submission_1": [JANE], "submission_2": [JANE], "submission_3": [KIM]},
        **{f"submission_{number}": "2026-01-12 03:00:00 Z" for number in times},
    )
    members = {"submission_metadata.yml": listed}
    members |= {f"submission_{number}/huber.py": CODE for number in (1, 2, 3)}
    archive = write_zip(tmp_path / "e.zip", members)
    found = collected(archive)
    assert found["Jane O'Doe", "huber"].status == "unreadable"
    assert "which is the last one isn't clear" in found["Jane O'Doe", "huber"].reason.en
    assert found["Kim Lee", "huber"].status == "ready"
    assert {path: state for path, (_, state, _) in states(understood(archive, ONE)).items()} == {
        "submission_metadata.yml": "ignored",
        "submission_1/huber.py": "unclear",
        "submission_2/huber.py": "unclear",
        "submission_3/huber.py": "taken",
    }


BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"submission_1: [", "isn't YAML, line"),
        (b"\xff\xfe\x00", "can't be used"),
        (b"- a\n- b\n", "doesn't list submissions"),
        (b"", "doesn't list submissions"),
        (b"[" * 100_000, "isn't YAML"),
        (b"a: " + b"{a: " * (MAX_DEPTH + 2), "deeper than any list"),
        (b"%YAML 9.9\n---\na: \x00", "isn't YAML"),
    ],
)
def test_broken_metadata(tmp_path: Path, data: bytes, message: str) -> None:
    """One clear line; the files are graded under their folders' names."""
    members = {"submission_metadata.yml": data, "submission_1/huber.py": CODE}
    archive = write_zip(tmp_path / "e.zip", members, zipfile.ZIP_STORED)
    assert collected(archive)["submission_1", "huber"].status == "ready"
    with reading(archive) as found:
        (note,) = found.notes
        assert message in note.en
        assert "\n" not in note.en


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b"submission_1: &a\n  x: *a\n",
        b"submission_1: !!python/object/apply:os.system ['touch /tmp/x']\n",
        b"submission_1:\n  :submitters: x\nsubmission_2:\n  :submitters:\n  - [x]\n  - 7\n",
        b"? [a, b]\n: c\n",
        b"submission_1:\n  :submitters:\n  - :name: [x]\n  :created_at: 9999-99-99 99:99:99 Z\n",
        b"submission_1:\n  :created_at: 0001-01-01 00:00:00 +23:00\n",
    ],
)
def test_metadata_that_says_nothing(data: bytes) -> None:
    """Aliases that stand for a billion texts, tags and odd values name nobody."""
    found = read_metadata(Entry("submission_metadata.yml", lambda limit: data))
    assert all(one.people == () and one.when == "" for one in found.values())


def test_years_of_few_digits() -> None:
    """Times are compared as texts, so each has as many characters as any other."""
    data = b"submission_1:\n  :created_at: 0675-03-02T08:00:00+02:00\n"
    found = read_metadata(Entry("submission_metadata.yml", lambda limit: data))
    assert found["submission_1"].when == "0675-03-02T06:00:00Z"


def test_metadata_that_is_too_large() -> None:
    """It is refused by its size, before anything is parsed."""
    with pytest.raises(Unreadable, match="larger than"):
        read_metadata(Entry("m.yml", lambda limit: b" " * (limit + 1)))

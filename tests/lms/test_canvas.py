"""Canvas's bulk download, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.lms.canvas import parse

from .downloads import (
    CODE,
    ONE,
    canvas,
    collected,
    reading,
    states,
    understood,
    unpacked,
    write_zip,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("doejane_4242_9001_huber.py", ("doejane", "4242", "9001", "huber.py", False, False)),
        (
            "doejane_LATE_4242_9001_a_1_2_b.py",
            ("doejane", "4242", "9001", "a_1_2_b.py", True, False),
        ),
        ("王小明_7_8_我的 作业.py", ("王小明", "7", "8", "我的 作业.py", False, False)),
        ("anon_aB3xY_9001_huber.py", ("anon_aB3xY", "aB3xY", "9001", "huber.py", False, True)),
        ("LATE_anon_aB3xY_9001_huber.py", ("anon_aB3xY", "aB3xY", "9001", "huber.py", True, True)),
        ("doejane_4242_text.html", ("doejane", "4242", "", "text.html", False, False)),
        ("_4242_9001_huber.py", ("", "4242", "9001", "huber.py", False, False)),
        ("ada_55_LATE_66_701_huber.py", ("ada_55", "66", "701", "huber.py", True, False)),
        ("doejane_42_91_my hw_1_2.py", ("doejane", "42", "91", "my hw_1_2.py", False, False)),
    ],
)
def test_names(name: str, want: tuple[object, ...]) -> None:
    """What a name says."""
    found = parse(name)
    assert found is not None
    assert (
        *(found.name, found.user, found.attachment, found.file),
        *(found.late, found.anonymous),
    ) == want


@pytest.mark.parametrize("name", ["huber.py", "ada_huber.py", "ada_1_huber.py", "1_2_3", "x" * 500])
def test_other_names(name: str) -> None:
    """What isn't Canvas's."""
    assert parse(name) is None


CLASS = {
    canvas("Doe, Jane", 4242, 9001): CODE,
    canvas("Doe, Jane", 4242, 9002, "notes.pdf"): b"%PDF",
    canvas("O'Neil, Zoë", 17, 9003, "my huber.py", late=True): b"y = 1\n",
    canvas("王小明", 18, 9004): b"z = 1\n",
    canvas("王小明", 19, 9005): b"z = 2\n",
    canvas("Lee, Kim", 20, 9006): b"old = 1\n",
    canvas("Lee, Kim", 20, 9010, "huber-1.py"): b"newer = 1\n",
    canvas("Lee, Kim", 20, 9011, "huber-2.py"): b"newest = 1\n",
    canvas("", "aB3xY", 9020): b"a = 1\n",
    canvas("", "zz9Za", 9021, late=True): b"b = 1\n",
    "__MACOSX/._" + canvas("Doe, Jane", 4242, 9001): b"\0",
    ".DS_Store": b"\0",
    "Thumbs.db": b"\0",
    "readme.txt": b"?",
}


def test_a_class(tmp_path: Path) -> None:
    """Every file is somebody's or nobody's, late ones are late, the last version counts."""
    found = understood(write_zip(tmp_path / "submissions.zip", CLASS), ONE)
    assert found.layout == "canvas"
    people = {one.person.name: one.person for one in found.students}
    assert sorted(people) == sorted(
        ["doejane", "oneilzoë", "王小明 (18)", "王小明 (19)", "leekim", "anon_aB3xY", "anon_zz9Za"]
    )
    assert people["doejane"].id == "4242"
    assert [name for name, one in people.items() if one.late] == ["anon_zz9Za", "oneilzoë"]
    assert [name for name, one in people.items() if one.anonymous] == ["anon_aB3xY", "anon_zz9Za"]
    assert states(found) == {
        "doejane_4242_9001_huber.py": ("doejane", "taken", "huber"),
        "doejane_4242_9002_notes.pdf": ("doejane", "ignored", ""),
        "oneilzoë_LATE_17_9003_my huber.py": ("oneilzoë", "taken", "huber"),
        "王小明_18_9004_huber.py": ("王小明 (18)", "taken", "huber"),
        "王小明_19_9005_huber.py": ("王小明 (19)", "taken", "huber"),
        "leekim_20_9006_huber.py": ("leekim", "superseded", ""),
        "leekim_20_9010_huber-1.py": ("leekim", "superseded", ""),
        "leekim_20_9011_huber-2.py": ("leekim", "taken", "huber"),
        "anon_aB3xY_9020_huber.py": ("anon_aB3xY", "taken", "huber"),
        "LATE_anon_zz9Za_9021_huber.py": ("anon_zz9Za", "taken", "huber"),
        "__MACOSX/._doejane_4242_9001_huber.py": ("", "ignored", ""),
        ".DS_Store": ("", "ignored", ""),
        "Thumbs.db": ("", "ignored", ""),
        "readme.txt": ("", "unclear", ""),
    }


def test_what_is_graded(tmp_path: Path) -> None:
    """The bytes behind each row, and the name under which the file lies in the zip."""
    found = collected(write_zip(tmp_path / "submissions.zip", CLASS))
    assert found["leekim", "huber"].source == b"newest = 1\n"
    assert found["leekim", "huber"].origin == "submissions.zip/leekim/huber-2.py"
    assert found["王小明 (19)", "huber"].source == b"z = 2\n"
    assert all(one.status == "ready" for one in found.values())


def test_unpacked_by_hand(tmp_path: Path) -> None:
    """The folder gives what the zip gives; so does one with a folder of the zip's name in it."""
    archive = write_zip(tmp_path / "submissions.zip", CLASS)
    flat = unpacked(archive, tmp_path / "flat")
    unpacked(archive, tmp_path / "twice" / "submissions")
    want = {key: one.source for key, one in collected(archive).items()}
    for folder in (flat, tmp_path / "twice"):
        assert {key: one.source for key, one in collected(folder).items()} == want
    again = write_zip(tmp_path / "again.zip", {f"hw\\{name}": data for name, data in CLASS.items()})
    assert {key: one.source for key, one in collected(again).items()} == want


def test_versions_that_contradict_their_numbers(tmp_path: Path) -> None:
    """The higher name with the older attachment: nobody knows which is last, and nobody guesses."""
    members = {
        canvas("Lee, Kim", 20, 9010): CODE,
        canvas("Lee, Kim", 20, 9001, "huber-1.py"): CODE,
        canvas("Doe, Jane", 21, 9002): CODE,
    }
    archive = write_zip(tmp_path / "c.zip", members)
    found = collected(archive)
    assert found["leekim", "huber"].status == "unreadable"
    assert "last version isn't clear" in found["leekim", "huber"].reason.en
    assert found["doejane", "huber"].status == "ready"
    assert [(who, file.path) for who, file in understood(archive, ONE).unclear()] == [
        ("leekim", "leekim_20_9001_huber-1.py"),
        ("leekim", "leekim_20_9010_huber.py"),
    ]


def test_typed_online(tmp_path: Path) -> None:
    """Code in Canvas's page is graded when there is no file; an address is never fetched."""
    page = (
        b"<!DOCTYPE html><html><head><title>Huber: Jane Doe</title></head><body><h1>Huber</h1>"
        b"<p>def f(x):</p><p>&nbsp; &nbsp; return x &lt; 1</p></body></html>"
    )
    members = {
        "doejane_4242_text.html": page,
        "leekim_20_link.html": b"<a href='https://example.org/huber.py'>here</a>",
        "parkmin_21_text.html": page,
        "parkmin_21_9001_huber.py": CODE,
    }
    archive = write_zip(tmp_path / "c.zip", members)
    found = collected(archive)
    assert found["doejane", "huber"].source == b"def f(x):\n    return x < 1\n"
    assert "typed online" in found["doejane", "huber"].notes[0].en
    assert found["leekim", "huber"].status == "missing"
    assert found["parkmin", "huber"].source == CODE
    assert states(understood(archive, ONE)) == {
        "doejane_4242_text.html": ("doejane", "taken", "huber"),
        "leekim_20_link.html": ("leekim", "ignored", ""),
        "parkmin_21_text.html": ("parkmin", "ignored", ""),
        "parkmin_21_9001_huber.py": ("parkmin", "taken", "huber"),
    }


def test_a_zip_that_a_student_uploaded(tmp_path: Path) -> None:
    """It is opened, one level deep, and its files are listed."""
    inner = write_zip(tmp_path / "hw.zip", {"hw/huber.py": CODE, "hw/data.csv": b"1"}).read_bytes()
    members = {canvas("Doe, Jane", 1, 2, "hw.zip"): inner, canvas("Lee, Kim", 3, 4): CODE}
    archive = write_zip(tmp_path / "c.zip", members)
    assert collected(archive)["doejane", "huber"].origin == "c.zip/doejane/hw.zip/hw/huber.py"
    assert states(understood(archive, ONE)) == {
        "doejane_1_2_hw.zip": ("doejane", "ignored", ""),
        "doejane_1_2_hw.zip/hw/huber.py": ("doejane", "taken", "huber"),
        "doejane_1_2_hw.zip/hw/data.csv": ("doejane", "ignored", ""),
        "leekim_3_4_huber.py": ("leekim", "taken", "huber"),
    }


@pytest.mark.parametrize(
    "names",
    [("hw_3_2024_ada.zip", "hw_3_2024_zoe.zip"), ("lab_1_3_zoe.zip", "week_1_2_ada.zip")],
)
def test_zips_that_only_look_like_canvas(tmp_path: Path, names: tuple[str, str]) -> None:
    """A user with two names, or with two files of one number: these are zips named by hand."""
    inner = write_zip(tmp_path / "x", {"huber.py": CODE}).read_bytes()
    with reading(write_zip(tmp_path / "c.zip", dict.fromkeys(names, inner))) as found:
        assert found.layout == "plain"
        assert [f"{one.person.name}.zip" for one in found.hand_ins] == list(names)


def test_a_group_s_file(tmp_path: Path) -> None:
    """Several users may have the same attachment."""
    members = {canvas("Doe, Jane", 1, 7): CODE, canvas("Lee, Kim", 2, 7): CODE}
    found = collected(write_zip(tmp_path / "c.zip", members))
    assert [name for name, _ in found] == ["doejane", "leekim"]


SPOOFS = [
    "lovelaceada_55_66_701_huber.py",
    "lovelaceada_55_700_x_66_701_huber.py",
    "lovelaceada_55_700_x_LATE_66_701_huber.py",
    "lovelaceada_55_66_text.html",
    "anon_55_1_66_701_huber.py",
    "anon_55_66_701_huber.py",
]


@pytest.mark.parametrize("name", SPOOFS)
def test_a_name_that_ends_like_somebody_else_s(tmp_path: Path, name: str) -> None:
    """Whose it is can't be known, so it is nobody's, and takes nothing from anybody."""
    members = {"lovelaceada_55_700_huber.py": b"a = 1\n", name: CODE}
    archive = write_zip(tmp_path / "c.zip", members)
    assert parse(name) is None
    found = understood(archive, ONE)
    assert found.layout == "canvas"
    assert states(found) == {
        "lovelaceada_55_700_huber.py": ("lovelaceada", "taken", "huber"),
        name: ("", "unclear", ""),
    }
    ((_, file),) = found.unclear()
    assert "user 55 (`" in file.why.en
    assert "or as user 66 (`" in file.why.en


def test_such_names_spoil_no_download(tmp_path: Path) -> None:
    """Many of them, and one named as in Moodle's: it is Canvas's all the same."""
    members = {f"lovelaceada_55_66_{n}_x{n}.py": CODE for n in range(10)}
    members["leekim_7_800_Ada Lovelace_55_assignsubmission_file_huber.py"] = b"k = 1\n"
    members["malloc_77_801_x_1_assignsubmission_file_huber.py"] = b"m = 1\n"
    found = collected(write_zip(tmp_path / "c.zip", members))
    assert {who: one.source for (who, _), one in found.items()} == {
        "leekim": b"k = 1\n",
        "malloc": b"m = 1\n",
    }


def test_numbers_in_everybody_s_file(tmp_path: Path) -> None:
    """A class told to hand in `lab_1_2.py`: no user is in most of the names."""
    members = {canvas(name, n, 90 + n, "lab_1_2_3.py"): CODE for n, name in enumerate("abcd", 10)}
    found = collected(write_zip(tmp_path / "c.zip", members))
    assert [who for who, _ in found] == ["a", "b", "c", "d"]

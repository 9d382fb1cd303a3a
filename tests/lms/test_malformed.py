"""Malformed archives and notebooks: each one clear message, and the rest of the class collected."""

from __future__ import annotations

import json
import stat
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from grader import cli
from grader.errors import UsageError
from grader.lms import opened, source
from grader.submissions.archive import MAX_MEMBERS

from ..submissions.handins import BOMB, forged, notebook, zipped
from .downloads import CODE, ONE, canvas, collected, moodle, understood, write_zip

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"name": canvas("Lee, Kim", 2, 9).encode(), "data": CODE}
BAD = canvas("Doe, Jane", 1, 8).encode()


def bad(name: bytes = BAD, **member: object) -> bytes:
    """A Canvas zip of two, of which one is odd."""
    return forged({"name": name, "data": CODE} | member, GOOD)


def handed_in(file: str, data: bytes) -> bytes:
    """A Canvas zip of two, of which one has handed in this file."""
    members = {canvas("Doe, Jane", 1, 8, file): data, GOOD["name"].decode(): CODE}
    return zipped(members, compression=zipfile.ZIP_STORED)


def cells(*sources: object, **more: object) -> bytes:
    """A notebook of version 4 with whatever cells."""
    body = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(sources)}
    return json.dumps(body | more).encode()


HUGE = {"output_type": "stream", "name": "stdout", "text": "x" * (60 * 2**20)}
INNER_BOMB = forged({"name": b"huber.py", "data": BOMB, "method": 8, "size": 200 * 2**20})
MANY = zipped({f"{number}.py": b"" for number in range(MAX_MEMBERS + 1)})

ONE_STUDENT = {
    "bomb": (bad(data=BOMB, method=8, size=200 * 2**20), "200 times its packed size"),
    "bomb that lies about its size": (bad(data=BOMB, method=8, size=len(CODE)), "unpacked"),
    "absurd size": (bad(size=2**32 - 2), "its packed size"),
    "a program of 2 MiB": (handed_in("huber.py", b"x = 1\n" * 350_000), "larger than 1 MiB"),
    "nested bomb": (handed_in("hw.zip", INNER_BOMB), "200 times its packed size"),
    "encrypted": (bad(flags=1), "encrypted: make the zip without a password"),
    "unusual method": (bad(method=14), "unusual method (14)"),
    "symlink": (bad(mode=stat.S_IFLNK | 0o777, data=b"/etc/passwd"), "link or a special file"),
    "device": (bad(mode=stat.S_IFCHR | 0o600), "link or a special file"),
    "broken data": (bad(crc=1), "its checksum is wrong"),
    "data elsewhere": (bad(at=7), "its data is broken"),
    "truncated zip inside": (handed_in("hw.zip", zipped({"huber.py": CODE})[:60]), "incomplete"),
    "empty zip inside": (handed_in("hw.zip", zipped({})), "no file in `hw.zip`"),
    "not a zip inside": (handed_in("hw.zip", b"hello"), "broken or incomplete"),
    "thousands of files inside": (handed_in("hw.zip", MANY), "more than 2000 members"),
    "zip in a zip in a zip": (
        handed_in("hw.zip", zipped({"huber.zip": zipped({"huber.py": CODE})})),
        "archives inside are not opened",
    ),
    "invalid name inside": (
        handed_in("hw.zip", forged({"name": b"huber\xff.py", "data": CODE, "flags": 0x800})),
        "isn't valid UTF-8",
    ),
    "no bytes": (handed_in("huber.py", b""), None),
    "wrong extension": (handed_in("huber.docx", b"PK\3\4"), "there is no `huber.py`"),
    "a picture named .py": (handed_in("huber.py", b"\x89PNG\r\n"), "isn't text but a picture"),
    "UTF-16": (handed_in("huber.py", "x = 1".encode("utf-16")), "saved as UTF-16"),
    "notebook that isn't JSON": (handed_in("huber.ipynb", b"{cells"), "notebook"),
    "notebook of version 2": (handed_in("huber.ipynb", notebook("x = 1", version=2)), None),
    "notebook without cells": (handed_in("huber.ipynb", b'{"nbformat": 4}'), "notebook"),
    "notebook of one empty cell": (handed_in("huber.ipynb", cells({})), ""),
    "notebook that nests": (handed_in("huber.ipynb", b"[" * 100_000), "notebook"),
    "huge outputs": (
        handed_in(
            "huber.ipynb", cells({"cell_type": "code", "source": "x = 1", "outputs": [HUGE]})
        ),
        None,
    ),
}


@pytest.mark.parametrize("what", ONE_STUDENT)
def test_one_student_s(tmp_path: Path, what: str) -> None:
    """The message is that student's alone, one line, and Kim is collected."""
    data, message = ONE_STUDENT[what]
    archive = tmp_path / "class.zip"
    archive.write_bytes(data)
    found = collected(archive)
    jane, kim = found["doejane", "huber"], found["leekim", "huber"]
    assert (kim.status, kim.source, kim.notes) == ("ready", CODE, ())
    assert len(found) == 2
    if message is None:
        assert jane.status == "ready"
    elif message:
        assert jane.status in ("unreadable", "missing")
        assert message in jane.reason.en
        assert jane.reason.zh
        assert "\n" not in jane.reason.en
        assert len(jane.reason.en) < 400
    (student,) = (one for one in understood(archive, ONE).students if one.person.name == "doejane")
    assert student.files


PATHS = ["/{}", "../{}", "a/../{}", "C:/{}", "..\\{}", "\\\\server\\{}"]


@pytest.mark.parametrize("path", PATHS)
def test_paths_that_lead_out(tmp_path: Path, path: str) -> None:
    """No such member is written anywhere or read; it is unclear, whose it may be."""
    archive = tmp_path / "class.zip"
    archive.write_bytes(bad(path.format(BAD.decode()).encode()))
    found = understood(archive, ONE)
    assert [one.person.name for one in found.students if one.answers[0].status == "ready"] == [
        "leekim"
    ]
    assert "doejane_1_8_huber.py" in [file.path.rpartition("/")[2] for _, file in found.unclear()]
    assert [path.name for path in tmp_path.rglob("*")] == ["class.zip"]


def test_one_name_twice(tmp_path: Path) -> None:
    """Which of the two counts nobody knows."""
    archive = tmp_path / "class.zip"
    archive.write_bytes(forged({"name": BAD, "data": CODE}, {"name": BAD, "data": b"y"}, GOOD))
    found = collected(archive)
    assert found["doejane", "huber"].status == "unreadable"
    assert "more than one file named" in found["doejane", "huber"].reason.en
    assert found["leekim", "huber"].status == "ready"


def test_a_folder_named_like_a_file(tmp_path: Path) -> None:
    """`huber.py/` with a file in it, beside the files of others."""
    members = {moodle("Jane Doe", 1, "huber.py/x.txt"): b"?", moodle("Kim Lee", 2): CODE}
    found = collected(write_zip(tmp_path / "c.zip", members))
    assert found["Jane Doe", "huber"].status == "missing"
    assert found["Kim Lee", "huber"].status == "ready"


def test_more_files_than_a_person_has(tmp_path: Path) -> None:
    """One student's thousands are that student's alone."""
    members = {moodle("Jane Doe", 1, f"{n}.py"): b"" for n in range(MAX_MEMBERS + 1)}
    found = collected(write_zip(tmp_path / "c.zip", members | {moodle("Kim Lee", 2): CODE}))
    assert "more than 2000 files" in found["Jane Doe", "huber"].reason.en
    assert found["Kim Lee", "huber"].status == "ready"


def test_names_in_any_bytes(tmp_path: Path) -> None:
    """Without the flag for UTF-8, any bytes are a name; it is shown with escapes where need be."""
    archive = tmp_path / "class.zip"
    names = [b"\xff\xfe\x01_1_8_huber.py", "王小明_3_4_huber.py".encode("gbk")]
    archive.write_bytes(forged(*({"name": name, "data": CODE} for name in names), GOOD))
    found = collected(archive)
    assert len(found) == 3
    assert ("王小明", "huber") in found
    assert all(one.status == "ready" for one in found.values())
    assert all(name.isprintable() for name, _ in found)


WHOLE = {
    "truncated": (zipped({BAD.decode(): CODE})[:40], "broken or incomplete; download it"),
    "not a zip": (b"hello", "broken or incomplete; download it"),
    "no bytes": (b"", "broken or incomplete; download it"),
    "invalid UTF-8": (bad(b"doejane_1_8_\xff.py", flags=0x800), "isn't valid UTF-8; download it"),
    "empty": (zipped({}), "has no students"),
    "litter only": (zipped({"__MACOSX/x": b"", ".DS_Store": b""}), "has no students"),
    "loose": (zipped({"huber.py": CODE, "dense.py": CODE}), "loose files such as dense.py"),
    "a directory that lies": (
        zipped({BAD.decode(): CODE})[:-10] + b"\xff\xff\xff\x7f" + b"\0" * 6,
        "download it",
    ),
}


@pytest.mark.parametrize("what", WHOLE)
def test_the_whole(
    tmp_path: Path,
    what: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What can't be read at all: status 2 and one line that says how to mend it."""
    data, message = WHOLE[what]
    archive = tmp_path / "class.zip"
    archive.write_bytes(data)
    with pytest.raises(UsageError) as caught, opened(archive):
        pass
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    monkeypatch.setattr("sys.argv", ["grader", "intake", str(archive)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    out, err = capsys.readouterr()
    assert (end.value.code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("grader: ")


def test_hundreds_of_thousands_of_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lists too many is refused, and what lists far more before all that is in memory."""
    one = b"PK\1\2" + bytes(24) + b"\1\0" + bytes(16) + b"x"
    archive = tmp_path / "class.zip"
    archive.write_bytes(directory(one * (3 * source.OF_A_CLASS.members + 1)))
    with pytest.raises(UsageError, match="far too many files"), opened(archive):
        pass
    monkeypatch.setattr(source, "OF_A_CLASS", replace(source.OF_A_CLASS, members=1_000))
    archive.write_bytes(directory(one * 1_001))
    with pytest.raises(UsageError, match="more than 1000 members; download it"), opened(archive):
        pass


def directory(entries: bytes) -> bytes:
    """A zip that is only a directory, with its end in the form for large ones."""
    size = len(entries).to_bytes(8, "little")
    count = (len(entries) // 47).to_bytes(8, "little")
    large = b"PK\6\6" + (44).to_bytes(8, "little") + b"\x2d\0\x2d\0" + bytes(8) + count * 2 + size
    large += bytes(8)
    where = b"PK\6\7" + bytes(4) + size + b"\1\0\0\0"
    end = b"PK\5\6" + bytes(4) + b"\xff" * 12 + bytes(2)
    return entries + large + where + end


def test_links_in_an_unpacked_download(tmp_path: Path) -> None:
    """A link beside the files, or out of a student's folder, isn't followed to somebody else's."""
    flat = tmp_path / "flat"
    flat.mkdir()
    (flat / canvas("Lee, Kim", 2, 9)).write_bytes(CODE)
    (flat / BAD.decode()).symlink_to(flat / canvas("Lee, Kim", 2, 9))
    found = collected(flat)
    assert found["leekim", "huber"].status == "ready"
    assert "isn't an ordinary file" in found["doejane", "huber"].reason.en
    folders = tmp_path / "folders"
    for path in (moodle("Kim Lee", 2), moodle("Jane Doe", 1, "x.txt")):
        (folders / path).parent.mkdir(parents=True)
        (folders / path).write_bytes(CODE)
    (folders / moodle("Jane Doe", 1)).symlink_to(folders / moodle("Kim Lee", 2))
    found = collected(folders)
    assert found["Kim Lee", "huber"].status == "ready"
    assert "isn't an ordinary file" in found["Jane Doe", "huber"].reason.en
    assert [who for who, _ in understood(folders, ONE).unclear()] == ["Jane Doe"]


def test_a_zip_that_is_no_regular_file(tmp_path: Path) -> None:
    """A link to the zip is staff's own doing; a link to nothing is told."""
    archive = write_zip(tmp_path / "c.zip", {BAD.decode(): CODE})
    link = tmp_path / "link.zip"
    link.symlink_to(archive)
    assert collected(link)["doejane", "huber"].status == "ready"
    with pytest.raises(UsageError, match="no such directory"), opened(tmp_path / "none.zip"):
        pass

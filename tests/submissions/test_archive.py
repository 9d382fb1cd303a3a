"""Zips: read in memory within limits, whatever they claim."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from grader.submissions.archive import MAX_MEMBERS, MAX_TOTAL_BYTES, list_zip, member_name

from .handins import BOMB, deflated, forged, notebook, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from .handins import HandIn

CODE = b"x = 1\n"


def with_info(data: bytes = CODE, **attributes: object) -> bytes:
    """A zip with `huber.py`, whose directory entry has these attributes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("huber.py")
        for name, value in attributes.items():
            setattr(info, name, value)
        archive.writestr(info, data)
    return buffer.getvalue()


def patched(archive: bytes, offset: int, value: bytes) -> bytes:
    """The archive with `value` at `offset` of its first directory entry."""
    start = archive.index(b"PK\x01\x02") + offset
    return archive[:start] + value + archive[start + len(value) :]


def test_nested_folder_and_litter(hand_in: HandIn) -> None:
    """`homework/huber.py` is found; macOS's and hidden files aren't looked at."""
    found = hand_in(
        zipped(
            {
                "homework/": b"",
                "__MACOSX/homework/._huber.py": b"\0\x05",
                "homework/.DS_Store": b"\0",
                "homework/huber.py": CODE,
                "homework/dense.ipynb": notebook("MyDense = 1"),
            }
        )
    )
    assert (found["huber"].source, found["huber"].origin) == (CODE, "ada.zip/homework/huber.py")
    assert b"MyDense = 1" in found["dense"].source
    assert found["huber_metric"].status == "missing"
    assert found["huber"].notes == ()


def test_nothing_is_extracted(hand_in: HandIn, tmp_path: Path) -> None:
    """No member reaches the disk, whatever its name."""
    hand_in(zipped({"../../huber.py": CODE, "huber.py": CODE, "/tmp/x/huber.py": CODE}))
    assert [path.name for path in tmp_path.rglob("*")] == ["class", "ada.zip"]


@pytest.mark.parametrize(
    "name",
    [
        *("../huber.py", "/huber.py", "a/../../huber.py", "a/../huber.py", "C:/huber.py"),
        *("//server/share/huber.py", "..\\huber.py", "C:\\x\\huber.py", "\\\\server\\x\\huber.py"),
    ],
)
def test_paths_that_lead_out(hand_in: HandIn, name: str) -> None:
    """A member whose path leads out of the zip is refused with a reason."""
    found = hand_in(zipped({name: CODE}))["huber"]
    assert found.status == "unreadable"
    assert "leads outside" in found.reason.en


def test_clean_file_beside_a_hostile_one(hand_in: HandIn) -> None:
    """A bad member doesn't stand in the way of a good one."""
    found = hand_in(zipped({"../huber.py": b"bad", "homework/huber.py": CODE}))["huber"]
    assert found.source == CODE


def test_backslashes(hand_in: HandIn) -> None:
    """Folders written with `\\`, as old Windows tools do, are folders."""
    found = hand_in(zipped({"homework\\huber.py": CODE}))["huber"]
    assert found.origin == "ada.zip/homework/huber.py"


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFDIR]
)
def test_links_and_devices(hand_in: HandIn, kind: int) -> None:
    """A symbolic link or a device in a zip is refused, not read as its target's name."""
    found = hand_in(with_info(b"/etc/passwd", external_attr=(kind | 0o777) << 16))["huber"]
    assert found.status == "unreadable"
    assert "link" in found.reason.en


def test_encrypted(hand_in: HandIn) -> None:
    """An encrypted member: make the zip without a password."""
    found = hand_in(patched(with_info(), 8, struct.pack("<H", 1)))["huber"]
    assert found.status == "unreadable"
    assert "without a password" in found.reason.en


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_unusual_compression(hand_in: HandIn, method: int) -> None:
    """Methods other than deflate, whose decoders may ask for any memory, are refused."""
    found = hand_in(zipped({"huber.py": CODE}, compression=method))["huber"]
    assert "unusual method" in found.reason.en


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_duplicate_names(hand_in: HandIn) -> None:
    """Two members of the same name: unreadable, for nobody knows which is meant."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("huber.py", CODE)
        archive.writestr("./huber.py", b"y = 2")
        archive.writestr("dense.py", CODE)
    found = hand_in(buffer.getvalue())
    assert found["huber"].status == "unreadable"
    assert "more than one file named `huber.py`" in found["huber"].reason.en
    assert found["dense"].status == "ready"


def test_zip_in_zip(hand_in: HandIn) -> None:
    """A zip within the zip isn't opened; the reason says to unzip it."""
    found = hand_in(zipped({"work/homework.zip": zipped({"huber.py": CODE})}))["huber"]
    assert found.status == "missing"
    assert "unzip `work/homework.zip`" in found.reason.en


def test_bad_checksum(hand_in: HandIn) -> None:
    """Damaged data is noticed, and only that file is lost."""
    good = zipped({"huber.py": CODE, "dense.py": CODE}, compression=zipfile.ZIP_STORED)
    at = good.index(CODE)
    found = hand_in(good[:at] + b"y" + good[at + 1 :])
    assert found["huber"].status == "unreadable"
    assert "checksum" in found["huber"].reason.en
    assert found["dense"].status == "ready"


def test_broken_deflate(hand_in: HandIn) -> None:
    """Damaged compressed data ends in a reason."""
    good = zipped({"huber.py": CODE * 50})
    at = good.index(b"huber.py") + len("huber.py")
    found = hand_in(good[:at] + b"\xff\xff\xff" + good[at + 3 :])["huber"]
    assert found.status == "unreadable"
    assert "can't be unpacked" in found.reason.en


@pytest.mark.parametrize("keep", [0, 1, 10, 50, -30, -1])
def test_truncated(hand_in: HandIn, keep: int) -> None:
    """A zip that was cut off, also one of no bytes at all, makes each exercise unreadable."""
    found = hand_in(zipped({"huber.py": CODE})[:keep])
    assert {item.status for item in found.values()} == {"unreadable"}
    assert "broken or incomplete" in found["huber"].reason.en


def test_not_a_zip(hand_in: HandIn) -> None:
    """What was only renamed is named; its bytes say what it is."""
    for head, what in (
        (b"Rar!\x1a\x07\0", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"x" * 257 + b"ustar\0", "a tar archive"),
        (b"\n<html>", "a web page"),
    ):
        reason = hand_in(head * 30)["huber"].reason
        assert reason.en.startswith(f"this isn't a zip but {what}, whatever its name says: make a")
        assert reason.zh.startswith("这不是 zip，而是")
    assert "broken" in hand_in(b"hello")["huber"].reason.en


def test_bomb(hand_in: HandIn) -> None:
    """A member that unpacks to a thousand times its size is refused unread."""
    found = hand_in(zipped({"huber.py": b"\n" * 900_000, "dense.py": CODE}))
    assert "200 times" in found["huber"].reason.en
    assert found["dense"].status == "ready"


@pytest.mark.parametrize("size", [1, 1000, 900_000])
def test_bomb_that_lies(hand_in: HandIn, size: int) -> None:
    """A bomb whose directory tells a small size is read no further than that, and refused."""
    found = hand_in(forged({"name": b"huber.py", "data": BOMB, "method": 8, "size": size}))["huber"]
    assert (found.status, found.source) == ("unreadable", b"")
    assert "can't be unpacked" in found.reason.en


def test_overlapping_members(hand_in: HandIn) -> None:
    """Forty members that share one packed megabyte: what they unpack to is what counts."""
    kernel = deflated(b"#" * 2**20)
    shared = {"data": kernel, "method": 8, "size": 2**20, "at": 0}
    names = [b"huber.py", *(b"%d.py" % n for n in range(40))]
    found = hand_in(forged(*({"name": name, **shared} for name in names)))["huber"]
    assert "200 times" in found.reason.en
    found = hand_in(forged(*({"name": name, **shared} for name in names * 7)))["huber"]
    assert "more than 256 MiB" in found.reason.en


def test_data_before_and_two_directories(hand_in: HandIn) -> None:
    """What stands before the archive doesn't matter; of two directories the last one counts."""
    first = forged({"name": b"dense.py", "data": CODE}, prefix=b"#!/bin/sh\nexec rm -rf\n")
    found = hand_in(first + forged({"name": b"huber.py", "data": CODE}))
    assert (found["huber"].source, found["dense"].status) == (CODE, "missing")


def test_a_directory_that_points_elsewhere(hand_in: HandIn) -> None:
    """A member that begins outside the file, or at another's header, is damaged."""
    for at in (2**31 - 1, 1):
        found = hand_in(forged({"name": b"huber.py", "data": CODE, "at": at}))["huber"]
        assert "can't be unpacked" in found.reason.en
    other = forged({"name": b"dense.py", "data": CODE}).replace(b"dense.py", b"huber.py", 1)
    assert "can't be unpacked" in hand_in(other)["dense"].reason.en


def test_total_size(hand_in: HandIn) -> None:
    """A zip that says it unpacks to more than the limit is refused as a whole."""
    archive = patched(
        zipped({"a.bin": b"0", "huber.py": CODE}), 24, struct.pack("<I", MAX_TOTAL_BYTES)
    )
    found = hand_in(archive)
    assert "more than 256 MiB" in found["huber"].reason.en


def test_large_member(hand_in: HandIn) -> None:
    """The limits on single files hold for members too."""
    import random  # incompressible, so that it isn't a bomb

    data = b"#" + random.Random(1).randbytes(2**20).hex().encode()
    found = hand_in(zipped({"huber.py": data}))["huber"]
    assert "larger than 1 MiB" in found.reason.en


def test_lying_size(hand_in: HandIn) -> None:
    """A member that is longer or shorter than the directory says is damaged, not cut in silence."""
    archive = patched(zipped({"huber.py": CODE * 9}), 24, struct.pack("<I", 6))
    found = hand_in(archive)["huber"]
    assert found.status == "unreadable"
    assert found.source == b""


def test_too_many_members(hand_in: HandIn) -> None:
    """More members than the limit: refused with a reason."""
    found = hand_in(zipped({f"{n}.txt": b"" for n in range(MAX_MEMBERS)} | {"huber.py": CODE}))
    assert "more than 2000 members" in found["huber"].reason.en


def test_a_hundred_thousand_members(hand_in: HandIn) -> None:
    """So many that the directory isn't even loaded."""
    found = hand_in(forged(*({"name": b"%d" % n, "data": b""} for n in range(100_000))))["huber"]
    assert "lists far too many files" in found.reason.en


def test_case_clash(hand_in: HandIn) -> None:
    """The exact name wins over one with other capitals; two wrong ones are nobody's guess."""
    found = hand_in(
        zipped({"Huber.py": b"y = 2", "huber.py": CODE, "Dense.py": CODE, "DENSE.py": CODE})
    )
    assert found["huber"].source == CODE
    assert "`Huber.py` not" in found["huber"].notes[0].en
    assert "which of `DENSE.py` and `Dense.py` is meant isn't clear" in found["dense"].reason.en


def test_huge_directory(hand_in: HandIn) -> None:
    """A directory of megabytes isn't loaded."""
    members = {f"{n:05}" + "n" * 30_000: b"" for n in range(80)}
    found = hand_in(zipped(members))
    assert "far too many files" in found["huber"].reason.en


@pytest.mark.parametrize(
    ("raw", "flag", "name"),
    [
        ("作业/huber.py".encode(), 0x800, "作业/huber.py"),
        ("作业/huber.py".encode(), 0, "作业/huber.py"),
        ("作业/huber.py".encode("gbk"), 0, "作业/huber.py"),
        ("luc-émile/huber.py".encode("cp437"), 0, "luc-émile/huber.py"),
        ("Übung/huber.py".encode("cp437"), 0, "Übung/huber.py"),
        ("cafe\u0301/huber.py".encode(), 0x800, "café/huber.py"),
    ],
)
def test_names_of_every_origin(raw: bytes, flag: int, name: str) -> None:
    """Names from Windows, a Mac and Chinese Windows read as they were written."""
    info = zipfile.ZipInfo(raw.decode("utf-8" if flag else "cp437"))
    info.flag_bits = flag
    assert member_name(info) == name


def test_gbk_folder(tmp_path: Path) -> None:
    """A GBK name in a real archive comes out right in the path that people see."""
    data = zipped({"XXXX/huber.py": CODE}).replace(b"XXXX", "作业".encode("gbk"))
    (tmp_path / "a.zip").write_bytes(data)
    assert [entry.path for entry in list_zip(tmp_path / "a.zip").entries] == ["作业/huber.py"]


def test_name_with_nul(hand_in: HandIn) -> None:
    """A name with a NUL, which different tools read differently, is refused."""
    data = zipped({"huber.pyX.txt": CODE}).replace(b"huber.pyX", b"huber.py\0")
    assert hand_in(data)["huber"].status == "unreadable"


@pytest.mark.parametrize("name", [b"\xff\xfe", b"\xed\xa0\x80", b"\x80huber.py"])
def test_bad_utf8_name(hand_in: HandIn, name: bytes) -> None:
    """A name flagged UTF-8 that isn't doesn't raise; unflagged it is read as cp437."""
    found = hand_in(forged({"name": name, "data": CODE, "flags": 0x800}))["huber"]
    assert "isn't valid UTF-8" in found.reason.en
    assert hand_in(forged({"name": name, "data": CODE}))["huber"].status == "missing"


@pytest.mark.parametrize(
    "name", [b"", b"\0huber.py", b"/", b".", b"..", b"\\", b"//", b"huber.py/"]
)
def test_names_that_are_no_names(hand_in: HandIn, name: bytes) -> None:
    """Members without a name, which zipfile itself stumbles over, are nobody's file."""
    found = hand_in(forged({"name": name, "data": CODE}, {"name": b"dense.py", "data": CODE}))
    assert (found["huber"].status, found["dense"].status) == ("missing", "ready")


def test_endless_names(hand_in: HandIn) -> None:
    """Names of 65,000 bytes, of which some take minutes to normalise, are cut where they show."""
    towers = ("a" + "\u0301" * 16_000 + "\u0316" * 16_000).encode()
    members = [{"name": b"%d" % n + towers, "data": b"", "flags": 0x800} for n in range(25)]
    found = hand_in(forged({"name": b"n" * 10_000 + b"/huber.py", "data": CODE}, *members))["huber"]
    assert found.source == CODE
    assert len(found.origin) < 400


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("huber\u202e.py", "`huber\\u202e.py`"),
        ("huber\u200b.py", "`huber\\u200b.py`"),
        ("hu\nber.py", "`hu\\nber.py`"),
        ("huber\u3164.py", "`huber\\u3164.py`"),
    ],
)
def test_names_that_hide_something(hand_in: HandIn, name: str, seen: str) -> None:
    """Direction marks, zero-width characters and line ends in a name are shown as what they are."""
    found = hand_in(forged({"name": name.encode(), "data": CODE, "flags": 0x800}))["huber"]
    assert found.status == "missing"
    assert f"if {seen} is meant, rename it" in found.reason.en


def test_a_large_notebook_that_is_not_packed(hand_in: HandIn) -> None:
    """What bounds the directory doesn't bound a member: a notebook may have 3 MB of outputs."""
    large = notebook("huber_fn = 1", outputs="x" * 3_000_000)
    found = hand_in(zipped({"huber.ipynb": large}, compression=zipfile.ZIP_STORED))
    assert found["huber"].status == "ready"

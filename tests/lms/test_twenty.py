"""A class in which nearly everybody's hand-in is malformed, graded by the real command, once.

Everybody has a row with one line that says what is wrong and how to mend it, in both languages;
whoever handed in properly has full marks. Once as Moodle's zip, once as a folder of folders, which
may also hold what no zip can.
"""

from __future__ import annotations

import json
import lzma
import os
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.results import read_results
from grader.submissions.archive import MAX_MEMBERS

from ..submissions.handins import BOMB, forged, notebook, zipped
from .downloads import moodle

if TYPE_CHECKING:
    from grader.results import Row

TINY = Path(__file__).parents[1] / "courses" / "tiny"
RIGHT = (TINY / "solutions" / "square" / "square.py").read_bytes()
CALL = ["--course", str(TINY), "--exercise", "square"]
MISSING = "there is no `square.py` or `square.ipynb`"


@dataclass(frozen=True)
class Bad:
    """A hand-in: its file, and what its row must say; `member` is what a zip lies about the file.

    Where `reason` is "", the row is graded, with 0 points and this `note`.
    """

    file: str
    data: bytes
    reason: str
    status: str = "unreadable"
    note: str = ""
    member: dict[str, Any] = field(default_factory=dict)


def inner(*members: dict[str, Any]) -> bytes:
    """A student's own zip, as no program makes one."""
    return forged(*({"name": b"square.py", "data": RIGHT} | member for member in members))


def cells(found: Any, **more: Any) -> bytes:
    """A notebook with whatever in the place of its cells."""
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": found} | more).encode()


WHOLE_ZIP = zipped({"square.py": RIGHT})
# Its end says that 2^63 members begin at the end of the world.
ZIP64 = (
    *(WHOLE_ZIP[:-22], b"PK\6\6", (44).to_bytes(8, "little"), b"\x2d\0\x2d\0", bytes(8)),
    *((2**63).to_bytes(8, "little") * 4, b"PK\6\7", bytes(4)),
    *((len(WHOLE_ZIP) - 22).to_bytes(8, "little"), b"\1\0\0\0"),
    *(b"PK\5\6", bytes(4), b"\xff" * 12, bytes(2)),
)
BOOK = notebook("import tensorflow as tf\n\ndef square(x):\n    return x * x\n")

MALFORMED = {
    "zip cut off": Bad("hw.zip", WHOLE_ZIP[:60], "the zip is broken or incomplete: zip your"),
    "zip of nothing": Bad("hw.zip", zipped({}), "there is no file in `hw.zip`: put your program"),
    "zip with a password": Bad(
        "hw.zip", inner({"flags": 1}), "`square.py` is encrypted: make the zip without a password"
    ),
    "zip bomb": Bad(
        "hw.zip",
        inner({"data": BOMB, "method": 8, "size": 200 * 2**20}),
        "unpacks to more than 200 times its packed size, as no program does: leave data out",
    ),
    "zip bomb that lies": Bad(
        "hw.zip", inner({"data": BOMB, "method": 8, "size": 99}), "can't be unpacked"
    ),
    "zip bomb of a gigabyte": Bad(
        "hw.zip", inner({"data": BOMB, "method": 8, "size": 2**30}), "more than 256 MiB"
    ),
    "zip in a zip": Bad(
        "hw.zip",
        zipped({"a/hw2.zip": zipped({"hw3.zip": WHOLE_ZIP})}),
        f"{MISSING}; archives inside are not opened, unzip `hw.zip/a/hw2.zip`",
        "missing",
    ),
    "zip with a wrong sum": Bad(
        "hw.zip", inner({"crc": 1}), "its checksum is wrong: zip your folder again"
    ),
    "zip with damaged data": Bad(
        "hw.zip", inner({"data": b"\xff" * 40, "method": 8}), "its data is broken: zip your folder"
    ),
    "zip that leads up": Bad(
        "hw.zip", inner({"name": b"../../square.py"}), "has a path in the zip that leads outside"
    ),
    "zip of the root": Bad(
        "hw.zip", inner({"name": b"/etc/square.py"}), "has a path in the zip that leads outside"
    ),
    "zip with a link": Bad(
        "hw.zip",
        inner({"data": b"/etc/passwd", "mode": stat.S_IFLNK | 0o777}),
        "is a link or a special file in the zip: hand in the file itself",
    ),
    "zip of two alike": Bad(
        "hw.zip", inner({}, {"data": b"x"}), "more than one file named `square.py`: zip your folder"
    ),
    "zip of thousands": Bad(
        "hw.zip",
        zipped({f"{n}.py": b"" for n in range(MAX_MEMBERS + 1)}),
        "it has more than 2000 members: hand in only your .py and .ipynb files",
    ),
    "zip with odd packing": Bad(
        "hw.zip", inner({"method": 14}), "an unusual method (14): make an ordinary zip"
    ),
    "zip that names in no code": Bad(
        "hw.zip", inner({"name": b"\xff.py", "flags": 0x800}), "isn't valid UTF-8: give your files"
    ),
    "zip64 that lies": Bad("hw.zip", b"".join(ZIP64), "the zip is broken or incomplete: zip your"),
    "rar renamed": Bad("hw.zip", b"Rar!\x1a\7\1\0" * 9, "isn't a zip but a RAR archive, whatever"),
    "7z renamed": Bad("hw.zip", b"7z\xbc\xaf\x27\x1c" * 9, "isn't a zip but a 7z archive"),
    "tar packed": Bad("hw.tar.gz", b"\x1f\x8b", "are not opened, unzip `hw.tar.gz`", "missing"),
    "word renamed": Bad("square.py", WHOLE_ZIP, "isn't text but a zip archive or an Office docu"),
    "pdf renamed": Bad("square.py", b"%PDF-1.7\n\xe2\xe3", "isn't text but a PDF: hand in the"),
    "word": Bad(
        "square.docx",
        WHOLE_ZIP,
        f"{MISSING}, but `square.docx`: hand in the program itself, a file in .py or .ipynb",
        "missing",
    ),
    "a long name": Bad("n" * 30_000 + ".txt", RIGHT, f"{MISSING}, but `nnn", "missing"),
    "a folder": Bad("square.py/readme.txt", RIGHT, f"{MISSING}, but `square.py/r", "missing"),
    "no bytes": Bad("square.py", b"", "", note="the file is empty: it has no code"),
    "a mark": Bad("square.py", b"\xef\xbb\xbf", "", note="the file is empty: it has no code"),
    "zeros": Bad("square.py", b"x = 1\n\0\0", "line 2 has a NUL byte, so this isn't a text file"),
    "wide": Bad("square.py", RIGHT.decode().encode("utf-16"), "as UTF-16 or UTF-32, which Python"),
    "old code page": Bad(
        "square.py", b"x = 1\n# caf\xe9\n", "line 2 has the byte 0xe9, which isn't utf-8: save the"
    ),
    "a merge": Bad(
        "square.py", b"<<<<<<< HEAD\n" + RIGHT, "line 1: invalid syntax, in `<<<<<<< HEAD`"
    ),
    "too deep": Bad("square.py", b"x = " + b"(" * 999, "line 1: brackets, operators or blocks are"),
    "too large": Bad("square.py", b"x = 1\n" * 200_000, "larger than 1 MiB: leave data out of the"),
    "book cut off": Bad("square.ipynb", BOOK[:-30], "ends in the middle (line 1): it wasn't saved"),
    "book of nothing": Bad("square.ipynb", b"", "the file is empty: open it in Jupyter"),
    "book without cells": Bad("square.ipynb", b'{"nbformat": 4}', "it has no list of cells: open"),
    "book of version 99": Bad("square.ipynb", cells([], nbformat=99), "its format 99 is unknown"),
    "book of an object": Bad("square.ipynb", cells({"0": {}}), "it has no list of cells: open it"),
    "book of 100,000": Bad(
        "square.ipynb",
        cells([{}] * 100_000),
        "it has more than 2000 cells: hand in a notebook with only what the exercise asks for",
    ),
    "book too deep": Bad("square.ipynb", b'{"cells": ' + b"[" * 99_999, "nested absurdly deep: op"),
    "book in R": Bad(
        "square.ipynb",
        notebook("square <- function(x) x * x", kernelspec={"name": "ir", "language": "R"}),
        "the notebook's language is R, not Python: write it with a Python kernel",
    ),
    "book of UTF-16": Bad(
        "square.ipynb", BOOK.decode().encode("utf-16"), "it is saved as UTF-16: save it as UTF-8"
    ),
    "book of a page": Bad("square.ipynb", b"<!DOCTYPE html>", "isn't a notebook but a web page: h"),
    "book of a program": Bad("square.ipynb", RIGHT, "is a Python program, not a notebook: name it"),
    "book of a merge": Bad(
        "square.ipynb", b'{\n<<<<<<< HEAD\n"cells": []', "conflict markers of git (`<<<<<<<`): fini"
    ),
    "book with a slip": Bad(
        "square.ipynb",
        notebook("md:# Squares", "!ls\ndef square(x)\n    return x"),
        "cell 2, line 2: expected ':', in `def square(x)`: a line that starts with",
    ),
    "book with half a character": Bad(
        "square.ipynb", notebook("square = '\ud800'"), "cell 1, line 1: Python can't read it"
    ),
    "book of comments": Bad(
        "square.ipynb", notebook("# TODO", ""), "", note="no code cell defines `square`"
    ),
    "book of version 2": Bad(
        "square.ipynb", notebook("pass", version=2), "", note="no code cell defines `square`"
    ),
    "member with a password": Bad(
        "square.py", RIGHT, "is encrypted: make the zip without", member={"flags": 1}
    ),
    "member with a wrong sum": Bad(
        "square.py", RIGHT, "can't be unpacked, its checksum is wrong", member={"crc": 1}
    ),
    "member that is a link": Bad(
        "square.py", b"x", "is a link or a special file", member={"mode": stat.S_IFLNK | 0o777}
    ),
    "member with odd packing": Bad(
        "square.py", lzma.compress(RIGHT), "an unusual method (95)", member={"method": 95}
    ),
}
HONEST = {
    "Ada O'Hara": ("square.py", RIGHT),
    "王小明": ("square.ipynb", BOOK),
    "Zoë van Dam": ("my work.zip", zipped({"week 3/square.py": RIGHT})),
}
NOT_ORDINARY = "isn't an ordinary file in your own folder (a link that leads elsewhere, a pipe"
ON_DISK = {
    "a pipe": (NOT_ORDINARY, "unreadable"),
    "a link out": (NOT_ORDINARY, "unreadable"),
    "a link to itself": (NOT_ORDINARY, "unreadable"),
    "thirteen folders": (MISSING, "missing"),
    "packed.rar": ("an archive that isn't opened: unpack it into a directory", "unreadable"),
    "broken": ("the zip is broken or incomplete: zip your folder again", "unreadable"),
    "a link": ("the submission is a link: put the directory or the zip itself", "unreadable"),
}


def as_zip(root: Path) -> Path:
    """Moodle's zip of everybody."""
    members = [
        {"name": moodle(name, 100 + n, bad.file).encode(), "data": bad.data, "flags": 0}
        | bad.member
        for n, (name, bad) in enumerate(MALFORMED.items())
    ]
    members += [
        {"name": moodle(name, 900 + n, file).encode(), "data": data, "flags": 0x800}
        for n, (name, (file, data)) in enumerate(HONEST.items())
    ]
    archive = root / "square-all.zip"
    archive.write_bytes(forged(*members))
    return archive


def as_folder(root: Path) -> Path:
    """A folder of everybody's folder, and of what only a file system has."""
    top = root / "class"
    everybody = {name: (bad.file[-200:], bad.data) for name, bad in _on_disk().items()} | HONEST
    for name, (file, data) in everybody.items():
        path = top / name / file
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    deep = top / "thirteen folders" / "/".join("abcdefghijklm")
    deep.mkdir(parents=True)
    (deep / "square.py").write_bytes(RIGHT)
    (root / "elsewhere.py").write_bytes(RIGHT)
    for name in ("a pipe", "a link out", "a link to itself"):
        (top / name).mkdir()
    os.mkfifo(top / "a pipe" / "square.py")
    (top / "a link out" / "square.py").symlink_to(root / "elsewhere.py")
    (top / "a link to itself" / "square.py").symlink_to("square.py")
    (top / "no permission").mkdir()
    (top / "no permission" / "square.py").write_bytes(RIGHT)
    (top / "no permission" / "square.py").chmod(0)
    (top / "packed.rar").write_bytes(b"Rar!")
    (top / "broken.zip").write_bytes(WHOLE_ZIP[:60])
    (top / "a link").symlink_to(top / "Ada O'Hara")
    return top


def _on_disk() -> dict[str, Bad]:
    """What isn't a lie of the class's own zip."""
    return {name: bad for name, bad in MALFORMED.items() if not bad.member}


@dataclass(frozen=True)
class Done:
    """What the two commands gave."""

    rows: dict[str, Row]
    grade: subprocess.CompletedProcess[str]
    intake: subprocess.CompletedProcess[str]
    listed: dict[str, Any]


def run(submissions: Path, out: Path) -> Done:
    """`grader intake` and `grader grade`, as staff call them."""
    grader = [sys.executable, "-m", "grader"]
    ways: dict[str, Any] = {"capture_output": True, "text": True, "check": False}
    intake = subprocess.run([*grader, "intake", str(submissions), "--json", *CALL], **ways)
    grade = subprocess.run(
        [*grader, "grade", str(submissions), *CALL, "--jobs", "1", "--out", str(out)], **ways
    )
    assert grade.returncode == 0, grade.stderr
    rows = {row.student: row for row in read_results(out / "results.json").results}
    return Done(rows, grade, intake, json.loads(intake.stdout))


@pytest.fixture(scope="module")
def zip_done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The class as a zip."""
    root = tmp_path_factory.mktemp("zip")
    return run(as_zip(root), root / "out")


@pytest.fixture(scope="module")
def folder_done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The class as a folder."""
    root = tmp_path_factory.mktemp("folder")
    return run(as_folder(root), root / "out")


def check(done: Done, name: str, bad: Bad) -> None:
    """The row and the intake's list say what is wrong, in one line, in both languages."""
    row = done.rows[name]
    (listed,) = (one for one in done.listed["students"] if one["student"] == name)
    assert row.points == 0.0
    if bad.reason:
        assert row.status == bad.status
        assert bad.reason in row.reason.en
        assert row.reason.en == listed["exercises"][0]["reason"]
        told = row.reason
    else:
        assert row.status == "graded"
        (told,) = [note for note in row.notes if bad.note in note.en]
        assert told.en in listed["notes"]
    assert any("\u4e00" <= char <= "\u9fff" for char in told.zh)
    assert (told.en + told.zh).isprintable()
    assert max(len(told.en), len(told.zh)) < 400
    assert listed["files"] or listed["trouble"] or name in ON_DISK


@pytest.mark.parametrize("name", MALFORMED)
def test_in_a_zip(zip_done: Done, name: str) -> None:
    """Each malformed hand-in of Moodle's zip."""
    check(zip_done, name, MALFORMED[name])


@pytest.mark.parametrize("name", [*_on_disk(), *ON_DISK])
def test_in_a_folder(folder_done: Done, name: str) -> None:
    """Each malformed hand-in of a folder of folders."""
    bad = MALFORMED.get(name) or Bad("", b"", *ON_DISK[name])
    check(folder_done, name, bad)


def test_without_permission(folder_done: Done) -> None:
    """A file that the grader may not read is told as such; root may read everything."""
    row = folder_done.rows["no permission"]
    if os.geteuid() == 0:
        assert row.points == row.max_points
    else:
        assert "`square.py` can't be read (Permission denied)" in row.reason.en


def test_the_rest_is_graded(zip_done: Done, folder_done: Done) -> None:
    """Whoever handed in properly has full marks; nobody is left out; one progress line each."""
    assert set(zip_done.rows) == {*MALFORMED, *HONEST}
    assert set(folder_done.rows) == {*_on_disk(), *ON_DISK, *HONEST, "no permission"}
    for done in (zip_done, folder_done):
        for name in HONEST:
            assert done.rows[name].points == done.rows[name].max_points > 0
        assert done.intake.returncode == 1
        assert done.intake.stderr == ""
        assert "Traceback" not in done.grade.stdout + done.grade.stderr
        assert len(done.listed["students"]) == len(done.rows)

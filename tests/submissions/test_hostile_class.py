"""A class in which everybody is hostile: one clear line for each, nothing written, little memory.

The intake runs in a process of its own, so that its memory can be measured, and with an audit hook
that refuses to open anything for writing.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from .handins import BOMB, forged, notebook, zipped

CODE = b"huber_fn = 1\n"
MAX_MEGABYTES = 700
SYMBOLS = {"huber": ("huber_fn",)}

COLLECT = """
import json, os, resource, sys
from pathlib import Path
from grader.submissions import collect, find_students

def audit(event, args):
    writes = ("w", "a", "x", "+")
    if event == "open" and isinstance(args[1], str) and any(c in args[1] for c in writes):
        os._exit(9)
    if event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        os._exit(9)
    if event in ("os.mkdir", "os.rename", "os.remove", "os.link", "os.symlink", "os.truncate"):
        os._exit(9)

def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before = memory()
sys.addaudithook(audit)
rows = []
for student in find_students(Path(sys.argv[1])):
    for found in collect(student, json.loads(sys.argv[2])):
        rows.append([found.student, found.status, found.reason.en, found.reason.zh,
                     [note.en for note in found.notes], found.source.decode("latin-1")])
print(json.dumps([rows, memory() - before]))
"""

NO_FILE = "there is no `huber.py` or `huber.ipynb`"
DEEP = "brackets, operators or blocks are nested too deep: split the expression into steps"
LESS = "hand in a notebook with only what the exercise asks for"
AGAIN = "open it in Jupyter, save it and hand it in again"
ZIP_AGAIN = "zip your folder again and upload it once more"
ONLY = (
    "hand in only your .py and .ipynb files, without data and with the notebooks' outputs cleared"
)
SPECIAL = (
    "`huber.py` isn't an ordinary file in your own folder (a link that leads elsewhere, a pipe, a "
    "device): hand in a copy of the file itself"
)
SAVE_AS = (
    "save the file as UTF-8 (in VS Code: click the encoding at the bottom right, `Save with "
    "Encoding`, `UTF-8`)"
)

ZIPS: dict[str, tuple[bytes, str]] = {
    "zip slip": (
        forged({"name": b"../../huber.py", "data": CODE}),
        "`../../huber.py` has a path in the zip that leads outside of it: zip your folder again",
    ),
    "zip drive": (
        forged({"name": b"C:\\Windows\\huber.py", "data": CODE}),
        "`C:/Windows/huber.py` has a path in the zip that leads outside of it: zip your folder "
        "again",
    ),
    "zip link": (
        forged({"name": b"huber.py", "data": b"/etc/passwd", "mode": stat.S_IFLNK | 0o777}),
        "`huber.py` is a link or a special file in the zip: hand in the file itself",
    ),
    "zip device": (
        forged({"name": b"huber.py", "data": b"", "mode": stat.S_IFCHR | 0o666}),
        "`huber.py` is a link or a special file in the zip: hand in the file itself",
    ),
    "zip bomb": (
        forged({"name": b"huber.py", "data": BOMB, "method": 8, "size": 200 * 2**20}),
        "`huber.py` unpacks to more than 200 times its packed size, as no program does: leave data "
        "out of it and zip your folder again",
    ),
    "zip of a large notebook": (
        forged({"name": b"huber.ipynb", "data": BOMB, "method": 8, "size": 300 * 2**20}),
        f"the zip can't be used, it unpacks to more than 256 MiB: {ONLY}",
    ),
    "zip of a notebook of line ends": (
        forged({"name": b"huber.ipynb", "data": BOMB, "method": 8, "size": 200 * 2**20}),
        "`huber.ipynb` can't be unpacked, its checksum is wrong: zip your folder again and upload "
        "it once more",
    ),
    "zip bomb that lies": (
        forged({"name": b"huber.py", "data": BOMB, "method": 8, "size": 99}),
        f"`huber.py` can't be unpacked, its checksum is wrong: {ZIP_AGAIN}",
    ),
    "zip of 100,000": (
        forged(*({"name": b"%d" % n, "data": b""} for n in range(100_000))),
        "the zip can't be used, it lists far too many files, or files with absurdly long names: "
        f"{ONLY}",
    ),
    "zip with a password": (
        forged({"name": b"huber.py", "data": CODE, "flags": 1}),
        "`huber.py` is encrypted: make the zip without a password",
    ),
    "zip method": (
        forged({"name": b"huber.py", "data": CODE, "method": 93}),
        "`huber.py` is packed with an unusual method (93): make an ordinary zip (deflate)",
    ),
    "zip twice": (
        forged({"name": b"huber.py", "data": CODE}, {"name": b"./huber.py", "data": b""}),
        "the zip has more than one file named `huber.py`: zip your folder again",
    ),
    "zip clash": (
        zipped({"Huber.py": CODE, "HUBER.py": b"x = 1"}),
        f"{NO_FILE}, and which of `HUBER.py` and `Huber.py` is meant isn't clear: hand in one file "
        "`huber.py`",
    ),
    "zip right-to-left": (
        forged({"name": "huber\u202e.py".encode(), "data": CODE, "flags": 0x800}),
        f"{NO_FILE}; if `huber\\u202e.py` is meant, rename it",
    ),
    "zip nameless": (forged({"name": b"", "data": CODE}), NO_FILE),
    "zip bad name": (
        forged({"name": b"\xff.py", "data": CODE, "flags": 0x800}),
        "the zip can't be used, the name of a file in it isn't valid UTF-8: give your files plain "
        "names and zip your folder again",
    ),
    "zip cut off": (
        zipped({"huber.py": CODE})[:-30],
        f"the zip is broken or incomplete: {ZIP_AGAIN}",
    ),
    "zip in zip": (
        zipped({"a.zip": zipped({"huber.py": CODE})}),
        f"{NO_FILE}; archives inside are not opened, unzip `a.zip`",
    ),
}
FILES: dict[str, tuple[str, bytes, str]] = {
    "notebook of 300 MB": (
        "huber.ipynb",
        b" ",  # made larger on disk
        "the notebook is larger than 256 MiB, most likely its outputs: clear all outputs, save it "
        "and hand it in again",
    ),
    "notebook of 100 MB": (
        "huber.ipynb",
        b" ",
        f"not a readable notebook, it has more than 5 MiB even without its outputs: {LESS}",
    ),
    "notebook of 200,000 cells": (
        "huber.ipynb",
        b'{"nbformat": 4, "cells": [' + b"{}," * 200_000 + b"{}]}",
        f"not a readable notebook, it has more than 2000 cells: {LESS}",
    ),
    "notebook too deep": (
        "huber.ipynb",
        b'{"a":' * 500_000,
        f"not a readable notebook, its data is nested absurdly deep: {AGAIN}",
    ),
    "notebook of dicts": (
        "huber.ipynb",
        b'{"nbformat": 5, "cells": [' + b'{"":{}},' * 500_000 + b"{}]}",
        f"not a readable notebook, its format 5 is unknown: {AGAIN}",
    ),
    "notebook with half a character": (
        "huber.ipynb",
        notebook("x = 1", "huber_fn = '\ud800'"),
        "cell 2, line 1: Python can't read it, it has half a character ('\\ud800'): type the line "
        "again",
    ),
    "python latin-1": (
        "huber.py",
        b"x = 1\n# d\xe9j\xe0\n",
        f"line 2 has the byte 0xe9, which isn't utf-8: {SAVE_AS}",
    ),
    "python NUL": (
        "huber.py",
        b"x = 1\n\0",
        f"line 2 has a NUL byte, so this isn't a text file, or it is saved as UTF-16: {SAVE_AS}",
    ),
    "python codec": (
        "huber.py",
        b"# coding: unicode_escape\nx = 1\n",
        f"the file declares the encoding `unicode_escape`, which isn't taken: {SAVE_AS} and take "
        "the declaration out",
    ),
    "python brackets": ("huber.py", b"x = " + b"(" * 100_000, f"line 1: {DEEP}"),
    "python minus": ("huber.py", b"-" * 100_000 + b"1", f"line 1: {DEEP}"),
    "python of 10 MB": (
        "huber.py",
        b"#" * 10 * 2**20,
        "the file is larger than 1 MiB: leave data out of the program",
    ),
    "python fields": (
        "huber.py",
        b"x = f'" + b"{a}" * 300_000 + b"'",
        "line 1: an f-string has more than 1000 braces: split it",
    ),
    "python finally": (
        "huber.py",
        b"".join(b" " * n + b"try: a\n" + b" " * n + b"finally:\n" for n in range(40))
        + b" " * 40
        + b"b",
        "line 1: `finally` blocks are nested in each other, or left by too many `return`: write "
        "them as functions",
    ),
}


@pytest.fixture(scope="module")
def hostile_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class on disk."""
    root = tmp_path_factory.mktemp("hostile") / "class"
    root.mkdir()
    (root.parent / "secret.py").write_text("SECRET = 1")
    for name, (data, _) in ZIPS.items():
        (root / f"{name}.zip").write_bytes(data)
    for name, (file, data, _) in FILES.items():
        (root / name).mkdir()
        (root / name / file).write_bytes(data)
    for megabytes in (100, 300):
        os.truncate(root / f"notebook of {megabytes} MB" / "huber.ipynb", megabytes * 2**20)
    for name in ("link out", "link to zero", "link to itself", "pipe", "a folder"):
        (root / name).mkdir()
    (root / "link out" / "huber.py").symlink_to("../../secret.py")
    (root / "link to zero" / "huber.py").symlink_to("/dev/zero")
    (root / "link to itself" / "huber.py").symlink_to("huber.py")
    os.mkfifo(root / "pipe" / "huber.py")
    (root / "a folder" / "huber.py").mkdir()
    (root / "dangling.zip").symlink_to("nowhere")
    (root / "packed.rar").write_bytes(b"Rar!")
    (root / ("n" * 255)).mkdir()
    (root / "\x1b[2J\u202eevil\n").mkdir()
    (root / "zip good.zip").write_bytes(zipped({"../huber.py": b"", "work/huber.py": CODE}))
    return root


def test_each_gets_one_clear_line(hostile_class: Path) -> None:
    """Every row's line, word for word; no file outside; bounded memory."""
    before = sorted(hostile_class.parent.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-B", "-c", COLLECT, str(hostile_class), json.dumps(SYMBOLS)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert done.stderr == ""
    rows, megabytes = json.loads(done.stdout)
    assert sorted(hostile_class.parent.rglob("*")) == before
    assert megabytes < MAX_MEGABYTES
    wanted = {name: line for name, (_, line) in ZIPS.items()}
    wanted |= {name: line for name, (_, _, line) in FILES.items()}
    wanted |= dict.fromkeys(("link out", "link to zero", "link to itself", "pipe"), SPECIAL)
    wanted |= dict.fromkeys(("a folder", "n" * 255, "\\x1b[2J\\u202eevil\\n"), NO_FILE)
    wanted["dangling"] = (
        "the submission is a link: put the directory or the zip itself in its place"
    )
    wanted["packed.rar"] = (
        "the submission is an archive that isn't opened: unpack it into a directory, or make a zip "
        "of it"
    )
    wanted["zip good"] = ""
    assert {student: en for student, _, en, _, _, _ in rows} == wanted
    assert len(rows) == len(wanted)
    for student, status, en, zh, _, source in rows:
        missing = en.startswith(NO_FILE)
        assert status == ("missing" if missing else "unreadable" if en else "ready"), student
        assert source == ("" if en else CODE.decode()), student
        assert bool(en) == any("\u4e00" <= char <= "\u9fff" for char in zh), student
        assert (en + zh).isprintable(), student
    notes = {student: notes for student, _, _, _, notes, _ in rows if notes}
    assert notes == {
        "\\x1b[2J\\u202eevil\\n": [
            "the name `\\x1b[2J\\u202eevil\\n` has characters that can't be seen; they are shown "
            "as \\x…, \\u…"
        ],
        "zip good": ["`work/huber.py` was graded, `huber.py` not"],
    }

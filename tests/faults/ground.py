"""What is graded while faults are injected: a small class, the real command, what comes of it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TINY = Path(__file__).parents[1] / "courses" / "tiny"
SEED = 7
STORE = "verdicts.sqlite"
RESULTS = "results.json"

_HEAD = "import tensorflow as tf\n"
_SQUARES = {
    "right": "def square(x):\n    return x * x\n",
    "other": "def square(x):\n    return tf.square(x)\n",
    "cube": "def square(x):\n    return x * x * x\n",
    "detached": "def square(x):\n    return tf.stop_gradient(x) * x\n",
    "raises": "def square(x):\n    return 1 / 0\n",
    "gone": "import os\ndef square(x):\n    os._exit(1)\n",
    "loop": "import time\nwhile True:\n    time.sleep(0.1)\n",
    "forbidden": "def square(x):\n    return tf.pow(x, 2)\n",
    "broken": "def square(x:\n",
}
_KINDS = ("right", "other", "cube", "detached", "right", "raises", "right", "cube")

Key = tuple[str, str]
Verdict = tuple[Any, ...]


def make_class(folder: Path, students: int = 18) -> Path:
    """A class of the tiny course, no two files alike: right, wrong, odd, missing, unreadable."""
    scale = (TINY / "solutions/scale/scale.py").read_text("utf-8")
    for number in range(students):
        student = folder / f"s{number:02}"
        student.mkdir(parents=True)
        kind = _KINDS[number % len(_KINDS)]
        _write(student / "square.py", f"{_HEAD}{_SQUARES[kind]}# {number}\n")
        if number % 3 == 1:
            wrong = scale.replace("* self.factor", "") if number % 2 else scale
            _write(student / "scale.py", f"{wrong}# {number}\n")
    for kind in ("gone", "loop", "forbidden", "broken"):
        _write(folder / kind / "square.py", _HEAD + _SQUARES[kind])
    _write(folder / "王小明" / "square.ipynb", "{this is no notebook")
    return folder


def hand_in(file: Path, kind: str, number: int) -> None:
    """One more submission to `square`."""
    file.parent.mkdir(parents=True)
    _write(file, f"{_HEAD}{_SQUARES[kind]}# {number}\n")


def make_course(folder: Path) -> Path:
    """The tiny course, where others may read it too."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")


def command(handed_in: Path, course: Path, out: Path, *more: str) -> list[str]:
    """`grader grade`, as staff calls it."""
    return [
        sys.executable, "-m", "grader", "grade", str(handed_in), "--course", str(course),
        "--out", str(out), "--jobs", "2", *more,
    ]  # fmt: skip


def call(
    arguments: Sequence[str], temporary: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    more = {} if temporary is None else {"TMPDIR": str(temporary)}
    return subprocess.run(
        list(arguments), env={**os.environ, **more, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip


def verdicts(out: Path) -> dict[Key, Verdict]:
    """What each row of results.json says about the student: status, points, every check."""
    document = json.loads((out / RESULTS).read_text("utf-8"))
    return {(row["student"], row["exercise"]): verdict(row) for row in document["results"]}


def verdict(row: Mapping[str, Any]) -> Verdict:
    """Status, points, and outcome and points of every check."""
    return (
        row["status"],
        round(row["points"], 4),
        *((check["id"], check["outcome"], round(check["points"], 4)) for check in row["checks"]),
    )


def cached(out: Path) -> set[Key]:
    """The rows that the last run knew from before."""
    document = json.loads((out / RESULTS).read_text("utf-8"))
    return {(row["student"], row["exercise"]) for row in document["results"] if row["cached"]}


def stored(out: Path) -> dict[Key, Verdict]:
    """The final rows in the store, which must be whole."""
    opened = sqlite3.connect(out / STORE, timeout=30.0)
    try:
        (said,) = opened.execute("PRAGMA integrity_check").fetchone()
        assert said == "ok", said
        tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master")}
        if "rows" not in tables:
            return {}
        rows = [json.loads(data) for (data,) in opened.execute("SELECT row FROM rows WHERE final")]
    finally:
        opened.close()
    return {(row["student"], row["exercise"]): verdict(row) for row in rows if row["student"]}


def assert_whole(out: Path) -> None:
    """Nothing in OUT is half-written: every file is there as a whole, or isn't there."""
    from grader.results import read_results

    if (out / RESULTS).exists():
        read_results(out / RESULTS)
    for page in out.rglob("*.html"):
        assert page.read_text("utf-8").rstrip().endswith("</html>"), f"half a page: {page}"


def assert_tidy(out: Path, temporary: Path) -> None:
    """After a run that was carried out to its end nothing temporary is left."""
    assert [file.name for file in out.rglob("*.tmp")] == []
    assert os.listdir(temporary) == []

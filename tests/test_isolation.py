"""Through the real command: hostile submissions to a real exercise, beside an honest one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SOLUTION = (ROOT / "solutions/huber/huber.py").read_text()
CHECKS = (ROOT / "solutions/huber/test_huber.py").read_text()

# Each attempt is one expression; {ground} is a directory of the test's, {root} the course.
ATTEMPTS = {
    "read the solution": "open('{root}/solutions/huber/huber.py').read()",
    "read the checks": "open('{root}/solutions/huber/test_huber.py').read()",
    "read with TensorFlow": "tf.io.read_file('{root}/solutions/huber/huber.py')",
    "import the solution": "__import__('importlib.util').util.spec_from_file_location("
    "'x', '{root}/solutions/huber/huber.py').loader.get_code('x')",
    "list the checks": "os.listdir('{root}/solutions/huber')",
    "read the course": "open('{root}/course.toml').read()",
    "list the class": "os.listdir('{ground}/class')",
    "read a classmate's file": "open('{ground}/class/honest/huber.py').read()",
    "list the staged files": "os.listdir(os.path.dirname(os.path.dirname(__file__)))",
    "write into the class": "open('{ground}/class/marker', 'w')",
    "write into the output": "open('{ground}/out/marker', 'w')",
    "write into the system's tmp": "open('/tmp/grader-isolation-marker', 'w')",
    "write beside itself": "open(os.path.join(os.path.dirname(__file__), 'marker'), 'w')",
    "overwrite itself": "open(__file__, 'w')",
    "open a socket": "__import__('socket').socket().connect(('127.0.0.1', 9))",
    "resolve a name": "__import__('socket').socket(2, 2).sendto(b'x', ('127.0.0.1', 53))",
    "kill the parent": "os.kill(os.getppid(), 9)",
    "kill everybody": "os.kill(-1, 9)",
    "kill the group of the parent": "os.killpg(os.getpgid(os.getppid()), 9)",
    "fork": "os.fork()",
    "run a program": "__import__('subprocess').run(['/bin/true'])",
    "replace itself": "os.execv('/bin/true', ['true'])",
    "look into the parent": "open(f'/proc/{{os.getppid()}}/environ').read()",
    "look into the parent's memory": "open(f'/proc/{{os.getppid()}}/mem', 'rb').read(1)",
}
HEAD = "import os\nimport keras\nimport tensorflow as tf\n"


@dataclass(frozen=True)
class Graded:
    status: int
    errors: str
    rows: dict[str, dict[str, Any]]
    ground: Path


def at_import(attempt: str) -> str:
    return f"{HEAD}{attempt}\n{SOLUTION}"


def swallowed(attempt: str) -> str:
    """Goes on after the error, with answers that are wrong."""
    return (
        f"{HEAD}try:\n    {attempt}\nexcept Exception:\n    pass\n"
        "def huber_fn(y_true, y_pred):\n    return y_true\n"
    )


def in_a_call(attempt: str) -> str:
    return f"{HEAD}def huber_fn(y_true, y_pred):\n    {attempt}\n    return y_true\n"


@pytest.fixture(scope="module")
def graded() -> Iterator[Graded]:
    """All of them in one class, graded with two jobs."""
    ground = Path(tempfile.mkdtemp(prefix="isolation-"))
    ground.chmod(0o777)  # if only the directory's mode stopped a worker, nothing would be tested
    (ground / "tmp").mkdir()
    (ground / "out").mkdir()
    handed_in = {"honest": SOLUTION}
    for name, attempt in ATTEMPTS.items():
        code = attempt.format(root=ROOT, ground=ground)
        handed_in[f"{name}, at import"] = at_import(code)
        handed_in[f"{name}, swallowed"] = swallowed(code)
        handed_in[f"{name}, in a call"] = in_a_call(code)
    for name, source in handed_in.items():
        folder = ground / "class" / name
        folder.mkdir(parents=True)
        (folder / "huber.py").write_text(source)
    for folder, _, _ in os.walk(ground):
        os.chmod(folder, 0o777)
    done = subprocess.run(
        [sys.executable, "-m", "grader", "grade", str(ground / "class"), "--course", str(ROOT),
         "--exercise", "huber", "--jobs", "2", "--out", str(ground / "out"), "--quiet"],
        env={**os.environ, "TMPDIR": str(ground / "tmp")},
        capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    results = json.loads((ground / "out/results.json").read_text())
    rows = {row["student"]: row for row in results["results"]}
    yield Graded(done.returncode, done.stderr, rows, ground)
    shutil.rmtree(ground)


def outcomes(row: dict[str, Any]) -> list[str]:
    return [check["outcome"] for check in row["checks"]]


def test_the_job_was_done(graded: Graded) -> None:
    """Hostile submissions are no reason for another exit status, nor for a word of complaint."""
    assert (graded.status, graded.errors) == (0, "")
    assert {row["status"] for row in graded.rows.values()} == {"graded"}


def test_the_honest_one_has_full_points(graded: Graded) -> None:
    """Nobody's attempt touches anybody else's row."""
    row = graded.rows["honest"]
    assert row["points"] == row["max_points"] == 10.0


@pytest.mark.parametrize("name", ATTEMPTS)
def test_at_import(graded: Graded, name: str) -> None:
    """An attempt at import is `forbidden` in the first check; the others can't be run."""
    row = graded.rows[f"{name}, at import"]
    found = outcomes(row)
    assert found == ["forbidden", *["not_run"] * (len(found) - 1)]
    assert row["points"] == 0.0


@pytest.mark.parametrize("name", ATTEMPTS)
def test_in_a_call(graded: Graded, name: str) -> None:
    """An attempt in a function is `forbidden` in each check that calls it."""
    row = graded.rows[f"{name}, in a call"]
    assert set(outcomes(row)) == {"forbidden", "failed"}, "failed: the symbols that aren't there"
    assert outcomes(row)[0] == "forbidden"
    assert row["points"] == 0.0


@pytest.mark.parametrize("name", ATTEMPTS)
def test_swallowed(graded: Graded, name: str) -> None:
    """Who swallows the error goes on, with what the own code is worth."""
    row = graded.rows[f"{name}, swallowed"]
    assert set(outcomes(row)) == {"failed"}
    assert row["points"] == 0.0


def test_nothing_is_left(graded: Graded) -> None:
    """No marker, no staged file, no process."""
    assert os.listdir(graded.ground / "tmp") == []
    assert not Path("/tmp/grader-isolation-marker").exists()
    assert not list(graded.ground.rglob("marker"))
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
        except OSError:  # it has just ended
            continue
        if b"grader" in command and os.fsencode(graded.ground) in environment + command:
            left.append(command)
    assert left == []


def test_nothing_of_the_checks_leaks(graded: Graded) -> None:
    """No line of the hidden checks or the solution stands in what a student gets to read."""
    told = json.dumps([row for name, row in graded.rows.items() if name != "honest"])
    for line in CHECKS.splitlines():
        code = line.strip()
        if code.startswith(("def ", "x =", "y_true", "expect.", "return ")) and len(code) > 30:
            assert code not in told

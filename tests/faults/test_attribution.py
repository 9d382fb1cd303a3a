"""Whose fault it is when a worker or a zygote is killed from outside, or the disk is full."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import disk, shard
from grader.disk import DiskFull
from grader.engine.config import EngineConfig
from grader.errors import EngineError, UsageError
from grader.job import Job
from grader.results import Row
from grader.sandbox.levels import Level

from .ground import TINY
from .processes import descendants

# What runs before each question of the check, in the trusted process, as an administrator might.
_KILLER = """
    import os, sys
    from pathlib import Path
    sys.path.insert(0, {faults!r})
    from processes import by_kind, kill
    left = Path({left!r})
    spared = {spared!r}
    if int(left.read_text()) and student.square(2) == 4:
        left.write_text(str(int(left.read_text()) - 1))
        job = os.getpid()
        for pid in by_kind(job).get({kind!r}, []):
            if pid not in spared:
                kill(pid)
"""
RIGHT = "def square(x):\n    return x * x\n"
WRONG = "def square(x):\n    return x * x + 1\n"

Check = Callable[..., dict[str, Row]]


@pytest.fixture
def root(open_folder: Path) -> Path:
    """A copy of the tiny course."""
    return Path(shutil.copytree(TINY, open_folder / "course"))


@pytest.fixture
def check(root: Path, open_folder: Path) -> Iterator[Check]:
    """Runs a shard of submissions in this process; rows by student."""
    processes: list[shard.Process] = []

    def run(**sources: str) -> dict[str, Row]:
        for name in [name for name in sys.modules if name.endswith("test_square")]:
            del sys.modules[name]  # of another test's course; a process of a batch has only one
        (work := open_folder / "work").mkdir(0o711)
        loaded = shard.courses.load(root)
        config = EngineConfig(Level.STRICT, loaded.limits)
        process = shard.Process(root, config, work)
        processes.append(process)
        rows: dict[str, Row] = {}

        def on_row(key: str, row: Row) -> None:
            assert key not in rows, "a row is complete once"
            rows[key] = row

        jobs = [
            Job(name, name, "square", source.encode(), "square.py", None, ())
            for name, source in sources.items()
        ]
        shard.run(process, 3, jobs, on_row)
        return rows

    yield run
    for process in processes:
        process.close()


def killing(root: Path, kind: str, times: int) -> Path:
    """Has the first check kill processes of a kind, so many times; where it counts them.

    Those that are there by now are spared: other tests of this process keep zygotes of their own.
    """
    left = root.parent / "left"
    left.write_text(str(times))
    file = root / "solutions/square/test_square.py"
    text, first = file.read_text("utf-8"), '    """Values agree with the reference\'s."""\n'
    assert text.count(first) == 1
    spared = sorted(descendants(os.getpid()))
    faults = str(Path(__file__).parent)
    killer = _KILLER.format(faults=faults, left=str(left), kind=kind, spared=spared)
    file.write_text(text.replace(first, first + killer), "utf-8")
    return left


def points(rows: dict[str, Row]) -> dict[str, float]:
    return {student: row.points for student, row in rows.items()}


def test_a_killed_worker(root: Path, check: Check) -> None:
    """Costs nobody anything: the row is checked once more, in the same run."""
    left = killing(root, "worker", 1)
    rows = check(ada=RIGHT, bob=WRONG, eve=RIGHT + "# 2\n")
    assert left.read_text() == "0"
    assert points(rows) == {"ada": 10, "bob": 4, "eve": 10}
    assert {row.status for row in rows.values()} == {"graded"}


def test_a_worker_that_is_killed_each_time(root: Path, check: Check) -> None:
    """Such a row is the grader's fault and says so; the check after it is as it should be."""
    killing(root, "worker", 2)
    rows = check(ada=RIGHT)
    assert rows["ada"].status == "grader_error"
    first, second = rows["ada"].checks
    assert (first.outcome, first.evidence["raised_in"]) == ("grader_error", "grader")
    assert "killed a worker" in first.evidence["internal"]
    assert second.outcome == "passed"


def test_killed_zygotes(root: Path, check: Check) -> None:
    """Three in one shard, each with all that was to come: everything is checked to its end."""
    left = killing(root, "zygote", 3)
    rows = check(ada=RIGHT, bob=WRONG, eve=RIGHT + "# 2\n")
    assert left.read_text() == "0"
    assert points(rows) == {"ada": 10, "bob": 4, "eve": 10}


def test_a_zygote_that_is_killed_each_time(
    root: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the end the rows are the grader's fault, or the process gives up and says so."""
    monkeypatch.setattr(shard, "_ZYGOTES", 2)
    killing(root, "zygote", 99)
    try:
        rows = check(ada=RIGHT)
    except EngineError:
        return
    assert rows["ada"].status == "grader_error"


def test_a_row_that_cant_be_kept(root: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store raises stops the shard as it is; nothing more is checked, pytest is silent."""
    seen: list[str] = []

    def put(key: str, row: Row) -> None:
        seen.append(key)
        raise UsageError("no room for a row")

    run = shard.run
    monkeypatch.setattr(shard, "run", lambda process, seed, jobs, _: run(process, seed, jobs, put))
    with pytest.raises(UsageError, match="no room for a row"):
        check(ada=RIGHT, bob=WRONG)
    assert seen == ["ada"]


# -- the machine's disk ----------------------------------------------------------------------------


def test_a_disk_that_was_full_for_a_while(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """What didn't pass meanwhile is checked once more, and judged when there is room."""
    room = iter([0])
    monkeypatch.setattr(disk, "free_mb", lambda _: next(room, 10_000))
    rows = check(ada=RIGHT, bob=WRONG)
    assert {row.status for row in rows.values()} == {"graded"}
    assert points(rows) == {"ada": 10, "bob": 4}


def test_a_disk_that_is_full_whenever_it_runs(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Perhaps it fills the disk itself, perhaps not: no verdict, and no failure of the student's.

    What passes does pass, and others are checked as ever: there is room when it has ended.
    """
    made = shard.Process.make_room
    full = [True]

    def make_room(process: shard.Process) -> None:
        full[0] = False
        made(process)
        full[0] = True

    monkeypatch.setattr(shard.Process, "make_room", make_room)
    monkeypatch.setattr(disk, "free_mb", lambda _: 0 if full[0] else 10_000)
    rows = check(ada=RIGHT, bob=WRONG)
    assert {name: row.status for name, row in rows.items()} == {
        "ada": "graded", "bob": "grader_error",
    }  # fmt: skip
    assert points(rows) == {"ada": 10, "bob": 4}
    first, second = rows["bob"].checks
    assert (first.outcome, first.points, second.outcome) == ("grader_error", 0, "passed")
    assert "the grader's disk was full" in first.message.en
    assert "磁盘已满" in first.message.zh


def test_a_disk_that_stays_full(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing more is tried, and the error names the directory."""
    monkeypatch.setattr(disk, "free_mb", lambda _: 3)
    with pytest.raises(DiskFull, match=r"is full \(3 MB free\).* TMPDIR"):
        check(bob=WRONG)

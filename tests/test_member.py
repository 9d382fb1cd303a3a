"""A process of a batch: what it says, whatever happens in it."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from grader import course, disk, member, shard
from grader.disk import DiskFull
from grader.engine.config import EngineConfig
from grader.errors import EngineError, UsageError
from grader.job import Job, Said, Shard, Start
from grader.sandbox.levels import Level
from grader.store import Store

TINY = Path(__file__).parent / "courses" / "tiny"
GIVEN = Shard(1, (Job("key", "ada", "square", b"", "square.py", None, ()),))


class Served:
    """A process of the batch, as a thread of this one."""

    def __init__(self, start: Start) -> None:
        self.connection: Connection
        self.connection, theirs = Pipe()

        def life() -> None:
            member.serve(theirs, start)
            theirs.close()

        self.thread = threading.Thread(target=life)
        self.thread.start()

    def says(self) -> Said:
        said: Said = self.connection.recv()
        return said


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The batch's directory, as it lies in a grader's own."""
    folder = tmp_path / "grader-run-x" / "grader-run-y"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def served(work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A process with a store, whose zygote and checks are replaced by the tests."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("grader.sandbox.kernel.die_with_parent", lambda _: None)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    monkeypatch.setattr(shard.Process, "zygote", lambda self: None)
    config = EngineConfig(Level.STRICT, course.load(TINY).limits)
    made = Served(Start(TINY, config, work, os.getpid(), work / "verdicts.sqlite"))
    yield made
    made.connection.close()
    made.thread.join()


def replaced(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception | None) -> None:
    """Has a part of the shard raise, or do nothing."""

    def fails(*_: Any) -> None:
        if error is not None:
            raise error

    monkeypatch.setattr(shard, name, fails) if name == "run" else monkeypatch.setattr(
        shard.Process, name, fails
    )


def test_a_life(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ready, then begun and done for each shard; it ends when nobody is there any more."""
    replaced(monkeypatch, "run", None)
    assert served.says() == Said("ready")
    for _ in range(2):
        served.connection.send(GIVEN)
        assert served.says() == Said("begun")
        assert served.says() == Said("done")


def test_nobody_listens(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The batch is gone before a shard is done: no word, no traceback."""
    gone = threading.Event()
    monkeypatch.setattr(shard, "run", lambda *_: gone.wait())
    assert served.says() == Said("ready")
    served.connection.send(GIVEN)
    assert served.says() == Said("begun")
    served.connection.close()
    gone.set()
    served.thread.join()


@pytest.mark.parametrize("part", ["zygote", "run"])
def test_what_goes_wrong(served: Served, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is told; `begun` says whether it was before any submission had its turn."""
    replaced(monkeypatch, "run", None)
    assert served.says() == Said("ready")
    for error, said in (
        (EngineError("no zygote"), Said("failed", "EngineError: no zygote")),
        (KeyError("x"), Said("failed", "KeyError: 'x'")),
        (PermissionError(errno.EACCES, "no"), Said("failed", "PermissionError: [Errno 13] no")),
    ):
        replaced(monkeypatch, part, error)
        served.connection.send(GIVEN)
        if part == "run":
            assert served.says() == Said("begun")
        assert served.says() == said


@pytest.mark.parametrize("part", ["zygote", "run"])
def test_what_stops_everything(
    served: Served, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, whoever notices it, and whatever the store can't do."""
    replaced(monkeypatch, "run", None)
    assert served.says() == Said("ready")

    def stopped(error: Exception) -> UsageError:
        replaced(monkeypatch, part, error)
        served.connection.send(GIVEN)
        if part == "run":
            assert served.says() == Said("begun")
        said = served.says()
        assert (said.what, said.reason) == ("failed", "")
        assert said.error is not None
        return said.error

    for number in (errno.ENOSPC, errno.EDQUOT):
        full = stopped(OSError(number, os.strerror(number)))
        assert isinstance(full, DiskFull)
        assert f"the disk of {tmp_path} " in str(full)
    assert str(stopped(UsageError("the store is locked"))) == "the store is locked"
    monkeypatch.setattr(disk, "free_mb", lambda _: 0)
    assert isinstance(stopped(EngineError("the zygote ended")), DiskFull)


def test_it_cant_even_start(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that can't be opened, or a course that is gone: told, and no traceback."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("grader.sandbox.kernel.die_with_parent", lambda _: None)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    config = EngineConfig(Level.STRICT, course.load(TINY).limits)
    (work / "folder").mkdir()
    for root, store, said in (
        (TINY, work / "folder", "is a directory"),
        (work, work / "verdicts.sqlite", "holds no course.toml"),
    ):
        made = Served(Start(root, config, work, os.getpid(), store))
        told = made.says()
        made.thread.join()
        assert told.what == "failed"
        assert said in str(told.error)
    Store(work / "verdicts.sqlite").close()

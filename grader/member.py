"""One process of a batch: takes shards, hands finished rows on, says how it went."""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import msgspec

from grader import disk, folders, shard
from grader.engine.zygote import EngineConfig
from grader.errors import UsageError
from grader.results import Row
from grader.sandbox import kernel
from grader.store import Store


@dataclass(frozen=True, slots=True)
class Start:
    """What a process of the batch is started with.

    Attributes:
        work: where everything temporary lies.
        parent: the batch's own process; when it ends, this one does.
        store: where finished rows go; None: back over the connection, each as (key, JSON).
    """

    course: Path
    config: EngineConfig
    work: Path
    parent: int
    store: Path | None


@dataclass(frozen=True, slots=True)
class Shard:
    """What a process of the batch is given to do."""

    seed: int
    jobs: Sequence[shard.Job]


@dataclass(frozen=True, slots=True)
class Said:
    """What a process of the batch tells it.

    Attributes:
        what: `ready` for a shard; `begun`, its zygote being there; `done`; or `failed`, and ends.
        error: what must stop the whole batch.
    """

    what: Literal["ready", "begun", "done", "failed"]
    reason: str = ""
    error: UsageError | None = None


def serve(connection: Connection, start: Start) -> None:
    """The life of a process: shards come in, finished rows are handed on, word goes back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the batch's to handle
    kernel.die_with_parent(start.parent)
    sys.dont_write_bytecode = True  # pytest would leave the checks' bytecode in the course
    tempfile.tempdir = str(start.work)  # whatever is left there when this process is killed
    with contextlib.suppress(OSError):  # the other end is closed: the batch is over
        try:
            process = shard.Process(start.course, start.config, start.work)
            store = Store(start.store) if start.store else _Sender(connection)
        except UsageError as error:
            connection.send(Said("failed", error=error))
            return
        _work(connection, process, store)
        process.close()
        store.close()


class _Sender:
    """In the place of a store, where that is on another machine."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, key: str, row: Row) -> None:
        self._connection.send((key, msgspec.json.encode(row)))

    def close(self) -> None:
        pass


def _work(connection: Connection, process: shard.Process, store: Store | _Sender) -> None:
    connection.send(Said("ready"))
    while True:
        try:
            given: Shard = connection.recv()
        except EOFError:
            return
        said = _attempt(process, given, store, lambda: connection.send(Said("begun")))
        connection.send(said)


def _attempt(
    process: shard.Process,
    given: Shard,
    store: Store | _Sender,
    begin: Callable[[], None],
) -> Said:
    try:
        process.zygote()
        begin()
        shard.run(process, given.seed, given.jobs, store.put)
    except UsageError as error:  # the store's: nothing can be kept any more
        return Said("failed", error=error)
    except Exception as error:
        if disk.is_full(error) or disk.free_mb(process.work) == 0:
            return Said("failed", error=disk.full(folders.outside(process.work), "TMPDIR"))
        return Said("failed", f"{type(error).__name__}: {error}")
    return Said("done")

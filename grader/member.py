"""One process of a batch: takes shards, hands finished rows on, says how it went."""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection

import msgspec

from grader import disk, folders, shard
from grader.errors import UsageError
from grader.job import Said, Shard, Start
from grader.results import Row
from grader.sandbox import kernel
from grader.store import Store


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

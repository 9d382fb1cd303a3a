"""Finds the scheduler that was named, or starts a cluster on this machine.

The only module that imports `distributed`, so that without it there is one clear line.
"""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from grader.defuse import defuse_line
from grader.errors import EngineError, UsageError

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

CONNECT_SECONDS = 15.0
_END_SECONDS = 5.0
_SCHEMES = ("tcp", "tls", "ws", "wss")
_START = "start one with `dask scheduler`, or mend --scheduler"

Connect = Callable[[], "Client"]


def address_of(said: str) -> str:
    """A scheduler's address as it was given, `tcp://` being understood.

    Raises:
        UsageError: it can't be one.
    """
    whole = said if "://" in said else f"tcp://{said}"
    try:
        parts = urlsplit(whole)
        fine = parts.scheme in _SCHEMES and bool(parts.hostname) and bool(parts.port)
    except ValueError:  # a port that is none
        fine = False
    if not fine or re.search(r"\s", said) or parts.path or parts.query or parts.username:
        raise UsageError(
            f"--scheduler {said!r} isn't an address: give one such as tcp://HOST:8786 or"
            " tls://HOST:8786, as `dask scheduler` prints it"
        )
    return whole


@contextmanager
def opened(
    address: str | None, workers: int, *, gpu: bool = False
) -> Iterator[tuple[str, Connect]]:
    """The address of a scheduler, and what connects to it, again if need be.

    Args:
        address: of a scheduler that runs; None for a cluster of this machine's own, which is
            started with `workers` processes and ended at the end.
        gpu: whether the workers of such a cluster may use the GPU.

    Raises:
        UsageError: the library isn't installed, or nobody answers at the address.
    """
    _import()
    if address is None:
        with _local(workers, gpu=gpu) as cluster:
            yield cluster.scheduler_address, lambda: _client(cluster)
    else:
        yield address, lambda: _client(address)


def closed(client: Client) -> None:
    """Closes it, whatever has become of the scheduler."""
    with suppress(Exception):  # what it can't tell a scheduler that is gone
        client.close(timeout=_END_SECONDS)


def _import() -> None:
    try:
        import distributed
    except ImportError as error:
        raise UsageError(
            f"--executor dask needs the library `distributed` ({error}):"
            " pip install 'tf-course-grader[cluster]'"
        ) from None
    # Each worker is greeted, and what is otherwise there is said by name.
    warnings.filterwarnings("ignore", category=distributed.versions.VersionMismatchWarning)
    # It logs with tracebacks what is told here in a line.
    for name in [name for name in logging.root.manager.loggerDict if "distributed" in name]:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _client(scheduler: str | LocalCluster) -> Client:
    from distributed import Client

    where = scheduler if isinstance(scheduler, str) else scheduler.scheduler_address
    made: Future[Client] = Future()

    def connect() -> None:
        try:
            made.set_result(Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False))
        except Exception as error:
            made.set_exception(error)

    # In a thread: for a greeting from whoever listens there the library waits for ever.
    threading.Thread(target=connect, daemon=True).start()
    try:
        return made.result(CONNECT_SECONDS + _END_SECONDS)
    except TimeoutError:
        raise UsageError(
            f"what listens at {where} doesn't answer as a Dask scheduler does: {_START}"
        ) from None
    except (OSError, ImportError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {where} ({_first_line(error)}): {_START}"
        ) from None
    except (TypeError, ValueError, RuntimeError) as error:  # what its layers say of TLS
        raise UsageError(
            f"{where} can't be connected to ({_first_line(error)}): mend --scheduler, or Dask's own"
            " settings (distributed.comm.tls)"
        ) from None


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return defuse_line(lines[0]) if lines else type(error).__name__


@contextmanager
def _local(workers: int, *, gpu: bool) -> Iterator[LocalCluster]:
    """Worker processes here, which nobody but this process can reach.

    Whoever reaches a worker's port can have it run anything, and other users of this machine reach
    ports: so it asks for a certificate that exists in these processes' memory only.
    """
    from distributed import LocalCluster

    try:
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            security=True,
            memory_limit=0,  # what takes memory is no part of its processes
            silence_logs=logging.CRITICAL,
            preload=["grader.cluster.deaf"],
            resources={"GPU": 1} if gpu else {},
        )
    except Exception as error:
        said = _first_line(error)
        raise EngineError(f"a Dask cluster can't be started here: {said}") from None
    try:
        yield cluster
    finally:
        with suppress(Exception):
            cluster.close(timeout=_END_SECONDS)

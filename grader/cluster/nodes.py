"""The workers of a cluster: found, greeted, refused by name, and missed when they are gone."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from grader.cluster import node as on_node
from grader.cluster.connect import Connect, closed
from grader.cluster.state import Fitness, Node
from grader.defuse import defuse_line
from grader.errors import EngineError, UsageError
from grader.text import Text

if TYPE_CHECKING:
    from distributed import Client, Future

_LOOK_SECONDS = 1.0
_ANSWER_SECONDS = 30.0
_END_SECONDS = 5.0
_FETCHERS = 8
CANCELLED = (CancelledError, asyncio.CancelledError)
_PATIENCE = (10.0, 60.0)  # seconds without a worker until it is said, and said again
_BAD_STARTS = 2  # that fail on one worker, one after the other, until nothing is sent there

Heard = Callable[[], None]


class Nodes:
    """All workers of one scheduler, over all that one call of `grader grade` has to do.

    Args:
        say: told in a line whatever staff should know.

    Attributes:
        client: the connection in use; a new one after the scheduler was away.
        heard: what has come, each to be called by the thread that owns this.
        lost: workers that are gone, with what they were at; whoever gave it takes it back.
        notes: what the level doesn't promise on some worker.
    """

    def __init__(
        self, address: str, connect: Connect, fitness: Fitness, say: Callable[[str], None]
    ) -> None:
        self.address = address
        self.client: Client = connect()
        self.heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self.lost: list[Node] = []
        self.notes: dict[Text, None] = {}
        # Of their own: rows that went with their worker are waited for until it is missed.
        self._fetchers = ThreadPoolExecutor(_FETCHERS, "grader-fetcher")
        self._connect = connect
        self._fitness = fitness
        self._say = say
        self._all: dict[str, Node] = {}
        self._refusals: dict[str, str] = {}
        self._look_at = 0.0
        self._told_at = time.monotonic() + _PATIENCE[0]

    @property
    def every(self) -> list[Node]:
        """All that the scheduler knows."""
        return list(self._all.values())

    @property
    def usable(self) -> list[Node]:
        """Those that shards can be sent to."""
        return [node for node in self._all.values() if node.state == "usable"]

    @property
    def slots(self) -> int:
        """How many shards can be worked at side by side now."""
        return sum(node.slots for node in self.usable)

    def wait(self, seconds: float) -> None:
        """Takes in what comes, at the latest after `seconds`; looks for workers now and then.

        Raises:
            EngineError: the scheduler is gone, and doesn't come back.
            UsageError: there are workers, and each had to be refused.
        """
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _LOOK_SECONDS
            self._look()
            self._complain()
        try:
            self.heard.get(timeout=max(0.0, seconds))()
            while True:
                self.heard.get_nowait()()
        except queue.Empty:
            pass

    def await_first(self) -> None:
        """Waits until there is a worker that can be used, and what is there has been greeted.

        Raises:
            EngineError, UsageError: as in `wait`.
        """
        while not self.usable or any(node.state == "greeted" for node in self._all.values()):
            self.wait(_LOOK_SECONDS / 4)

    def miss(self, node: Node) -> None:
        """A worker isn't what it was; should something be at its address, that is greeted anew."""
        if self._all.get(node.address) is node:
            self.lost.append(self._all.pop(node.address))
            self._look_at = 0.0

    def look_soon(self) -> None:
        """Something is odd: the next `wait` looks what there is."""
        self._look_at = 0.0

    def reconnect(self) -> None:
        """Connects anew; all workers are lost until they have been greeted again.

        Raises:
            EngineError: nobody answers.
        """
        self.lost += self._all.values()
        self._all = {}
        closed(self.client)
        try:
            self.client = self._connect()
        except UsageError:
            raise EngineError(
                f"the Dask scheduler at {self.address} was lost and doesn't answer any more; what"
                " was finished is kept: start it again, and the same command goes on from there"
            ) from None
        self._look_at = 0.0

    def refuse(self, node: Node, why: str) -> None:
        """Sends nothing more to a worker, and says why."""
        node.state = "refused"
        why = defuse_line(why, max_chars=300)
        if self._refusals.get(node.address) != why:
            self._refusals[node.address] = why
            self._say(f"worker {node.address} isn't used: {why}")

    def bad_start(self, node: Node, why: str) -> None:
        """Notes that no process came up on a worker."""
        node.bad_starts += 1
        if node.bad_starts >= _BAD_STARTS:
            self.refuse(node, f"no process for grading comes up there: {why}")

    def close(self, run: str) -> None:
        """Ends what the run still has on workers, and the connection."""
        addresses = [node.address for node in self._all.values() if node.token]

        def dismiss() -> None:
            with suppress(Exception):  # they are gone, or as good as gone
                self.client.run(on_node.dismiss, run, workers=addresses, on_error="ignore")

        if addresses and self.client.status == "running":
            # In a thread: a worker that doesn't answer must not hold up anybody.
            thread = threading.Thread(target=dismiss, daemon=True)
            thread.start()
            thread.join(_END_SECONDS)
        closed(self.client)
        self._fetchers.shutdown(wait=False, cancel_futures=True)

    def _look(self) -> None:
        """Compares the workers that the scheduler knows with those known here."""
        identity = self.client.scheduler.identity
        try:
            if self.client.status != "running":
                raise OSError(f"the connection is {self.client.status}")
            found = self.client.sync(identity, n_workers=-1, callback_timeout=_ANSWER_SECONDS)
        except (OSError, TimeoutError):
            self.reconnect()
            return
        known: dict[str, dict[str, Any]] = found["workers"]
        for address in [address for address in self._all if address not in known]:
            self.lost.append(self._all.pop(address))
        for address, worker in known.items():
            if address not in self._all:
                self._all[address] = node = Node(address, self._slots(worker))
                if node.slots:
                    self._greet(node)
                else:
                    self.refuse(node, "it was started without --resources GPU=1")

    def _slots(self, worker: Mapping[str, Any]) -> int:
        threads = int(worker["nthreads"])
        return min(threads, int(worker["resources"].get("GPU", 0))) if self.gpu else threads

    @property
    def gpu(self) -> bool:
        """Whether workers must have a GPU."""
        return self._fitness.gpu

    def _greet(self, node: Node) -> None:
        fitness = self._fitness
        future = self.client.submit(
            on_node.greet, dict(fitness.sorts), fitness.level, fitness.gpu, fitness.course.digest,
            fitness.course.data, workers=[node.address], pure=False, priority=1,
        )  # fmt: skip
        self.watch(future, lambda answer: self._answered(node, answer))

    def watch(self, future: Future[Any], then: Callable[[Any], None]) -> None:
        """Has `then` called, by `wait`, with what comes of a future: its result, or its error."""

        def fetch() -> None:
            value: Any
            try:
                value = future.result()
            except (Exception, asyncio.CancelledError) as error:
                value = error
            self.heard.put(lambda: then(value))

        def done(_: Future[Any]) -> None:
            with suppress(RuntimeError):  # everything is over
                self._fetchers.submit(fetch)

        future.add_done_callback(done)

    def _answered(self, node: Node, answer: Any) -> None:
        if self._all.get(node.address) is not node or isinstance(answer, CANCELLED):
            return
        if isinstance(answer, BaseException):  # whatever can't be loaded there
            what = f"{type(answer).__name__}: {answer}"
            self.refuse(node, f"no grader like this one answers: {what}")
            return
        if answer["refusal"]:
            self.refuse(node, answer["refusal"])
            return
        node.token, node.state = answer["token"], "usable"
        self.notes |= {Text(*note): None for note in answer["notes"]}

    def _complain(self) -> None:
        """Says that nobody is there; there is no use in waiting for those who were refused."""
        states = {node.state for node in self._all.values()}
        now = time.monotonic()
        if "usable" in states:
            self._told_at = now + _PATIENCE[0]
        elif states == {"refused"}:
            first = next(iter(self._all))
            raise UsageError(
                f"none of the {len(self._all)} worker(s) of {self.address} can be used;"
                f" {first}: {self._refusals[first]}"
            )
        elif now >= self._told_at:
            self._told_at = now + _PATIENCE[1]
            self._say(
                f"{len(self._all)} worker(s) connected to {self.address}, none of them ready:"
                " waiting; Ctrl-C stops, and the same command goes on from there"
            )

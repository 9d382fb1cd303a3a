"""The crew on a cluster: shards go to its workers, rows come back and are kept here.

Each shard is sent to one certain worker, which has one more to go on with as long as there are
enough for all. So what a worker takes along when it dies is known: what it was at has been tried,
what waited there hasn't.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from grader import crew
from grader.cluster import node as on_node
from grader.cluster.connect import address_of, opened
from grader.cluster.files import parcel_of
from grader.cluster.nodes import CANCELLED, Nodes
from grader.cluster.state import Attempt, Fitness, Node
from grader.cluster.travels import Order, Outcome
from grader.crew import Batch, Execute, Gather, Told
from grader.job import Job
from grader.placement import Placement
from grader.progress import warn
from grader.results import Row
from grader.sandbox.levels import Level
from grader.store import Store
from grader.text import Text

_MOST_JOBS = 8  # in a shard: what a worker has finished comes back with the shard
_SHARDS_EACH = 4  # so that workers end at about the same time

Put = Callable[[str, Row], None]


class Cluster:
    """An `executors.Executor`: a scheduler and its workers, for one call of `grader grade`.

    Attributes:
        jobs: shards that its workers took side by side at first.
        placements: for each device that was asked for; which GPU it is, each worker says itself.
    """

    def __init__(
        self, nodes: Nodes, run: str, course: str, placements: Sequence[Placement]
    ) -> None:
        self._nodes = nodes
        self._run = run
        self._course = course
        self.jobs = nodes.slots
        self.placements = placements

    @property
    def notes(self) -> tuple[Text, ...]:
        """What the level in force doesn't promise on some worker."""
        return tuple(self._nodes.notes)

    @contextmanager
    def working(self) -> Iterator[Execute]:
        """What has shards checked: workers keep their processes anyway."""
        yield self.run

    def run(
        self, batch: Batch, shards: Sequence[list[Job]], processes: int, gather: Gather
    ) -> dict[str, str]:
        """`crew.run` on the workers; shards are cut anew, by how many workers there are now.

        Raises:
            EngineError: the scheduler was lost for good.
            UsageError: no worker can be used, or a row can't be kept.
        """
        jobs = [job for shard in shards for job in shard]
        slots = self._nodes.slots or processes
        step = max(1, min(_MOST_JOBS, len(jobs) // (slots * _SHARDS_EACH)))
        cut = [jobs[at : at + step] for at in range(0, len(jobs), step)]
        order = Order(self._run, self._course, batch.config, batch.seed)
        store = Store(batch.store)
        try:
            return crew.run(_Crew(self._nodes, order, store.put), cut, gather)
        finally:
            store.close()


@contextmanager
def cluster(
    address: str | None, workers: int, course: Path, level: Level, wanted: Sequence[Placement]
) -> Iterator[Cluster]:
    """The workers of the scheduler at `address`, or of one that is started here with `workers`.

    Raises:
        EngineError: the cluster can't be started, or its scheduler is lost.
        UsageError: `distributed` isn't installed, nobody answers at the address, no worker can be
            used, or the course is too large to be sent to them.
    """
    where = address_of(address) if address is not None else None
    gpu = any(placement.kind == "gpu" for placement in wanted)
    fitness = Fitness(level.value, gpu, parcel_of(course))
    run = secrets.token_hex(8)
    with opened(where, workers, gpu=gpu) as (found, connect):
        nodes = Nodes(found, connect, fitness, warn)
        try:
            nodes.await_first()
            yield Cluster(nodes, run, fitness.course.digest, wanted)
        finally:
            nodes.close(run)


class _Crew:
    """A `crew.Crew` of workers."""

    def __init__(self, nodes: Nodes, order: Order, put: Put) -> None:
        self._nodes = nodes
        self._order = order
        self._put = put
        self._sent = 0
        self._told: list[Told] = []

    def has_room(self, waiting: int) -> bool:
        return self._next(ahead=waiting >= self._nodes.slots) is not None

    def _next(self, *, ahead: bool) -> Node | None:
        """The worker with the least to do, if that is little enough."""
        each = 2 if ahead else 1
        free = [node for node in self._nodes.usable if len(node.attempts) < each * node.slots]
        return min(free, key=lambda node: len(node.attempts) / node.slots, default=None)

    def hand(self, jobs: list[Job]) -> None:
        node = self._next(ahead=True)
        if node is None:
            raise RuntimeError("no worker has room: ask `has_room` first")
        self._sent += 1
        future = self._nodes.client.submit(
            on_node.work, node.token, self._order, tuple(jobs),
            workers=[node.address], pure=False, priority=-self._sent,
            resources={"GPU": 1} if self._order.config.placement.kind == "gpu" else None,
        )  # fmt: skip
        attempt = Attempt(jobs, future)
        node.attempts.append(attempt)
        self._nodes.watch(future, lambda came: self._ended(node, attempt, came))

    def busy(self) -> bool:
        return bool(self._told) or any(node.attempts for node in self._nodes.every)

    def wait(self, seconds: float) -> list[Told]:
        self._nodes.wait(0.0 if self._told else seconds)
        while self._nodes.lost:
            self._take_back(self._nodes.lost.pop(), "the worker that it was on ended")
        told, self._told = self._told, []
        return told

    def _take_back(self, node: Node, why: str, *, tried: bool = True) -> None:
        """Takes back all that a worker has; what it was at has been tried if `tried`."""
        attempts = list(node.attempts)
        node.attempts.clear()
        self._cancel(attempts)
        for number, attempt in enumerate(attempts):
            was_at = tried and number < node.slots
            self._told.append(Told("failed" if was_at else "returned", attempt.jobs, why))

    def _ended(self, node: Node, attempt: Attempt, came: Any) -> None:
        if attempt not in node.attempts:
            return  # taken back meanwhile
        if isinstance(came, CANCELLED):  # the connection was lost, or somebody's wish
            self._nodes.look_soon()
            outcome = Outcome("returned")
        else:
            outcome = _outcome(came)
            if outcome.what == "returned" and not outcome.unusable:  # another process is there now
                self._nodes.miss(node)
                return
        node.attempts.remove(attempt)
        self._keep(attempt.jobs, outcome)
        if outcome.unusable:
            self._nodes.refuse(node, outcome.unusable)
        elif outcome.what == "not_started":
            self._nodes.bad_start(node, outcome.reason)
        elif outcome.what != "returned":
            node.bad_starts = 0
            self._told.append(Told("begun"))
        # Starts that fail are the worker's: with the last worker that is refused it all ends.
        what = "returned" if outcome.what == "not_started" else outcome.what
        self._told.append(Told(what, attempt.jobs, outcome.reason))
        if node.state == "refused":
            self._take_back(node, "", tried=False)

    def _keep(self, jobs: Sequence[Job], outcome: Outcome) -> None:
        asked = {job.key for job in jobs}
        for key, data in outcome.rows:
            with suppress(msgspec.DecodeError):
                row = msgspec.json.decode(data, type=Row)
                if key in asked:
                    self._put(key, row)

    def retire(self) -> None:
        pass

    def end(self) -> None:
        for node in self._nodes.every:
            self._cancel(list(node.attempts))
            node.attempts.clear()

    def _cancel(self, attempts: Sequence[Attempt]) -> None:
        if attempts and self._nodes.client.status == "running":
            with suppress(Exception):  # nobody is there any more who could go on with them
                self._nodes.client.cancel([attempt.future for attempt in attempts])


def _outcome(came: Any) -> Outcome:
    """What became of a shard that Dask says has ended."""
    from distributed import KilledWorker

    if isinstance(came, Outcome):
        return came
    if isinstance(came, KilledWorker):
        return Outcome("failed", "the workers that it was on ended")
    return Outcome("failed", f"{type(came).__name__}: {came}")

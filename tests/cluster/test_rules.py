"""Who gets what, and what becomes of it, tried with a scheduler and workers that do as told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from distributed import KilledWorker
from distributed.client import FutureCancelledError

from grader import course, crew
from grader.cluster import node as on_node
from grader.cluster.crew import _Crew
from grader.cluster.files import Parcel
from grader.cluster.nodes import Nodes
from grader.cluster.state import Fitness
from grader.cluster.travels import Order, Outcome
from grader.engine.config import EngineConfig
from grader.errors import EngineError, UsageError
from grader.job import Job
from grader.placement import Placement
from grader.results import Row
from grader.sandbox.levels import Level

TINY = Path(__file__).parents[1] / "courses" / "tiny"
CONFIG = EngineConfig(Level.STRICT, course.load(TINY).limits)
GPU = Placement("gpu", "GPU:0", 1024)
GONE = ConnectionError("the scheduler is gone")


def job(key: str) -> Job:
    return Job(key, key, "square", b"", "square.py", None, ())


def row(key: str) -> bytes:
    return msgspec.json.encode(Row(key, "square", "graded", 1.0, 1.0))


class Future:
    """What `submit` gives; ended by the test, or by its cancellation."""

    def __init__(self, function: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        self.function, self.arguments, self.options = function, arguments, options
        self._callbacks: list[Callable[[Any], None]] = []
        self.value: Any = None
        self.over = False

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        self._callbacks.append(callback)
        if self.over:
            callback(self)

    def ends(self, value: Any) -> None:
        self.value, self.over = value, True
        for callback in self._callbacks:
            callback(self)

    def result(self) -> Any:
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value


class World:
    """A scheduler with workers, as a client sees them.

    Attributes:
        workers: address -> what the scheduler says of it.
        greets: address -> the refusal that it answers with, or an exception.
        work: address -> what becomes of a shard there; None: nothing yet.
        sent: (address, keys) of every shard.
    """

    def __init__(self) -> None:
        self.workers: dict[str, dict[str, Any]] = {}
        self.greets: dict[str, Any] = {}
        self.work: Callable[[str, list[str]], Any] = self.does
        self.sent: list[tuple[str, str]] = []
        self.open: list[Future] = []
        self.said: list[str] = []
        self.rows: list[str] = []
        self.status = "running"
        self.connections = 0
        self.away = self.comes_back = False
        self.client: Any = self
        self.scheduler: Any = self

    # -- what a test says

    def add(self, *names: str, threads: int = 1, **resources: float) -> None:
        for name in names:
            self.workers[name] = {"nthreads": threads, "resources": resources}

    def does(self, address: str, keys: list[str]) -> Outcome:
        return Outcome("done", rows=tuple((key, row(key)) for key in keys))

    # -- what a client has

    def connect(self) -> Any:
        self.connections += 1
        if self.comes_back:
            self.away = False
        if self.away:
            raise UsageError("no Dask scheduler answers")
        self.status = "running"
        return self

    def identity(self) -> None:
        raise AssertionError("only `sync` calls it")

    def sync(self, function: Any, **_: Any) -> dict[str, Any]:
        if self.away:
            raise GONE
        return {"workers": dict(self.workers)}

    def submit(self, function: Any, *arguments: Any, **options: Any) -> Future:
        future = Future(function, arguments, options)
        (address,) = options["workers"]
        if function is on_node.greet:
            refusal = self.greets.get(address, "")
            future.ends(
                refusal
                if isinstance(refusal, Exception)
                else {"refusal": refusal, "token": f"token of {address}", "notes": [("n", "注")]}
            )
            return future
        keys = [one.key for one in arguments[2]]
        self.sent.append((address, "".join(keys)))
        if (came := self.work(address, keys)) is None:
            self.open.append(future)
        else:
            future.ends(came)
        return future

    def cancel(self, futures: list[Future]) -> None:
        for future in futures:
            if not future.over:
                future.ends(FutureCancelledError("key", "user"))

    def run(self, function: Any, *arguments: Any, workers: list[str], on_error: str) -> None:
        self.said.append(f"{function.__name__} {arguments[0]}: {' '.join(workers)}")

    def close(self, timeout: float) -> None:
        self.status = "closed"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("grader.cluster.nodes._LOOK_SECONDS", 0.0)
    return World()


@pytest.fixture
def nodes(world: World) -> Iterator[Callable[..., Nodes]]:
    made: list[Nodes] = []

    def make(gpu: bool = False) -> Nodes:
        fitness = Fitness("strict", gpu, Parcel("digest", b""), {"numpy": "1"})
        made.append(Nodes("tcp://s:1", world.connect, fitness, world.said.append))
        return made[-1]

    yield make
    for one in made:
        one.close("run")


@pytest.fixture
def do(world: World, nodes: Callable[..., Nodes]) -> Callable[..., dict[str, str]]:
    """Has shards such as `"abc"` done, each letter a job."""

    def run(*shards: str, gpu: bool = False) -> dict[str, str]:
        left = set("".join(shards))

        def put(key: str, made: Row) -> None:
            world.rows.append(key)
            left.discard(key)

        all_nodes = nodes(gpu)
        all_nodes.await_first()
        config = replace(CONFIG, placement=GPU) if gpu else CONFIG
        order = Order("run", "digest", config, 1)
        workers = _Crew(all_nodes, order, put)
        made = [[job(key) for key in shard] for shard in shards]
        return crew.run(workers, made, lambda: set(left))

    return run


def test_all_well(world: World, do: Callable[..., dict[str, str]]) -> None:
    """Each shard goes to one worker, once; its rows are kept."""
    world.add("a", "b")
    assert do("xy", "z", "uvw") == {}
    assert sorted(world.rows) == list("uvwxyz")
    assert sorted(keys for _, keys in world.sent) == ["uvw", "xy", "z"]
    assert {address for address, _ in world.sent} == {"a", "b"}


def test_one_more_to_go_on_with(world: World, nodes: Callable[..., Nodes]) -> None:
    """Each has a second shard waiting, as long as there is one for all; then only the idle."""
    world.add("a", "b", threads=1)
    world.work = lambda address, keys: None
    all_nodes = nodes()
    all_nodes.await_first()
    workers = _Crew(all_nodes, Order("run", "digest", CONFIG, 1), lambda key, made: None)
    waiting = list("stuvwxyz")
    while workers.has_room(len(waiting)):
        workers.hand([job(waiting.pop())])
    assert sorted(address for address, _ in world.sent) == ["a", "a", "b", "b"]
    assert not workers.has_room(1), "the last one is for whoever is idle first"
    assert [f.options["priority"] for f in world.open] == [-1, -2, -3, -4]
    workers.end()
    assert not workers.busy()
    assert all(future.over for future in world.open)


def test_the_last_waits(world: World, nodes: Callable[..., Nodes]) -> None:
    """What isn't enough for all waits here, so that no worker has two while another has none."""
    world.add("a", "b")
    world.work = lambda address, keys: None
    all_nodes = nodes()
    all_nodes.await_first()
    workers = _Crew(all_nodes, Order("run", "digest", CONFIG, 1), lambda key, made: None)
    for key, left in (("x", 3), ("y", 2)):
        assert workers.has_room(left)
        workers.hand([job(key)])
    assert not workers.has_room(1)
    workers.end()


def test_a_worker_is_gone(world: World, do: Callable[..., dict[str, str]]) -> None:
    """What it was at is tried one by one; what waited there goes on as it was, uncounted."""
    world.add("a")

    def dies(address: str, keys: list[str]) -> Any:
        if address == "a":
            if len(world.sent) == 2:  # the second waits behind the first
                del world.workers["a"]
                world.add("b")
            return None
        return world.does(address, keys)

    world.work = dies
    assert do("xy", "zw") == {}
    assert world.sent[:2] == [("a", "xy"), ("a", "zw")]
    assert sorted(world.sent[2:]) == [("b", "x"), ("b", "y"), ("b", "zw")]


@pytest.mark.parametrize(
    ("came", "reason"),
    [
        (KilledWorker("task", None, 3), "the workers that it was on ended"),
        (Outcome("failed", "its process ended"), "its process ended"),
        (MemoryError("no\nroom"), "MemoryError: no room"),
        (Outcome("done", rows=(("x", b"{"), ("other", row("other")))), "its result can't be read"),
    ],
)
def test_what_fails_every_time(
    world: World, do: Callable[..., dict[str, str]], came: Any, reason: str
) -> None:
    """It is tried once in company and three times alone; then it is lost, with the reason."""
    world.add("a")
    world.work = lambda address, keys: came if "x" in keys else world.does(address, keys)
    assert do("xy", "z") == {"x": reason}
    assert [keys for _, keys in world.sent].count("x") == 3
    assert sorted(world.rows) == ["y", "z"]


@pytest.mark.parametrize("error", [FutureCancelledError("k", "user"), asyncio.CancelledError()])
def test_cancelled_by_somebody(
    world: World, do: Callable[..., dict[str, str]], error: BaseException
) -> None:
    """That is no try: it is sent again, as a whole."""
    world.add("a")
    world.work = lambda address, keys: error if len(world.sent) < 6 else world.does(address, keys)
    assert do("xy") == {}
    assert set(world.sent) == {("a", "xy")}


def test_another_process_at_the_same_address(
    world: World, do: Callable[..., dict[str, str]]
) -> None:
    """Dask runs it again where it was, but the token is another's: it counts as tried."""
    world.add("a")
    world.work = lambda address, keys: (
        Outcome("returned", "it was meant for another worker")
        if len(world.sent) == 1
        else world.does(address, keys)
    )
    assert do("xy") == {}
    assert sorted(world.sent) == [("a", "x"), ("a", "xy"), ("a", "y")]


def test_refused_by_name(world: World, do: Callable[..., dict[str, str]]) -> None:
    """A worker that isn't fit gets nothing; that is said once."""
    world.add("a", "b", "c")
    world.greets = {"b": "it has numpy 2, and the grader 1", "c": ModuleNotFoundError("grader")}
    assert do("x", "y", "z") == {}
    assert {address for address, _ in world.sent} == {"a"}
    assert world.said == [
        "worker b isn't used: it has numpy 2, and the grader 1",
        "worker c isn't used: no grader like this one answers: ModuleNotFoundError: grader",
    ]


def test_nobody_is_fit(world: World, do: Callable[..., dict[str, str]]) -> None:
    """Then there is no use in waiting."""
    world.add("a")
    world.greets = {"a": "Landlock is missing"}
    with pytest.raises(UsageError, match=r"none of the 1 worker.* a: Landlock is missing"):
        do("x")


def test_a_worker_without_a_gpu(world: World, do: Callable[..., dict[str, str]]) -> None:
    """It is refused; one with them works at as many shards as it has GPUs and threads."""
    world.add("a")
    world.add("b", threads=4, GPU=2.0)
    assert do("x", "y", gpu=True) == {}
    assert {address for address, _ in world.sent} == {"b"}
    assert world.said == ["worker a isn't used: it was started without --resources GPU=1"]


def test_bad_starts(world: World, do: Callable[..., dict[str, str]]) -> None:
    """After two of them nothing is sent there; it costs no try."""
    world.add("a", "b")
    world.work = lambda address, keys: (
        Outcome("not_started", "no TensorFlow") if address == "a" else world.does(address, keys)
    )
    assert do("x", "y", "z", "u", "v", "w") == {}
    assert [address for address, _ in world.sent].count("a") <= 3  # one may wait behind the second
    assert sorted(world.rows) == list("uvwxyz")
    assert world.said == [
        "worker a isn't used: no process for grading comes up there: no TensorFlow"
    ]
    world.greets = {"b": "no"}
    with pytest.raises(UsageError, match="no TensorFlow"):
        do("x", "y")


def test_a_full_disk_there(world: World, do: Callable[..., dict[str, str]]) -> None:
    """It is that worker's trouble alone; what was finished is kept."""
    world.add("a", "b")
    world.work = lambda address, keys: (
        Outcome("returned", rows=(("x", row("x")),), unusable="the disk of /tmp is full")
        if address == "a"
        else world.does(address, keys)
    )
    assert do("xy", "zw") == {}
    assert ("b", "y") in world.sent
    assert world.said == ["worker a isn't used: the disk of /tmp is full"]


def test_nobody_is_there(
    world: World, nodes: Callable[..., Nodes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is said while it is waited for, and again; whoever comes is used."""
    monkeypatch.setattr("grader.cluster.nodes._PATIENCE", (0.0, 0.0))
    all_nodes = nodes()
    for _ in range(2):
        all_nodes.wait(0.0)
    assert (
        world.said
        == [
            "0 worker(s) connected to tcp://s:1, none of them ready: waiting; Ctrl-C stops, and the"
            " same command goes on from there"
        ]
        * 2
    )
    world.add("a")
    all_nodes.await_first()
    assert [node.address for node in all_nodes.usable] == ["a"]
    assert [note.zh for note in all_nodes.notes] == ["注"]


@pytest.mark.parametrize("how", ["unreachable", "connecting"])
def test_the_scheduler_is_away_for_a_while(
    world: World, do: Callable[..., dict[str, str]], how: str
) -> None:
    """A new connection is made, workers are greeted again, and what they had is sent again."""
    world.add("a")

    def loses(address: str, keys: list[str]) -> Any:
        if len(world.sent) > 1:
            return world.does(address, keys)
        if how == "connecting":
            world.status = "connecting"
        else:
            world.away = world.comes_back = True
        return None

    world.work = loses
    assert do("x") == {}
    assert world.connections == 2
    assert world.sent == [("a", "x")] * 2


def test_the_scheduler_is_lost(world: World, do: Callable[..., dict[str, str]]) -> None:
    """For good: one line, and nothing hangs."""
    world.add("a")

    def loses(address: str, keys: list[str]) -> None:
        world.away = True

    world.work = loses
    with pytest.raises(EngineError, match=r"scheduler at tcp://s:1 was lost .* the same command"):
        do("x")


def test_at_the_end(world: World, nodes: Callable[..., Nodes]) -> None:
    """Workers that were greeted are told, so that they end what belongs to the run."""
    world.add("a", "b")
    world.greets = {"b": "no"}
    all_nodes = nodes()
    all_nodes.await_first()
    world.said.clear()
    all_nodes.close("run 1")
    assert world.said == ["dismiss run 1: a"]
    assert world.status == "closed"


def test_asking_for_room_comes_first(world: World, nodes: Callable[..., Nodes]) -> None:
    """Whoever hands without it has made a mistake."""
    workers = _Crew(nodes(), Order("run", "digest", CONFIG, 1), lambda key, made: None)
    with pytest.raises(RuntimeError, match="has_room"):
        workers.hand([job("x")])

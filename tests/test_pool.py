"""The pool's rules, tried with processes that do as they are told and take no time."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from grader import course, pool
from grader.crew import Batch, Execute
from grader.disk import DiskFull
from grader.engine.config import EngineConfig
from grader.errors import EngineError, UsageError
from grader.job import Job, Said, Shard, Start
from grader.sandbox.levels import Level

TINY = Path(__file__).parent / "courses" / "tiny"
BATCH = Batch(TINY, EngineConfig(Level.STRICT, course.load(TINY).limits), 1, Path("store"))


def job(key: str) -> Job:
    return Job(key, key, "square", b"", "square.py", None, ())


class Dies(Exception):
    """The process is killed now."""


class Fate:
    """What becomes of processes: `start` and `work` run in them, and may raise `Dies`."""

    def __init__(self) -> None:
        self.left: set[str] = set()
        self.started = 0
        self.starts: list[Start] = []
        self.seeds: list[int] = []
        self.tried: Counter[str] = Counter()
        self.shards: list[list[str]] = []
        self.start: Callable[[], None] = lambda: None
        self.begin: Callable[[list[str]], Said | None] = lambda keys: None
        self.work: Callable[[str], Said | None] = lambda key: None
        self.after: Callable[[], None] = lambda: None

    def live(self, connection: Connection, start: Start) -> None:
        try:
            self.started += 1
            self.starts.append(start)
            self.start()
            connection.send(Said("ready"))
            while True:
                given: Shard = connection.recv()
                self.seeds.append(given.seed)
                keys = [job.key for job in given.jobs]
                connection.send(self._shard(connection, keys))
                self.after()
        except (Dies, EOFError, OSError):
            connection.close()

    def _shard(self, connection: Connection, keys: list[str]) -> Said:
        if (said := self.begin(keys)) is not None:
            return said
        connection.send(Said("begun"))
        self.shards.append(keys)
        for key in keys:
            self.tried[key] += 1
            if (said := self.work(key)) is not None:
                return said
            self.left.discard(key)
        return Said("done")

    def run(self, *shards: str, processes: int = 2) -> dict[str, str]:
        """Has shards such as `"abc"` done, each letter a job."""
        return self.more(pool.run, BATCH, shards, processes)

    def more(
        self, execute: Execute, batch: Batch, shards: Sequence[str], processes: int = 2
    ) -> dict[str, str]:
        """The same for any batch, by what may have done others."""
        self.left = set("".join(shards))
        made = [[job(key) for key in shard] for shard in shards]
        return execute(batch, made, processes, lambda: set(self.left))


@pytest.fixture
def fate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fate]:
    made = Fate()
    threads: list[threading.Thread] = []

    class Thread:
        """In the place of `multiprocessing.Process`."""

        def __init__(self, target: object, args: tuple[Connection, Start], daemon: bool) -> None:
            # The pool closes its copy of the far end, as it must where that is another process.
            ours = Connection(os.dup(args[0].fileno()))
            self._thread = threading.Thread(target=made.live, args=(ours, args[1]))
            threads.append(self._thread)

        def start(self) -> None:
            self._thread.start()

        def kill(self) -> None:
            pass

        def join(self, seconds: float | None = None) -> None:
            pass

    class Context:
        Process = Thread
        Pipe = staticmethod(Pipe)

    monkeypatch.setattr(pool, "_CONTEXT", Context)
    yield made
    for thread in threads:
        thread.join()


def once(do: Callable[[], Any]) -> Callable[..., Any]:
    """Does it at the first call only; never from two threads."""
    lock, done = threading.Lock(), []

    def maybe(*_: object) -> Any:
        with lock:
            if done:
                return None
            done.append(True)
        return do()

    return maybe


def die() -> None:
    raise Dies


def test_all_well(fate: Fate) -> None:
    """Each shard is done once, by no more processes than there are shards or are wanted."""
    assert fate.run("abc", "de", "f", processes=2) == {}
    assert fate.left == set()
    assert sorted(map("".join, fate.shards)) == ["abc", "de", "f"]
    assert fate.started <= 2
    assert fate.run("x", processes=8) == {}
    assert fate.run(processes=8) == {}


def test_a_death_takes_only_what_it_was_at(fate: Fate) -> None:
    """What was finished stays finished; the rest of the shard is tried one by one."""
    fate.work = lambda key: die() if key == "b" and fate.tried["b"] == 1 else None
    assert fate.run("abcd", "efgh") == {}
    assert fate.left == set()
    assert fate.tried == Counter({**dict.fromkeys("abcdefgh", 1), "b": 2})
    assert sorted(shard for shard in fate.shards if len(shard) == 1) == [["b"], ["c"], ["d"]]


def test_a_job_that_kills_each_process(fate: Fate) -> None:
    """It is lost after three tries by itself; no other is."""
    fate.work = lambda key: die() if key == "b" else None
    assert fate.run("abc", "def") == {"b": "its process ended"}
    assert fate.left == {"b"}
    assert fate.tried["b"] == 4
    assert max(count for key, count in fate.tried.items() if key != "b") == 1


def test_an_exception_in_a_process(fate: Fate) -> None:
    """The same as a death, with the reason; the process isn't used again."""
    fate.work = lambda key: Said("failed", "KeyError: 7\n\x1b[31m") if key == "b" else None
    assert fate.run("abc", processes=1) == {"b": "KeyError: 7"}
    assert fate.started == 4


def test_a_row_that_cant_be_read(fate: Fate) -> None:
    """Done and yet not there: tried again, then lost."""
    fate.work = lambda key: Said("done") if key == "a" else None
    assert fate.run("a") == {"a": "its result can't be read"}
    assert fate.tried["a"] == 3


def test_nothing_comes_up(fate: Fate) -> None:
    """Processes that die at their start: after a few of them it is clear that none will do."""
    fate.start = die
    with pytest.raises(EngineError, match="nothing could be graded: its process ended"):
        fate.run("abc", "def")
    assert 5 <= fate.started <= 6


def test_no_zygote_comes_up(fate: Fate) -> None:
    """The same where it is the zygote, with its reason in one line."""
    fate.begin = lambda keys: Said("failed", "EngineError: no TensorFlow\nhere")
    with pytest.raises(EngineError, match=r"nothing could be graded: .* no TensorFlow here"):
        fate.run("abc", "def")
    assert fate.shards == []


def test_nothing_comes_up_any_more(fate: Fate) -> None:
    """What was done before stays; the rest is lost, which is told row by row."""
    fate.work = lambda key: die() if key == "b" else None
    fate.start = lambda: die() if fate.started > 1 else None
    assert fate.run("abc", "def", processes=1) == dict.fromkeys("bcdef", "its process ended")
    assert fate.left == set("bcdef")


def test_a_bad_start_now_and_then(fate: Fate) -> None:
    """Starts that fail between others that don't cost nobody anything."""
    fate.start = lambda: die() if fate.started % 2 else None
    fate.work = lambda key: die() if fate.tried[key] == 1 else None
    assert fate.run(*"abcdefgh") == {}
    assert fate.left == set()
    assert set(fate.tried.values()) == {2}


@pytest.mark.parametrize("moment", ["start", "begin", "work"])
def test_what_stops_the_batch(fate: Fate, moment: str) -> None:
    """An error that concerns all is raised as it is, once."""
    stop = Said("failed", error=DiskFull("the disk of /out is full"))
    if moment == "start":
        fate.begin = once(lambda: stop)
    elif moment == "begin":
        fate.begin = lambda keys: stop if "d" in keys else None
    else:
        fate.work = lambda key: stop if key == "d" else None
    with pytest.raises(DiskFull, match="the disk of /out is full") as caught:
        fate.run("abc", "def", "ghi")
    assert isinstance(caught.value, UsageError)


def test_killed_while_it_has_nothing_to_do(fate: Fate) -> None:
    """A process that dies between two shards takes nothing along."""
    fate.start = lambda: die() if fate.started == 1 else None
    assert fate.run("abc", "def") == {}
    assert fate.left == set()


def test_processes_stay(fate: Fate) -> None:
    """From batch to batch with other questions; those of another kind are started anew."""
    with pool.standing() as execute:
        assert fate.more(execute, BATCH, ["a", "b"]) == {}
        at_first = fate.started
        assert fate.more(execute, replace(BATCH, seed=2), ["c", "d"]) == {}
        assert fate.more(execute, BATCH, ["e"]) == {}
        assert fate.started == at_first
        assert sorted(fate.seeds) == [1, 1, 1, 2, 2]
        assert fate.more(execute, replace(BATCH, store=Path("other")), ["f"]) == {}
        assert fate.started == at_first + 1
        old, new = fate.starts[0].work, fate.starts[-1].work
        assert not old.exists()
        assert new.is_dir()
    assert not new.exists()
    assert {start.store for start in fate.starts[:-1]} == {BATCH.store}
    assert fate.starts[-1].store == Path("other")


def test_no_more_work_than_wanted(fate: Fate) -> None:
    """A later batch may want fewer side by side than there are processes."""
    both, at_once, most = threading.Barrier(2), 0, 0

    def meet(key: str) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if key in "ab":
            both.wait()
        at_once -= 1

    fate.work = meet
    with pool.standing() as execute:
        assert fate.more(execute, BATCH, ["a", "b"]) == {}
        assert (fate.started, most) == (2, 2)
        most = 0
        assert fate.more(execute, BATCH, list("cdefgh"), processes=1) == {}
        assert (fate.started, most) == (2, 1)


def test_killed_between_two_batches(fate: Fate) -> None:
    """Another one takes its place, and nothing is lost."""
    fate.after = once(die)
    with pool.standing() as execute:
        assert fate.more(execute, BATCH, ["a"]) == {}
        assert fate.more(execute, BATCH, ["b", "c"]) == {}
    assert fate.left == set()
    assert fate.tried == Counter("abc")


def test_a_batch_that_is_stopped(fate: Fate) -> None:
    """What stops one ends whoever was at work; those who weren't are there for the next."""
    fate.work = lambda key: Said("failed", error=UsageError("no")) if key == "b" else None
    with pool.standing() as execute:
        assert fate.more(execute, BATCH, ["a"]) == {}
        with pytest.raises(UsageError, match="no"):
            fate.more(execute, BATCH, ["b"], processes=1)
        assert fate.more(execute, BATCH, ["c"]) == {}
    assert fate.started == 2


def test_the_context_is_left_by_an_error(fate: Fate) -> None:
    """Nobody is left behind, nor a directory."""

    def fails() -> None:
        with pool.standing() as execute:
            fate.more(execute, BATCH, ["a"])
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert not fate.starts[0].work.exists()


def test_dismissed(fate: Fate) -> None:
    """They go by themselves; who is wanted afterwards is started anew."""
    standing = pool.Standing()
    assert fate.more(standing.run, BATCH, ["a"]) == {}
    old = fate.starts[0].work
    standing.dismiss()
    assert fate.more(standing.run, BATCH, ["b"]) == {}
    assert fate.started == 2
    assert not old.exists()
    standing.end()
    assert not fate.starts[1].work.exists()

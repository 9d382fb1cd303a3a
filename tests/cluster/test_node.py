"""What runs in a Dask worker: whom it takes, what it keeps, how its processes end."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader import course, folders
from grader.cluster import child, node
from grader.cluster.files import Parcel, parcel_of
from grader.cluster.travels import SOURCE, Order, Outcome, difference, sorts
from grader.engine.config import EngineConfig
from grader.errors import UsageError
from grader.job import Job, Said, Start
from grader.placement import Gpu, Placement
from grader.release.archive import Member, pack
from grader.sandbox.levels import Level

from .ground import TINY

CONFIG = EngineConfig(Level.STRICT, course.load(TINY).limits)
JOBS = (Job("key", "ada", "square", b"", "square.py", None, ()),)


def order(parcel: Parcel, run: str = "run", seed: int = 1) -> Order:
    return Order(run, parcel.digest, CONFIG, seed)


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A worker that keeps nothing yet."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = node._Node()
    monkeypatch.setattr(node, "_NODE", made)
    yield made
    made._stack.close()
    assert os.listdir(tmp_path) == []


@pytest.fixture
def parcel() -> Parcel:
    return parcel_of(TINY)


class FakeChild:
    """In the place of a process; `work` does what a test says."""

    made: list[FakeChild]
    work_of: Callable[[FakeChild], Outcome]

    def __init__(self, start: Start) -> None:
        self.start = start
        self.seeds: list[int] = []
        self.ended = self.buried = False
        FakeChild.made.append(self)

    def work(self, seed: int, jobs: Sequence[Job]) -> Outcome:
        self.seeds.append(seed)
        return FakeChild.work_of(self)

    def end(self) -> None:
        self.ended = True

    def bury(self) -> None:
        self.buried = True


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[FakeChild]:
    FakeChild.made = []
    FakeChild.work_of = lambda self: Outcome("done")
    monkeypatch.setattr(node, "Child", FakeChild)
    return FakeChild.made


def greeted(parcel: Parcel, **other: Any) -> dict[str, Any]:
    asked = {"wanted": sorts(), "level": "strict", "gpu": False, **other}
    return node.greet(**asked, digest=parcel.digest, course=parcel.data)


def test_versions_that_differ() -> None:
    """Each is told by name: a verdict depends on it."""
    here = sorts()
    assert set(here) == {"grader", "python", "tensorflow", "keras", "numpy", SOURCE}
    assert difference(here, here) == ""
    assert difference(here, {**here, SOURCE: "x"}) == (
        "its grader has the same version and other code: install the same one"
    )
    for name in set(here) - {SOURCE}:
        said = difference(here, {**here, name: "0.0"})
        assert said == f"it has {name} 0.0, and the grader {here[name]}"
    assert "keras missing" in difference(here, {**here, "keras": "missing"})


def test_refused(
    fresh: Any, parcel: Parcel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Other versions, no wall, no GPU, a damaged course, a full disk: nothing is unpacked."""
    assert "it has numpy" in greeted(parcel, wanted={"numpy": "0"})["refusal"]
    damaged = Parcel("0" * 64, parcel.data)
    assert "damaged on its way" in greeted(damaged)["refusal"]
    monkeypatch.setattr("grader.devices.nvidia_gpus", lambda: ())
    assert "no NVIDIA GPU can be used" in greeted(parcel, gpu=True)["refusal"]
    monkeypatch.setattr("grader.sandbox.landlock.abi", lambda: 0)
    assert "Landlock is missing" in greeted(parcel)["refusal"]
    monkeypatch.undo()
    monkeypatch.setattr("grader.disk.free_mb", lambda folder: 1)
    monkeypatch.setattr(node, "_NODE", node._Node())
    assert "1 MB free" in greeted(parcel)["refusal"]


def test_a_course_is_unpacked_once(fresh: Any, parcel: Parcel, tmp_path: Path) -> None:
    """Under the worker's own directory; another course beside it."""
    answers = [greeted(parcel), greeted(parcel)]
    assert [answer["refusal"] for answer in answers] == ["", ""]
    assert answers[0]["token"] == fresh.token
    (folder,) = tmp_path.iterdir()
    assert len(list(folder.iterdir())) == 1
    assert folders.outside(folder) == tmp_path
    other = Parcel("x", b"")
    fresh._courses["x"] = tmp_path
    assert greeted(other)["refusal"] == ""


def test_meant_for_another(fresh: Any, parcel: Parcel, children: list[FakeChild]) -> None:
    """A shard that comes with another token, or for a course that isn't there, isn't touched."""
    assert node.work(fresh.token, order(parcel), JOBS).what == "returned"
    greeted(parcel)
    assert node.work("token", order(parcel), JOBS).what == "returned"
    assert children == []


def test_processes_are_kept(fresh: Any, parcel: Parcel, children: list[FakeChild]) -> None:
    """The next shard of the same order has the same process; only two may idle."""
    greeted(parcel)
    for seed in (1, 1, 2, 3):
        assert node.work(fresh.token, order(parcel, seed=seed), JOBS) == Outcome("done")
    assert [child.seeds for child in children] == [[1, 1], [2], [3]]
    assert [child.buried for child in children] == [True, False, False]
    assert {child.start.store for child in children} == {None}
    node.dismiss("another run")
    assert not children[1].buried
    node.dismiss("run")
    assert all(child.buried for child in children)


def test_as_many_idle_as_work(fresh: Any, parcel: Parcel, children: list[FakeChild]) -> None:
    """A worker with four threads has four processes from then on, and starts no fifth."""
    greeted(parcel)
    for _ in range(2):
        together = threading.Barrier(4)
        FakeChild.work_of = lambda self, all_here=together: (all_here.wait(), Outcome("done"))[1]
        threads = [
            threading.Thread(target=node.work, args=(fresh.token, order(parcel), JOBS))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(children) == 4
    assert not any(child.buried for child in children)


def test_old_courses_go(fresh: Any, parcel: Parcel, tmp_path: Path) -> None:
    """Only a few are kept; the newest is one of them."""
    for number in range(6):
        data = pack({"course.toml": Member(b"# %d" % number)})
        digest = hashlib.sha256(data).hexdigest()
        assert greeted(Parcel(digest, data))["refusal"] == ""
    (folder,) = tmp_path.iterdir()
    kept = [(place / "course.toml").read_text() for place in fresh._courses.values()]
    assert kept == ["# 2", "# 3", "# 4", "# 5"]
    assert len(list(folder.iterdir())) == 4


def test_a_process_that_fails(fresh: Any, parcel: Parcel, children: list[FakeChild]) -> None:
    """It isn't used again."""
    greeted(parcel)
    FakeChild.work_of = lambda self: Outcome("failed", "its process ended")
    for _ in range(2):
        assert node.work(fresh.token, order(parcel), JOBS).what == "failed"
    assert [child.buried for child in children] == [True, True]


def test_no_process_can_be_started(
    fresh: Any, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is no shard's fault."""

    def fails(start: Start) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(node, "Child", fails)
    greeted(parcel)
    outcome = node.work(fresh.token, order(parcel), JOBS)
    assert outcome.what == "not_started"
    assert "temporarily unavailable" in outcome.reason


def test_a_place_for_each_process(
    fresh: Any, parcel: Parcel, children: list[FakeChild], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at once on this worker's own GPU; a GPU that went since the greeting starts nobody."""
    asked: list[int] = []

    def placed(placement: Placement, jobs: int) -> Placement:
        asked.append(jobs)
        if len(asked) == 3:
            raise UsageError("no NVIDIA GPU can be used here")
        return replace(placement, gpus=(Gpu("0", jobs),))

    monkeypatch.setattr(node, "here", placed)
    greeted(parcel)
    wanted = replace(CONFIG, placement=Placement("gpu", "GPU:0", 512))
    together = threading.Barrier(2)
    FakeChild.work_of = lambda self: (together.wait(), Outcome("done"))[1]
    threads = [
        threading.Thread(
            target=node.work,
            args=(fresh.token, Order("run", parcel.digest, wanted, 1), JOBS),
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == [1, 2]
    assert [child.start.config.placement.places for child in children] == [1, 2]
    outcome = node.work(fresh.token, Order("run", parcel.digest, wanted, 2), JOBS)
    assert outcome == Outcome("not_started", "no NVIDIA GPU can be used here")


def test_dismissed_amid_its_work(fresh: Any, parcel: Parcel, children: list[FakeChild]) -> None:
    """Its process is ended at once; the thread that waits for it finds out."""
    greeted(parcel)
    working, ended = threading.Event(), threading.Event()

    def until_ended(self: FakeChild) -> Outcome:
        working.set()
        ended.wait()
        return Outcome("failed", "its process ended")

    FakeChild.work_of = until_ended
    thread = threading.Thread(target=node.work, args=(fresh.token, order(parcel), JOBS))
    thread.start()
    working.wait()
    node.dismiss("run")
    assert children[0].ended
    assert not children[0].buried
    ended.set()
    thread.join()
    assert children[0].buried


# -- a process itself ------------------------------------------------------------------------------


class Spoken:
    """A child's end of the connection, with what it says laid ready."""

    def __init__(self, *words: Any) -> None:
        self._words = list(words)

    def send(self, word: Any) -> None:
        pass

    def recv(self) -> Any:
        if not self._words:
            raise EOFError
        return self._words.pop(0)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (
            [Said("ready"), Said("begun"), ("key", b"row"), Said("done")],
            Outcome("done", rows=(("key", b"row"),)),
        ),
        (
            [Said("begun"), ("key", b"row")],
            Outcome("failed", "its process ended", (("key", b"row"),)),
        ),
        ([Said("ready")], Outcome("not_started", "its process ended")),
        ([Said("failed", "EngineError: x")], Outcome("not_started", "EngineError: x")),
        ([Said("begun"), Said("failed", "KeyError: 7")], Outcome("failed", "KeyError: 7")),
    ],
)
def test_what_a_process_says(words: list[Any], outcome: Outcome) -> None:
    """Rows are kept whatever comes after them."""
    made = object.__new__(child.Child)
    made._connection = Spoken(*words)
    assert made.work(1, JOBS) == outcome


def test_a_process_without_its_course(tmp_path: Path) -> None:
    """A real one: what is wrong with its machine is told as that."""
    made = child.Child(Start(tmp_path, CONFIG, tmp_path, os.getpid(), None))
    outcome = made.work(1, JOBS)
    assert outcome.what == "returned"
    assert "holds no course.toml" in outcome.unusable
    made.bury()
    again = child.Child(Start(tmp_path, CONFIG, tmp_path, os.getpid(), None))
    again.end()
    assert again.work(1, JOBS).what in ("returned", "not_started")
    again.bury()

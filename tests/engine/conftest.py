"""One zygote for all tests of the engine, and submissions written as text."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader import course
from grader.asking import Session
from grader.engine.config import EngineConfig
from grader.engine.walled import WalledSeat
from grader.engine.worker import Worker
from grader.engine.zygote import Zygote
from grader.errors import WorkerLost
from grader.sandbox import levels
from grader.sandbox.levels import Level
from grader.seats import Candidate

TINY = Path(__file__).parents[1] / "courses" / "tiny"
SQUARE = course.load(TINY).by_id("square")
LIMITS = course.Limits(check_seconds=20.0, submission_seconds=60.0, memory_mb=2048)
HEAD = "import os, sys, time\nimport keras\nimport numpy as np\nimport tensorflow as tf\n"


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """A zygote with limits that a busy machine keeps."""
    made = Zygote(EngineConfig(Level.STRICT, LIMITS))
    yield made
    made.close()


@pytest.fixture(scope="session")
def bare_zygote() -> Iterator[Zygote]:
    """One as on a machine without namespaces and without uids to give away."""
    found = replace(levels.detect(), outer=None, private_scratch=False, can_drop_uid=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(levels, "detect", lambda: found)
        made = Zygote(EngineConfig(Level.STRICT, LIMITS))
    yield made
    made.close()


@pytest.fixture
def another(zygote: Zygote, tmp_path: Path) -> Iterator[Zygote]:
    """A second zygote, which a test may kill."""
    made = Zygote(zygote.config, tmp_path)
    yield made
    made.close()


@pytest.fixture
def square() -> course.Exercise:
    """The tiny course's exercise that all these submissions are to."""
    return SQUARE


@pytest.fixture
def limited(zygote: Zygote) -> Iterator[Callable[..., Zygote]]:
    """The same zygote with other limits, for this test."""
    before = zygote.config

    def limit(**limits: Any) -> Zygote:
        zygote.config = replace(before, limits=replace(before.limits, **limits))
        return zygote

    yield limit
    zygote.config = before


@pytest.fixture
def handed_in(zygote: Zygote) -> Callable[[str], Candidate]:
    """A submission with this text."""

    def stage(source: str) -> Candidate:
        text = HEAD + textwrap.dedent(source)
        return Candidate("ada", SQUARE, zygote.stage("square.py", text.encode()), {}, "square.py")

    return stage


@pytest.fixture
def seat(
    zygote: Zygote, handed_in: Callable[[str], Candidate]
) -> Iterator[Callable[[str], WalledSeat]]:
    """A seat for a submission with this text; ended after the test."""
    seats: list[WalledSeat] = []

    def take(source: str) -> WalledSeat:
        seats.append(WalledSeat(zygote, handed_in(source)))
        return seats[-1]

    yield take
    for taken in seats:
        taken.close()


@pytest.fixture
def begun(seat: Callable[[str], WalledSeat]) -> Callable[[str], Session]:
    """A session with a submission, in its first check."""
    return lambda source: Session(seat(source).begin(1, None))


@pytest.fixture
def loaded(
    zygote: Zygote, handed_in: Callable[[str], Candidate]
) -> Iterator[Callable[..., Worker]]:
    """A bare worker that has imported a submission; ended after the test."""
    workers: list[Worker] = []

    def start(source: str, seconds: float = 20.0) -> Worker:
        given = handed_in(source)
        worker = zygote.spawn(given.file, given.exercise, trusted=False)
        workers.append(worker)
        worker.deadline = time.monotonic() + seconds
        worker.load()
        return worker

    yield start
    for worker in workers:
        worker.close()


@pytest.fixture
def lost(seat: Callable[[str], WalledSeat]) -> Callable[..., WorkerLost]:
    """How a worker ends that is asked for `square(1)`; afterwards a new one has answered."""

    def ask(source: str, timeout: float | None = None) -> WorkerLost:
        taken = seat(source + "\n    def ping(): return 42\n")
        with pytest.raises(WorkerLost) as caught:
            Session(taken.begin(1, timeout)).square(1)
        taken.end()
        assert Session(taken.begin(2, None)).ping() == 42, "the next check must find a new worker"
        taken.end()
        return caught.value

    return ask

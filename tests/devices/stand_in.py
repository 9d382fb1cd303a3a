"""A second logical device of the CPU stands in for a GPU: one that TensorFlow wouldn't choose.

What only CUDA does (its memory, its kernels, its driver behind the wall) isn't tested by it.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

from grader import course
from grader.engine.config import EngineConfig
from grader.engine.walled import WalledSeat
from grader.engine.zygote import Zygote
from grader.placement import Gpu, Placement
from grader.sandbox.levels import Level
from grader.seats import Candidate

TINY = Path(__file__).parents[1] / "courses" / "tiny"
SQUARE = course.load(TINY).by_id("square")
LIMITS = course.Limits(check_seconds=30.0, submission_seconds=90.0, memory_mb=2048)
HEAD = "import os\nimport keras\nimport numpy as np\nimport tensorflow as tf\n"
FIRST = HEAD.count("\n") + 1
"""The line on which a submission's own text begins."""

Take = Callable[[str], WalledSeat]


def stand_in(places: int = 4) -> Placement:
    """What the grader takes for a GPU; the name is this process's own."""
    return Placement("gpu", "CPU:1", 0, (Gpu(f"stand-in-{os.getpid()}", places),))


def seats_on(placement: Placement) -> Iterator[Take]:
    """A function that gives a submission with some text a seat; the one before is closed."""
    zygote = Zygote(EngineConfig(Level.STRICT, LIMITS, placement))
    seats: list[WalledSeat] = []

    def take(source: str) -> WalledSeat:
        while seats:
            seats.pop().close()
        text = HEAD + textwrap.dedent(source).lstrip("\n")
        file = zygote.stage("square.py", text.encode())
        seats.append(WalledSeat(zygote, Candidate("ada", SQUARE, file, {}, "square.py")))
        return seats[-1]

    yield take
    while seats:
        seats.pop().close()
    zygote.close()

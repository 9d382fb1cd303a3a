"""What the wall costs a worker over a plain fork: `python tests/bench/isolation.py [ROUNDS]`.

Two zygotes side by side, asked in turn: one forks walled workers, the other forks workers that only
lay out their descriptors. Each round starts a worker, imports an empty module, and ends and reaps
it; its scratch is made and removed too. The difference of the medians is the wall's price.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

from grader import course
from grader.engine.config import EngineConfig
from grader.engine.zygote import Zygote
from grader.sandbox.levels import Level

TINY = Path(__file__).parents[1] / "courses" / "tiny"

# Runs the zygote with a wall that only puts the descriptors where they belong.
PLAIN = """
import os, sys
from grader.sandbox import wall
from grader.worker import zygote

def wall_in(spec, *, rpc_fd, stdout_fd, stderr_fd, stdin_fd=None):
    wall._lay_out_descriptors(stdin_fd, stdout_fd, stderr_fd, rpc_fd)
    os.chdir(spec.scratch)
    return ()

zygote.wall_in = wall_in
zygote.main()
"""


class PlainZygote(Zygote):
    """One whose workers aren't walled in, for comparison."""

    def _command(self, channel: int) -> list[str]:
        return [sys.executable, "-I", "-B", "-c", PLAIN, str(channel)]

    def _examine(self, ready: dict[str, Any]) -> None:
        """It has no outer wall that could be examined."""


def seconds(zygote: Zygote, file: Path, exercise: course.Exercise) -> float:
    """How long one worker takes from the request to the last trace of it."""
    begun = time.perf_counter()
    worker = zygote.spawn(file, exercise, trusted=False)
    worker.deadline = time.monotonic() + 30
    worker.load()
    worker.close()
    zygote.removals.finish()
    return time.perf_counter() - begun


def main() -> None:
    """Prints both medians and the difference."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    loaded = course.load(TINY)
    exercise = loaded.by_id("square")
    config = EngineConfig(Level.STRICT, loaded.limits)
    kinds = {"walled": Zygote(config), "plain fork": PlainZygote(config)}
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    try:
        files = {name: zygote.stage("square.py", b"") for name, zygote in kinds.items()}
        for _ in range(rounds + 5):
            for name, zygote in kinds.items():
                taken[name].append(seconds(zygote, files[name], exercise))
    finally:
        for zygote in kinds.values():
            zygote.close()
    medians = {}
    for name, times in taken.items():
        later = sorted(times[5:])  # the first ones fill caches
        medians[name] = statistics.median(later)
        ninth = later[int(len(later) * 0.9)]
        print(f"{name:11} median {medians[name] * 1000:6.2f} ms   90 % {ninth * 1000:6.2f} ms")
    print(
        f"difference of the medians over {rounds} rounds:"
        f" {(medians['walled'] - medians['plain fork']) * 1000:.2f} ms"
    )


if __name__ == "__main__":
    main()

"""Seconds from a save to its verdict in `grader watch`: median and worst, printed, not asserted.

The real command runs on a copy of the course as students get it, without solutions, for each
exercise in turn; its file is saved again and again, with the reference solution, or with the stub.
The clock runs from before the write until the verdict's last line can be read. The first verdict,
for which TensorFlow is loaded, is shown apart. On a machine that does other work too, the processor
seconds that a check takes (`cpu`, its fresh processes included) say more than the clock.

    python tests/bench/watch.py [--saves 20] [EXERCISE]...
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from grader import course

ROOT = Path(__file__).parents[2]
WITHOUT_TRAINING = ("tensors", "variables", "structures", "huber", "precision", "softplus", "text")


def students_course(folder: Path) -> Path:
    shutil.copy(ROOT / "course.toml", folder)
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    return folder


def verdicts(lines: Iterator[str]) -> Iterator[bool]:
    """Whether it passed, at each verdict's last line."""
    for line in lines:
        if "Ctrl-C ends" in line:
            yield ": passes," in line


def spent(process: psutil.Process) -> float:
    """Processor seconds of all checks so far: of the warm process's children that have ended."""
    times = process.cpu_times()
    return float(times.children_user + times.children_system)


def measure(root: Path, exercise: course.Exercise, saves: int) -> None:
    """Prints a line for the solution and one for the stub."""
    file = root / "exercises" / exercise.id / f"{exercise.id}.py"
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "grader", "watch", "--lang", "en", str(file)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=root,
    )
    assert process.stdout is not None
    found = verdicts(iter(process.stdout))
    next(found)
    first = time.perf_counter() - begun
    (warm,) = psutil.Process(process.pid).children()
    for name, source, passes in (
        ("solution", exercise.solution, True),
        ("stub", exercise.stub, False),
    ):
        text = source.read_text("utf-8")
        times, before = [], spent(warm)
        for number in range(saves):
            begun = time.perf_counter()
            file.write_text(f"{text}\n# save {number}\n", "utf-8")
            assert next(found) is passes
            times.append(time.perf_counter() - begun)
        cpu = (spent(warm) - before) / saves
        print(
            f"{exercise.id:14} {name:9} {statistics.median(times):7.3f} {max(times):7.3f}"
            f" {min(times):7.3f} {cpu:7.3f} {first:7.1f}   {os.getloadavg()[0]:.1f}",
            flush=True,
        )
    process.send_signal(signal.SIGINT)
    process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", default=WITHOUT_TRAINING)
    parser.add_argument("--saves", type=int, default=20)
    options = parser.parse_args()
    columns = "".join(f" {name:>7}" for name in ("median", "worst", "best", "cpu", "first"))
    print(f"{'exercise':14} {'saved':9}{columns}   load")
    for exercise in course.load(ROOT).pick(tuple(options.exercises)):
        with tempfile.TemporaryDirectory() as folder:
            measure(students_course(Path(folder)), exercise, options.saves)


if __name__ == "__main__":
    main()

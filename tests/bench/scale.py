"""What a class costs by its size: `python tests/bench/scale.py [SIZE]... [--exercise ID]`.

Grades classes of different sizes with the real command, smallest first, each of submissions that
nobody has seen before, and prints for each: seconds and CPU seconds per submission, the most memory
of the grading process itself, and of all its processes at once. Then it fits `seconds = start +
submissions × each` to all but the largest class, and compares what that says of the largest with
what was measured. Figures are printed, never asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader import course
from grader.variants import read_variants

ROOT = Path(__file__).parents[2]
_LOOK_SECONDS = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """One grading; memory in MiB."""

    size: int
    seconds: float
    cpu_seconds: float
    own_memory: float
    all_memory: float


def busy() -> float:
    """CPU seconds of the whole machine so far: no process hides from it, and nothing else may run.

    What `wait` tells a parent lacks the workers, whose zygote is killed with them.
    """
    user, nice, system, *_ = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:])
    return (user + nice + system) / _TICKS


def tree(pid: int) -> list[int]:
    """A process and all below it, as far as they are still there."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def memory(pid: int, field: str) -> float:
    """A field of a process's `smaps_rollup`, in MiB; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), 0.0)


def make_class(folder: Path, exercise: course.Exercise, size: int) -> None:
    """The solution and all variants in turn, each made different by a comment."""
    variants = [variant.file for variant in read_variants(exercise)]
    sources = [file.read_text("utf-8") for file in (exercise.solution, *variants)]
    for number in range(size):
        home = folder / f"student-{number:05}"
        home.mkdir(parents=True)
        text = f"{sources[number % len(sources)]}\n# {size} {number}\n"
        (home / f"{exercise.id}.py").write_text(text, "utf-8")


def grade(root: Path, exercise: course.Exercise, size: int, jobs: int) -> Run:
    """Grades a class that was never seen, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        make_class(work / "class", exercise, size)
        command = [
            sys.executable, "-m", "grader", "grade", str(work / "class"), "--out",
            str(work / "out"), "--course", str(root), "--exercise", exercise.id,
            "--jobs", str(jobs), "--quiet",
        ]  # fmt: skip
        before, begun = busy(), time.perf_counter()
        own = everything = 0.0
        with subprocess.Popen(command, cwd=ROOT) as process:
            while process.poll() is None:
                own = max(own, memory(process.pid, "Rss"))
                # Pages that processes share, such as the zygote's, count once in all.
                everything = max(everything, sum(memory(p, "Pss:") for p in tree(process.pid)))
                time.sleep(_LOOK_SECONDS)
        seconds, spent = time.perf_counter() - begun, busy() - before
        rows = json.loads((work / "out" / "results.json").read_text("utf-8"))["results"]
        assert len(rows) == size
        assert not any(row["cached"] or row["status"] != "graded" for row in rows)
        return Run(size, seconds, spent, own, everything)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, metavar="SIZE")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--course", type=Path, default=ROOT)
    parser.add_argument("--exercise", default="huber")
    options = parser.parse_args()
    exercise = course.load(options.course).by_id(options.exercise)
    load = os.getloadavg()[0]
    print(f"{exercise.id}, {options.jobs} jobs, {os.cpu_count()} cores, load {load:.1f} before;")
    print(f"{platform.platform()}, Python {platform.python_version()}\n")
    print("| submissions | s each | CPU s each | MiB, grading process | MiB, all processes |")
    print("|---|---|---|---|---|")
    runs = []
    for size in sorted(options.sizes or [50, 200, 1000, 5000]):
        run = grade(options.course, exercise, size, options.jobs)
        runs.append(run)
        each, cpu = run.seconds / size, run.cpu_seconds / size
        print(
            f"| {size:,} | {each:.3f} | {cpu:.3f} | {run.own_memory:.0f} | {run.all_memory:.0f} |",
            flush=True,
        )
    if len(runs) > 2:
        *known, last = runs
        each, start = np.polyfit([r.size for r in known], [r.seconds for r in known], 1)
        said = start + each * last.size
        print(f"\nseconds = {start:.1f} + {each:.4f} × submissions, of all but the largest;")
        print(
            f"for {last.size:,} it says {said:.0f} s, measured {last.seconds:.0f} s"
            f" ({said / last.seconds - 1:+.1%})"
        )


if __name__ == "__main__":
    main()

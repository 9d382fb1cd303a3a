"""Rows a second of a class that is graded already: `python tests/bench/regrade.py [STUDENTS]`.

A class of STUDENTS × 6 exercises is graded once and then again and again, unchanged, by the real
command: submissions are read, keys computed, rows taken from the store, results.json and the whole
report written. The files repeat (whoever hands in the same file has the same verdict), or the first
grading would take hours; a row is looked up for each of them all the same.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader import course
from grader.variants import read_variants

ROOT = Path(__file__).parents[2]
EXERCISES = ("huber", "tensors", "structures", "images", "text", "softplus")
KINDS = 8  # different files of an exercise


def make_class(folder: Path, students: int) -> None:
    """Students whose files repeat, each exercise in a rhythm of its own."""
    loaded = course.load(ROOT)
    files = {
        name: [variant.file.read_bytes() for variant in read_variants(loaded.by_id(name))][:KINDS]
        for name in EXERCISES
    }
    for number in range(students):
        home = folder / f"student-{number:05}"
        home.mkdir(parents=True)
        for place, (name, sources) in enumerate(files.items()):
            home.joinpath(f"{name}.py").write_bytes(sources[(number // (place + 1)) % len(sources)])


def grade(work: Path) -> tuple[float, float, float]:
    """(seconds, CPU seconds, peak MiB) of one run of the command."""
    command = [
        sys.executable, "-m", "grader", "grade", str(work / "class"), "--out", str(work / "out"),
        "--quiet", "--seed", "7", *(f"--exercise={name}" for name in EXERCISES),
    ]  # fmt: skip
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    assert process.returncode == 0, process.returncode
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("students", nargs="?", type=int, default=1000)
    parser.add_argument("rounds", nargs="?", type=int, default=3)
    options = parser.parse_args()
    rows = options.students * len(EXERCISES)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        make_class(work / "class", options.students)
        print(f"first grading: {grade(work)[0]:.1f} s; load {os.getloadavg()[0]:.1f}", flush=True)
        taken = [grade(work) for _ in range(options.rounds)]
        found = json.loads((work / "out" / "results.json").read_text("utf-8"))["results"]
        assert len(found) == rows
        assert all(row["cached"] for row in found)
        for seconds, cpu, peak in taken:
            told = f"{cpu:.2f} s of CPU, {peak:.0f} MiB"
            print(f"{rows} rows in {seconds:.2f} s ({told}): {rows / seconds:.0f} /s")
        median = statistics.median(seconds for seconds, *_ in taken)
        print(f"median: {rows / median:.0f} rows a second")


if __name__ == "__main__":
    main()

"""Wall time per submission: `grader grade --jobs 2` against a fresh pytest process per submission.

Both run the same checks on the same files in this one run; the figures are printed, not asserted.
The grader's time holds everything: start, imports of TensorFlow, the report. The baseline is given
the reference's answers for nothing.

    python tests/bench/fresh_process.py [--submissions 40] [--baseline 3] [EXERCISE]...
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader import course
from grader.variants import read_variants

ROOT = Path(__file__).parents[2]


def seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def make_class(folder: Path, exercise: course.Exercise, size: int) -> list[Path]:
    """`size` different submissions in turn from the variants: right and wrong, as in a class."""
    sources = [variant.file.read_text("utf-8") for variant in read_variants(exercise)]
    files = []
    for number in range(size):
        student = folder / f"student-{number:03}"
        student.mkdir(parents=True)
        file = student / f"{exercise.id}.py"
        file.write_text(f"{sources[number % len(sources)]}\n# copy {number}\n", "utf-8")
        files.append(file)
    return files


def measure(exercise: course.Exercise, size: int, baseline: int) -> tuple[float, float]:
    """(seconds per submission of the grader, of a fresh process each)."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        files = make_class(work / "class", exercise, size)
        grade = [
            sys.executable, "-m", "grader", "grade", str(work / "class"), "--out",
            str(work / "out"), "--exercise", exercise.id, "--jobs", "2", "--quiet",
        ]  # fmt: skip
        ours = seconds(grade) / size
        rows = json.loads((work / "out" / "results.json").read_text("utf-8"))["results"]
        assert len(rows) == size
        assert not any(row["cached"] or row["status"] != "graded" for row in rows)
        script, memory = str(Path(__file__).with_name("one_pytest.py")), str(work / "memory")
        fresh = [sys.executable, script, exercise.id]
        seconds([*fresh, str(exercise.solution), memory])  # fills the memory, isn't counted
        step = max(1, size // baseline)
        times = [seconds([*fresh, str(file), memory]) for file in files[::step][:baseline]]
        return ours, statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE")
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--baseline", type=int, default=3)
    options = parser.parse_args()
    print(f"{'exercise':14} {'grader s':>9} {'fresh s':>9} {'ratio':>7}   (per submission)")
    totals = [0.0, 0.0]
    for exercise in course.load(ROOT).pick(tuple(options.exercises)):
        ours, fresh = measure(exercise, options.submissions, options.baseline)
        totals = [totals[0] + ours, totals[1] + fresh]
        print(f"{exercise.id:14} {ours:9.3f} {fresh:9.3f} {fresh / ours:7.1f}", flush=True)
    print(f"{'all':14} {totals[0]:9.3f} {totals[1]:9.3f} {totals[1] / totals[0]:7.1f}")


if __name__ == "__main__":
    main()

"""Throughput of two Dask workers against `--jobs 2` here, in turns, on the same class.

The figures are printed, not asserted. A run's rate is that of the rows after the first, so that
what is paid once (imports of TensorFlow, the cluster's start, the report) is left out; whole times
are printed beside it. Rows of a cluster come a shard at a time: with few of them the rate is rough.

    python tests/bench/cluster.py [--submissions 200] [--rounds 2] [--exercise huber]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fresh_process import ROOT, make_class

from grader import course

_TOGETHER = 0.5  # seconds within which the rows of one shard are told
_KINDS = {"local": [], "dask": ["--executor", "dask"]}


def measure(handed_in: Path, out: Path, exercise: str, more: list[str]) -> tuple[float, float]:
    """(rows a second from the first to the last, seconds of the whole command)."""
    command = [
        sys.executable, "-m", "grader", "grade", str(handed_in), "--out", str(out), "--exercise",
        exercise, "--jobs", "2", "--seed", "1", *more,
    ]  # fmt: skip
    begun = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        times = [time.perf_counter() for line in running.stderr if f"  {exercise}  " in line]
    whole = time.perf_counter() - begun
    rows = json.loads((out / "results.json").read_text("utf-8"))["results"]
    assert running.returncode == 0
    assert not any(row["cached"] or row["status"] != "graded" for row in rows)
    later = [moment for moment in times if moment > times[0] + _TOGETHER]
    return len(later) / (times[-1] - times[0]), whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--exercise", default="huber")
    options = parser.parse_args()
    exercise = course.load(ROOT).by_id(options.exercise)
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in _KINDS}
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        make_class(work / "class", exercise, options.submissions)
        for number in range(options.rounds):
            for kind, more in _KINDS.items():
                out = work / f"{kind}-{number}"
                found[kind].append(measure(work / "class", out, exercise.id, more))
                rate, whole = found[kind][-1]
                print(f"{kind:6} {rate:6.2f} rows/s  {whole:6.1f} s in all", flush=True)
    rates = {kind: sum(rate for rate, _ in runs) / len(runs) for kind, runs in found.items()}
    wholes = {kind: sum(whole for _, whole in runs) / len(runs) for kind, runs in found.items()}
    print(
        f"dask / local: {rates['dask'] / rates['local']:.2f} of the rows a second,"
        f" {wholes['local'] / wholes['dask']:.2f} with start and report;"
        f" load after: {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()

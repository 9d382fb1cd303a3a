"""How many students' pages a second of CPU renders and writes, and how large the class page is.

    python tests/bench/report.py [STUDENTS] [--profile]

The class is made up: 28 exercises (the course's own modules) of six checks each. Of a student's
exercises 85 % pass whole, 10 % miss one or two checks, with arrays or a traceback as evidence and
with a module that nobody else has, 3 % are the untouched stub, 2 % weren't handed in. CPU seconds
are this process's and its children's, reading and writing included; the pages go into a temporary
directory.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import re
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from grader import show
from grader.report import write_report
from grader.report.names import Names
from grader.report.student_page import pages
from grader.report.views import overview
from grader.results import (
    CheckResult,
    CheckSpec,
    ExerciseSpec,
    Results,
    Row,
    Run,
    from_json,
    to_json,
)
from grader.text import Text

ROOT = Path(__file__).parents[2]
CHECKS = 6
HINT = Text("Look at the threshold again: `tf.where` chooses.", "再看看阈值：用 `tf.where` 选择。")
UNWRITTEN = Text(
    "`f` isn't written yet: open `f.py`, replace `raise NotImplementedError` with your code",
    "`f` 还没有写：打开 `f.py`，把 `raise NotImplementedError` 换成你的代码",
)
TOPICS = ("values", "gradient", "serialization", "retracing", "training", "interface")


def exercises() -> list[tuple[ExerciseSpec, str, str]]:
    """(exercise, reference, stub) for each one of the course."""
    found = []
    for file in sorted(ROOT.glob("solutions/*/*.py")):
        name = file.parent.name
        if file.stem != name:
            continue
        checks = tuple(
            CheckSpec(f"test_{n}", Text(f"{name}, part {n}", f"{name}，第 {n} 项"), 2.0, topic)
            for n, topic in enumerate(TOPICS)
        )
        stub = (ROOT / "exercises" / name / file.name).read_text("utf-8")
        spec = ExerciseSpec(name, Text(name, f"练习 {name}"), 12.0, checks)
        found.append((spec, file.read_text("utf-8"), stub))
    return found


def own(source: str, rng: random.Random) -> str:
    """A module that nobody else has: other names in it, and lines of one's own."""
    names = sorted(set(re.findall(r"\b[a-z_]{4,12}\b(?= = )", source)))
    for name in rng.sample(names, min(3, len(names))):
        source = re.sub(rf"\b{name}\b", f"{name}_{rng.randrange(1000)}", source)
    lines = source.split("\n")
    for _ in range(4):
        place = rng.randrange(len(lines))
        lines.insert(place, f"# try {rng.random():.4f} here, the other way was wrong")
    return "\n".join(lines)


def missed(spec: CheckSpec, source: str, rng: random.Random) -> CheckResult:
    """A miss with what a check would tell about it."""
    if rng.random() < 0.3:
        lines = sorted(rng.sample(range(1, source.count("\n")), 2))
        evidence = {
            "asked": {"en": "`fit` for one epoch", "zh": "`fit` 训练一轮"},
            "traceback": f"f.py, line {lines[1]}, in call\n    x\nValueError: shapes {lines}",
            "lines": lines,
        }
    else:
        numbers = np.random.default_rng(rng.randrange(1 << 30))
        want = numbers.normal(size=(4, 3)).astype("float32")
        got = want + (numbers.random((4, 3)) < 0.3) * np.float32(0.5)
        got[0, 0] += 1
        _, first = show.difference(got, want, got != want)
        evidence = {
            "asked": {"en": "the loss of a (4, 3) batch", "zh": "形状 (4, 3) 的批次的损失"},
            "expected": show.value(want),
            "got": show.value(got),
            "first_difference": first,
            "symbols": re.findall(r"^def (\w+)", source, re.M)[:1],
        }
    text = Text(f"{rng.randrange(1, 12)} of 12 values differ", "12 个值中有几个不同")
    return CheckResult(
        spec.id, "failed", 0.0, 2.0, 0.03, message=text, hint=HINT, evidence=evidence
    )


def row(student: str, spec: ExerciseSpec, reference: str, stub: str, rng: random.Random) -> Row:
    """One submission."""
    chance = rng.random()
    if chance < 0.02:
        return Row(student, spec.id, "missing", 0.0, 12.0)
    source, wrong = own(reference, rng), 0
    if chance < 0.05:
        source, wrong = stub, CHECKS
    elif chance < 0.15:
        wrong = rng.choice((1, 2))
    misses = set(rng.sample(range(CHECKS), wrong))
    checks = tuple(
        CheckResult(check.id, "passed", 2.0, 2.0, rng.random())
        if n not in misses
        else CheckResult(check.id, "failed", 0.0, 2.0, 0.01, message=UNWRITTEN)
        if wrong == CHECKS
        else missed(check, source, rng)
        for n, check in enumerate(spec.checks)
    )
    points = 2.0 * (CHECKS - wrong)
    return Row(
        student, spec.id, "graded", points, 12.0, rng.random(),
        checks=checks, file=f"{spec.id}.py", source=source,
    )  # fmt: skip


def fabricated(students: int) -> Results:
    """The class; the same at every call."""
    rng = random.Random(7)
    course = exercises()
    rows = [row(f"student {n:04d}", *exercise, rng) for n in range(students) for exercise in course]
    run = Run("2026-03-01T12:30:05Z", 900.0, 7, 2, "cpu", "strict", {"grader": "0.1.0"})
    return Results(run, tuple(spec for spec, _, _ in course), tuple(rows))


def cpu(work: Callable[[], object]) -> tuple[float, float]:
    """(CPU seconds of this process and its children, wall clock seconds) of `work`."""

    def used() -> float:
        both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, both))

    before, clock = used(), time.monotonic()
    work()
    return used() - before, time.monotonic() - clock


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("students", nargs="?", type=int, default=2000)
    parser.add_argument(
        "--profile", action="store_true", help="say where rendering spends its time"
    )
    asked = parser.parse_args()
    results = from_json(to_json(fabricated(asked.students)))
    view = overview(results)
    count = asked.students * len(Names().languages)
    if asked.profile:
        with cProfile.Profile() as profile:
            for _ in pages(results, view, Names()):
                pass
        pstats.Stats(profile).sort_stats("tottime").print_stats(28)
        return
    sizes: list[int] = []
    rendered = cpu(lambda: sizes.extend(len(text) for _, _, text in pages(results, view, Names())))
    table = Table("what", "pages", "CPU s", "wall s", "pages per CPU s")
    table.add_row("render students' pages", str(count), *_row(count, *rendered))
    with tempfile.TemporaryDirectory() as folder:
        whole = cpu(lambda: write_report(results, Path(folder)))
        table.add_row("write the whole report", str(count), *_row(count, *whole))
        index = (Path(folder) / "index.html").stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console = Console()
    console.print(table)
    console.print(
        f"class page {index / 1e6:.2f} MB, a student's page {sum(sizes) / len(sizes) / 1e3:.0f} kB"
        f" on average, most memory {peak:.0f} MiB"
    )


def _row(count: int, used: float, wall: float) -> tuple[str, str, str]:
    return f"{used:.2f}", f"{wall:.2f}", f"{count / used:.0f}"


if __name__ == "__main__":
    main()

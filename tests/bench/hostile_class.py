"""Forty hostile submissions among 160 honest ones: `python tests/bench/hostile_class.py [JOBS]`.

Grades the honest ones alone, then all together, with the real command. Exit status 1 if a verdict
on an honest one differs, or if the batch takes longer than the hostile ones' budgets and a fifth.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ATTACKS = Path(__file__).parents[1] / "attacks"
sys.path.insert(0, str(ATTACKS))

from catalogue import Attack, load  # noqa: E402
from ground import Ground  # noqa: E402
from harness import home  # noqa: E402

HOSTILE, HONEST = 40, 160
BUDGET = 5.0
SEED = "7"
# Right, wrong, raising and unfinished ones; none of them hostile.
WORK = (
    "def square(x): return x * x",
    "import tensorflow as tf\ndef square(x): return tf.multiply(x, x)",
    "import tensorflow as tf\ndef square(x): return tf.math.square(x)",
    "import tensorflow as tf\n@tf.function\ndef square(x):\n    return x * x",
    "def square(x): return x + x",
    "def square(x): return abs(x) * x",
    "import numpy as np\ndef square(x): return np.square(x)",
    "def square(x):\n    raise NotImplementedError",
    "def cube(x): return x ** 3",
    "def square(x) return x",
)


def hostile() -> list[Attack]:
    """Forty attacks, spread evenly over all groups in turn."""
    groups: dict[str, list[Attack]] = {}
    for attack in load():
        groups.setdefault(attack.group, []).append(attack)
    chosen: list[Attack] = []
    step = 0
    while len(chosen) < HOSTILE:
        for found in groups.values():
            # From both ends: the last ones of a group are as worth trying as the first.
            at = step // 2 if step % 2 == 0 else len(found) - 1 - step // 2
            if step < len(found) and len(chosen) < HOSTILE:
                chosen.append(found[at])
        step += 1
    return chosen


def hand_in(folder: Path, ground: Ground, attacks: list[Attack]) -> None:
    """Writes a class; hostile and honest names alternate in the order of the alphabet."""
    values = ground.values([os.getpid()], home())
    for number in range(HONEST):
        student = folder / f"{number:03} honest"
        student.mkdir(parents=True)
        (student / "square.py").write_text(f"# {number}\n{WORK[number % len(WORK)]}\n")
    for number, attack in enumerate(attacks):
        student = folder / f"{number * HONEST // HOSTILE:03} {attack.group} {attack.name}"
        student.mkdir(parents=True)
        (student / "square.py").write_bytes(attack.text(values))


def grade(ground: Ground, folder: Path, jobs: str) -> tuple[dict[str, Any], float]:
    """The rows by student, and the seconds that the command took."""
    out = ground.root / f"out {folder.name}"
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "grader", "grade", str(folder), "--course", str(ground.course),
         "--exercise", "square", "--out", str(out), "--jobs", jobs, "--seed", SEED,
         "--budget", str(BUDGET), "--quiet"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    taken = time.monotonic() - begun
    if done.returncode != 0 or done.stderr:
        raise SystemExit(f"status {done.returncode}: {done.stderr}")
    results = json.loads((out / "results.json").read_text("utf-8"))
    return {row["student"]: row for row in results["results"]}, taken


def verdict(row: dict[str, Any]) -> Any:
    """What must not change: everything but how long it took."""
    checks = [(c["id"], c["outcome"], c["points"], c["message"]) for c in row["checks"]]
    return row["status"], row["points"], row.get("reason"), checks


def main() -> None:
    """Prints times, budgets and differences."""
    jobs = sys.argv[1] if len(sys.argv) > 1 else "2"
    attacks = hostile()
    ground = Ground()
    try:
        hand_in(ground.root / "alone", ground, [])
        hand_in(ground.root / "together", ground, attacks)
        alone, alone_seconds = grade(ground, ground.root / "alone", jobs)
        together, seconds = grade(ground, ground.root / "together", jobs)
    finally:
        ground.close()
    differ = [name for name, row in alone.items() if verdict(row) != verdict(together[name])]
    budgets = len(attacks) * BUDGET
    gained = [
        name
        for name, row in together.items()
        if name not in alone and row["points"] > attacks_by_name(attacks)[name.split(" ", 1)[1]]
    ]
    print(f"{len(alone)} honest alone: {alone_seconds:.1f} s with --jobs {jobs}")
    print(f"with {len(attacks)} hostile among them: {seconds:.1f} s")
    print(f"sum of the hostile budgets {budgets:.0f} s, and a fifth: {budgets * 1.2:.0f} s")
    print(f"verdicts on honest ones that differ: {len(differ)} {differ}")
    print(f"hostile ones with more points than they deserve: {len(gained)} {gained}")
    counts: dict[str, int] = {}
    for name, row in together.items():
        if name not in alone:
            key = " ".join(check["outcome"] for check in row["checks"]) or row["status"]
            counts[key] = counts.get(key, 0) + 1
    for key, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"  {count:3} hostile: {key}")
    if differ or gained or seconds > budgets * 1.2:
        raise SystemExit(1)


def attacks_by_name(attacks: list[Attack]) -> dict[str, float]:
    """What each deserves, by the name it is handed in under."""
    return {f"{attack.group} {attack.name}": attack.deserves for attack in attacks}


if __name__ == "__main__":
    main()

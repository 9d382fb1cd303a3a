"""Random kills: every verdict present afterwards, equal to an undisturbed run's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from .ground import SEED, assert_tidy, call, command, make_class, make_course, verdicts

# A quarter of what was once shown, 204, so that all tests together end within the hour:
# `GRADER_KILLS=204 python3 -m pytest tests/faults/test_kills.py` is the whole of it.
KILLS = int(os.environ.get("GRADER_KILLS", "51"))
SCRIPT = Path(__file__).with_name("kills.py")
SEEDS = (1, 2, 3)  # one harness each, side by side: most of the time each waits for something


def test_random_kills(open_folder: Path) -> None:
    """Grader, jobs, zygotes, walls and workers are killed, the same command goes on each time.

    See `kills.py` for all that is asserted on the way. Each harness prints its seed.
    """
    make_class(open_folder / "class")
    course = make_course(open_folder / "course")
    (open_folder / "tmp").mkdir(0o755)
    out = open_folder / "undisturbed"
    arguments = command(open_folder / "class", course, out, "--seed", str(SEED))
    done = call(arguments, open_folder / "tmp")
    assert done.returncode == 0, done.stderr
    assert_tidy(out, open_folder / "tmp")
    found = verdicts(out)
    assert len(found) == 46
    assert {row[0] for row in found.values()} == {"graded", "missing", "unreadable"}

    harnesses = [
        subprocess.Popen(
            [
                sys.executable,
                str(SCRIPT),
                "--kills",
                str(KILLS // len(SEEDS)),
                "--seed",
                str(seed),
                "--ground",
                str(open_folder),
                "--work",
                str(open_folder / f"harness{seed}"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for seed in SEEDS
    ]
    said = [harness.communicate()[0] for harness in harnesses]
    for harness, text in zip(harnesses, said, strict=True):
        print(text)
        assert harness.returncode == 0, text
    kills: Counter[str] = Counter()
    for text in said:
        kills.update(json.loads(text.splitlines()[-1])["kills"])
    assert kills.total() >= KILLS
    assert min(kills[kind] for kind in ("grader", "job", "zygote", "worker")) >= KILLS // 15, kills

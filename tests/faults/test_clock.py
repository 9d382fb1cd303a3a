"""A clock that jumps a day back or a year ahead at any moment changes nothing but the date."""

from __future__ import annotations

import json
from pathlib import Path

from .ground import (
    RESULTS,
    SEED,
    assert_tidy,
    assert_whole,
    call,
    command,
    hand_in,
    make_course,
    verdicts,
)

# Read by Python itself at its start, in the grader as well as in its jobs. Workers have no part in
# it: they are started without the environment, and no deadline is kept there.
_JUMPING = """
import datetime, os, random, time
at = random.Random(os.getpid())
real, real_ns = time.time, time.time_ns
JUMPS = (0, -86_400, 365 * 86_400, -3_600, 60)

def shifted():
    with open(os.environ["JUMPED"], "a") as file:
        file.write("x")
    return at.choice(JUMPS)

time.time = lambda: real() + shifted()
time.time_ns = lambda: real_ns() + shifted() * 1_000_000_000

class Jumping(datetime.datetime):
    __slots__ = ()

    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=shifted())

datetime.datetime = Jumping
"""


def test_a_clock_that_jumps(open_folder: Path) -> None:
    """Between any two looks at it: the same verdicts, no negative time, no hang, no complaint."""
    handed_in, temporary, jumped = (open_folder / name for name in ("class", "tmp", "jumped"))
    temporary.mkdir(0o755)
    (open_folder / "early").mkdir()
    (open_folder / "early" / "sitecustomize.py").write_text(_JUMPING)
    course = make_course(open_folder / "course")
    for number, kind in enumerate(("right", "cube", "detached", "loop", "gone", "raises")):
        hand_in(handed_in / f"s{number}" / "square.py", kind, number)
    arguments = [handed_in, course]
    steady, jumping = open_folder / "steady", open_folder / "jumping"
    done = call(command(*arguments, steady, "--seed", str(SEED)), temporary)
    assert done.returncode == 0, done.stderr
    shown = {"PYTHONPATH": str(open_folder / "early"), "JUMPED": str(jumped)}
    # A first run that grades, and one that knows everything.
    for known in (False, True):
        done = call(command(*arguments, jumping, "--seed", str(SEED)), temporary, **shown)
        assert done.returncode == 0, done.stderr
        assert "warning" not in done.stderr.lower()
        assert verdicts(jumping) == verdicts(steady)
        assert_whole(jumping)
        assert_tidy(jumping, temporary)
        document = json.loads((jumping / RESULTS).read_text("utf-8"))
        assert all(row["cached"] is known for row in document["results"] if row["checks"])
        assert document["run"]["seconds"] >= 0
        seconds = [row["seconds"] for row in document["results"]]
        seconds += [check["seconds"] for row in document["results"] for check in row["checks"]]
        assert min(seconds) >= 0
    assert len(jumped.read_text()) > 20, "the clock wasn't looked at, so nothing was tried"

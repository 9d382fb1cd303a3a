"""Kills processes of the grader at random moments, and compares what comes of it.

`python tests/faults/kills.py --kills N --seed S --ground DIR --work DIR`

DIR of `--ground` holds `class`, `course` and `undisturbed`, the OUT of a run nobody disturbed.
The real command is started; the grader, a job, a zygote, its wall or a worker is killed, again and
again; a killed grader is started again. Each OUT is disturbed some ten times and then carried out
to its end. Whatever must hold is an assertion; the last line of output is a summary in JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import IO

from ground import (
    RESULTS,
    SEED,
    Key,
    Verdict,
    assert_tidy,
    assert_whole,
    cached,
    command,
    stored,
    verdicts,
)
from processes import adopt_orphans, bury, by_kind, descendants, kill

# How often, and within how many seconds after the first of its kind was seen: so each is killed
# in every phase of a run, while it starts as well as at work.
_KINDS = {
    "grader": (18, 5.0),
    "job": (15, 3.0),
    "zygote": (15, 2.0),
    "wall": (5, 2.0),
    "worker": (45, 0.1),
    "tracker": (2, 2.0),
}
_SECOND_BLOW = 0.5  # how often another of its processes is killed in the same instant
_ALSO = ("job", "zygote", "worker")
_KILLS_PER_OUT = (10, 22)
_POLL_SECONDS = 0.03
_LOOK_SECONDS = 12.0  # for a process of the kind that was drawn
_END_SECONDS = 30.0
_LINES = ("grader: nothing could be graded: ", "result(s) could not be made")


class Harness:
    """One grading after the other in OUTs of its own, disturbed as its random numbers say."""

    def __init__(self, ground: Path, work: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.ground = ground
        self.work = work
        self.expected = verdicts(ground / "undisturbed")
        self.kills: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.temporary = work / "tmp"
        self.temporary.mkdir(parents=True)
        self.temporary.chmod(0o755)  # workers with uids of their own pass through it

    def disturb(self, out: Path, most: int) -> None:
        """Grades into a fresh OUT with `most` kills on the way, then to the end, and compares."""
        planned = sum(self.kills.values()) + most
        known: dict[Key, Verdict] = {}
        while True:
            before = stored(out) if out.exists() else {}
            status, kills, said = self._run(out, planned)
            self.counts["runs"] += 1
            self._examine(out, known, said)
            if kills["grader"] and status < 0:
                continue
            if status == 0:
                break
            assert status == 3, f"status {status}: {said}"
            assert kills, f"a fault, and nobody disturbed this run: {said}"
            assert any(line in said for line in _LINES), said
            self.counts["runs with faults"] += 1
            self._compare_what_is_no_fault(out)
        assert verdicts(out) == self.expected
        self.counts["verdicts compared"] += len(self.expected)
        lost = before.keys() - cached(out)
        assert not lost, f"known before the last run, and graded again: {sorted(lost)}"
        self._nobody_left()
        assert_tidy(out, self.temporary)
        self.counts["gradings"] += 1

    def _run(self, out: Path, planned: int) -> tuple[int, Counter[str], str]:
        """One call of the command: status, kills by kind, and what it wrote to stderr."""
        arguments = command(self.ground / "class", self.ground / "course", out, "--seed", str(SEED))
        kills: Counter[str] = Counter()
        with (self.work / "stderr").open("w+") as stderr:
            grader = _start(arguments, self.temporary, stderr)
            while grader.poll() is None:
                if sum(self.kills.values()) < planned:
                    killed = self._strike(grader)
                    kills.update(killed)
                    self.kills.update(killed)
                else:
                    _wait(grader, _POLL_SECONDS)
                bury(grader.pid)
            stderr.seek(0)
            return grader.returncode, kills, stderr.read()

    def _strike(self, grader: subprocess.Popen[bytes]) -> list[str]:
        """The kinds of what was killed: nothing if there was none of the kind that was drawn."""
        weights = [weight for weight, _ in _KINDS.values()]
        kind = self.random.choices(list(_KINDS), weights)[0]
        end = time.monotonic() + _LOOK_SECONDS
        while kind not in by_kind(grader.pid) and time.monotonic() < end:
            if _wait(grader, _POLL_SECONDS):
                return []
        if _wait(grader, self.random.uniform(0.0, _KINDS[kind][1])):
            return []
        found = [(k, pid) for k, pids in sorted(by_kind(grader.pid).items()) for pid in pids]
        drawn = [one for one in found if one[0] == kind]
        victims = [self.random.choice(drawn)] if drawn else []
        others = [one for one in found if one not in victims and one[0] in _ALSO]
        if victims and others and self.random.random() < _SECOND_BLOW:
            victims.append(self.random.choice(others))
        return [k for k, pid in victims if kill(pid)]

    def _examine(self, out: Path, known: dict[Key, Verdict], said: str) -> None:
        """What holds after every run, however it ended."""
        assert "Traceback" not in said, said
        if not out.exists():  # killed before it came to that
            return
        assert_whole(out)
        if (out / RESULTS).exists():
            assert verdicts(out).keys() == self.expected.keys()
        now = stored(out)
        assert known.items() <= now.items(), "what was final is gone or has changed"
        wrong = {key: row for key, row in now.items() if row != self.expected[key]}
        assert not wrong, f"final, and not what it should be: {wrong}"
        known.update(now)

    def _compare_what_is_no_fault(self, out: Path) -> None:
        if not (out / RESULTS).exists():
            return
        for key, found in verdicts(out).items():
            expected = self.expected[key]
            if found[0] != "grader_error":
                assert found == expected, (key, found, expected)
            for one, other in zip(found[2:], expected[2:], strict=True):
                assert one == other or one[1] in ("grader_error", "not_run"), (key, found)

    def _nobody_left(self) -> None:
        end = time.monotonic() + _END_SECONDS
        while descendants(os.getpid()) and time.monotonic() < end:
            bury(0)
            time.sleep(_POLL_SECONDS)
        assert not descendants(os.getpid()), "processes outlive their grader"


def _start(arguments: list[str], temporary: Path, stderr: IO[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip


def _wait(grader: subprocess.Popen[bytes], seconds: float) -> bool:
    """Lets time go by; True as soon as the grader has ended."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        grader.wait(seconds)
    return grader.returncode is not None


def main() -> None:
    """Kills until enough have been killed, and prints the summary."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--ground", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    adopt_orphans()
    begun = time.monotonic()
    harness = Harness(given.ground, given.work, given.seed)
    for number in itertools.count():
        left = given.kills - sum(harness.kills.values())
        if left <= 0:
            break
        out = given.work / f"out{number}"
        harness.disturb(out, min(left, harness.random.randint(*_KILLS_PER_OUT)))
        shutil.rmtree(out)
        print(f"{time.monotonic() - begun:.0f} s: {dict(harness.kills)}", flush=True)
    print(json.dumps({"kills": harness.kills, "counts": harness.counts}))


if __name__ == "__main__":
    sys.exit(main())

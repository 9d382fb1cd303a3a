"""Looks at everything before and after an attack; what differs is what the attack achieved."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue import WITNESSES, Attack
from ground import Ground, eventually, holds_token, how_is
from readers import deceived
from watcher import descendants

from grader.results import ExerciseSpec, Row

OUTCOMES = frozenset(
    (
        "passed",
        "failed",
        "forbidden",
        "timeout",
        "out_of_memory",
        "crashed",
        "not_run",
        "unreadable",
    )
)
# More than this shows from outside that nothing held a resource. Each lies above the wall's own
# limit, by what a process may take between two looks of the grader; an attack goes beyond.
BOUNDS = {
    "mb": 2_000,  # of one process; the limit is 1,500
    "grader_mb": 700,  # growth of the grader itself; a frame holds up to 64 MB
    "threads": 3_000,  # the limit is 512; a user without uids to give has only the watch
    "descriptors": 300,  # 256
    "files": 20_000,  # 5,000
    "disk_mb": 1_200,  # 512
    "shared_mb": 1_200,  # of the machine; 512 where scratch is kept in memory
    "processes": 12,  # more than before: the zygote with what starts it, workers, a removal
    "seconds": 60.0,  # of a whole row: the limit is 5, on a machine that does nothing else
}
MATES_SCRATCH = "scratch-mate"
_SET_CHILD_SUBREAPER = 36


@dataclass
class Report:
    """What came of one attack.

    Attributes:
        row: None if there was none.
        honest: the row of the honest submission after it.
        by_naive: it was the naive grader that was attacked.
        naive: what that one said.
        harmed: processes that aren't any more what they were.
        seen: for each witness what it saw; nothing means that the attack achieved nothing.
    """

    row: Row | None = None
    honest: Row | None = None
    by_naive: bool = False
    naive: dict[str, Any] = field(default_factory=dict)
    harmed: set[int] = field(default_factory=set)
    seen: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in WITNESSES})

    @property
    def achieved(self) -> dict[str, list[str]]:
        """The witnesses that saw something."""
        return {name: what for name, what in self.seen.items() if what}

    @property
    def outcomes(self) -> list[str]:
        """How the checks of the attack's row ended; `unreadable` for one that wasn't taken."""
        if self.row is None:
            return []
        return [check.outcome for check in self.row.checks] or [self.row.status]

    def look_at_rows(self, attack: Attack, ground: Ground, exercise: ExerciseSpec) -> None:
        """What the rows tell about the attack."""
        seen, row, honest = self.seen, self.row, self.honest
        if honest is None or honest.points != honest.max_points:
            seen["neighbour"].append(f"the honest submission's row: {honest}")
        if row is None:
            seen["neighbour"].append("the attack has no row")
            return
        text = repr(row)
        if holds_token(text, ground.token):
            seen["loot"].append("the token is in the row")
        if ground.worked in text:
            seen["told"].append("it said so")
        seen["disguised"] += deceived(row, exercise)
        if row.points > attack.deserves:
            seen["mark"].append(f"{row.points} points")
        if row.seconds > BOUNDS["seconds"]:
            seen["swollen"].append(f"{row.seconds:.1f} seconds")
        if not OUTCOMES.issuperset(self.outcomes):
            seen["neighbour"].append(f"outcomes {self.outcomes}: {row}")


class Watcher:
    """The process that looks at what this one's descendants use, see watcher.py."""

    def __init__(self, folder: Path) -> None:
        program = str(Path(__file__).with_name("watcher.py"))
        self._process = subprocess.Popen(
            [sys.executable, "-I", program, str(os.getpid()), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def round(self) -> dict[str, float]:
        """Ends a round; the most that was seen in it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        peaks: dict[str, float] = json.loads(self._process.stdout.readline())
        return peaks

    def close(self) -> None:
        """Ends it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Surroundings:
    """How everything was before an attack.

    Args:
        zygote: the process that was started for it.
        victims: out here; those beside an open zygote are found below it.
    """

    def __init__(
        self, ground: Ground, watcher: Watcher, zygote: int, victims: Iterable[int]
    ) -> None:
        self._ground, self._watcher = ground, watcher
        ground.listeners.heard()
        self.files = ground.files()
        self._elsewhere = ground.elsewhere()
        harmable = [*victims, zygote, *descendants(zygote), os.getpid()]
        self._harmable = {pid: how_is(pid) for pid in harmable}
        self._processes = descendants(os.getpid())
        self._descriptors = len(os.listdir("/proc/self/fd"))
        watcher.round()

    def compare(self, report: Report, zygote: Path, *, lost: bool) -> None:
        """Reports what is different now.

        Args:
            zygote: where the zygote keeps what belongs to it.
            lost: it isn't the one that there was before.
        """
        seen, ground = report.seen, self._ground
        bounds = {**BOUNDS, "processes": BOUNDS["processes"] + len(self._processes)}
        peaks = self._watcher.round()
        seen["swollen"] += [f"{n}: {peak}" for n, peak in peaks.items() if peak > bounds[n]]
        if lost:
            seen["victim"].append("the zygote was lost")
            seen["neighbour"].append("the zygote was lost")
        for pid, was in self._harmable.items():
            if (now := how_is(pid)) != was:
                report.harmed.add(pid)
                seen["victim"].append(f"process {pid}: {was} became {now}")
        if not lost:  # otherwise all that there was has ended with it
            seen["survivor"] += _survivors(self._processes)
            open_now = len(os.listdir("/proc/self/fd"))
            if open_now > self._descriptors:
                seen["neighbour"].append(f"descriptors: {self._descriptors} became {open_now}")
        seen["survivor"] += [
            f"left: {folder}" for folder in zygote.glob("scratch-*") if folder.name != MATES_SCRATCH
        ]
        seen["marker"] += _differences(self.files, ground.files())
        seen["marker"] += sorted(set(ground.elsewhere()) - set(self._elsewhere))
        if (zygote / MATES_SCRATCH / "notes").read_text() != ground.token:
            seen["marker"].append("another worker's scratch was changed")
        for kind, data in ground.listeners.heard():
            seen["heard"].append(f"{kind}: {data[:100]!r}")
            if holds_token(data.decode("latin-1"), ground.token):
                seen["loot"].append(f"{kind}: the token")
        seen["loot"] += ground.loot_in_output()


def _survivors(before: set[int]) -> list[str]:
    left: set[int] = set()

    def all_gone() -> bool:
        left.clear()
        left.update(reap_orphans(descendants(os.getpid()) - before))
        return not left

    # What was killed takes a moment to go; what lives on is there after any while.
    if eventually(all_gone, patience=3.0):
        return []
    return [f"process {pid}: {command_of(pid)}" for pid in left]


def reap_orphans(pids: set[int]) -> set[int]:
    """Those that are there; what has ended and waited for this process to notice is let go."""
    left = set()
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as stream:
                state, parent = stream.read().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state == "Z" and int(parent) == os.getpid():
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        left.add(pid)
    return left


def command_of(pid: int) -> str:
    """A process's command line, a space after each word; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def contents(folder: Path) -> list[tuple[str, bytes]]:
    """Path and bytes of each file in a directory."""
    return [(str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file()]


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [
        f"{path}: {before.get(path)} became {after.get(path)}"
        for path in sorted(set(before) | set(after))
        if before.get(path) != after.get(path)
    ]


@contextlib.contextmanager
def subreaper() -> Iterator[None]:
    """Processes whose parent has ended become children of this one, so that none gets lost."""
    prctl = ctypes.CDLL(None).prctl
    prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

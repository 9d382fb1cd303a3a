"""Hands an attack in beside an honest submission, and has the witnesses look at what it did.

`Bench` grades with the real engine: `wall=True` as it is, `wall=False` with workers that aren't
walled in, in a throw-away place.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from catalogue import Attack
from ground import HONEST, Ground, Victims, eventually, holds_token
from readers import deceived_naively, described
from throw_away import (
    HERE,
    PATIENT,
    OpenZygote,
    home,
    no_outer_wall,
    no_watch,
    throw_away,
    why_no_throw_away,
)
from watcher import descendants
from witnesses import (
    MATES_SCRATCH,
    Report,
    Surroundings,
    Watcher,
    command_of,
    contents,
    reap_orphans,
    subreaper,
)

from grader import course as courses
from grader import shard
from grader.engine.config import EngineConfig
from grader.engine.zygote import Zygote
from grader.job import Job
from grader.results import Row
from grader.sandbox.levels import Level
from grader.submissions import collect, find_students

__all__ = ["HONEST", "Bench", "Report", "why_no_throw_away"]

LIMITS = courses.Limits(check_seconds=3.0, submission_seconds=5.0, memory_mb=1500)
_HARM = ("victim", "neighbour", "survivor")  # whoever is harmed so is of no use any more
_NAIVE_SECONDS = 120.0
_UIDS = 16  # of one zygote


class _Process(shard.Process):
    """Counts the zygotes that were lost, and starts the kind that the bench wants."""

    def __init__(
        self, ground: Ground, config: EngineConfig, kind: Callable[[EngineConfig, Path], Zygote]
    ) -> None:
        super().__init__(ground.course, config, ground.work)
        self.seed = secrets.randbelow(1 << 31)
        self.lost = 0
        self.staged: list[tuple[str, bytes]] = []
        self._ground, self._kind = ground, kind

    def zygote(self) -> Zygote:
        if self._zygote is not None and not self._zygote.alive():
            self.lost += 1
            self._zygote.close()
            self._zygote = None
        if self._zygote is None:
            self._zygote = self._kind(self.config, self.work)
            # What lies beside a worker's own: another's scratch and another's module.
            scratch = self._zygote.root / MATES_SCRATCH
            scratch.mkdir()
            (scratch / "notes").write_text(self._ground.token)
            self._zygote.stage("square.py", self._ground.mate_text)
            self._keep_staged(self._zygote)
        return self._zygote

    def _keep_staged(self, zygote: Zygote) -> None:
        """Has what was staged looked at once more, in the moment before it is removed."""
        unstage = zygote.unstage

        def look_and_unstage(file: Path) -> None:
            self.staged += contents(file.parent)
            unstage(file)

        zygote.unstage = look_and_unstage  # type: ignore[method-assign]


class Bench:
    """A ground, a zygote and its victims; runs one attack after the other.

    Args:
        wall: whether workers are walled in.
        outer: whether the outer wall is used where there is one; the inner must hold by itself.
    """

    def __init__(self, *, wall: bool, outer: bool = True) -> None:
        self.wall = wall
        # What other tests in this process keep running, such as a zygote of theirs.
        self._others = frozenset(descendants(os.getpid()))
        self._undo = contextlib.ExitStack()
        self._undo.enter_context(subreaper())
        if not wall:
            self._undo.enter_context(no_watch())
        if not outer:
            self._undo.enter_context(no_outer_wall())
        self._start()

    @property
    def outer(self) -> bool:
        """Whether there is an outer wall."""
        return self.wall and self.process.zygote()._capabilities.outer is not None

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self) -> None:
        self.ground = Ground()
        kind = Zygote if self.wall else type("_Here", (OpenZygote,), {"ground": self.ground})
        config = EngineConfig(Level.STRICT, LIMITS if self.wall else PATIENT)
        self.process = _Process(self.ground, config, kind)
        self.square = self.process.course.by_id("square")
        (specs,) = shard.collect([self.square]).values()
        self._described = described("square", specs, self.square.title)
        claimed = self.process.zygote()._uids
        self.own_uids = claimed is not None
        self._victims: Victims | None = None
        if self.wall:
            uids = range(claimed.first, claimed.first + _UIDS) if claimed is not None else ()
            self._victims = Victims(self.ground, uids)
            self.victims = self._victims.pids
        else:
            self._note_victim()
        self._watcher = Watcher(self.ground.work)
        honest: dict[str, Row] = {}
        self._grade([self._job("honest", HONEST)], honest)
        assert honest["honest"].points == 10.0, honest

    def close(self) -> list[str]:
        """Ends everything; what is left of it, which should be nothing."""
        left = self._end()
        self._undo.close()
        return left

    def _end(self) -> list[str]:
        self.process.close()
        if self._victims is not None:
            self._victims.close()
        self._watcher.close()
        with contextlib.suppress(FileNotFoundError):
            (self.ground.work / "victim").unlink()
        left = [f"left: {name}" for name in os.listdir(self.ground.work)]
        self.ground.close()
        eventually(lambda: not reap_orphans(self._own()))
        return [*left, *(f"process {pid}" for pid in sorted(self._own()))]

    def _own(self) -> set[int]:
        """Processes below this one that weren't there before the bench."""
        return descendants(os.getpid()) - self._others

    def mend(self, report: Report) -> None:
        """Makes good what the last attack has done, if it succeeded."""
        self.ground.mend(self._before.files)
        if report.by_naive or not any(report.seen[name] for name in _HARM):
            return
        if not self.wall and report.harmed == {self._number} and not report.seen["neighbour"]:
            # Another victim takes its place.
            if self._victim() == self._number:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._number, signal.SIGKILL)
            self._note_victim(self.victims)
        else:
            self._end()
            self._start()

    def why_not(self, attack: Attack) -> str:
        """Why an attack isn't tried here; empty if it is."""
        if attack.needs == "outer wall" and self.wall and not self.outer:
            return "only the outer wall holds it, and the report says so where there is none"
        if attack.needs == "x86_64" and platform.machine() != "x86_64":
            return "it is for another processor"
        return ""

    # -- one attack --------------------------------------------------------------------------------

    def run(self, attack: Attack) -> Report:
        """Hands `attack` in, then an honest submission; looks at everything before and after."""
        text = attack.text(self.ground.values(self.victims, home()))
        zygote = self.process.zygote()
        out_here = self._victims.pids if self._victims is not None else ()
        self._number, lost = self._victim(), self.process.lost
        self._before = Surroundings(self.ground, self._watcher, zygote._process.pid, out_here)
        naive = attack.control == "naive" and not self.wall
        report = self._naive(attack, text) if naive else self._graded(attack, text)
        zygote = self.process.zygote()
        zygote.removals.finish()
        report.seen["marker"] += self._staged_amiss(text)
        self._before.compare(report, zygote.root, lost=self.process.lost > lost)
        return report

    def _graded(self, attack: Attack, text: bytes) -> Report:
        """The rows of an attack and of an honest submission after it."""
        report = Report()
        rows: dict[str, Row] = {}
        try:
            jobs = [*self._handed_in(attack, text, rows), self._job("honest", HONEST)]
            self._grade(jobs, rows)
        except Exception as error:
            report.seen["neighbour"].append(f"the batch broke: {type(error).__name__}: {error}")
        report.row, report.honest = rows.get("attack"), rows.get("honest")
        report.look_at_rows(attack, self.ground, self._described)
        if not self.wall and "timeout" in report.outcomes:
            report.seen["swollen"].append("it was still running when the harness had waited enough")
        return report

    def _handed_in(self, attack: Attack, text: bytes, rows: dict[str, Row]) -> list[Job]:
        """What the intake makes of the file: a job, or a row that says why there is none."""
        with tempfile.TemporaryDirectory(prefix="class-") as folder:
            file = Path(folder, self._student(attack), "square.py")
            file.parent.mkdir()
            file.write_bytes(text)
            (student,) = find_students(Path(folder))
            (taken,) = collect(student, {"square": self.square.symbols})
        if taken.status != "ready":
            rows["attack"] = Row(
                student.name, "square", "unreadable", 0.0, 10.0,
                reason=taken.reason, notes=taken.notes,
            )  # fmt: skip
            return []
        return [replace(self._job("attack", taken.source), student=student.name, notes=taken.notes)]

    def _student(self, attack: Attack) -> str:
        return attack.student.replace("@NAME@", self.ground.name)

    def _grade(self, jobs: list[Job], rows: dict[str, Row]) -> None:
        """A shard's work: pytest within pytest, which forgets which test it was in."""
        before = dict(os.environ)
        try:
            shard.run(self.process, self.process.seed, jobs, rows.__setitem__)
        finally:
            os.environ.clear()
            os.environ.update(before)

    def _job(self, key: str, source: bytes) -> Job:
        return Job(key, key, "square", source, "square.py", None, ())

    def _staged_amiss(self, text: bytes) -> list[str]:
        """Staged modules that aren't any more what was handed in, and files beside them."""
        handed_in = {text, HONEST, self.ground.mate_text, self.square.solution.read_bytes()}
        found = list(self.process.staged)
        self.process.staged.clear()
        for folder in self.process.zygote().root.glob("submission-*"):
            found += contents(folder)
        return [
            f"{path}: staged, and changed"
            for path, content in found
            if os.path.basename(path) != "square.py" or content not in handed_in
        ]

    def _note_victim(self, not_these: Sequence[int] = ()) -> None:
        """The number of the victim beside the zygote, as it is known in there."""
        note = self.ground.work / "victim"
        assert eventually(lambda: note.exists() and int(note.read_text()) not in not_these)
        self.victims = [int(note.read_text())]

    def _victim(self) -> int:
        """The same victim's number out here; 0 if there is none."""
        secret = f"{self.ground.canary} "
        return next((p for p in descendants(os.getpid()) if command_of(p).endswith(secret)), 0)

    # -- the naive grader --------------------------------------------------------------------------

    def _naive(self, attack: Attack, text: bytes) -> Report:
        """The same by a grader that runs submissions in its own process, see naive.py."""
        report = Report(by_naive=True)
        seen = report.seen
        file = self.ground.work / "square.py"
        file.write_bytes(text)
        command = [*throw_away(self.ground), sys.executable, "-B", str(HERE / "naive.py")]
        graded: dict[str, Any] = {}
        said = ""
        try:
            done = subprocess.run(
                [*command, str(file), str(self.ground.root)],
                capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                errors="replace", timeout=_NAIVE_SECONDS,
            )  # fmt: skip
            said = done.stdout + done.stderr[-4000:]
            graded = report.naive = json.loads(done.stdout.strip().splitlines()[-1])
        except subprocess.TimeoutExpired:
            seen["swollen"].append("it never ended")
            seen["neighbour"].append("the next one was never graded")
        except (ValueError, IndexError):
            seen["neighbour"].append(f"the grader broke: {said[-1000:]}")
        finally:
            file.unlink()
        points, words = graded.get("points", 0), str(graded.get("detail", ""))
        if points > attack.deserves:
            seen["mark"].append(f"{points} points")
        if graded.get("neighbour", 10) < 10 or graded.get("ok") is False:
            seen["neighbour"].append(f"{graded}")
        seen["disguised"] += deceived_naively(self._student(attack), points, words)
        if holds_token(said, self.ground.token):
            seen["loot"].append("the token was printed")
        if self.ground.worked in said:
            seen["told"].append("it said so")
        return report

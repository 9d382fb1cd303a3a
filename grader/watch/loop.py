"""The watcher: which file is checked when, and what is shown of it.

What was saved is checked first. On the path through the course (no file named) it then goes on, as
`grader check` does, to the first exercise in the course's order that isn't done; what passes is
remembered until its file is saved again.
"""

from __future__ import annotations

import os
import queue
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import Course
from grader.errors import EngineError
from grader.selfcheck import done, progress
from grader.watch import words
from grader.watch.events import Ended, Event, Lost, Ready, Saved, Told
from grader.watch.job import Job, Verdict, under_way, verdict
from grader.watch.saves import Saves
from grader.watch.show import Screen
from grader.watch.targets import Target, targets_of
from grader.watch.warm import Warm, warm_processes

_TICK = 0.5  # seconds; a look at the clock for a check that doesn't come back


@dataclass(slots=True)
class _Run:
    target: Target
    job: Job
    begun: float
    told: bool = False


class Watcher:
    """Watches until it is interrupted.

    Args:
        files: as for `grader check`; none: the path through the course.
    """

    def __init__(self, course: Course, files: Sequence[Path], screen: Screen) -> None:
        self._course = course
        self._walks = not files
        self._targets = targets_of(course, files)
        self._screen = screen
        self._events: queue.Queue[Event] = queue.Queue()
        self._verdicts: dict[Target, Verdict] = {}
        self._waiting: list[Target] = []
        self._asked_at: dict[Target, float] = {}
        self._running: _Run | None = None
        self._runs = 0
        self._ready = False
        self._page_is_old = False

    @property
    def passing(self) -> int:
        """How many files passed when they were checked last."""
        return sum(found.passed for found in self._verdicts.values())

    @property
    def total(self) -> int:
        """How many files are watched."""
        return len(self._targets)

    def watch(self) -> None:
        """Checks, and goes on checking; ended by a KeyboardInterrupt.

        Raises:
            EngineError: TensorFlow can't be loaded.
        """
        affected: dict[Path, list[Target]] = {}
        for target in self._targets:
            for file in (target.file, *target.beside):
                affected.setdefault(file, []).append(target)
        with tempfile.TemporaryDirectory(prefix="grader-watch-") as name:
            self._folder = Path(name)
            self._warm: Warm = warm_processes(self._events.put, self._folder)
            saves = Saves(affected, self._events.put)
            saves.start()
            try:
                self._screen.say(words.LOADING)
                self._waiting = list(self._targets[:1] if self._walks else self._targets)
                self._next()
                while True:
                    self._serve(affected)
            finally:
                saves.stop()
                self._warm.close()
                saves.join()

    def _serve(self, affected: dict[Path, list[Target]]) -> None:
        try:
            event = self._events.get(timeout=_TICK)
        except queue.Empty:
            self._look_at_the_clock()
            return
        match event:
            case Saved(files, at):
                touched = {target for file in files for target in affected[file]}
                self._saved([target for target in self._targets if target in touched], at)
            case Ready():
                self._ready = True
                if self._running is not None and not self._verdicts:
                    self._running.begun = max(self._running.begun, time.monotonic())
            case Ended(run, status):
                if self._running is not None and self._running.job.run == run:
                    self._finished(self._running, status)
            case Told(text):
                self._screen.say(text)
            case Lost(said):
                self._lost(said)

    def _saved(self, targets: Sequence[Target], at: float) -> None:
        for target in targets:
            self._verdicts.pop(target, None)
            self._asked_at[target] = at
        first = list(targets)
        run, self._running = self._running, None
        if run is not None:
            self._warm.stop()
            if not self._walks and run.target not in targets:
                first.append(run.target)
        self._waiting = first + [target for target in self._waiting if target not in first]
        self._page_is_old = True
        self._next()

    def _next(self) -> None:
        """Begins the next check, if there is one to make."""
        while self._waiting:
            target = self._waiting.pop(0)
            if target.file.is_file():
                self._begin(target)
                return
            self._turn_over(target)
            self._verdicts[target] = Verdict(False)
            self._screen.say(words.gone(shown(target.file)))

    def _begin(self, target: Target) -> None:
        self._runs += 1
        folder = self._folder / f"run-{self._runs}"
        folder.mkdir()
        job = Job(
            run=self._runs,
            course=str(self._course.root),
            exercise=target.exercise.id,
            file=str(target.file),
            folder=str(folder),
            lang=self._screen.lang,
            colour=self._screen.colour,
            columns=self._screen.columns,
        )
        begun = self._asked_at.pop(target, time.monotonic())
        self._running = _Run(target, job, begun)
        self._warm.start(job)
        if self._ready:
            self._screen.wait_for(words.checking(shown(target.file)))

    def _finished(self, run: _Run, status: int) -> None:
        self._running = None
        found = self._verdicts[run.target] = verdict(run.job, status)
        _empty(run.job)
        seconds = time.monotonic() - run.begun
        self._turn_over(run.target)
        if self._walks and found.passed:
            self._screen.say(done(run.target.exercise))
            self._walk_on(run.target, seconds)
            return
        self._screen.say(found.output)
        if found.trouble is not None:
            self._screen.say(found.trouble)
        if self._walks:
            self._screen.say(progress(self.passing, self.total, run.target.exercise))
        elif self.total > 1 and not self._waiting:
            self._screen.say(words.how_many(self.passing, self.total))
        name = shown(run.target.file)
        self._screen.say(words.watching(name, seconds, passed=found.passed))
        self._next()

    def _walk_on(self, target: Target, seconds: float) -> None:
        """On the path: to what was saved besides, then to the first exercise that isn't done."""
        if not self._waiting:
            left = [t for t in self._targets if not self._passes(t)]
            self._waiting = left[:1]
        if not self._waiting:
            self._screen.say(progress(self.total, self.total, None))
            self._screen.say(words.watching(shown(target.file), seconds, passed=True))
        self._next()

    def _passes(self, target: Target) -> bool:
        found = self._verdicts.get(target)
        return found is not None and found.passed

    def _turn_over(self, target: Target) -> None:
        """A new page for the first verdict after a save; what follows from it stands below it."""
        if self._page_is_old:
            self._page_is_old = False
            self._screen.turn_over(shown(target.file))

    def _look_at_the_clock(self) -> None:
        run, limit = self._running, self._course.limits.check_seconds
        if run is None or run.told or not self._ready or time.monotonic() - run.begun < limit:
            return
        run.told = True
        name = shown(run.target.file)
        self._screen.say(words.still_running(name, under_way(run.job), limit))

    def _lost(self, said: str) -> None:
        if not self._ready:
            last = said.strip().rpartition("\n")[2]
            raise EngineError(
                f"TensorFlow can't be loaded ({last or 'the process ended'}); `grader check` says"
                " more"
            )
        self._ready = False
        self._screen.say(words.warm_again())
        self._warm.close()
        self._warm = warm_processes(self._events.put, self._folder)
        if self._running is not None:
            self._warm.start(self._running.job)


def shown(file: Path) -> str:
    """A file's name as it is shown: from here, where it lies below."""
    here = Path.cwd()
    return os.path.relpath(file, here) if file.is_relative_to(here) else str(file)


def _empty(job: Job) -> None:
    """Its output may be long; the verdict holds what is shown of it."""
    for file in (job.output, job.notes):
        file.unlink(missing_ok=True)

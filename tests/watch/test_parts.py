"""Parts of `grader watch` by themselves: noticing saves, verdicts, spares, the screen, errors."""

from __future__ import annotations

import io
import json
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from watching import PATIENCE, ROOT, TINY, solution, stub, students_course

from grader import course as courses
from grader.errors import EngineError
from grader.watch import loop, saves, show, warm
from grader.watch.events import Ended, Event, Lost, Ready, Saved, Told
from grader.watch.job import Job, verdict

# -- saves -----------------------------------------------------------------------------------------

Noticing = Callable[[Path], "queue.Queue[Event]"]


@pytest.fixture
def noticing() -> Iterator[Noticing]:
    """Watches a file until the test's end; what is told of it."""
    running: list[saves.Saves] = []

    def start(file: Path) -> queue.Queue[Event]:
        told: queue.Queue[Event] = queue.Queue()
        running.append(saves.Saves([file], told.put))
        running[-1].start()
        return told

    yield start
    for thread in running:
        thread.stop()
        thread.join()


def saved(told: queue.Queue[Event]) -> frozenset[Path]:
    event = told.get(timeout=PATIENCE)
    assert isinstance(event, Saved)
    return event.files


def test_a_folder_that_is_replaced(tmp_path: Path, noticing: Noticing) -> None:
    """A file is watched by its name, also in another folder that takes the first one's place."""
    file = tmp_path / "exercise" / "huber.py"
    file.parent.mkdir()
    file.write_text("1")
    told = noticing(file)
    file.write_text("22")
    assert saved(told) == {file}
    file.parent.rename(tmp_path / "away")
    assert saved(told) == {file}
    file.parent.mkdir()
    file.write_text("333")
    assert saved(told) == {file}
    file.write_text("4444")
    assert saved(told) == {file}
    assert told.empty()


def test_without_events_of_the_systems(
    tmp_path: Path, noticing: Noticing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit of the system's is told once, and saves are noticed all the same."""

    def refused(*_paths: Path, **_options: object) -> Iterator[set[object]]:
        raise OSError("OS file watch limit reached")
        yield set()

    monkeypatch.setattr(saves.watchfiles, "watch", refused)
    file = tmp_path / "huber.py"
    file.write_text("1")
    told = noticing(file)
    event = told.get(timeout=PATIENCE)
    assert isinstance(event, Told)
    assert "OS file watch limit reached" in event.text.en
    for number in range(3):
        file.write_text("x" * (2 + number))
        assert saved(told) == {file}
    assert told.empty()


@pytest.mark.parametrize(
    ("states", "seen"),
    [
        # (time, size, inode): emptied, then written; deleted, then made anew; in several pieces
        ([(2, 0, 1)] * 9 + [(3, 12, 1)] * 99, (3, 12, 1)),
        ([None] * 9 + [(3, 12, 2)] * 99, (3, 12, 2)),
        ([(n, n, 1) for n in range(2, 12)] + [(12, 12, 1)] * 99, (12, 12, 1)),
        ([(2, 0, 1)] * 9999, (2, 0, 1)),  # it is meant to be empty
        ([None] * 9999, None),
    ],
)
def test_a_file_is_judged_when_it_is_whole(
    states: list[saves.Stamp], seen: saves.Stamp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One save is told, and at that moment the file is as it stays."""
    file = tmp_path / "huber.py"
    left = iter([(1, 10, 1), *states])
    monkeypatch.setattr(saves, "stamp", lambda _: next(left))
    watched = saves.Saves([file], lambda event: None)
    assert watched._look() == {file}
    assert watched._known == {file: seen}
    assert watched._look() == frozenset()


def test_what_is_no_save(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that was away for a moment and is the same as before."""
    left = iter([(1, 10, 1), None, None, *[(1, 10, 1)] * 99])
    monkeypatch.setattr(saves, "stamp", lambda _: next(left))
    assert saves.Saves([tmp_path], lambda event: None)._look() == frozenset()


# -- verdicts --------------------------------------------------------------------------------------


def job_on(folder: Path, root: Path = TINY, run: int = 1) -> Job:
    file = root / "exercises" / "square" / "square.py"
    return Job(run, str(root), "square", str(file), str(folder), "en", False, 80)


@pytest.mark.parametrize(
    ("notes", "status", "passed", "said"),
    [
        ('{"at": "Values"}\n{"passed": true}\n', 0, True, ""),
        ('{"at": "Values"}\n{"passed": false}\n', 0, False, ""),
        ('{"at": "Values"}\n{"pass', 0, False, "in “Values”, with exit status 0"),
        ('{"at": "Values"}\n', -signal.SIGSEGV, False, "in “Values”, by the signal SIGSEGV"),
        ("", -99, False, "ended the whole process, by the signal 99"),
        ('{"error": "grader: no"}\n', 0, False, "grader: no"),
        (None, 3, False, "ended the whole process, with exit status 3"),
    ],
)
def test_verdict(tmp_path: Path, notes: str | None, status: int, passed: bool, said: str) -> None:
    """Only what the session noted counts, never the process's status or what it printed."""
    job = job_on(tmp_path)
    job.output.write_bytes(b'{"passed": true}\xff\n')
    if notes is not None:
        job.notes.write_text(notes, "utf-8")
    found = verdict(job, status)
    assert found.passed is passed
    assert said in (found.trouble.en if found.trouble else "")
    assert found.output == '{"passed": true}\\xff\n'


def test_a_long_output_is_cut(tmp_path: Path) -> None:
    job_on(tmp_path).output.write_text("x" * (3 << 20))
    found = verdict(job_on(tmp_path), 0).output
    assert len(found) < 1.1 * (1 << 20)
    assert found.endswith("… (+2097152)")


# -- spares, for systems without a safe fork -------------------------------------------------------


def is_spare(process: psutil.Process) -> bool:
    """Whether it is one; a process that has ended by now is none."""
    try:
        return "grader.watch.spare" in process.cmdline()
    except psutil.Error:
        return False


def test_spares(tmp_path: Path) -> None:
    """Each makes one check; one that doesn't end is stopped; another is ready; none is left."""
    root = students_course(tmp_path)
    file = root / "exercises" / "square" / "square.py"
    told: queue.Queue[Event] = queue.Queue()

    def ended() -> Ended:
        while not isinstance(event := told.get(timeout=PATIENCE), Ended):
            assert event == Ready()
        return event

    def job(run: int) -> Job:
        folder = root / f"run-{run}"
        folder.mkdir()
        return job_on(folder, root, run)

    spares = warm.Spares(told.put, root)
    first, second, third = job(1), job(2), job(3)
    file.write_text("while True:\n    pass\n")
    spares.start(first)
    assert told.get(timeout=PATIENCE) == Ready()
    file.write_text(solution("square"), "utf-8")
    spares.start(second)  # ends the first
    assert ended() == Ended(2, 0)
    assert verdict(second, 0).passed
    file.write_text(stub("square"), "utf-8")
    spares.start(third)
    assert ended() == Ended(3, 0)
    found = verdict(third, 0)
    assert not found.passed
    assert "`square` isn't written yet" in found.output
    # Not all children: those of other tests would be waited for in vain.
    left = list(filter(is_spare, psutil.Process().children(recursive=True)))
    assert left
    spares.close()
    _, alive = psutil.wait_procs(left, timeout=60)
    assert not alive


# -- what is lost ----------------------------------------------------------------------------------


class Lifeless:
    """A warm process that does nothing."""

    def __init__(self) -> None:
        self.started: list[Job] = []
        self.closed = 0

    def start(self, job: Job) -> None:
        self.started.append(job)

    def stop(self) -> None: ...

    def close(self) -> None:
        self.closed += 1


def quiet_watcher(monkeypatch: pytest.MonkeyPatch, made: list[Lifeless]) -> loop.Watcher:
    def make(*_: object) -> Lifeless:
        made.append(Lifeless())
        return made[-1]

    monkeypatch.setattr(loop, "warm_processes", make)
    return loop.Watcher(courses.load(TINY), [], show.Screen("en", quiet=True))


def test_tensorflow_cant_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line with the reason; nothing is left running."""
    made: list[Lifeless] = []
    watcher = quiet_watcher(monkeypatch, made)
    watcher._events.put(Lost("Traceback …\nImportError: no AVX here\n"))
    with pytest.raises(EngineError, match=r"can't be loaded \(ImportError: no AVX here\)"):
        watcher.watch()
    assert made[0].closed == 1


def test_a_warm_process_that_is_killed_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check that was under way is made by the new one."""
    made: list[Lifeless] = []
    watcher = quiet_watcher(monkeypatch, made)
    for event in (Ready(), Lost(""), Lost("killed again")):
        watcher._events.put(event)
    with pytest.raises(EngineError, match="killed again"):
        watcher.watch()
    assert [len(one.started) for one in made] == [1, 1]
    assert made[0].started == made[1].started


# -- the screen, and wrong calls -------------------------------------------------------------------


class Terminal(io.StringIO):
    """Says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("no_colour", "clears"), [(None, True), ("1", False)])
def test_a_terminal_is_cleared(
    no_colour: str | None, clears: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between verdicts, unless NO_COLOR is set: then a line separates them."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_colour is not None:
        monkeypatch.setenv("NO_COLOR", no_colour)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    screen = show.Screen("en", quiet=False)
    screen.say("\x1b[31mred\x1b[0m")
    screen.turn_over("huber.py")
    screen.say("after")
    assert ("\x1b[2J" in terminal.getvalue()) is clears
    assert ("huber.py ──" in terminal.getvalue()) is not clears
    assert ("\x1b[31m" in terminal.getvalue()) is clears


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["none.py"], "none.py isn't there; name a file or a directory with exercises"),
        (["other.py"], "other.py is named like no exercise; rename it to one of square.py"),
        (["book.ipynb"], "book.ipynb is named like no exercise; rename it to one of square.py"),
        (["--course", "/"], "lies in no course"),
        ([], "square.py isn't there; fetch the file from the course again"),
    ],
)
def test_wrong_calls(tmp_path: Path, arguments: list[str], line: str) -> None:
    """One line, status 2, as `grader check` says it; TensorFlow isn't loaded for that."""
    root = students_course(tmp_path)
    (root / "other.py").touch()
    (root / "book.ipynb").touch()
    if not arguments:
        (root / "exercises/square/square.py").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "grader", "watch", *arguments],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LANG": "C.UTF-8"},
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert line in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_job_travels_whole() -> None:
    """Names that no encoding has, too."""
    job = job_on(ROOT / "王 小明's\udcff")
    assert Job.decode(json.loads(job.encode())) == job

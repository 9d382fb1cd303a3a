"""One self-check in a process of its own: the same session as `grader check`, its words in a file.

The process has imported everything before (`warm_up`) and does nothing afterwards.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import pytest

from grader import course as courses
from grader.engine.local import Start
from grader.errors import UsageError
from grader.plugin import SEATS, info_of
from grader.seats import LocalSeats
from grader.selfcheck import run_one, run_pytest
from grader.watch.job import Job

# As in the grading zygote: tracing allocates by the hundred thousand.
_COLLECT_AFTER = (50_000, 20, 20)


def warm_up() -> None:
    """Imports what a check needs and runs no operation: a fork of this process works after it."""
    gc.disable()  # as in the grading zygote, like all that follows
    import tensorflow

    from grader.worker.eager import run_kernels_directly
    from grader.worker.first_calls import import_first_calls
    from grader.worker.unbuilt import spare_unseen_draws

    run_kernels_directly()
    spare_unseen_draws()
    tensorflow.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    import_first_calls()
    for name in ("grader.worker.answering", "grader.worker.traces", "grader.worker.tripwires"):
        __import__(name)
    _rehearse()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    gc.enable()


def _rehearse() -> None:
    """A session with a test of its own: the first one imports much of pytest."""
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        # The assertion has pytest rewrite it, as it will a check's.
        Path(folder, "test_nothing.py").write_text("def test_nothing():\n    assert True\n")
        options = ("-q", f"--rootdir={folder}", "--import-mode=importlib", "-p", "no:cacheprovider")
        run_pytest([folder, *options], [])
        sys.modules.pop("test_nothing", None)


class _Notes:
    """Notes which check is begun; gives the session its seats."""

    def __init__(self, job: Job, start: Start | None) -> None:
        self._job = job
        self._start = start

    def pytest_configure(self, config: pytest.Config) -> None:
        """Fresh processes come from where this process came from."""
        config.stash[SEATS] = LocalSeats(self._start)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Its title, for a student whose code doesn't come back."""
        self.note({"at": info_of(item).title.in_(self._job.lang)})

    def note(self, what: dict[str, Any]) -> None:
        """Appends a line."""
        with self._job.notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")


def run_session(job: Job, start: Start | None) -> None:
    """Makes the check; its output and its verdict are in the job's folder afterwards.

    Args:
        start: makes the fresh processes that a check asks for.
    """
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    output = os.open(job.output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    os.environ["COLUMNS"] = str(job.columns)
    notes = _Notes(job, start)
    colour = f"--color={'yes' if job.colour else 'no'}"
    try:
        exercise = courses.load_again(Path(job.course)).by_id(job.exercise)
        passed = run_one(
            exercise, Path(job.file), job.lang, quiet=False, plugins=[notes], options=[colour]
        )
    except UsageError as error:
        sys.stdout.flush()
        notes.note({"error": f"grader: {error}"})
    except Exception as error:
        traceback.print_exc()
        sys.stderr.flush()
        kind = type(error).__name__
        notes.note({"error": f"grader: a fault of the grader's own ({kind}); please report it"})
    else:
        sys.stdout.flush()
        notes.note({"passed": passed})

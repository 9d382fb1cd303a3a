"""This grader, with the six checks in its own form; and the baselines it is compared with."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from .grader_form import CHECKS, EXERCISE, HERE, Command, Failures, Submission, in_order, write

COURSE = HERE / "course"


class Ours:
    """`grader grade`, as a course would call it."""

    environment = ""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self.name = f"grader, --jobs {jobs}"
        side_by_side = "one after the other" if jobs == 1 else f"{jobs} submissions side by side"
        self.does = (
            f"`grader grade --jobs {jobs}`: {side_by_side}, each in a walled-in worker of its own"
            " and a fresh one for `reload`; start, results and report included"
        )

    def build(self, folder: Path, submissions: Sequence[Submission]) -> None:
        """A class as students hand it in."""
        _write_class(folder, submissions)

    def setup(self, folder: Path) -> list[Command]:
        """Nothing."""
        return []

    def commands(self, folder: Path, submissions: Sequence[Submission]) -> list[Command]:
        """One for the whole class."""
        argv = (
            sys.executable, "-m", "grader", "grade", "class", "--course", str(COURSE),
            "--out", "out", "--jobs", str(self._jobs), "--seed", "1", "--quiet",
        )  # fmt: skip
        return [Command(argv, folder)]

    def failures(self, folder: Path, submissions: Sequence[Submission]) -> Failures:
        """From `results.json`."""
        results = json.loads((folder / "out" / "results.json").read_text("utf-8"))["results"]
        failed: Failures = {}
        for row in results:
            assert row["status"] == "graded", row
            assert not row["cached"]
            assert len(row["checks"]) == len(CHECKS)
            outcomes = {c["id"].removeprefix("test_"): c["outcome"] for c in row["checks"]}
            assert set(outcomes.values()) <= {"passed", "failed"}, row
            failed[row["student"]] = in_order([n for n, o in outcomes.items() if o == "failed"])
        return failed


class Baseline:
    """The six checks without a grader, from a process that imports TensorFlow once."""

    environment = ""

    def __init__(self, kind: Literal["same", "fork"], *, our_settings: bool = True) -> None:
        self.our_settings = our_settings
        self._argv = (kind, "plain" if our_settings else "grappler")
        if kind == "fork":
            self.name = "fork without a wall"
            self.does = "a fork per submission of a process that has imported TensorFlow; no wall"
        else:
            self.name = "warm process" + ("" if our_settings else ", TensorFlow's own settings")
            self.does = (
                "one process, no isolation: imports each module, calls the checks,"
                " `keras.backend.clear_session()`"
            ) + ("" if our_settings else "; oneDNN and Grappler on, as by default")

    def build(self, folder: Path, submissions: Sequence[Submission]) -> None:
        """A class as students hand it in."""
        _write_class(folder, submissions)

    def setup(self, folder: Path) -> list[Command]:
        """Nothing."""
        return []

    def commands(self, folder: Path, submissions: Sequence[Submission]) -> list[Command]:
        """One for the whole class."""
        argv = (sys.executable, str(HERE / "warm.py"), *self._argv, "class", "measured.json")
        return [Command(argv, folder)]

    def failures(self, folder: Path, submissions: Sequence[Submission]) -> Failures:
        """From what the process wrote."""
        measured = json.loads((folder / "measured.json").read_text("utf-8"))
        return {student: tuple(of["failed"]) for student, of in measured["submissions"].items()}


def _write_class(folder: Path, submissions: Sequence[Submission]) -> None:
    for submission in submissions:
        write(folder / "class" / submission.student / f"{EXERCISE}.py", submission.source)

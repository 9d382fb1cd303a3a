"""Two graders at once: never on one OUT, and never in each other's way."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from grader import folders
from grader.errors import UsageError

from .ground import (
    assert_tidy,
    call,
    command,
    make_class,
    make_course,
    verdicts,
)


def held(folder: Path) -> bool:
    """Whether another process has a directory to itself."""
    try:
        with folders.alone_in(folder):
            return False
    except (UsageError, OSError):
        return folder.exists()


def test_the_second_is_refused(open_folder: Path) -> None:
    """It is told so in one line at once, and touches nothing; the first one finishes.

    Beside it, a grader with another OUT isn't disturbed, nor does it remove the first one's
    temporary files.
    """
    handed_in = make_class(open_folder / "class", students=2)
    course = make_course(open_folder / "course")
    temporary, out = open_folder / "tmp", open_folder / "out"
    temporary.mkdir(0o755)
    arguments = command(handed_in, course, out, "--seed", "3", "--quiet")
    first = subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    try:
        # What it writes into OUT it writes when it has it: a look at the lock itself would take
        # it for a moment, and might do so just when the grader asks for it.
        while not (out.is_dir() and any(out.iterdir())):
            assert first.poll() is None, first.communicate()
        os.kill(first.pid, signal.SIGSTOP)
        theirs = set(temporary.iterdir())
        second = call(arguments, temporary)
        assert second.returncode == 2
        (line,) = second.stderr.splitlines()
        assert line == (
            f"grader: another grader is writing to {out}: wait until it has finished, or give"
            " another folder with --out"
        )
        elsewhere = open_folder / "elsewhere"
        third = call(command(handed_in, course, elsewhere, "--seed", "3"), temporary)
        assert third.returncode == 0, third.stderr
        assert set(temporary.iterdir()) == theirs
    finally:
        os.kill(first.pid, signal.SIGCONT)
    said = first.communicate()[1]
    assert (first.returncode, said) == (0, "")
    assert verdicts(out) == verdicts(elsewhere)
    assert_tidy(out, temporary)
    assert not held(out)


def test_no_locks_to_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without locks a grader works as ever, and removes nobody's files."""

    def without(descriptor: int, operation: int) -> None:
        raise OSError(95, "Operation not supported")

    (tmp_path / "grader-run-another").mkdir()
    monkeypatch.setattr("fcntl.flock", without)
    with folders.alone_in(tmp_path), folders.temporary(tmp_path) as own:
        assert own.is_dir()
    assert [file.name for file in tmp_path.iterdir()] == ["grader-run-another"]

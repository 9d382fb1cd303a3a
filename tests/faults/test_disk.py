"""A full disk, wherever something is written: one clear line, nothing half-written, no point lost.

The disk is a real one: a file system in memory of a few megabytes, seen by the tested processes
only.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("small_disk.py")

_MOUNT = 'mount -t tmpfs -o "size=$0" tmpfs "$1" && chmod 755 "$1" && shift && exec "$@"'


def on_small_disk(folder: Path, megabytes: int, command: list[str]) -> list[str]:
    """A command that runs `command` with a file system of its own over `folder`."""
    if _can(_as_root(Path("/mnt"), 1, ["true"])):
        return _as_root(folder, megabytes, command)
    if _can(_as_user(Path("/mnt"), 1, ["true"])):
        return _as_user(folder, megabytes, command)
    pytest.skip("a small disk takes the right to mount one: root's, or bwrap's (bubblewrap)")


def _as_root(folder: Path, megabytes: int, command: list[str]) -> list[str]:
    return ["unshare", "--mount", "sh", "-c", _MOUNT, str(megabytes << 20), str(folder), *command]


def _as_user(folder: Path, megabytes: int, command: list[str]) -> list[str]:
    size = str(megabytes << 20)
    return ["bwrap", "--dev-bind", "/", "/", "--size", size, "--tmpfs", str(folder), *command]


@functools.cache
def _works(command: tuple[str, ...]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _can(command: list[str]) -> bool:
    return _works(tuple(command))


def tried(what: str, megabytes: int, room: Path) -> dict[str, int]:
    """Runs a part of `small_disk.py`; what it counted."""
    small = room / "small"
    small.mkdir()
    command = [sys.executable, str(SCRIPT), what, str(small), str(room)]
    done = subprocess.run(
        on_small_disk(small, megabytes, command),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        env={**os.environ, "TMPDIR": str(room)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    print(counts)
    return counts


def test_every_write(open_folder: Path) -> None:
    """Page by page more room, for an OUT that is new and for one with an earlier run's results.

    The error names OUT; each file is the old one, the new one or not there; every row that was
    said to be kept is in a whole store; with room everything is written.
    """
    counts = tried("sweep", 16, open_folder)
    assert min(counts["store"], counts["results.json"], counts["pages"]) > 10


def test_out(open_folder: Path) -> None:
    """The real command: status 2, one line, and with room it goes on to the same verdicts."""
    counts = tried("out", 16, open_folder)
    assert counts["refused"] == 3
    assert counts["rows kept"] > 0


def test_temporary_files(open_folder: Path) -> None:
    """TMPDIR too small is said before anything is done; filled up meanwhile, it stops the run."""
    assert tried("tmp", 256, open_folder)["refused"] == 3


def test_a_students_writes(open_folder: Path) -> None:
    """What fails on a full disk is no verdict: a fault of the grader's, or the run stops."""
    assert tried("student", 256, open_folder) == {"grader_error": 1, "graded": 2, "stopped": 1}

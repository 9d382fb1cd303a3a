"""The real `grader watch` on a student's course, read line by line."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import psutil

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "courses" / "tiny"
PATIENCE = 240  # seconds for a line; TensorFlow may be loaded before it
LIMIT = 1.5  # the course's seconds for a check, after which the watcher speaks up
_NOT_A_STUDENTS = ("PYTEST_", "TF_", "LC_", "PYTHONDONTWRITEBYTECODE")


def students_course(folder: Path) -> Path:
    """The tiny course as students get it: no solutions."""
    shutil.copytree(TINY / "exercises", folder / "exercises")
    text = (TINY / "course.toml").read_text("utf-8")
    (folder / "course.toml").write_text(
        text.replace("check_seconds = 5.0", f"check_seconds = {LIMIT}"), "utf-8"
    )
    return folder


def solution(exercise: str) -> str:
    """What passes."""
    return (TINY / "solutions" / exercise / f"{exercise}.py").read_text("utf-8")


def stub(exercise: str) -> str:
    """What doesn't."""
    return (TINY / "exercises" / exercise / f"{exercise}.py").read_text("utf-8")


class Watch:
    """A running `grader watch`."""

    started: ClassVar[list[Watch]] = []

    def __init__(self, *arguments: str | Path, cwd: Path) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_A_STUDENTS)}
        environment: Mapping[str, str] = {**kept, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", "watch", *map(str, arguments)],
            cwd=cwd,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        Watch.started.append(self)
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, pattern: str) -> str:
        """What it says up to and with the first line in which `pattern` is found."""
        said: list[str] = []
        while True:
            line = self._lines.get(timeout=PATIENCE)
            assert line is not None, "\n".join(said)
            said.append(line)
            if re.search(pattern, line):
                return "\n".join(said)

    def family(self) -> list[psutil.Process]:
        """It and all processes it has now."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def kill(self) -> None:
        """It and all its processes, if they are still there."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in self.family():
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()

    def end(self, with_signal: int = signal.SIGINT) -> tuple[int, str]:
        """(exit status, what it still said); none of its processes is left."""
        family = self.family()
        self.process.send_signal(with_signal)
        status = self.process.wait(PATIENCE)
        said: list[str] = []
        while (line := self._lines.get(timeout=PATIENCE)) is not None:
            said.append(line)
        assert self.process.stdout is not None
        self.process.stdout.close()
        _, left = psutil.wait_procs(family, timeout=60)
        assert not left
        return status, "\n".join(said)

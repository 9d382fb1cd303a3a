"""The throw-away place in which attacks may succeed, and the engine without its wall in it."""

from __future__ import annotations

import contextlib
import functools
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ground import Ground

from grader.course import Limits
from grader.engine import worker as engine_worker
from grader.engine.config import EngineConfig
from grader.engine.zygote import Zygote
from grader.sandbox import namespaces

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# Without the wall nothing but the harness's patience ends an attack: a few times the wall's limits.
PATIENT = Limits(check_seconds=8.0, submission_seconds=10.0, memory_mb=16_000)
_ZYGOTE_SECONDS = 4.0  # for the answer of a zygote that an attack may have stopped


class OpenZygote(Zygote):
    """A zygote in a throw-away place, whose workers aren't walled in."""

    ground: Ground

    def __init__(self, config: EngineConfig, work: Path | None = None) -> None:
        super().__init__(config, work)
        self._control.settimeout(_ZYGOTE_SECONDS)

    def _command(self, channel: int) -> list[str]:
        program = [sys.executable, "-B", str(HERE / "open_zygote.py")]
        return [*throw_away(self.ground), *program, str(channel), str(self.ground.root)]

    def _examine(self, ready: dict[str, Any]) -> None:
        """It shares the network on purpose: the listeners are the harness's own."""


def home() -> Path:
    """Home directory of this user, whatever the environment says."""
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return Path.home()


def throw_away(ground: Ground) -> list[str]:
    """bwrap, and what it takes to run a program where only the ground can be changed."""
    private = dict(zip(("/tmp", "/dev/shm", str(home())), ground.private, strict=True))
    arguments = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for place, folder in private.items():
        if place != "/" and os.path.isdir(place):
            arguments += ["--bind", str(folder), place]
    # These may lie in a place that has just been covered.
    for needed in dict.fromkeys((sys.prefix, sys.base_prefix, str(ROOT))):
        arguments += ["--ro-bind", needed, needed]
    arguments += ["--bind", str(ground.root), str(ground.root), "--setenv", "HOME", str(home())]
    # A careless grader has its secrets in its environment.
    arguments += ["--setenv", "SECRET", ground.token]
    arguments += ["--unshare-pid", "--unshare-ipc", "--die-with-parent", "--cap-drop", "ALL"]
    return [*arguments, "--"]


@functools.cache
def why_no_throw_away() -> str:
    """Why attacks can't be run without the wall on this machine; empty if they can."""
    if shutil.which("bwrap") is None:
        return "bwrap isn't installed: without it no attack may run unwalled"
    tried = subprocess.run(
        ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-pid",
         "--unshare-ipc", "--cap-drop", "ALL", "--", sys.executable, "-c", ""],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if tried.returncode == 0 else f"bwrap doesn't work here: {tried.stderr.strip()}"


@contextlib.contextmanager
def no_watch() -> Iterator[None]:
    """The grader's own limits on threads and disk, out of the way: they belong to the wall."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_worker, "_MAX_THREADS", 1 << 40)
        patch.setattr(engine_worker, "holds_more", lambda *_: False)
        yield


@contextlib.contextmanager
def no_outer_wall() -> Iterator[None]:
    """As if the outer wall's program weren't installed: the inner wall must hold by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(namespaces, "_PROGRAM", "bwrap-that-is-not-installed")
        yield

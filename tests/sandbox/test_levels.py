"""What is refused, in which words, and what a report must admit."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.sandbox import levels
from grader.sandbox.levels import Capabilities, Level, SandboxUnavailable, notes, require
from grader.sandbox.namespaces import OuterWall

FULL = Capabilities(
    system="Linux",
    machine="x86_64",
    landlock_abi=7,
    seccomp=True,
    uid=0,
    can_drop_uid=True,
    unreachable="",
    private_scratch=True,
    outer=OuterWall("/usr/bin/bwrap", user=False, processes=True, mounts=True),
    no_outer="",
)


def refusal(level: Level, **changes: object) -> str:
    with pytest.raises(SandboxUnavailable) as caught:
        require(level, dataclasses.replace(FULL, **changes))
    return str(caught.value)


@pytest.mark.parametrize("abi", [3, 4, 5, 6, 7, 9])
def test_landlock_from_abi_3_is_enough(abi: int) -> None:
    """Landlock that governs truncation is accepted, and so is any later one."""
    require(Level.STRICT, dataclasses.replace(FULL, landlock_abi=abi))


def test_no_landlock_is_refused() -> None:
    """Without Landlock strict is refused; the line names kernel, option and the other level."""
    assert refusal(Level.STRICT, landlock_abi=0) == (
        "Landlock is missing, so --sandbox strict can't be had: use Linux 6.2 or newer with "
        "landlock among the security modules (kernel option lsm=landlock,...), "
        "or ask for the weaker wall by name with --sandbox basic"
    )


@pytest.mark.parametrize("abi", [1, 2])
def test_old_landlock_is_refused(abi: int) -> None:
    """Landlock that doesn't govern truncation isn't enough for strict."""
    assert refusal(Level.STRICT, landlock_abi=abi) == (
        f"Landlock ABI {abi} doesn't govern truncation of files, so --sandbox strict can't be had: "
        "use Linux 6.2 or newer (ABI 3), "
        "or ask for the weaker wall by name with --sandbox basic"
    )


@pytest.mark.parametrize("level", list(Level))
def test_no_seccomp_is_always_refused(level: Level) -> None:
    """No level does without the filter of system calls."""
    assert refusal(level, seccomp=False) == (
        "seccomp is missing and no level does without it: use a kernel (4.14 or newer) built "
        "with CONFIG_SECCOMP_FILTER, or a container whose profile allows seccomp()"
    )


@pytest.mark.parametrize("abi", [0, 2])
def test_basic_does_without_landlock(abi: int) -> None:
    """Basic, asked for by name, goes on without Landlock, as root and as anybody."""
    require(Level.BASIC, dataclasses.replace(FULL, landlock_abi=abi))
    ordinary = dataclasses.replace(FULL, landlock_abi=abi, uid=1000, can_drop_uid=False)
    require(Level.BASIC, ordinary)


def test_basic_as_root_needs_another_uid() -> None:
    """Root that can't be dropped makes file modes worthless, so basic is refused with the path."""
    said = refusal(Level.BASIC, can_drop_uid=False, unreachable="/root")
    assert said == (
        "--sandbox basic as root needs workers with a uid of their own, "
        "and /root isn't readable for another user: "
        "install Python where every user can read it, or run the grader as an ordinary user"
    )


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
def test_other_systems_are_sent_to_linux(system: str) -> None:
    """Elsewhere the line names container, WSL2 and what does run natively."""
    said = refusal(Level.BASIC, system=system)
    assert system in said
    assert "WSL2" in said
    assert "pytest exercises/<id>" in said
    assert "\n" not in said


def test_other_machines_are_refused() -> None:
    """A processor whose calls aren't known is named with those that are."""
    assert refusal(Level.STRICT, machine="riscv64") == (
        "the system call filter is written for x86_64 and aarch64, "
        "not for riscv64: grade on one of those machines"
    )


def test_a_refusal_is_a_graders_error() -> None:
    """The edge that turns the grader's errors into one line covers this one."""
    assert issubclass(SandboxUnavailable, GraderError)


def test_the_full_wall_needs_no_note() -> None:
    """Where every layer is there, nothing has to be admitted."""
    assert notes(FULL) == ()


def test_notes_without_an_outer_wall() -> None:
    """Without namespaces the existence of files can leak, and the disk is only watched."""
    bare = dataclasses.replace(FULL, outer=None, no_outer="no bwrap", private_scratch=False)
    for level in Level:
        said = [note.en for note in notes(bare, level)]
        assert said[0].startswith("no namespaces of its own (no bwrap): students' code can find")
        assert any("deleted while in use" in line for line in said)


def test_notes_name_the_path_that_keeps_root() -> None:
    """Workers that keep root's uid are admitted, with the reason; so is an older Landlock."""
    kept = dataclasses.replace(FULL, can_drop_uid=False, unreachable="/root", landlock_abi=4)
    said = [note.en for note in notes(kept)]
    assert "workers keep the grader's uid: /root isn't readable for another user" in said
    assert any("Landlock ABI 4" in line and "seccomp alone" in line for line in said)
    assert any("threads aren't counted" in line for line in said)


def test_notes_of_basic_are_loud() -> None:
    """Basic under the grader's own uid says plainly that files aren't protected."""
    weak = dataclasses.replace(FULL, uid=1000, can_drop_uid=False)
    said = [note.en for note in notes(weak, Level.BASIC)]
    assert said[0].startswith("sandbox basic: Landlock isn't used")
    assert "hidden checks and other submissions included" in said[1]


_DETECT = """
import os, threading
from grader.sandbox import levels

def held():
    return threading.active_count(), sorted(os.listdir("/proc/self/fd"))

before = held()
levels.detect()
assert held() == before, held()
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    pass
else:
    raise AssertionError("a child is left")
"""


def test_detect_leaves_nothing_behind() -> None:
    """Looking at the machine starts no thread, leaves no child and opens no descriptor."""
    # In a process of its own: this one may have children of other tests.
    done = subprocess.run(
        [sys.executable, "-c", _DETECT], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = levels.detect()
    assert found.uid == os.geteuid()
    require(Level.STRICT, found)


ELSEWHERE = """
import ctypes, platform, sys
def refuse(*arguments, **options):
    raise AssertionError("a library was loaded at import")
ctypes.CDLL = refuse
sys.modules["resource"] = sys.modules["fcntl"] = None
sys.platform = "win32"
platform.system, platform.machine = (lambda: "Windows"), (lambda: "AMD64")
from grader.sandbox import bpf, kernel, landlock, levels, limits, namespaces, paths, probe
from grader.sandbox import scratch, seccomp, selftest, wall
found = levels.detect()
print(found.landlock_abi, found.seccomp, found.can_drop_uid)
try:
    levels.require(levels.Level.BASIC, found)
except levels.SandboxUnavailable as error:
    print(error)
"""


def test_the_package_imports_elsewhere() -> None:
    """On a system without these calls importing and asking works, and the answer is a refusal."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", ELSEWHERE],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first == "0 False False"
    assert "this is Windows" in second

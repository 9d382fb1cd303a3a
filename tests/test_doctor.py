"""`grader doctor`: what is found, what is missing, and how to get it."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from grader import doctor
from grader.errors import EngineError
from grader.sandbox import levels
from grader.sandbox.levels import Capabilities, Level
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
LAYERS = ["system", "Landlock", "seccomp", "outer wall", "own uid", "scratch"]


@pytest.fixture
def diagnose(monkeypatch: pytest.MonkeyPatch):
    """The findings on a machine that has these capabilities, by layer, and the diagnosis."""

    def look(level: Level = Level.STRICT, worker: Exception | None = None, **changes: object):
        def try_a_worker(_: Level) -> None:
            if worker is not None:
                raise worker

        found = dataclasses.replace(FULL, **changes)
        monkeypatch.setattr(levels, "detect", lambda: found)
        monkeypatch.setattr(doctor, "_try_a_worker", try_a_worker)
        diagnosis = doctor.diagnose(level)
        return {finding.layer: finding for finding in diagnosis.findings}, diagnosis

    return look


def text(diagnosis: doctor.Diagnosis) -> str:
    console = Console(width=1000, no_color=True)
    with console.capture() as captured:
        console.print(doctor.shown(diagnosis))
    return captured.get()


def test_everything_is_there(diagnose) -> None:
    """On the best machine every layer is `ok` and nothing is lost."""
    found, diagnosis = diagnose()
    assert {found[layer].state for layer in LAYERS} == {"ok"}
    assert not any(finding.mend for finding in found.values())
    assert (diagnosis.refusal, diagnosis.lost) == ("", ())
    assert text(diagnosis).splitlines()[-1].strip() == "--sandbox strict: works here"


def test_an_ordinary_user_in_a_plain_container(diagnose) -> None:
    """No namespaces, no uids: it works, each weakness is named with its mend, and admitted."""
    found, diagnosis = diagnose(
        uid=1000, can_drop_uid=False, private_scratch=False, outer=None, no_outer="forbidden"
    )
    assert {layer for layer in LAYERS if found[layer].state == "weaker"} == {
        "outer wall",
        "own uid",
        "scratch",
    }
    assert all(found[layer].mend for layer in ("outer wall", "own uid", "scratch"))
    assert diagnosis.refusal == ""
    assert len(diagnosis.lost) == 4
    shown = text(diagnosis)
    assert "none: forbidden" in shown
    for line in diagnosis.lost:
        assert f"  - {line}" in shown


@pytest.mark.parametrize(("abi", "said"), [(0, "not in this kernel"), (2, "ABI 2 doesn't govern")])
def test_no_landlock(diagnose, abi: int, said: str) -> None:
    """Without Landlock strict is refused and basic isn't."""
    found, diagnosis = diagnose(landlock_abi=abi)
    assert found["Landlock"].state == "missing"
    assert said in found["Landlock"].found
    assert "6.2" in found["Landlock"].mend
    assert "--sandbox basic" in diagnosis.refusal
    assert "refused here" in text(diagnosis)
    found, diagnosis = diagnose(Level.BASIC, landlock_abi=abi)
    assert found["Landlock"].state == "weaker"
    assert diagnosis.refusal == ""


def test_no_seccomp(diagnose) -> None:
    """Without seccomp nothing is run at any level."""
    for level in Level:
        found, diagnosis = diagnose(level, seccomp=False)
        assert found["seccomp"].state == "missing"
        assert "seccomp" in diagnosis.refusal


def test_root_that_no_worker_can_leave(diagnose) -> None:
    """For basic a uid of the worker's own is needed, for strict it is one layer less."""
    changes = {"can_drop_uid": False, "unreachable": "/root"}
    assert diagnose(**changes)[0]["own uid"].state == "weaker"
    found, diagnosis = diagnose(Level.BASIC, **changes)
    assert found["own uid"].state == "missing"
    assert "/root isn't readable" in found["own uid"].found
    assert diagnosis.refusal != ""


def test_another_system(diagnose) -> None:
    """Elsewhere it says where to grade, and doesn't look for what can't be there."""
    found, diagnosis = diagnose(system="Darwin", machine="arm64", uid=501)
    assert found["system"].state == "missing"
    assert "Landlock" not in found
    assert "Darwin" in diagnosis.refusal


def test_a_wall_that_does_not_hold(diagnose) -> None:
    """Layers may all be there and a worker fail all the same: that is what counts."""
    found, diagnosis = diagnose(worker=EngineError("the wall doesn't hold: unix socket"))
    assert found["a worker"].state == "missing"
    assert diagnosis.refusal == "the wall doesn't hold: unix socket"
    assert diagnosis.lost == ()


def test_memory_that_nobody_tells(diagnose, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system doesn't say how much memory there is, that is what is said."""

    read = Path.read_text

    def refuse(file: Path, *arguments: str, **named: str) -> str:
        if str(file) == "/proc/meminfo":
            raise FileNotFoundError
        return read(file, *arguments, **named)

    monkeypatch.setattr(Path, "read_text", refuse)
    assert diagnose()[0]["memory"].found.startswith("unknown")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "grader", "doctor", *arguments],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_this_machine() -> None:
    """The command looks at the real machine and really walls in a worker."""
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        "a worker    ok" in " ".join(done.stdout.split()) or "walled in; everything" in done.stdout
    )
    assert "--sandbox strict: works here" in done.stdout
    assert "\x1b" not in done.stdout


def test_quiet_without_bubblewrap(tmp_path: Path) -> None:
    """Without bubblewrap it works too; `--quiet` says it by the status alone."""
    done = run("--quiet", PATH=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

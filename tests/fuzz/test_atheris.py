"""The same targets under atheris, which steers by coverage; a fixed number of runs each."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .targets import TARGETS

SCRIPT = Path(__file__).with_name("run_atheris.py")
RUNS = 3_000


@pytest.mark.parametrize("target", TARGETS)
def test_target_holds(target: str, tmp_path: Path) -> None:
    """Some thousand runs, the same ones each time; a fault ends the process with a traceback."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), target, f"-runs={RUNS}", "-seed=1", "-max_len=4096"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert re.search(rf"Done {RUNS} runs", done.stderr), done.stderr[-4000:]
    assert not list(tmp_path.iterdir())


def test_a_fault_is_found(tmp_path: Path) -> None:
    """The machinery itself: a target that breaks on the seeds ends as a fault does."""
    broken = tmp_path / "broken.py"
    text = SCRIPT.read_text(encoding="utf-8").replace("TARGETS[target])", "lambda data: 1 / 0)")
    broken.write_text(text.replace("Path(__file__).parent", f"Path({str(SCRIPT.parent)!r})"))
    done = subprocess.run(
        [sys.executable, str(broken), "wire", "-runs=10"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=600,
    )
    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stdout + done.stderr

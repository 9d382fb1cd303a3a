"""Runs scripts that fork in interpreters of their own: pytest's process may have threads."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent


@pytest.fixture
def ground() -> Iterator[Path]:
    """A directory that any uid may enter, with a hidden file and a submission."""
    # Not tmp_path: that can be entered by its owner only.
    root = Path(tempfile.mkdtemp(prefix="wall-"))
    root.chmod(0o755)
    (root / "hidden").mkdir(mode=0o700)
    canary = root / "hidden" / "canary"
    canary.write_text("the answers")
    canary.chmod(0o600)
    (root / "submission").mkdir()
    (root / "submission" / "own.py").write_text("own = 1\n")
    yield root
    shutil.rmtree(root)


@pytest.fixture
def script(ground: Path) -> Callable[..., Any]:
    """Run a script of this directory with `ground` as its first argument; its output, from JSON."""

    def run(name: str, *arguments: str) -> Any:
        command = [sys.executable, "-I", "-B", str(HERE / name), str(ground), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture
def walled(script: Callable[..., Any]) -> Callable[[str], Any]:
    """Outcome of one attempt of `attempts.py` behind the wall."""
    return lambda name: script("walled.py", name)[name]

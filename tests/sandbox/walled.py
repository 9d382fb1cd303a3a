"""Runs in a fresh interpreter: forks a child per attempt, walls it in, and reports how it ended.

Usage: walled.py ROOT ATTEMPT...   prints one JSON object, attempt -> outcome. An outcome is what
the attempt returned, the name of its errno, of its exception, or of the signal that ended it.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import attempts

from grader.sandbox import levels, paths
from grader.sandbox.wall import RPC_FD, Limits, WallSpec, wall_in

LIMITS = Limits(cpu_seconds=60, file_bytes=1 << 20, open_files=64)


def base_spec(root: Path, name: str) -> WallSpec:
    """A strict wall with a scratch directory of its own."""
    scratch = root / f"scratch-{name.replace('/', '-')}"
    scratch.mkdir()
    return WallSpec(
        scratch=str(scratch),
        submission_dir=str(root / "submission"),
        read_paths=paths.default_read_paths(),
        limits=LIMITS,
        level=levels.Level.STRICT,
        canary=str(root / "hidden" / "canary"),
    )


def run_walled(spec: WallSpec, attempt: Any, root: Path) -> Any:
    """Fork, wall in, run `attempt(root, parent)` and return its outcome."""
    reader, writer = os.pipe()
    # Held open across the fork on purpose: the wall must close it in the child.
    hidden = os.open(root / "hidden" / "canary", os.O_RDONLY)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(spec, attempt, root, parent, writer)
    os.close(writer)
    os.close(hidden)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return json.loads(said)


def _child(spec: WallSpec, attempt: Any, root: Path, parent: int, writer: int) -> None:
    try:
        holes = wall_in(spec, rpc_fd=writer, stdout_fd=1, stderr_fd=2)
        outcome = {"holes": list(holes)} if holes else attempt(root, parent)
    except OSError as error:
        outcome = errno.errorcode.get(error.errno or 0, repr(error))
    except BaseException as error:
        traceback.print_exc()
        outcome = type(error).__name__
    os.write(RPC_FD, json.dumps(outcome).encode())
    os._exit(0)


def main() -> None:
    root = Path(sys.argv[1])
    outcomes = {}
    if os.geteuid() == 0:
        os.setgroups([0, 4])  # something for the wall to take away
    for name in sys.argv[2:]:
        spec = base_spec(root, name)
        change = attempts.SPECS.get(name)
        if change is not None:
            spec = dataclasses.replace(spec, **change(spec, root))
        outcomes[name] = run_walled(spec, attempts.ATTEMPTS[name], root)
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()

"""The processes of one grader, found by walking down from the one that was started."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_ZYGOTE = b"grader.worker.zygote"


def adopt_orphans() -> None:
    """From now on what outlives its parent becomes this process's child, so nothing escapes it."""
    done = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    assert done == 0, os.strerror(ctypes.get_errno())


def bury(kept: int) -> None:
    """Reaps adopted children that have ended, except `kept`, whose status somebody waits for."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid == kept:
            return
        os.waitpid(ended.si_pid, 0)


def descendants(root: int) -> dict[int, int]:
    """Living processes below `root`, each with its parent."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (found := _status(int(entry.name))) and found[0] != "Z":
            children.setdefault(found[1], []).append(int(entry.name))
    below: dict[int, int] = {}
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        for child in children.get(parent, ()):
            below[child] = parent
            waiting.append(child)
    return below


def by_kind(grader: int) -> dict[str, list[int]]:
    """Processes of a running grader: itself, its jobs, their zygotes with walls, and workers."""
    below = descendants(grader)
    lines = {pid: _command(pid) for pid in below}
    found: dict[str, list[int]] = {"grader": [grader]}
    for pid, parent in below.items():
        line = lines[pid]
        if parent == grader and b"multiprocessing.spawn" in line:
            kind = "job"
        elif b"multiprocessing.resource_tracker" in line:
            kind = "tracker"
        elif _ZYGOTE not in line:
            continue
        elif b"bwrap" in line.split(b"\0")[0]:
            kind = "wall"
        else:
            forked = _ZYGOTE in lines.get(parent, b"") and b"bwrap" not in lines[parent]
            kind = "worker" if forked else "zygote"
        found.setdefault(kind, []).append(pid)
    return found


def kill(pid: int) -> bool:
    """SIGKILL; whether there was a living process to be killed."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    try:
        found = _status(pid)
        if found is None or found[0] in "ZX":
            return False
        signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    except ProcessLookupError:
        return False
    finally:
        os.close(descriptor)
    return True


def _status(pid: int) -> tuple[str, int] | None:
    """(state, parent); None when there is no such process any more."""
    try:
        # The second field is the program's name, which may hold spaces and brackets.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return (fields[0].decode(), int(fields[1])) if len(fields) > 1 else None


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""

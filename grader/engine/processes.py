"""What a pidfd tells about its process: the number it has here, and whether it has ended."""

from __future__ import annotations

import select


def pid_of(pidfd: int) -> int:
    """The number under which this process sees the one behind `pidfd`; -1 once it has ended.

    Behind an outer wall a process knows itself under another number.
    """
    with open(f"/proc/self/fdinfo/{pidfd}", "rb") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(b"Pid:"))


def has_ended(pidfd: int, seconds: float) -> bool:
    """Whether the process ends within that time."""
    ended = select.poll()
    ended.register(pidfd, select.POLLIN)
    return bool(ended.poll(seconds * 1000))

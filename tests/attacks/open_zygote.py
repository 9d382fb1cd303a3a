"""A zygote whose workers aren't walled in: `python open_zygote.py FD GROUND`, only inside bwrap.

It keeps a victim, because a process outside the throw-away pid namespace couldn't be reached, and
leaves a descriptor open on the secret file, as a careless zygote might.
"""

from __future__ import annotations

import fcntl
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from ground import start_victim

from grader.worker import zygote

_CLEAR_OF_FIXED = 10


def no_wall(
    spec: Any, *, rpc_fd: int, stdout_fd: int, stderr_fd: int, stdin_fd: int | None = None
) -> tuple[str, ...]:
    """What is left of `wall_in` without a wall: descriptors and a place to work in."""
    opened = os.open(os.devnull, os.O_RDONLY) if stdin_fd is None else stdin_fd
    numbers = (opened, stdout_fd, stderr_fd, rpc_fd)
    parked = [fcntl.fcntl(number, fcntl.F_DUPFD, _CLEAR_OF_FIXED) for number in numbers]
    for target, number in enumerate(parked):
        os.dup2(number, target)
        os.close(number)
    os.chdir(spec.scratch)
    tempfile.tempdir = spec.scratch
    return ()


def keep_victim(canary: Path, note: Path) -> None:
    """Notes the number of a victim, and starts another one whenever it has ended."""
    while True:
        victim = start_victim(canary.read_text(), str(canary))
        new = note.with_suffix(".new")
        new.write_text(str(victim.pid))
        new.replace(note)
        victim.wait()


def main() -> None:
    """Serves the grader as the real one does."""
    channel, ground = int(sys.argv[1]), Path(sys.argv[2])
    canary = ground / "secret" / "canary"
    note = ground / "work" / "victim"
    if os.fork() == 0:
        os.close(channel)
        keep_victim(canary, note)
    # Clear of the numbers that the workers' own descriptors get.
    fcntl.fcntl(os.open(canary, os.O_RDONLY), fcntl.F_DUPFD, _CLEAR_OF_FIXED)
    sys.argv[1:] = [str(fcntl.fcntl(channel, fcntl.F_DUPFD, _CLEAR_OF_FIXED))]
    os.close(channel)
    zygote.wall_in = no_wall
    zygote.main()


if __name__ == "__main__":
    main()

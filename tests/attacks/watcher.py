"""A process beside the grader's that looks at what all its descendants use: `python watcher.py PID
FOLDER`. Each line on standard input ends a round; the answer is a line of JSON with the peaks.

Looks at the descendants of PID and at FOLDER, the workers' directory. Reads only what procfs shows
to everybody, so that it sees as much as an ordinary user may.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys

_LOOK_MS = 50
_MOST_ENTRIES = 40_000
_PAGE = os.sysconf("SC_PAGE_SIZE")


def descendants(root: int) -> set[int]:
    """All processes below `root`; orphans too where it is a subreaper."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, IndexError), open(f"/proc/{name}/stat") as stream:
                parent = int(stream.read().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(name))
    found: set[int] = set()
    waiting = [root]
    while waiting:
        new = children.get(waiting.pop(), [])
        found.update(new)
        waiting += new
    return found


def _uses(pid: int) -> dict[str, int]:
    with open(f"/proc/{pid}/status") as stream:
        status = dict(line.split(":", 1) for line in stream if ":" in line)
    return {
        "mb": int(status.get("VmHWM", "0 kB").split()[0]) >> 10,
        "threads": int(status["Threads"]),
    }


def _descriptors(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:  # another user's, or one that may not be looked into
        return 0


def _resident(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as stream:
        return int(stream.read().split()[1]) * _PAGE >> 20


def _folder(folder: str) -> tuple[int, int]:
    files, size, waiting = 0, 0, [folder]
    while waiting and files < _MOST_ENTRIES:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                files += 1
                with contextlib.suppress(OSError):
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
    return files, size >> 20


def _shared() -> int:
    """Memory of the whole machine that holds files."""
    with open("/proc/meminfo") as stream:
        return next(int(line.split()[1]) >> 10 for line in stream if line.startswith("Shmem:"))


class Peaks:
    """The most that was seen in a round."""

    def __init__(self, root: int, folder: str) -> None:
        self._root, self._folder = root, folder
        self._begin, self._shared = _resident(root), _shared()
        self.seen: dict[str, int] = {}

    def look(self) -> None:
        """Raises each peak to what is there now."""
        below = descendants(self._root) - {os.getpid()}
        files, size = _folder(self._folder)
        now = {
            "processes": len(below),
            "files": files,
            "disk_mb": size,
            "grader_mb": _resident(self._root) - self._begin,
            "shared_mb": _shared() - self._shared,
        }
        for pid in below:
            with contextlib.suppress(OSError, KeyError, ValueError):
                for name, value in _uses(pid).items():
                    now[name] = max(now.get(name, 0), value)
                now["descriptors"] = max(now.get("descriptors", 0), _descriptors(pid))
        for name, value in now.items():
            self.seen[name] = max(self.seen.get(name, 0), value)


def main() -> None:
    """Serves rounds until standard input ends."""
    root, folder = int(sys.argv[1]), sys.argv[2]
    poll = select.poll()
    poll.register(0, select.POLLIN)
    peaks = Peaks(root, folder)
    while True:
        peaks.look()
        if poll.poll(_LOOK_MS):
            if not os.read(0, 64):
                return
            peaks.look()
            os.write(1, json.dumps(peaks.seen).encode() + b"\n")
            peaks = Peaks(root, folder)


if __name__ == "__main__":
    main()

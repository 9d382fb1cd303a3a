"""Measures and removes directories that hostile code fills."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
from pathlib import Path


def remove_tree(folder: Path) -> None:
    """Removes a directory that hostile code has filled, and waits until it is gone."""
    _removal(folder).wait()


class Removals:
    """Directories that are being removed while something else goes on.

    Thousands of nested folders take seconds, in which the next check can run.
    """

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, folder: Path) -> None:
        """Begins to remove a directory."""
        self._running = [removal for removal in self._running if removal.poll() is None]
        self._running.append(_removal(folder))

    def finish(self) -> None:
        """Waits until all are gone."""
        while self._running:
            self._running.pop().wait()


def _removal(folder: Path) -> subprocess.Popen[bytes]:
    """`rm` and not `shutil.rmtree`, which raises RecursionError on thousands of nested folders."""
    rm = shutil.which("rm", path="/usr/bin:/bin") or "rm"
    return subprocess.Popen(
        [rm, "-rf", "--one-file-system", "--", str(folder)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def holds_more(folder: Path, pid: int, most_bytes: int, most_files: int) -> bool:
    """Whether a directory, and the deleted files that process `pid` has open, hold more than this.

    Looks at no more than `most_files` entries. The process may change the directory meanwhile; of
    what it maps without holding it open nothing is known.
    """
    found, size = 0, _deleted(pid)
    waiting = [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    found += 1
                    if found > most_files or size > most_bytes:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                return True  # nobody nests that deep by mistake
    return size > most_bytes


def _deleted(pid: int) -> int:
    """Bytes of deleted files that a process has open; 0 where that can't be seen."""
    size = 0
    try:
        with os.scandir(f"/proc/{pid}/fd") as descriptors:
            for descriptor in descriptors:
                status = os.stat(descriptor.path)
                if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                    size += status.st_blocks * 512
    except OSError:
        pass
    return size

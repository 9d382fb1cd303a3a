"""Notices saves: whichever way an editor saves, and only once a file is whole.

`watchfiles` wakes us; what decides is what the system knows of each file (`stat`). So it doesn't
matter whether an editor writes in place, renames a new file over the old one, or deletes and makes
it anew, and a file that is only read or whose mode changes isn't a save.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import watchfiles

from grader.text import Text
from grader.watch.events import Event, Saved, Told

Stamp = tuple[int, int, int] | None
"""(time of change in ns, size, inode); None for a file that isn't there."""

_STEP_MS = 10  # how long the system's events are collected
_BURST_MS = 30
_LOOK_MS = 1000  # a look at the files even without an event: not every file system sends them
_QUIET = 0.015  # seconds without a change after which a file is whole …
_EMPTY = 0.3  # … and how long one that is empty or gone may take to come back
_POLL = 0.2  # seconds between two looks where the system gives no events


class Saves(threading.Thread):
    """Tells of saves until it is stopped.

    Args:
        files: the files to watch; they needn't be there.
    """

    def __init__(self, files: Iterable[Path], tell: Callable[[Event], None]) -> None:
        super().__init__(daemon=True, name="saves")
        self._tell = tell
        self._stopped = threading.Event()
        self._known = {file: stamp(file) for file in files}
        self._folders = sorted({file.parent for file in self._known})
        self._told_of_polling = False

    def stop(self) -> None:
        """It ends within a moment."""
        self._stopped.set()

    def run(self) -> None:
        """Looks whenever something may have changed."""
        for _ in self._wakings():
            saved = self._look()
            if saved:
                self._tell(Saved(saved, time.monotonic()))

    def _wakings(self) -> Iterator[None]:
        while not self._stopped.is_set():
            yield
            folders = {folder: stamp(folder) for folder in self._folders}
            present = [folder for folder, at in folders.items() if at is not None]
            if len(present) < len(folders):  # one that isn't there can't be waited for
                self._stopped.wait(_POLL)
                continue
            try:
                for _ in watchfiles.watch(
                    *present,
                    watch_filter=None,
                    debounce=_BURST_MS,
                    step=_STEP_MS,
                    rust_timeout=_LOOK_MS,
                    yield_on_timeout=True,
                    stop_event=self._stopped,
                    raise_interrupt=False,
                    recursive=False,
                    force_polling=False,
                ):
                    yield
                    if any(_inode(stamp(at)) != _inode(was) for at, was in folders.items()):
                        break  # another folder of that name: it isn't the one that is watched
            except FileNotFoundError:
                continue
            except Exception as error:  # watchfiles raises its own, and OSError at a limit
                self._poll(str(error).rpartition(": ")[2])

    def _poll(self, why: str) -> None:
        if not self._told_of_polling:
            self._told_of_polling = True
            self._tell(Told(Text(
                f"the system tells of no changes ({why}): looking at the files"
                f" {round(1 / _POLL)} times a second instead",
                f"系统无法通知文件的变化（{why}），改为每秒查看 {round(1 / _POLL)} 次",
            )))  # fmt: skip
        self._stopped.wait(_POLL)

    def _look(self) -> frozenset[Path]:
        """The files that have changed since the last look, once they are whole."""
        now = {file: stamp(file) for file in self._known}
        if now == self._known:
            return frozenset()
        begun = quiet_since = time.monotonic()
        while not self._stopped.wait(_QUIET / 3):
            at = time.monotonic()
            again = {file: stamp(file) for file in self._known}
            if again != now:
                now, quiet_since = again, at
            emptied = any(not _size(now[file]) and _size(was) for file, was in self._known.items())
            if at - quiet_since >= _QUIET and (not emptied or at - begun >= _EMPTY):
                break
            if at - begun >= 2 * _EMPTY:
                break  # something writes on and on; what follows is a save of its own
        changed = frozenset(file for file, was in self._known.items() if now[file] != was)
        self._known = now
        return changed


def stamp(file: Path) -> Stamp:
    """What tells one state of a file from the next."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _size(of: Stamp) -> int:
    return 0 if of is None else of[1]


def _inode(of: Stamp) -> int:
    return 0 if of is None else of[2]

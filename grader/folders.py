"""Directories that one grader has to itself: OUT, and its temporary files also after its death.

A grader that is killed can't tidy up. Each one holds a lock on its directory, which the kernel lets
go of when the process ends, however it ends; the next grader removes what nobody holds.
"""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grader import disk
from grader.defuse import defuse_line
from grader.engine.trees import remove_tree
from grader.errors import UsageError

_PREFIX = "grader-run-"
_REMOVAL_SECONDS = 10.0  # killed workers may still be writing while their directory is removed
_PAUSE_SECONDS = 0.05


def make(out: Path) -> None:
    """Makes the directory that was named with `--out`, unless it is there.

    Raises:
        UsageError: it can't be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if disk.is_full(error):
            raise disk.full(out, "--out") from None
        raise UsageError(
            f"--out {defuse_line(str(out))}: {error.strerror}; name a directory that can be written"
        ) from None


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Holds an existing directory against a second grader.

    Two at once would grade the same submissions twice at half the speed, and the later of them,
    perhaps with another seed or fewer students, would overwrite the other's report. So staff is
    told at once instead of being surprised by the result.

    Raises:
        UsageError: another grader has it.
    """
    try:
        # A link is followed: whoever names what it leads to means the same directory.
        held = _hold(Path(os.path.realpath(folder)))
    except BlockingIOError:
        raise UsageError(
            f"another grader is writing to {folder}: wait until it has finished, or give another"
            " folder with --out"
        ) from None
    except OSError:
        held = None  # some network file systems know no locks: then it is up to the staff
    try:
        yield
    finally:
        if held is not None:
            os.close(held)


@contextmanager
def in_turn(lock: Path) -> Iterator[None]:
    """Holds the empty file `lock`, which stays there, as soon as nobody else does.

    For what takes a moment: reading a small file, changing it and writing it.

    Raises:
        UsageError: there can't be such a file.
    """
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise UsageError(
            f"{defuse_line(str(lock.parent))}: nothing can be written there ({error.strerror})"
        ) from None
    try:
        with suppress(OSError):  # some network file systems know no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def temporary(parent: Path) -> Iterator[Path]:
    """A new directory that is gone at the end; if this process is killed, at the next one's start.

    Workers may pass through it, under uids of their own, but not look around.

    Raises:
        DiskFull: there is no room for a directory.
    """
    _remove_abandoned(parent)
    folder, held = _new(parent)
    try:
        folder.chmod(0o711)
        yield folder
    finally:
        _remove(folder)
        if held is not None:
            os.close(held)


def outside(folder: Path) -> Path:
    """The first directory on the way up that isn't a temporary one of a grader's."""
    while any(part.startswith(_PREFIX) for part in folder.parts):
        folder = folder.parent
    return folder


def _hold(folder: Path) -> int:
    """A descriptor with the lock on a directory. Not inherited: it goes with this very process.

    Raises:
        BlockingIOError: another process has it.
        OSError: the directory is gone, is none, or can't be locked.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _new(parent: Path) -> tuple[Path, int | None]:
    while True:
        try:
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        except OSError as error:
            if disk.is_full(error):
                raise disk.full(parent, "TMPDIR") from None
            raise
        try:
            held = _hold(folder)
        except (BlockingIOError, FileNotFoundError):
            continue  # another grader took it for abandoned before the lock was set
        except OSError:
            return folder, None  # no locks here, so nobody can take it for abandoned either
        if folder.exists():
            return folder, held
        os.close(held)


def _remove_abandoned(parent: Path) -> None:
    """Removes this user's directories that no living grader holds."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # held, somebody else's, or removed by another grader meanwhile
            status = folder.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
                held = _hold(folder)
                try:
                    remove_tree(folder)
                finally:
                    os.close(held)


def _remove(folder: Path) -> None:
    end = time.monotonic() + _REMOVAL_SECONDS
    remove_tree(folder)
    while folder.exists() and time.monotonic() < end:
        time.sleep(_PAUSE_SECONDS)
        remove_tree(folder)


__all__ = ["alone_in", "in_turn", "make", "outside", "temporary"]

"""Room on disk: how much there is, and what is said when there is none left."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from grader.errors import UsageError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_JOB_MB = 64  # of temporary files per job; no single file of a worker may be larger
FULL_MB = 64
"""With less than this, nobody can say that a write failed through a fault of the student's."""


class DiskFull(UsageError):
    """Nothing can be written where something has to be; the same command goes on with more room."""


def is_full(error: BaseException) -> bool:
    """Whether this is the system's word for a full disk or an exhausted quota."""
    return isinstance(error, OSError) and error.errno in _FULL


def free_mb(folder: Path) -> int:
    """Room for this user on a folder's file system; 0 as well when no further file fits."""
    try:
        found = os.statvfs(folder)
    except OSError:
        if folder == folder.parent:
            raise
        return free_mb(folder.parent)
    if found.f_files and not found.f_favail:  # some file systems don't count files
        return 0
    return found.f_bavail * found.f_frsize >> 20


def full(folder: Path, option: str) -> DiskFull:
    """The error about a full disk; `option` is what names another folder."""
    free = free_mb(folder)
    # With a quota others may have room where this user has none.
    why = f"is full ({free} MB free)" if free < FULL_MB else "has no room left for you (a quota?)"
    return DiskFull(
        f"the disk of {folder} {why}: free some space there or name another folder with {option},"
        " then run the same command again; it goes on where it stopped"
    )


def temporary_folder(jobs: int) -> Path:
    """Where `jobs` processes write temporary files.

    Raises:
        UsageError: it can't be written, or has clearly too little room.
    """
    # Not by `gettempdir`: it tries folders out with a file that it leaves behind when it is killed,
    # and quietly goes elsewhere, at last into the working directory, where a disk is full.
    named = tempfile.tempdir or next(
        (os.environ[name] for name in ("TMPDIR", "TEMP", "TMP") if os.environ.get(name)), "/tmp"
    )
    folder = Path(named).absolute()
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise UsageError(
            f"{folder} (TMPDIR) isn't a folder that can be written: name another with TMPDIR=DIR"
        )
    found, wanted = free_mb(folder), FULL_MB + jobs * _JOB_MB
    if found < wanted:
        raise UsageError(
            f"{folder} (TMPDIR) has {found} MB free, and {jobs} job(s) need {wanted} MB there for"
            " temporary files: free some space, name another folder with TMPDIR=DIR, or use fewer"
            " --jobs"
        )
    return folder

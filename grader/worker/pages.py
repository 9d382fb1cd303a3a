"""Gathers what a process holds into huge pages, so that each fork of it has less to copy and free.

A fork copies an entry for each page of private memory, 4 KiB on x86, and the child's end frees as
many: with TensorFlow imported, 50,000. Huge pages (2 MiB there) need one for 512 of them. What a
child writes to is split again for that child alone, and copied page by page as ever.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

_HUGE = 2 << 20
_MADV_COLLAPSE = 25  # since Linux 6.1, see madvise(2); an older one refuses it, and nothing changes


def gather() -> int:
    """Has the kernel collapse the private memory that no file stands behind.

    Returns:
        How many MiB it did so with; 0 where it can't.
    """
    try:
        maps = Path("/proc/self/maps").read_text("ascii", "replace")
    except OSError:
        return 0
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    done = 0
    for start, end in anonymous(maps):
        if madvise(start, end - start, _MADV_COLLAPSE) == 0:
            done += end - start
    return done >> 20


def anonymous(maps: str) -> Iterator[tuple[int, int]]:
    """The parts of private, writable, anonymous ranges that huge pages can hold, from `maps`."""
    for line in maps.splitlines():
        reach, access, _, _, inode, *name = line.split(None, 5)
        if access != "rw-p" or inode != "0" or (name and name[0].startswith("[stack")):
            continue
        first, last = (int(number, 16) for number in reach.split("-"))
        start, end = -(-first // _HUGE) * _HUGE, last // _HUGE * _HUGE
        if start < end:
            yield start, end

"""A worker's scratch as a file system of its own, in memory and bounded by the kernel.

It is gone with the worker, whatever was done to the files in it: unlinked, mapped, nested. Needs
the right to mount, which the zygote has as root, or behind the outer wall.
"""

from __future__ import annotations

import os

from grader.sandbox import kernel

MOST_BYTES = 512 << 20
MOST_FILES = 5_000
"""What one worker may keep on disk; also where it has no file system of its own."""


def mount(folder: str, *, uid: int | None) -> None:
    """Mount an empty file system over `folder`, seen by this process and its children only.

    Args:
        folder: an existing directory.
        uid: its owner, as user and group; this process's own if None.

    Raises:
        OSError: it isn't allowed here.
    """
    kernel.unshare_mounts()
    owner = os.geteuid() if uid is None else uid
    group = os.getegid() if uid is None else uid
    # One inode is the directory's own.
    kernel.mount_tmpfs(
        folder, f"size={MOST_BYTES},nr_inodes={MOST_FILES + 1},mode=700,uid={owner},gid={group}"
    )

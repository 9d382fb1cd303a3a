"""Which files of a course there are: ordinary ones inside it, never what a link leads to."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from grader.course import Course
from grader.errors import UsageError

_CACHES = frozenset({"__pycache__", "__MACOSX", "node_modules", "Thumbs.db"})


def is_litter(name: str) -> bool:
    """Whether a file or folder is hidden or made by a tool: nobody misses it in a release."""
    return name.startswith(".") or name in _CACHES or name.endswith((".pyc", ".pyo", "~"))


def read_inside(root: Path, path: Path) -> bytes:
    """The bytes of an ordinary file below `root` that no link leads to.

    Raises:
        UsageError: it isn't there, can't be read, or it or a folder on the way is a link.
    """
    name = path.relative_to(root)
    for part in (path, *path.parents):
        if part == root:
            break
        if part.is_symlink():
            raise UsageError(
                f"{name}: {part.relative_to(root)} is a link, and a release follows none: put the"
                " file itself in its place"
            )
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise UsageError(f"{name} isn't an ordinary file: put one in its place")
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"{name} isn't there; write it first") from None
    except OSError as error:
        raise UsageError(f"{name}: can't be read ({error.strerror})") from None


def files_below(folder: Path) -> Iterator[Path]:
    """Everything in `folder` that is neither litter nor a folder, links too, sorted by path."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if is_litter(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from files_below(folder / entry.name)
        else:
            yield folder / entry.name


def slug(course: Course) -> str:
    """The course's English name as a part of file names; that of its folder where nothing is left.

    ASCII letters, digits and hyphens.
    """
    for name in (course.name.en, course.root.name):
        found = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].rstrip("-")
        if found:
            return found
    return "course"

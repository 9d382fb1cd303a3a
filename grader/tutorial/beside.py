"""Files: those that lie beside a document and that it names, and those that its code writes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.tutorial.values import Document

_MOST_ENTRIES = 5_000
_MOST_BYTES = 64 << 20

Listing = dict[str, tuple[int, int]]


def copy_named_files(document: Document, scratch: Path) -> None:
    """Copies into `scratch` what lies beside the document and is named in its text.

    A tutorial that reads `data/prices.csv` finds it; one that writes it changes a copy.
    """
    root = document.path.resolve().parent
    left = _MOST_BYTES
    for file in _files(root):
        name = file.relative_to(root).as_posix()
        if file == document.path.resolve() or name not in document.text:
            continue
        left -= file.stat().st_size
        if left < 0:
            return
        target = scratch / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def listing(scratch: Path) -> Listing:
    """Size and time of each file under `scratch`, by its name relative to it."""
    found: Listing = {}
    for file in _files(scratch):
        try:
            status = file.stat()
        except OSError:
            continue  # gone in between
        found[file.relative_to(scratch).as_posix()] = (status.st_size, status.st_mtime_ns)
    return found


def changed(before: Listing, scratch: Path) -> tuple[str, ...]:
    """Files that are new or otherwise than they were."""
    return tuple(name for name, is_now in listing(scratch).items() if before.get(name) != is_now)


def inside(scratch: Path, names: Iterable[str]) -> Iterator[str]:
    """Those of the paths that lie under `scratch`, relative to it."""
    root = os.path.realpath(scratch)
    for name in names:
        path = os.path.realpath(os.path.join(root, name))
        if path.startswith(root + os.sep):
            yield os.path.relpath(path, root)


def _files(root: Path) -> Iterator[Path]:
    seen = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            seen += 1
            if seen > _MOST_ENTRIES:
                return
            file = Path(folder, name)
            if file.is_file() and not file.is_symlink():
                yield file

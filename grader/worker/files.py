"""Files of one check in the worker's scratch: written and read back on the grader's behalf."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any


class Files:
    """A directory that is made when a check first needs one, and gone when the next begins."""

    def __init__(self) -> None:
        self._folder: str | None = None

    def clear(self) -> None:
        """Removes whatever the last check left."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def path(self, name: str) -> str:
        """Where a file or directory of that name would be; nothing is made."""
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="files-")
        return os.path.join(self._folder, name)

    def write(self, name: str, data: bytes) -> str:
        """Writes a file, in subfolders if its name asks for them; returns its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(data)
        return path

    def read(self, path: Any) -> bytes:
        """What a file holds."""
        with open(os.fspath(path), "rb") as stream:
            return stream.read()

    def names(self, path: Any) -> list[str]:
        """What a directory holds, subfolders' files as `sub/file`, sorted."""
        top = os.fspath(path)
        if not os.path.isdir(top):
            raise NotADirectoryError(f"{os.path.basename(top)} is no directory")
        found = []
        for folder, _, files in os.walk(top):
            found += [os.path.relpath(os.path.join(folder, file), top) for file in files]
        return sorted(name.replace(os.sep, "/") for name in found)

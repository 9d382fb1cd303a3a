"""The folder of a report: pages written quickly, and those of an earlier report removed.

Each page that is written is noted beforehand, with the digest of its text, in a file of the folder.
So a page is known as the report's own, also after a run that was killed: one that stands in these
notes and still is what the report wrote. Nothing else is ever removed, whatever its name.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from grader.errors import UsageError
from grader.results import write_atomically, write_soon

NOTES = ".report-pages"
"""Lines of a digest, two spaces and a page's path, as `sha256sum` has them."""
_NOTE = re.compile(r"([0-9a-f]{64})  ((?:[a-z]+/)?[a-z0-9-]+(?:\.[a-z]+)?\.html)")
_MOST_NOTED = 100_000_000


class PagesFolder:
    """Writes the pages of one report; `close` removes what only earlier ones had.

    Raises:
        UsageError: from each method, where the folder can't be written.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._earlier = _noted(out / NOTES)
        self._written: dict[str, str] = {}
        self._notes: TextIO | None = None

    def write(self, path: str, text: str) -> None:
        """Writes the page at `path`, relative to the folder; readers see the old one or the new."""
        data = text.encode("utf-8")
        digest = hashlib.sha256(data).hexdigest()
        self._written[path] = digest
        self._note(f"{digest}  {path}\n")
        write_soon(self._out / path, data)

    def close(self) -> None:
        """Removes pages that are no longer part of the report; the notes are of those that are."""
        if self._notes is not None:
            with suppress(OSError):  # what a full disk has kept back
                self._notes.close()
        for path, digests in self._earlier.items():
            if path not in self._written:
                _remove(self._out / path, digests)
        lines = (f"{digest}  {path}\n" for path, digest in sorted(self._written.items()))
        write_atomically(self._out / NOTES, "".join(lines))

    def _note(self, line: str) -> None:
        if self._notes is None:
            try:
                self._out.mkdir(parents=True, exist_ok=True)
                flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
                notes = os.open(self._out / NOTES, flags, 0o666)
                self._notes = os.fdopen(notes, "a", encoding="utf-8", buffering=1)
            except OSError as error:
                raise UsageError(
                    f"{self._out / NOTES}: can't be written ({error.strerror}): mend its"
                    " permissions, or choose another folder with --out"
                ) from None
        with suppress(OSError):  # a full disk, which the page itself will meet and tell
            self._notes.write(line)


def _noted(file: Path) -> Mapping[str, set[str]]:
    """Digests by path; nothing from a file that can't be read, and no line that isn't a note."""
    found: dict[str, set[str]] = {}
    with suppress(OSError, ValueError), file.open(encoding="utf-8") as lines:
        for line in lines.read(_MOST_NOTED).split("\n"):
            if match := _NOTE.fullmatch(line):
                found.setdefault(match[2], set()).add(match[1])
    return found


def _remove(path: Path, digests: set[str]) -> None:
    with suppress(OSError):  # gone already, or no longer ours to touch
        if not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() in digests:
            path.unlink()

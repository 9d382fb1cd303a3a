"""The folder of a report: pages written quickly, and those of an earlier report removed.

Each page that is written is noted beforehand, with the digest of its text, in a file of the folder.
So a page is known as the report's own, also after a run that was killed: one that stands in these
notes and still is what the report wrote. Nothing else is ever removed, whatever its name.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from grader.errors import UsageError
from grader.results import writing_atomically, writing_soon

NOTES = ".report-pages"
"""Lines of a digest, two spaces and a page's path, as `sha256sum` has them."""
_NOTE = re.compile(r"([0-9a-f]{64})  ((?:[a-z]+/)?[a-z0-9-]+(?:\.[a-z]+)?\.html)")
_MOST_NOTED = 100_000_000
_LONGEST = 10_000  # characters of a line


class PagesFolder:
    """Writes the pages of one report; `close` removes what only earlier ones had.

    Raises:
        UsageError: from each method, where the folder can't be written.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._earlier = _noted(out / NOTES)
        self._written: dict[str, bytes] = {}
        self._notes: TextIO | None = None

    def write(self, path: str, text: str) -> None:
        """Writes the page at `path`, relative to the folder; readers see the old one or the new."""
        self.write_pieces(path, (text,))

    def write_pieces(self, path: str, pieces: Iterable[str]) -> None:
        """The same for a page that comes piece by piece."""
        digest = hashlib.sha256()
        with writing_soon(self._out / path) as file:
            for piece in pieces:
                data = piece.encode("utf-8")
                digest.update(data)
                file.write(data)
            self._written[path] = digest.digest()
            self._earlier.pop(path, None)  # it stays, whatever it was
            self._note(f"{digest.hexdigest()}  {path}\n")

    def close(self) -> None:
        """Removes pages that are no longer part of the report; the notes are of those that are."""
        if self._notes is not None:
            with suppress(OSError):  # what a full disk has kept back
                self._notes.close()
        for path, digests in self._earlier.items():
            _remove(self._out / path, digests)
        with writing_atomically(self._out / NOTES) as file:
            for path, digest in sorted(self._written.items()):
                file.write(f"{digest.hex()}  {path}\n".encode())

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


def _noted(file: Path) -> dict[str, bytes]:
    """Digests by path; nothing from a file that can't be read, and no line that isn't a note."""
    found: dict[str, bytes] = {}
    with suppress(OSError, ValueError), file.open(encoding="utf-8", newline="\n") as lines:
        left = _MOST_NOTED
        while left > 0 and (line := lines.readline(min(left, _LONGEST))):
            left -= len(line)
            if match := _NOTE.fullmatch(line.removesuffix("\n")):
                found[match[2]] = found.get(match[2], b"") + bytes.fromhex(match[1])
    return found


def _remove(path: Path, digests: bytes) -> None:
    with suppress(OSError):  # gone already, or no longer ours to touch
        known = {digests[at : at + 32] for at in range(0, len(digests), 32)}
        if not path.is_symlink() and hashlib.sha256(path.read_bytes()).digest() in known:
            path.unlink()

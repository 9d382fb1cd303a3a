"""The folder of a report: pages written quickly, and those of an earlier report removed.

Each page that is written is noted beforehand, with the digest of its text, in a file of the folder.
So a page is known as the report's own, also after a run that was killed: one that stands in these
notes and still is what the report wrote. Nothing else is ever removed, whatever its name. Beside
it stands a digest of what the page was made of: one that would be made of the same can stay.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from grader.errors import UsageError
from grader.results import writing_atomically, writing_soon

NOTES = ".report-pages"
"""Lines of a page's digest, its path and, if that is known, the digest of what it was made of; two
spaces between them."""
_NOTE = re.compile(
    r"([0-9a-f]{64})  ((?:[a-z]+/)?[a-z0-9-]+(?:\.[a-z]+)?\.html)(?:  ([0-9a-f]{64}))?"
)
_MOST_NOTED = 100_000_000
_LONGEST = 10_000  # characters of a line
_PIECE = 1 << 17
# Neither through a link nor waiting for a pipe's other end.
_SAFE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FLAGS = _SAFE | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class _Noted:
    """A page that was written: the digest of its text, and of what it was made of."""

    digest: str
    made_of: str

    def line(self, path: str) -> str:
        """The line about it in the notes."""
        parts = (self.digest, path, self.made_of) if self.made_of else (self.digest, path)
        return "  ".join(parts) + "\n"


class PagesFolder:
    """Writes the pages of one report; `close` removes what only earlier ones had.

    Raises:
        UsageError: from each method, where the folder can't be written.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._earlier = _noted(out / NOTES)
        self._written: dict[str, _Noted] = {}
        self._notes: TextIO | None = None

    def keeps(self, path: str, made_of: str) -> bool:
        """Whether the page is there already, made of the same; then it is part of this report."""
        for noted in self._earlier.get(path, ()):
            if noted.made_of == made_of and _holds(self._out / path, {noted.digest}):
                self._written[path] = noted
                del self._earlier[path]
                return True
        return False

    def write(self, path: str, text: str, made_of: str = "") -> None:
        """Writes the page at `path`, relative to the folder; readers see the old one or the new."""
        self.write_pieces(path, (text,), made_of)

    def write_pieces(self, path: str, pieces: Iterable[str], made_of: str = "") -> None:
        """The same for a page that comes piece by piece."""
        digest = hashlib.sha256()
        with writing_soon(self._out / path) as file:
            for piece in pieces:
                data = piece.encode("utf-8")
                digest.update(data)
                file.write(data)
            noted = self._written[path] = _Noted(digest.hexdigest(), made_of)
            self._earlier.pop(path, None)  # it stays, whatever it was
            self._note(noted.line(path))

    def close(self) -> None:
        """Removes pages that are no longer part of the report; the notes are of those that are."""
        if self._notes is not None:
            with suppress(OSError):  # what a full disk has kept back
                self._notes.close()
        for path, noted in self._earlier.items():
            _remove(self._out / path, {one.digest for one in noted})
        with writing_atomically(self._out / NOTES) as file:
            for path, one in sorted(self._written.items()):
                file.write(one.line(path).encode())

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


def _noted(file: Path) -> dict[str, list[_Noted]]:
    """Notes by path; none from a file that can't be read, and from no line that isn't a note."""
    found: dict[str, list[_Noted]] = {}
    with suppress(OSError, ValueError), file.open(encoding="utf-8", newline="\n") as lines:
        left = _MOST_NOTED
        while left > 0 and (line := lines.readline(min(left, _LONGEST))):
            left -= len(line)
            if match := _NOTE.fullmatch(line.removesuffix("\n")):
                found.setdefault(match[2], []).append(_Noted(match[1], match[3] or ""))
    return found


def _remove(path: Path, digests: Collection[str]) -> None:
    if _holds(path, digests):
        with suppress(OSError):  # no longer ours to touch
            path.unlink()


def _holds(path: Path, digests: Collection[str]) -> bool:
    """Whether a file is there, and it is one of these."""
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return False
            digest = hashlib.sha256()
            while piece := os.read(descriptor, _PIECE):
                digest.update(piece)
        finally:
            os.close(descriptor)
    except (OSError, ValueError):  # gone, perhaps, or a link
        return False
    return digest.hexdigest() in digests

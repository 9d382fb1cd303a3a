"""Files that were read before: what has passed the reading once needn't be parsed again.

Reading a submission bounds its depth and size, and compiles it: milliseconds for each file, most of
what a class costs that has been graded already. What comes of it depends on the file's bytes, on
the grader's own source and on Python's version alone.
"""

from __future__ import annotations

import platform

from grader.keys import source_digest
from grader.store import Store, key_of

_AT_ONCE = 500


class Passed:
    """The files that passed, remembered in a store; `keep` writes what is new."""

    def __init__(self, store: Store) -> None:
        self._rules = key_of({"source": source_digest(), "python": platform.python_version()})
        self._store = store
        self._new: set[str] = set()

    def __contains__(self, data: bytes) -> bool:
        """Whether a file of these bytes is known to be readable, with nothing to note."""
        digest = self._digest(data)
        return digest in self._new or self._store.has_passed(digest)

    def add(self, data: bytes) -> None:
        """Notes that it is."""
        self._new.add(self._digest(data))
        if len(self._new) >= _AT_ONCE:
            self.keep()

    def keep(self) -> None:
        """Writes what was noted.

        Raises:
            UsageError: the store can't be written.
        """
        self._store.set_passed(sorted(self._new))
        self._new.clear()

    def _digest(self, data: bytes) -> str:
        return key_of({"rules": self._rules, "file": data})

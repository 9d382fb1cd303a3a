"""Remembers every finished row in SQLite, under the content of everything that it depends on.

A key is a digest of the submission, the exercise (checks, reference, public files), the grader's
own source, the versions of the libraries, device, sandbox level, limits and seed: change one and
the row is made anew. Rows are JSON; nothing in the file is ever executed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import UsageError
from grader.results import Row

_SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS rows (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT UNIQUE NOT NULL,
        row BLOB NOT NULL,
        final INTEGER NOT NULL
    )
    """,
    "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
_BUSY_SECONDS = 60.0


class Store:
    """Finished rows in one file. The batch's processes write it, each row in one transaction.

    Raises:
        UsageError: the file can't be opened, or isn't a store.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._db = sqlite3.connect(file, isolation_level=None, timeout=_BUSY_SECONDS)
        except sqlite3.Error as error:
            raise self._unusable(error) from None
        self._all("PRAGMA journal_mode=WAL")
        self._all("PRAGMA synchronous=NORMAL")
        for statement in _SCHEMA:
            self._all(statement)

    def _all(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._db.close()
            raise self._unusable(error) from None

    def _unusable(self, error: sqlite3.Error) -> UsageError:
        # A full disk or a lock is no fault of the file's.
        damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(
            error, sqlite3.OperationalError
        )
        mend = "delete the file, its rows will be made anew" if damaged else "mend that, then rerun"
        return UsageError(f"{self.file}: {error}; {mend}")

    def get(self, key: str) -> Row | None:
        """The final row under `key`; None when there is none that can be read."""
        found = self._all("SELECT row FROM rows WHERE key = ? AND final", (key,))
        return _decoded(found[0][0]) if found else None

    def put(self, key: str, row: Row) -> None:
        """Keeps a row. A fault of the grader's is handed on, but is no verdict and never reused."""
        self._all(
            "INSERT OR REPLACE INTO rows (key, row, final) VALUES (?, ?, ?)",
            (key, msgspec.json.encode(row), row.status != "grader_error"),
        )

    def last(self) -> int:
        """The number of the newest row."""
        return int(self._all("SELECT coalesce(max(seq), 0) FROM rows")[0][0])

    def since(self, number: int) -> list[tuple[int, str, Row]]:
        """(number, key, row) of what came after row `number`, oldest first."""
        found = self._all("SELECT seq, key, row FROM rows WHERE seq > ? ORDER BY seq", (number,))
        rows = ((seq, key, _decoded(data)) for seq, key, data in found)
        return [(int(seq), str(key), row) for seq, key, row in rows if row is not None]

    def fact(self, name: str) -> str | None:
        """A remembered setting of the run, such as its seed."""
        found = self._all("SELECT value FROM facts WHERE name = ?", (name,))
        return str(found[0][0]) if found else None

    def set_fact(self, name: str, value: str) -> None:
        """Remembers a setting of the run."""
        self._all("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Closes the file."""
        self._db.close()


def _decoded(data: bytes) -> Row | None:
    try:
        return msgspec.json.decode(data, type=Row)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def key_of(parts: Mapping[str, str | bytes]) -> str:
    """The digest of named parts, each bounded so that no two settings run together."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        value = parts[name]
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        digest.update(f"{name}:{len(data)}:".encode() + data)
    return digest.hexdigest()


def digest_files(files: Iterable[Path], root: Path) -> str:
    """A digest of the names and contents of files below `root`."""
    return key_of({str(file.relative_to(root)): file.read_bytes() for file in sorted(files)})

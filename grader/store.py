"""Remembers every finished row in SQLite, under the content of everything that it depends on.

A key is a digest of the submission, the exercise (checks, reference, public files), the grader's
own source, the versions of the libraries, device, sandbox level, limits and seed: change one and
the row is made anew. Rows are JSON; nothing in the file is ever executed. SQLite notices damage to
its own structure only, so each row carries a digest: one whose bytes have changed isn't there.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from grader import disk
from grader.errors import UsageError
from grader.results import Row

# A verdict and a later fault of the grader's under the same key stand side by side: a fault must
# never cost a verdict.
_TABLES = {
    "rows": """CREATE TABLE rows (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        row BLOB NOT NULL,
        final INTEGER NOT NULL,
        digest TEXT NOT NULL,
        UNIQUE (key, final)
    )""",
    "facts": """CREATE TABLE facts (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL,
        digest TEXT NOT NULL
    )""",
    "passed": """CREATE TABLE passed (
        digest TEXT PRIMARY KEY
    ) WITHOUT ROWID""",
    "uses": """CREATE TABLE uses (
        name TEXT PRIMARY KEY,
        day TEXT NOT NULL
    ) WITHOUT ROWID""",
}
# What was put by a run that was killed before it could note its uses is as good as used.
_UNUSED = "IN (SELECT name FROM uses WHERE day < ?)"
_BUSY_SECONDS = 60.0
_SCARCE_MB = 1  # what SQLite calls an I/O error is then most likely a full disk
BESIDE = ("", "-wal", "-shm")  # the files of one database


class StoreDamaged(UsageError):
    """The file is no store, or no longer: `set_aside` makes room for a new one."""


class Store:
    """Finished rows in one file. The batch's processes write it, each row in one transaction.

    Raises:
        StoreDamaged: the file isn't a store, is of another version or has been damaged.
        DiskFull: a row can't be kept for want of room.
        UsageError: the file can't be opened, or not soon.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._used: set[str] = set()
        try:
            self._db = sqlite3.connect(file, isolation_level=None, timeout=_BUSY_SECONDS)
        except sqlite3.Error as error:
            raise self._unusable(error) from None
        # A damaged text is found by its digest and must not be an error on the way there.
        self._db.text_factory = lambda data: data.decode("utf-8", "replace")
        self._all("PRAGMA journal_mode=WAL")
        self._all("PRAGMA synchronous=NORMAL")
        known = self._tables()
        for name, statement in _TABLES.items():
            if name not in known:
                self._all(statement.replace("TABLE", "TABLE IF NOT EXISTS", 1))
        if self._tables() != _TABLES:
            self._db.close()
            raise StoreDamaged(f"{file}: holds the tables of another version or program")

    def _tables(self) -> dict[str, str]:
        found = self._all(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        return {str(name): str(sql) for name, sql in found}

    def verify(self) -> None:
        """Reads the whole file once.

        Raises:
            StoreDamaged: a part of it can't be read.
        """
        found = self._all("PRAGMA integrity_check(1)")
        if found != [("ok",)]:
            self._db.close()
            said = str(found[0][0]).splitlines()[-1] if found else "no answer"
            raise StoreDamaged(f"{self.file}: {said}")

    def _all(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._db.execute(statement, values).fetchall()
        except (sqlite3.Error, ValueError, OverflowError) as error:
            # Not only SQLite's own errors: what a damaged file holds can be in its messages, too.
            self._db.close()
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> UsageError:
        """What an error of SQLite's means for the user.

        Its classes don't tell: an unreadable header is an OperationalError, like a full disk.
        """
        said, folder = f"{self.file}: {error}", self.file.parent
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if isinstance(error, sqlite3.ProgrammingError):  # closed after an earlier error
            return UsageError(said)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return UsageError(
                f"{said}: another program has held it for {_BUSY_SECONDS:.0f} s; end that program"
                " and run the same command again"
            )
        if self.file.is_dir():
            return UsageError(f"{self.file} is a directory: move it away, or name another --out")
        there = self.file if self.file.exists() else folder
        allowed = os.access(there, os.R_OK | os.W_OK) and os.access(folder, os.W_OK)
        scarce = allowed and folder.is_dir() and disk.free_mb(folder) < _SCARCE_MB
        if code == sqlite3.SQLITE_FULL or (
            scarce and code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
        ):
            return disk.full(folder, "--out")
        if code == sqlite3.SQLITE_IOERR:
            return UsageError(f"{said}: check the disk of {folder}, or name another --out")
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM) or not allowed:
            return UsageError(
                f"{said}: mend the permissions of this file and of its folder, or name another"
                " --out"
            )
        return StoreDamaged(said)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything that is read within is read under one lock: taking it costs as much as a row.

        What another grader keeps meanwhile isn't seen within. Writing is allowed, and ends it.
        """
        self._all("BEGIN")
        yield
        self._end_reading()

    def _end_reading(self) -> None:
        if self._db.in_transaction:
            self._all("COMMIT")

    def _write(self, statement: str, values: Sequence[object] = ()) -> None:
        """A statement in a transaction of its own: one that has read first may find it too late."""
        self._end_reading()
        self._all(statement, values)

    def get(self, key: str) -> Row | None:
        """The final row under `key`; None when there is none that can be read."""
        found = self._all("SELECT row, digest FROM rows WHERE key = ? AND final = 1", (key,))
        self._used.add(key)
        return _decoded(key, True, *found[0]) if found else None

    def put(self, key: str, row: Row) -> None:
        """Keeps a row. A fault of the grader's is handed on, but is no verdict and never reused."""
        data, final = msgspec.json.encode(row), row.status != "grader_error"
        self._write(
            "INSERT OR REPLACE INTO rows (key, row, final, digest) VALUES (?, ?, ?, ?)",
            (key, data, final, _digest(key, data, final)),
        )

    def last(self) -> int:
        """The number of the newest row."""
        return int(self._all("SELECT coalesce(max(seq), 0) FROM rows")[0][0])

    def since(self, number: int) -> list[tuple[int, str, Row]]:
        """(number, key, row) of what came after row `number`, oldest first."""
        found = self._all(
            "SELECT seq, key, row, digest, final FROM rows WHERE seq > ? ORDER BY seq", (number,)
        )
        self._used.update(str(key) for _, key, *_ in found)
        rows = ((seq, key, _decoded(key, final == 1, *data)) for seq, key, *data, final in found)
        return [(int(seq), str(key), row) for seq, key, row in rows if row is not None]

    def fact(self, name: str) -> str | None:
        """A remembered setting of the run, such as its seed."""
        found = self._all("SELECT value, digest FROM facts WHERE name = ?", (name,))
        value, digest = found[0] if found else (None, None)
        known = isinstance(value, str) and digest == _digest(name, value, True)
        return value if known else None

    def set_fact(self, name: str, value: str) -> None:
        """Remembers a setting of the run."""
        self._write(
            "INSERT OR REPLACE INTO facts VALUES (?, ?, ?)",
            (name, value, _digest(name, value, True)),
        )

    def has_passed(self, digest: str) -> bool:
        """Whether `set_passed` was told of it."""
        self._used.add(digest)
        return bool(self._all("SELECT 1 FROM passed WHERE digest = ?", (digest,)))

    def set_passed(self, digests: Sequence[str]) -> None:
        """Remembers digests of files that can be read; see `grader.passed`."""
        self._used.update(digests)
        self._write(
            "INSERT OR IGNORE INTO passed SELECT value FROM json_each(?)", (_list(digests),)
        )

    def keep_uses(self) -> None:
        """Notes, for `remove_unused_since`, that what was asked for or came in was used today."""
        today = datetime.now(UTC).date().isoformat()
        # What a run that was killed has left counts from now on.
        self._write("INSERT OR IGNORE INTO uses SELECT key, ? FROM rows", (today,))
        self._write("INSERT OR IGNORE INTO uses SELECT digest, ? FROM passed", (today,))
        self._write(
            "INSERT OR REPLACE INTO uses SELECT value, ? FROM json_each(?)",
            (today, _list(sorted(self._used))),
        )
        self._used.clear()

    def rows(self) -> int:
        """How many there are."""
        return int(self._all("SELECT count(*) FROM rows")[0][0])

    def unused_since(self, day: str) -> int:
        """How many rows were last used before `day` (ISO 8601, UTC)."""
        return int(self._all(f"SELECT count(*) FROM rows WHERE key {_UNUSED}", (day,))[0][0])

    def remove_unused_since(self, day: str) -> None:
        """Removes them, and what else wasn't used since, and gives their room back."""
        self._all(f"DELETE FROM rows WHERE key {_UNUSED}", (day,))
        self._all(f"DELETE FROM passed WHERE digest {_UNUSED}", (day,))
        self._all("DELETE FROM uses WHERE day < ?", (day,))
        self._all("VACUUM")
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Closes the file."""
        self._db.close()


def set_aside(file: Path) -> Path:
    """Renames a damaged store to the first free `….damaged-N`, whole: somebody may yet mend it.

    Raises:
        UsageError: it can't be renamed.
    """
    number = 1
    while os.path.lexists(aside := file.with_name(f"{file.name}.damaged-{number}")):
        number += 1
    try:
        # The database first: SQLite removes what would be left beside one that isn't there.
        for end in BESIDE:
            part = file.with_name(file.name + end)
            if os.path.lexists(part):
                part.rename(aside.with_name(aside.name + end))
    except OSError as error:
        raise UsageError(
            f"{file} is damaged and can't be renamed ({error.strerror}): move it away, or name"
            " another --out"
        ) from None
    return aside


def _list(names: Sequence[str]) -> str:
    return msgspec.json.encode(names).decode()


def _decoded(key: object, final: bool, data: object, digest: object) -> Row | None:
    if not isinstance(key, str) or not isinstance(data, bytes):
        return None
    if digest != _digest(key, data, final):
        return None
    try:
        return msgspec.json.decode(data, type=Row)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _digest(name: str, content: str | bytes, final: bool) -> str:
    return key_of({"name": name, "content": content, "final": str(final)})


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

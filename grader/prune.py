"""Makes a store smaller: what no grading has used for a while goes, and the file shrinks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from grader import folders
from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.store import BESIDE, Store, StoreDamaged
from grader.stores import STORE_FILE


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was found in a store and what went.

    Attributes:
        rows, gone: verdicts before, and those of them that no grading used since `before`.
        size, left: bytes of the file before and after.
    """

    file: Path
    before: date
    rows: int
    gone: int
    size: int
    left: int


def prune(out: Path, days: int, *, today: date | None = None) -> Pruned:
    """Removes what was not used in the last `days` days (0: not today) from the store in `out`.

    Raises:
        UsageError: there is no store, a grader is writing to it, or it can't be used.
    """
    before = _first_kept(days, today)
    with _opened(out) as store:
        rows, size = store.rows(), _size(store.file)
        gone = store.unused_since(before.isoformat())
        store.remove_unused_since(before.isoformat())
    return Pruned(store.file, before, rows, gone, size, _size(store.file))


def would_prune(out: Path, days: int, *, today: date | None = None) -> Pruned:
    """What `prune` would do; changes nothing.

    Raises:
        UsageError: as `prune`.
    """
    before = _first_kept(days, today)
    with _opened(out) as store:
        gone, size = store.unused_since(before.isoformat()), _size(store.file)
        return Pruned(store.file, before, store.rows(), gone, size, size)


@contextmanager
def _opened(out: Path) -> Iterator[Store]:
    if not (out / STORE_FILE).is_file():
        raise UsageError(
            f"{defuse_line(str(out))} holds no {STORE_FILE}: name the folder that `grader grade`"
            " wrote to (its --out)"
        )
    try:
        with folders.alone_in(out), closing(Store(out / STORE_FILE)) as store:
            store.verify()
            yield store
    except StoreDamaged as damage:
        raise UsageError(
            f"{damage}: run `grader grade` with this --out, which puts a damaged store aside and"
            " grades anew"
        ) from None


def _first_kept(days: int, today: date | None) -> date:
    return (today or datetime.now(UTC).date()) - timedelta(days=days)


def _size(file: Path) -> int:
    """With what SQLite keeps beside it, and without damaged ones that were put aside."""
    parts = (file.with_name(file.name + end) for end in BESIDE)
    return sum(part.stat().st_size for part in parts if part.is_file())

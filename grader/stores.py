"""The store of one OUT: opened, mended if it is damaged, and the seed that belongs to it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from grader.errors import UsageError
from grader.progress import warn
from grader.results import ResultsError, read_results
from grader.store import Store, StoreDamaged, set_aside

STORE_FILE = "verdicts.sqlite"
RESULTS_FILE = "results.json"

_MOST_DAMAGED = 2  # stores in one run; then it is the disk that is damaged

_Made = TypeVar("_Made")


def graded(
    out: Path, wanted: int | None, grade: Callable[[Store, int], _Made]
) -> tuple[_Made, int]:
    """What `grade` makes with OUT's store and seed, and the seed.

    A damaged store must not stop a night's batch: it is set aside, staff is told, and all that it
    held is graded anew with the same questions.

    Args:
        wanted: the seed that was asked for.

    Raises:
        UsageError: the store can't be used, and it isn't the fault of what an earlier run left.
    """
    seed, again = wanted, 0
    while True:
        try:
            store = Store(out / STORE_FILE)
            try:
                store.verify()
                seed = _seed(store, out, seed)
                made = grade(store, seed)
                store.keep_uses()
                return made, seed
            finally:
                store.close()
        except StoreDamaged as damage:
            again += 1
            if again > _MOST_DAMAGED:
                raise UsageError(
                    f"{damage}; it was new in this run: check the disk of {out}, or name another"
                    " folder with --out"
                ) from None
            aside = set_aside(out / STORE_FILE)
            if seed is None:
                seed = _published(out)
            same = "a fresh seed (--seed N names one)" if seed is None else f"seed {seed} as before"
            warn(f"{damage}; it is kept as {aside.name}, and everything is graded anew with {same}")


def _seed(store: Store, out: Path, wanted: int | None) -> int:
    """The given seed; else that of the run which this one continues; else a fresh one."""
    seed = wanted
    if seed is None:
        known = store.fact("seed") or ""
        seed = int(known) if known.isascii() and known.isdigit() else _published(out)
    if seed is None:
        seed = secrets.randbelow(1 << 31)
    store.set_fact("seed", str(seed))
    return seed


def _published(out: Path) -> int | None:
    """The seed of the results that students have been told."""
    try:
        return read_results(out / RESULTS_FILE).run.seed
    except ResultsError:
        return None

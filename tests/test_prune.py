"""`grader store prune`: what no grading used for a while goes, and nothing else."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import folders
from grader.cli import cli
from grader.errors import UsageError
from grader.prune import prune, would_prune
from grader.results import Row
from grader.store import Store
from grader.stores import STORE_FILE

ROW = Row("ada", "square", "graded", 6.0, 6.0)


def used(out: Path, *keys: str, days_ago: int = 0) -> None:
    """A grading in which `keys` were asked for and, where they weren't there, made."""
    store = Store(out / STORE_FILE)
    before = store.last()
    for key in keys:
        if store.get(key) is None:
            store.put(key, ROW)
    store.since(before)
    store.set_passed([f"file of {key}" for key in keys])
    store.keep_uses()
    store.close()
    if not days_ago:
        return
    day = (datetime.now(UTC).date() - timedelta(days=days_ago)).isoformat()
    names = [*keys, *(f"file of {key}" for key in keys)]
    with sqlite3.connect(out / STORE_FILE) as opened:
        opened.executemany("UPDATE uses SET day = ? WHERE name = ?", [(day, n) for n in names])


def left(out: Path) -> tuple[set[str], set[str]]:
    """The keys of the rows and the files that are still known."""
    with sqlite3.connect(out / STORE_FILE) as opened:
        rows = {key for (key,) in opened.execute("SELECT key FROM rows")}
        return rows, {name for (name,) in opened.execute("SELECT digest FROM passed")}


def test_what_was_used_stays(tmp_path: Path) -> None:
    """A row made long ago and used today stays; one that wasn't goes, its file's mark too."""
    used(tmp_path, "old", "kept", days_ago=40)
    used(tmp_path, "kept", "new")
    found = prune(tmp_path, 30)
    assert (found.rows, found.gone) == (3, 1)
    assert left(tmp_path) == ({"kept", "new"}, {"file of kept", "file of new"})
    assert prune(tmp_path, 30).gone == 0


def test_days_are_counted_to_the_day(tmp_path: Path) -> None:
    """Used N days ago is within the last N days; 0 keeps today only."""
    used(tmp_path, "a", days_ago=30)
    assert would_prune(tmp_path, 30).gone == 0
    assert would_prune(tmp_path, 29).gone == 1
    used(tmp_path, "b")
    assert prune(tmp_path, 0).gone == 1
    assert left(tmp_path)[0] == {"b"}


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    """It counts what the real one removes."""
    used(tmp_path, "old", days_ago=400)
    done = CliRunner().invoke(cli, ["store", "prune", str(tmp_path), "--dry-run"])
    assert done.exit_code == 0
    assert "1 of 1 verdicts" in done.output
    assert "would be removed" in done.output
    assert left(tmp_path)[0] == {"old"}
    assert prune(tmp_path, 180).gone == 1


def test_the_file_shrinks(tmp_path: Path) -> None:
    """Room that rows took is given back to the disk, beside files included."""
    store = Store(tmp_path / STORE_FILE)
    for number in range(50):
        store.put(str(number), Row("ada", "square", "graded", 6.0, 6.0, source="x" * 50_000))
    store.close()
    used(tmp_path, *map(str, range(50)), days_ago=9)
    found = prune(tmp_path, 5)
    assert found.gone == 50
    assert found.left < found.size / 10


def test_what_a_killed_run_left_counts_from_the_next_run_on(tmp_path: Path) -> None:
    """It never noted a use; its rows mustn't go before anybody could ask for them."""
    used(tmp_path, "old", days_ago=400)
    store = Store(tmp_path / STORE_FILE)
    store.put("interrupted", ROW)
    store.close()
    prune(tmp_path, 180)
    assert left(tmp_path)[0] == {"interrupted"}
    used(tmp_path, "another")
    with sqlite3.connect(tmp_path / STORE_FILE) as opened:
        known = {name for (name,) in opened.execute("SELECT name FROM uses")}
    assert "interrupted" in known


def test_what_was_put_aside_is_not_counted(tmp_path: Path) -> None:
    """A damaged store beside it is somebody's evidence, and no part of this one."""
    used(tmp_path, "old", days_ago=400)
    aside = tmp_path / f"{STORE_FILE}.damaged-1"
    aside.write_bytes(b"x" * 10_000_000)
    assert prune(tmp_path, 180).size < 1_000_000
    assert aside.stat().st_size == 10_000_000


@pytest.mark.parametrize("work", [prune, would_prune])
def test_a_damaged_store(tmp_path: Path, work: Callable[[Path, int], object]) -> None:
    """Nothing is removed from it; the line says what mends it."""
    used(tmp_path, *map(str, range(300)), days_ago=400)
    file = tmp_path / STORE_FILE
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])
    with pytest.raises(UsageError, match=r"run `grader grade` with this --out, which puts"):
        work(tmp_path, 0)


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_no_store(tmp_path: Path, options: list[str]) -> None:
    """One line that says which folder is meant."""
    done = CliRunner().invoke(cli, ["store", "prune", str(tmp_path), *options])
    assert re.search(rf"holds no {STORE_FILE}: name the folder", str(done.exception))


@pytest.mark.parametrize("work", [prune, would_prune])
def test_while_a_grader_is_at_work(tmp_path: Path, work: object) -> None:
    """It waits for nobody and takes nothing away from under a grading."""
    used(tmp_path, "old", days_ago=400)
    with (
        folders.alone_in(tmp_path),
        pytest.raises(Exception, match="another grader is writing"),
    ):
        work(tmp_path, 0)  # type: ignore[operator]
    assert left(tmp_path)[0] == {"old"}

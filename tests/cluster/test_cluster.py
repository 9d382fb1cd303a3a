"""Workers in processes of their own: the same rows as here, whatever becomes of a worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from grader.cluster import connect, travels
from grader.cluster.crew import Cluster, cluster
from grader.errors import EngineError, UsageError
from grader.keys import versions
from grader.placement import CPU
from grader.results import Row
from grader.sandbox.levels import Level

from .ground import TINY, Ground, grade, ground, several


@pytest.fixture
def dask() -> Iterator[Ground]:
    with ground() as made:
        yield made


def opened(dask: Ground, root: Path = TINY) -> Cluster:
    return cluster(dask.address, 1, root, Level.STRICT, (CPU,))


def plain(rows: list[Row]) -> list[Row]:
    """Rows without what may differ from run to run: how long it took."""
    return [
        structs.replace(
            row, seconds=0.0, cached=False,
            checks=tuple(structs.replace(check, seconds=0.0) for check in row.checks),
        )
        for row in rows
    ]  # fmt: skip


def test_the_same_rows(dask: Ground, tmp_path: Path) -> None:
    """What workers find is what this machine finds, under the same keys."""
    dask.start_worker()
    dask.start_worker("--nthreads", "2")
    everybody = several(6)
    here = grade(everybody, tmp_path / "here.sqlite")
    with opened(dask) as workers:
        assert workers.jobs == 3
        there = grade(everybody, tmp_path / "there.sqlite", workers)
        again = grade(everybody, tmp_path / "here.sqlite", workers)
    assert plain(there) == plain(here)
    assert not any(row.cached for row in there)
    assert all(row.cached for row in again)


def test_a_worker_dies(dask: Ground, tmp_path: Path) -> None:
    """One is killed at the first row: all verdicts are there, and none is a fault."""
    first, _ = dask.start_worker(), dask.start_worker()
    told: list[Row] = []

    def kill(row: Row) -> None:
        if not told:
            first.kill()
        told.append(row)

    with opened(dask) as workers:
        rows = grade(several(6), tmp_path / "store", workers, kill)
    assert [row.status for row in rows] == ["graded"] * 6
    assert {row.points for row in rows} == {0.0, 10.0}
    assert len(told) == 6


def test_all_workers_die(dask: Ground, tmp_path: Path) -> None:
    """Both are killed, and another comes: it does what is left."""
    pair = [dask.start_worker(), dask.start_worker()]
    told: list[Row] = []

    def kill(row: Row) -> None:
        if not told:
            for worker in pair:
                worker.kill()
            dask.start_worker()
        told.append(row)

    with opened(dask) as workers:
        rows = grade(several(6), tmp_path / "store", workers, kill)
    assert [row.status for row in rows] == ["graded"] * 6


def test_other_versions(
    dask: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A worker with another TensorFlow is refused by name."""
    monkeypatch.setattr(travels, "versions", lambda: {**versions(), "tensorflow": "2.0.0"})
    dask.start_worker()
    with (
        pytest.raises(
            UsageError, match=rf"has tensorflow {versions()['tensorflow']}, and the grader 2\.0\.0"
        ),
        opened(dask),
    ):
        pass
    assert "isn't used: it has tensorflow" in capsys.readouterr().err


def test_a_course_that_changes(dask: Ground, tmp_path: Path) -> None:
    """It needn't be where the worker is; a changed file is a new key, and is what is run there."""
    root = Path(shutil.copytree(TINY, tmp_path / "course"))
    check = root / "solutions" / "square" / "test_square.py"
    before = check.read_text()
    elsewhere = f"    assert not __file__.startswith({str(root)!r})\n"
    marker = "    x = rng.normal(size=(4,))"
    check.write_text(before.replace(marker, elsewhere + marker))
    dask.start_worker()
    with opened(dask, root) as workers:
        rows = grade(several(1), tmp_path / "store", workers, root=root)
    assert [row.points for row in rows] == [10.0]
    check.write_text(before.replace(marker, elsewhere + marker).replace("points=6", "points=5"))
    with opened(dask, root) as workers:
        rows = grade(several(1), tmp_path / "store", workers, root=root)
    assert [(row.points, row.cached) for row in rows] == [(9.0, False)]


def test_the_scheduler_is_lost(
    dask: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it ends with a line; with another scheduler the same call goes on from there."""
    monkeypatch.setattr(connect, "CONNECT_SECONDS", 1.0)
    dask.start_worker()
    told: list[Row] = []

    def kill(row: Row) -> None:
        told.append(row)
        if len(told) == 1:
            assert dask.scheduler is not None
            dask.scheduler.kill()

    with (
        pytest.raises(EngineError, match=r"was lost .* goes on from there"),
        opened(dask) as workers,
    ):
        grade(several(6), tmp_path / "store", workers, kill)
    assert 0 < len(told) < 6
    dask.start_scheduler()
    dask.start_worker()
    with opened(dask) as workers:
        rows = grade(several(6), tmp_path / "store", workers)
    assert [row.status for row in rows] == ["graded"] * 6
    assert sum(row.cached for row in rows) >= len(told)

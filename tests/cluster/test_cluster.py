"""Workers in processes of their own: the same rows as here, whatever becomes of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.cluster.crew import Cluster, cluster
from grader.results import Row
from grader.sandbox.levels import Level

from .ground import TINY, Ground, grade, ground, several


@pytest.fixture
def dask() -> Iterator[Ground]:
    with ground() as made:
        yield made


def opened(dask: Ground, root: Path = TINY) -> Cluster:
    return cluster(dask.address, 1, root, Level.STRICT, gpu=False)


def plain(rows: list[Row]) -> list[Row]:
    """Rows without what may differ from run to run: how long it took."""
    return [
        replace(
            row, seconds=0.0, cached=False,
            checks=tuple(replace(check, seconds=0.0) for check in row.checks),
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

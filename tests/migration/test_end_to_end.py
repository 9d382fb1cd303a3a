"""A migrated notebook grades: its reference passes its checks, its stub fails them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader import batch, course, shard, stubs
from grader.engine.config import EngineConfig
from grader.migration import Migrated, Request, migrate
from grader.results import Row
from grader.sandbox.levels import Level
from grader.store import Store
from grader.submissions import Submission

from . import notebooks
from .conftest import TINY

Graded = tuple[dict[str, Migrated], dict[tuple[str, str], Row]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Both notebooks in one course, the reference and the stub of each, in one batch."""
    folder = tmp_path_factory.mktemp("migrated")
    root = Path(shutil.copytree(TINY, folder / "tiny"))
    sources = {"squares": notebooks.nbgrader_cells(), "means": notebooks.otter_cells()}
    done = {
        name: migrate(Request(notebooks.write(folder / f"{name}.ipynb", cells), root))
        for name, cells in sources.items()
    }
    assert stubs.disagreements(root) == []
    loaded = course.load(root)
    exercises = loaded.pick(tuple(sources))
    plan = batch.Plan(
        course=loaded,
        specs=shard.collect(exercises),
        submissions=[
            Submission(name, e.id, "ready", file.read_bytes(), f"{name}/{e.id}.py")
            for e in exercises
            for name, file in (("reference", e.solution), ("stub", e.stub))
        ],
        config=EngineConfig(Level.STRICT, loaded.limits),
        seed=1,
        jobs=1,
        store=Store(folder / "verdicts.sqlite"),
        use_store=False,
    )
    rows = batch.grade(plan, lambda row: None)
    plan.store.close()
    return done, {(row.student, row.exercise): row for row in rows}


def outcomes(row: Row) -> dict[str, tuple[str, float]]:
    return {check.id: (check.outcome, check.points) for check in row.checks}


def test_nbgrader(graded: Graded) -> None:
    """What was translated holds; what wasn't is the course's fault and nobody's loss."""
    done, rows = graded
    assert (done["squares"].tool, done["squares"].exercise) == ("nbgrader", "squares")
    assert outcomes(rows["reference", "squares"]) == {
        "test_correct_squares": ("passed", 2.0),
        "test_squares_invalid_input": ("passed", 1.5),
        "test_normalize_test": ("passed", 3.0),
        "test_normalize_random": ("grader_error", 0.0),
    }
    stub = outcomes(rows["stub", "squares"])
    assert {name: stub[name][0] for name in list(stub)[:3]} == dict.fromkeys(
        ["test_correct_squares", "test_squares_invalid_input", "test_normalize_test"], "failed"
    )
    (missing,) = [check for check in done["squares"].checks if check.missed]
    assert missing.id == "test_normalize_random"


def test_otter(graded: Graded) -> None:
    """Each test of a question is a check, with its share of the points."""
    done, rows = graded
    assert done["means"].tool == "otter"
    names = ["test_q1_1", "test_q1_2", "test_q1_3", "test_q1_4"]
    assert outcomes(rows["reference", "means"]) == dict.fromkeys(names, ("passed", 1.0))
    assert outcomes(rows["stub", "means"]) == dict.fromkeys(names, ("failed", 0.0))

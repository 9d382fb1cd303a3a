"""The checks are judged too: right variants pass everything, wrong ones fail what they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import batch, course, shard
from grader.engine.zygote import EngineConfig
from grader.results import Row
from grader.sandbox.levels import Level
from grader.store import Store
from grader.submissions import Submission
from grader.variants import Variant, read_variants

ROOT = Path(__file__).parents[1]
COURSE = course.load(ROOT)


def submission(variant: Variant, exercise_id: str) -> Submission:
    return Submission(
        student=variant.name,
        exercise=exercise_id,
        status="ready",
        source=variant.file.read_bytes(),
        origin=f"{exercise_id}.py",
    )


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.id)
def test_variants(exercise: course.Exercise, tmp_path: Path) -> None:
    """Through the real engine, every variant fails exactly the checks it names; right ones none.

    The stub fails every check, and each check is failed by some wrong variant.
    """
    variants = read_variants(exercise)
    stub = Submission("stub", exercise.id, "ready", exercise.stub.read_bytes(), "stub.py")
    specs = shard.collect([exercise])
    plan = batch.Plan(
        course=COURSE,
        specs=specs,
        submissions=[*(submission(variant, exercise.id) for variant in variants), stub],
        config=EngineConfig(Level.STRICT, False, COURSE.limits),
        seed=20,
        jobs=2,
        store=Store(tmp_path / "verdicts.sqlite"),
        use_store=False,
    )
    rows = {row.student: row for row in batch.grade(plan, lambda row: None)}
    plan.store.close()
    everything = {spec.id for spec in specs[exercise]}
    problems = [line for variant in variants for line in disagreement(variant, rows[variant.name])]
    assert not problems, "\n".join(problems)
    assert failed(rows["stub"]) == everything
    assert everything == {name for variant in variants for name in variant.fails}


def failed(row: Row) -> set[str]:
    return {check.id for check in row.checks if check.outcome != "passed"}


def disagreement(variant: Variant, row: Row) -> list[str]:
    """One line for each check on which a variant didn't do what it says."""
    assert row.status == "graded", f"{variant.name}: {row}"
    found = {check.id: check for check in row.checks}
    return [
        f"{variant.name}: {name} should {'fail' if name in variant.fails else 'pass'},"
        f" {found[name].outcome if name in found else 'unknown check'}:"
        f" {found[name].message.en[:200] if name in found else ''}"
        for name in sorted(failed(row) ^ variant.fails)
    ]

"""Hidden checks of `steps`: points add up to whatever number of steps was taken."""

from grader.checks import Text, check

HINT = Text("Take it.", "走这一步。")


def taken(student, expect, step):
    ask = Text(f"`{step} in steps()`", f"`{step} in steps()`")
    expect.equal(step in student.steps(), True, ask=ask)


@check(title=Text("Step 1", "步骤 1"), points=1, topic="values", hint=HINT)
def test_one(student, expect):
    """One point."""
    taken(student, expect, 1)


@check(title=Text("Step 2", "步骤 2"), points=2, topic="values", hint=HINT)
def test_two(student, expect):
    """Two points."""
    taken(student, expect, 2)


@check(title=Text("Step 4", "步骤 4"), points=4, topic="values", hint=HINT)
def test_four(student, expect):
    """Four points."""
    taken(student, expect, 4)


@check(title=Text("Step 8", "步骤 8"), points=8, topic="values", hint=HINT)
def test_eight(student, expect):
    """Eight points."""
    taken(student, expect, 8)

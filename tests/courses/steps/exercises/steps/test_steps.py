"""The public check of `steps`."""

from grader.checks import Text, check


@check(title=Text("Any step", "任一步骤"), points=1, topic="values", hint=Text("Take 1.", "走。"))
def test_any(student, expect):
    """There is one."""
    expect.equal(bool(student.steps()), True, ask=Text("`bool(steps())`", "`bool(steps())`"))

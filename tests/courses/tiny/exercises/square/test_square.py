"""The public check of `square`."""

import numpy as np

from grader.checks import Text, check


@check(title=Text("Values", "取值"), points=6, topic="values", hint=Text("Work out 3.", "算 3。"))
def test_values(student, expect):
    """Literal values."""
    x = np.array([3.0, -1.5], dtype="float32")
    ask = Text("`square([3., -1.5])`", "`square([3., -1.5])`")
    expect.close(student.square(x), np.array([9.0, 2.25], dtype="float32"), ask=ask)

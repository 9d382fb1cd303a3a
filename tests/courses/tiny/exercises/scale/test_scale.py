"""The public check of `scale`."""

import numpy as np

from grader.checks import Text, check


@check(title=Text("Values", "取值"), points=5, topic="values", hint=Text("Multiply.", "相乘。"))
def test_values(student, expect):
    """Literal values."""
    x = np.array([[1.0, -2.0]], dtype="float32")
    ask = Text("`Scale(3.0)([[1., -2.]])`", "`Scale(3.0)([[1., -2.]])`")
    expect.close(student.Scale(3.0)(x), np.array([[3.0, -6.0]], dtype="float32"), ask=ask)

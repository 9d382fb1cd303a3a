"""Hidden checks of `square`."""

from grader.checks import Text, check

ASK = Text("`square(x)`", "`square(x)`")
GRADIENT = Text("gradient of `square(x)`", "`square(x)` 的梯度")


@check(title=Text("Values", "取值"), points=6, topic="values", hint=Text("Work out 3.", "算 3。"))
def test_values(student, reference, rng, expect):
    """Values agree with the reference's."""
    x = rng.normal(size=(4,)).astype("float32")
    expect.close(student.square(x), reference.square(x), ask=ASK)


@check(title=Text("Gradient", "梯度"), points=4, topic="gradient", hint=Text("2x.", "2x。"))
def test_gradient(student, reference, rng, expect):
    """Gradients agree with the reference's."""
    x = rng.normal(size=(3,)).astype("float32")
    got, want = student.gradient(student.square, x), reference.gradient(reference.square, x)
    expect.close(got.grads[0], want.grads[0], ask=GRADIENT)

"""Public tests: a first look at your softplus functions. `pytest exercises/softplus` runs them."""

import numpy as np

from grader.checks import Text, Why, check

# z, softplus(z) and its slope, to more digits than float32 has.
Z = np.array([-2.0, -0.5, 0.0, 1.0, 3.0], "float32")
SOFTPLUS = np.array([0.12692801, 0.47407698, 0.69314718, 1.31326169, 3.04858735], "float32")
SLOPE = np.array([0.11920292, 0.37754067, 0.5, 0.73105858, 0.95257413], "float32")
HUGE = np.array([-10000.0, -100.0, 100.0, 10000.0], "float32")


@check(
    title=Text("`my_softplus`: values", "`my_softplus`：函数值"),
    points=1,
    topic="values",
    hint=Text(
        "For a huge z, log(1 + e^z) is practically z; e^z itself is too large for a float.",
        "z 很大时，log(1 + e^z) 几乎就是 z，而 e^z 本身已经超出浮点数的范围。",
    ),
)
def test_values(student, expect):
    """Five ordinary numbers, four huge ones."""
    expect.close(
        student.my_softplus(Z),
        SOFTPLUS,
        ask=Text("`my_softplus([-2, -0.5, 0, 1, 3])`", "`my_softplus([-2, -0.5, 0, 1, 3])`"),
        why=[Why(np.maximum(Z, 0), Text("that is relu", "这是 relu"))],
    )
    expect.close(
        student.my_softplus(HUGE),
        np.array([0.0, 0.0, 100.0, 10000.0], "float32"),
        ask=Text(
            "`my_softplus([-10000, -100, 100, 10000])`", "`my_softplus([-10000, -100, 100, 10000])`"
        ),
    )


@check(
    title=Text("`my_softplus`: gradient", "`my_softplus`：梯度"),
    points=1,
    topic="gradient",
    hint=Text(
        "The gradient is the slope (the sigmoid) times the upstream gradient.",
        "梯度等于斜率（即 sigmoid）乘以上游梯度。",
    ),
)
def test_gradient(student, expect):
    """With an upstream gradient of 2 the gradient is twice the slope."""
    twos = np.full(5, 2.0, "float32")
    expect.close(
        student.gradient(student.my_softplus, Z, upstream=twos).grads[0],
        2 * SLOPE,
        ask=Text(
            "the gradient of `2 * my_softplus(z)` at [-2, -0.5, 0, 1, 3]",
            "`2 * my_softplus(z)` 在 [-2, -0.5, 0, 1, 3] 处的梯度",
        ),
        why=[Why(SLOPE, Text("the upstream gradient 2 is ignored", "忽略了上游梯度 2"))],
    )
    expect.close(
        student.gradient(student.my_softplus, HUGE).grads[0],
        np.array([0.0, 0.0, 1.0, 1.0], "float32"),
        ask=Text(
            "the gradient of `my_softplus` at [-10000, -100, 100, 10000]",
            "`my_softplus` 在 [-10000, -100, 100, 10000] 处的梯度",
        ),
    )


@check(
    title=Text(
        "`my_softplus_autodiff`: values and gradient", "`my_softplus_autodiff`：函数值和梯度"
    ),
    points=1,
    topic="gradient",
    hint=Text(
        "Automatic differentiation follows your formula exactly: what is its slope at 0, and what"
        " becomes of it where e^z is infinite?",
        "自动微分会严格按照你的公式来求导：公式在 0 处的斜率是多少？"
        "在 e^z 变成无穷大的地方又会怎样？",
    ),
)
def test_autodiff(student, expect):
    """Values and slopes at 0, at ordinary and at huge numbers."""
    for z, values, slopes in (
        (Z, SOFTPLUS, SLOPE),
        (HUGE, np.maximum(HUGE, 0), np.array([0.0, 0.0, 1.0, 1.0], "float32")),
    ):
        shown = [float(number) for number in z]
        got = student.gradient(student.my_softplus_autodiff, z)
        expect.close(
            got.value,
            values,
            ask=Text(f"`my_softplus_autodiff({shown})`", f"`my_softplus_autodiff({shown})`"),
        )
        expect.close(
            got.grads[0],
            slopes,
            ask=Text(
                f"the gradient of `my_softplus_autodiff` at {shown}",
                f"`my_softplus_autodiff` 在 {shown} 处的梯度",
            ),
        )


@check(
    title=Text("`inverse_sqrt_exp`: values and gradient", "`inverse_sqrt_exp`：函数值和梯度"),
    points=1,
    topic="gradient",
    hint=Text(
        "Mind the inner derivative, the sign and the upstream gradient.",
        "注意内层导数、符号和上游梯度。",
    ),
)
def test_inverse(student, expect):
    """At 1, 4 and 9, where the roots are whole numbers."""
    z = np.array([1.0, 4.0, 9.0], "float32")
    values = np.array([0.36787944, 0.13533528, 0.04978707], "float32")
    threes = np.full(3, 3.0, "float32")
    got = student.gradient(student.inverse_sqrt_exp, z, upstream=threes)
    expect.close(
        got.value,
        values,
        ask=Text("`inverse_sqrt_exp([1, 4, 9])`", "`inverse_sqrt_exp([1, 4, 9])`"),
    )
    expect.close(
        got.grads[0],
        -3 * values / np.array([2.0, 4.0, 6.0], "float32"),
        ask=Text(
            "the gradient of `3 * inverse_sqrt_exp(z)` at [1, 4, 9]",
            "`3 * inverse_sqrt_exp(z)` 在 [1, 4, 9] 处的梯度",
        ),
    )

"""Public tests: a first look at your derivatives. `pytest exercises/autodiff` runs them."""

import numpy as np

from grader.checks import Text, Why, as_variable, check

TWO, THREE = np.float32(2), np.float32(3)
# a^b at a = 2, b = 3: 12 with respect to a, 8·log 2 with respect to b.
POWER = (np.float32(12), np.float32(5.5451774))


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def two(expect, got, ask):
    """The two members of a pair."""
    expect.true(
        isinstance(got, list | tuple) and len(got) == 2,
        ask=ask,
        expected=Text("a pair", "一对值"),
        got=Text("something else", "别的东西"),
    )
    return got


@check(
    title=Text("`partials`", "`partials`"),
    points=2,
    topic="gradient",
    hint=Text(
        "A tape doesn't record what happens to a constant unless it watches it.",
        "不去 watch 常量，磁带就不会记录它。",
    ),
)
def test_partials(student, expect):
    """tf.pow at (2, 3), of tensors and of variables."""
    for args in ((TWO, THREE), (as_variable(TWO), as_variable(THREE))):
        ask = code("partials(tf.pow, 2.0, 3.0)")
        for got, want in zip(
            two(expect, student.partials(student.tf.pow, *args), ask), POWER, strict=True
        ):
            expect.close(got, want, ask=ask)


@check(
    title=Text("`numeric_partials`", "`numeric_partials`"),
    points=2,
    topic="values",
    hint=Text("(f(w + eps) - f(w - eps)) / (2·eps)", "(f(w + eps) - f(w - eps)) / (2·eps)"),
)
def test_numeric(student, expect):
    """At (2, 3) with steps of 1 the values of tf.pow are 27 and 1, and 16 and 4."""
    ask = code("numeric_partials(tf.pow, 2.0, 3.0, eps=1.0)")
    got = two(expect, student.numeric_partials(student.tf.pow, TWO, THREE, eps=1.0), ask)
    for mine, want, forward in zip(got, (13.0, 6.0), (19.0, 8.0), strict=True):
        expect.close(
            mine,
            np.float32(want),
            ask=ask,
            why=[Why(forward, Text("that is a forward difference", "这是前向差分"))],
            atol=1e-5,
        )


@check(
    title=Text("`loss_jacobian`", "`loss_jacobian`"),
    points=2,
    topic="gradient",
    hint=Text("One derivative for each loss.", "每个损失各有一个导数。"),
)
def test_jacobian(student, expect):
    """The product of w1 = 2 and w2 + offset, w2 = 3."""
    ask = code("loss_jacobian(tf.multiply, 2.0, 3.0, [0.0, 1.0, 5.0])")
    multiply = student.tf.multiply
    got = two(expect, student.loss_jacobian(multiply, TWO, THREE, [0.0, 1.0, 5.0]), ask)
    for mine, want in zip(got, ([3.0, 4.0, 8.0], [2.0, 2.0, 2.0]), strict=True):
        expect.close(
            mine,
            np.array(want, "float32"),
            ask=ask,
            why=[Why(sum(want), Text("that is their sum", "这是它们的和"))],
        )


@check(
    title=Text("`hessian`", "`hessian`"),
    points=2,
    topic="gradient",
    hint=Text("Two tapes, one inside the other.", "两个磁带，一个套在另一个里面。"),
)
def test_hessian(student, expect):
    """tf.math.squared_difference has the second derivatives ±2, wherever you ask."""
    expect.close(
        student.hessian(student.tf.math.squared_difference, TWO, THREE),
        np.array([[2, -2], [-2, 2]], "float32"),
        ask=code("hessian(tf.math.squared_difference, 2.0, 3.0)"),
    )


@check(
    title=Text("`input_gradient`", "`input_gradient`"),
    points=2,
    topic="gradient",
    hint=Text("Watch x.", "请 watch x。"),
)
def test_input_gradient(student, expect):
    """The norm of (3, 4) grows fastest in its own direction."""
    expect.close(
        student.input_gradient(student.tf.norm, np.array([3, 4], "float32")),
        np.array([0.6, 0.8], "float32"),
        ask=code("input_gradient(tf.norm, [3.0, 4.0])"),
    )


@check(
    title=Text("`freeze_second_term`", "`freeze_second_term`"),
    points=2,
    topic="gradient",
    hint=Text(
        "The value has both terms, the gradient only the first.",
        "函数值含两项，梯度只含第一项。",
    ),
)
def test_freeze(student, expect):
    """3·4 + 2·2·3 = 24, and 6·2 = 12."""
    got = student.gradient(student.freeze_second_term, TWO, THREE)
    expect.close(got.value, np.float32(24), ask=code("freeze_second_term(2.0, 3.0)"))
    expect.close(
        got.grads[0],
        np.float32(12),
        ask=Text(
            "the gradient of `freeze_second_term(2.0, 3.0)` with respect to w1",
            "`freeze_second_term(2.0, 3.0)` 对 w1 的梯度",
        ),
        why=[Why(18.0, Text("the second term passes its gradient", "第二项的梯度流过来了"))],
    )


@check(
    title=Text("`safe_sqrt`", "`safe_sqrt`"),
    points=2,
    topic="gradient",
    hint=Text("Look at the gradient at 0.", "请看 0 处的梯度。"),
)
def test_sqrt(student, expect):
    """0, 1 and 4."""
    got = student.gradient(student.safe_sqrt, np.array([0, 1, 4], "float32"))
    expect.close(
        got.value,
        np.array([0, 1, 2], "float32"),
        ask=code("safe_sqrt([0.0, 1.0, 4.0])"),
        atol=1.01e-3,
    )
    ask = Text("the gradient of `safe_sqrt` at [0, 1, 4]", "`safe_sqrt` 在 [0, 1, 4] 处的梯度")
    grad = expect.array(got.grads[0], shape=(3,), dtype="float32", ask=ask)
    expect.true(
        bool(np.isfinite(grad[0])),
        ask=ask,
        expected=Text("a finite number at 0", "0 处为有限的数"),
        got=Text(f"{grad[0]}", f"{grad[0]}"),
    )
    expect.close(grad[1:], np.array([0.5, 0.25], "float32"), ask=ask, atol=1e-4)

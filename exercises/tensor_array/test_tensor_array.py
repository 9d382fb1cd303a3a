"""Public tests: a first look at your three loops. `pytest exercises/tensor_array` runs them."""

import numpy as np

from grader.checks import Text, Why, check

LOOPS = ("While", "StatelessWhile")


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


@check(
    title=Text("`smooth`: values", "`smooth`：取值"),
    points=1,
    topic="values",
    hint=Text("s₀ = x₀, then sᵢ = α·xᵢ + (1-α)·sᵢ₋₁.", "s₀ = x₀，之后 sᵢ = α·xᵢ + (1-α)·sᵢ₋₁。"),
)
def test_smooth(student, expect):
    """A vector and a matrix, with an alpha that isn't ½."""
    expect.close(
        student.smooth(np.array([8.0, 0.0, 4.0], "float32"), 0.25),
        np.array([8.0, 6.0, 5.5], "float32"),
        ask=code("smooth([8, 0, 4], 0.25)"),
        why=[
            Why([8.0, 2.0, 3.5], Text("α and 1-α have changed places", "α 和 1-α 弄反了")),
            Why(
                [2.0, 1.5, 2.125],
                Text("it starts from 0, not from x₀", "它从 0 开始，而不是从 x₀ 开始"),
            ),
        ],
    )
    expect.close(
        student.smooth(np.array([[8.0, 1.0], [0.0, 1.0]]), np.asarray(0.25)),
        np.array([[8.0, 1.0], [6.0, 1.0]]),
        ask=Text(
            "`smooth([[8, 1], [0, 1]], 0.25)`, all of it float64",
            "`smooth([[8, 1], [0, 1]], 0.25)`，全部为 float64",
        ),
    )


@check(
    title=Text("`smooth`: gradients", "`smooth`：梯度"),
    points=1,
    topic="gradient",
    hint=Text(
        "Compute with the tensors themselves: `float(alpha)` or NumPy cuts the tape.",
        "请直接用张量来计算：`float(alpha)` 或 NumPy 会切断梯度的传播。",
    ),
)
def test_smooth_gradient(student, expect):
    """s₀ + s₁ = x₀ + α·x₁ + (1-α)·x₀, whose derivatives are easily written down."""
    x, alpha = np.array([8.0, 3.0], "float32"), np.asarray(0.25, "float32")
    to_x, to_alpha = student.gradient(student.smooth, x, alpha, wrt=(0, 1)).grads
    expect.close(
        to_x,
        np.array([1.75, 0.25], "float32"),
        ask=Text(
            "the gradient of the sum of `smooth([8, 3], 0.25)` to x",
            "`smooth([8, 3], 0.25)` 之和对 x 的梯度",
        ),
    )
    expect.close(
        to_alpha,
        np.asarray(-5.0, "float32"),
        ask=Text(
            "the gradient of the sum of `smooth([8, 3], 0.25)` to alpha",
            "`smooth([8, 3], 0.25)` 之和对 alpha 的梯度",
        ),
    )


@check(
    title=Text("`collatz`: values", "`collatz`：取值"),
    points=1,
    topic="values",
    hint=Text(
        "Both n and the final 1 belong to the sequence, and its dtype is int64.",
        "n 和最后的 1 都属于序列，dtype 是 int64。",
    ),
)
def test_collatz(student, expect):
    """Three known sequences."""
    for n, want in (
        (1, [1]),
        (6, [6, 3, 10, 5, 16, 8, 4, 2, 1]),
        (11, [11, 34, 17, 52, 26, 13, 40, 20, 10, 5, 16, 8, 4, 2, 1]),
    ):
        expect.close(student.collatz(n), np.array(want, "int64"), ask=code(f"collatz({n})"))


@check(
    title=Text("`running_max`: values", "`running_max`：取值"),
    points=1,
    topic="values",
    hint=Text(
        "Each row is the element-wise maximum of all rows so far; the first row stays as it is.",
        "每一行都是到目前为止所有行的逐元素最大值；第一行保持不变。",
    ),
)
def test_running_max(student, expect):
    """A vector and a matrix, both with negative numbers."""
    expect.close(
        student.running_max(np.array([-3.0, -5.0, -1.0], "float32")),
        np.array([-3.0, -3.0, -1.0], "float32"),
        ask=code("running_max([-3, -5, -1])"),
        why=[Why(np.zeros(3), Text("it starts from 0", "它从 0 开始"))],
    )
    expect.close(
        student.running_max(np.array([[1.0, -2.0], [0.0, 5.0], [4.0, 3.0]], "float32")),
        np.array([[1.0, -2.0], [1.0, 5.0], [4.0, 5.0]], "float32"),
        ask=code("running_max([[1, -2], [0, 5], [4, 3]])"),
    )


@check(
    title=Text("Few traces, and loops in the graph", "追踪次数少，循环在计算图里"),
    points=1,
    topic="retracing",
    hint=Text(
        "Use `tf.range` inside a `tf.function` that accepts any number of rows.",
        "请在一个能接受任意行数的 `tf.function` 里使用 `tf.range`。",
    ),
)
def test_graphs(student, expect):
    """At most two traces for four lengths, and a While operation in each graph."""
    for name, more in (("smooth", (np.asarray(0.5, "float32"),)), ("running_max", ())):
        with student.traces() as log:
            for rows in (2, 3, 4, 5):
                student[name](np.zeros((rows, 7), "float32"), *more)
        expect.traces(
            log,
            at_most=2,
            ask=Text(f"`{name}` for four different lengths", f"用四种不同的长度调用 `{name}`"),
        )
        expect.true(
            all(any(event.ops.get(loop) for loop in LOOPS) for event in log.events),
            ask=Text(f"the graph of `{name}`", f"`{name}` 的计算图"),
            expected=Text("a While operation", "一个 While 运算"),
            got=Text("no While: the loop was unrolled", "没有 While：循环被展开了"),
        )

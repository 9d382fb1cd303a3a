"""Public tests: a first look at your functions. `pytest exercises/functions` runs them."""

import numpy as np

from grader.asking import Proxy
from grader.checks import Text, Why, check


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


@check(
    title=Text("`tf_cube`", "`tf_cube`"),
    points=2,
    topic="retracing",
    hint=Text(
        "A Python number handed to a `tf.function` becomes part of its graph.",
        "交给 `tf.function` 的 Python 数字会成为图的一部分。",
    ),
)
def test_cube(student, expect):
    """Values, and no new trace for the fourth and fifth Python float."""
    expect.close(
        student.tf_cube(np.array([-1.5, 2.0], "float32")),
        np.array([-3.375, 8.0], "float32"),
        ask=code("tf_cube([-1.5, 2.0])"),
    )
    for number in (0.5, 1.5, 2.5):
        expect.close(student.tf_cube(number), number**3, ask=code(f"tf_cube({number})"))
    with student.traces() as log:
        for number in (3.5, 4.5):
            student.tf_cube(number)
    expect.traces(
        log,
        exactly=0,
        ask=Text("`tf_cube` of two more Python floats", "再对两个 Python 浮点数调用 `tf_cube`"),
    )


@check(
    title=Text("`shrink`", "`shrink`"),
    points=2,
    topic="values",
    hint=Text("Use `input_signature`.", "请使用 `input_signature`。"),
)
def test_shrink(student, expect):
    """Two batches, and a shape that doesn't fit."""
    for size in (2, 3):
        images = np.arange(size * 28 * 28, dtype="float32").reshape(size, 28, 28)
        expect.close(
            student.shrink(images),
            images[:, ::2, ::2],
            ask=Text(f"`shrink` of {size} images", f"对 {size} 张图像调用 `shrink`"),
        )
    expect.raises(
        lambda: student.shrink(np.zeros((2, 2, 2), "float32")),
        ("TypeError", "ValueError", "InvalidArgumentError"),
        ask=code("shrink(tf.zeros([2, 2, 2]))"),
    )


@check(
    title=Text("`sum_even`", "`sum_even`"),
    points=2,
    topic="values",
    hint=Text("For n = 7 the factors are 0, 2, 4 and 6.", "n = 7 时系数是 0、2、4、6。"),
)
def test_sum_even(student, expect):
    """n = 0, 7 and 10, as ints; 4 as a tensor."""
    half = np.asarray(0.5, "float32")
    for n, want in ((0, 0.0), (7, 6.0), (10, 10.0), (np.asarray(4, "int32"), 1.0)):
        expect.close(
            student.sum_even(half, n),
            np.float32(want),
            ask=code(f"sum_even(tf.constant(0.5), {n})"),
        )


@check(
    title=Text("`dice`", "`dice`"),
    points=2,
    topic="graph",
    hint=Text("Let the graph draw the number.", "请让图来抽这个数。"),
)
def test_dice(student, expect):
    """A traced die throws from 1 to 6, and not always the same."""
    ask = Text("100 throws of a traced `dice`", "掷 100 次被追踪的 `dice`")
    traced = student.tf.function(student.dice)
    thrown = {int(expect.number(traced(), ask=ask)) for _ in range(100)}
    # Missing one of six numbers: 6 · (5/6)^100 = 7e-8.
    expect.equal(sorted(thrown), [1, 2, 3, 4, 5, 6], ask=ask)


@check(
    title=Text("`Counter`", "`Counter`"),
    points=2,
    topic="values",
    hint=Text(
        "One `tf.Variable`, made in `__init__`.", "一个 `tf.Variable`，在 `__init__` 中创建。"
    ),
)
def test_counter(student, expect):
    """Counts by Python, then from a graph."""
    counter = student.Counter()
    traced = student.tf.function(counter)
    for number, call in enumerate((counter, counter, traced, traced, traced), 1):
        answer = call()
        if isinstance(answer, Proxy):  # the variable itself
            (answer,) = student.arrays([answer])
        ask = Text(f"call no. {number} of a counter", f"计数器的第 {number} 次调用")
        got = expect.number(answer, ask=ask)
        expect.equal(got, float(number), ask=ask)


@check(
    title=Text("`fused`", "`fused`"),
    points=2,
    topic="values",
    hint=Text("Σ(a·b + c), over all elements.", "对所有元素求 Σ(a·b + c)。"),
)
def test_fused(student, expect):
    """1·3 + 0.5 and 2·4 + 0.5 make 12."""
    a, b, c = (np.array(values, "float32") for values in ([1, 2], [3, 4], [0.5, 0.5]))
    expect.close(
        student.fused(a, b, c),
        np.float32(12),
        ask=code("fused([1.0, 2.0], [3.0, 4.0], [0.5, 0.5])"),
        why=[Why(6.0, Text("that is the mean", "这是平均值"))],
    )

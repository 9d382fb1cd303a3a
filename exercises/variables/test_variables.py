"""What you can check yourself: `pytest exercises/variables`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, check

START = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], dtype="float32")


@check(
    title=Text("Scale, then patch", "先缩放，再改写"),
    points=2,
    topic="values",
    hint=Text(
        "Everything is multiplied by 10, then two places are written: 0.5 stays 0.5.",
        "先全部乘以 10，再写入两个位置：0.5 就是 0.5。",
    ),
)
def test_scale_and_patch(student, expect):
    """Two places hold the updates, the others ten times their number."""
    v = student.tf.Variable(START)
    student.scale_and_patch(
        v, 10.0, np.array([[0, 2], [1, 0]], "int32"), np.array([0.5, -1.0], "float32")
    )
    want = np.array([[10.0, 20.0, 0.5], [-1.0, 50.0, 60.0], [70.0, 80.0, 90.0]], "float32")
    scaled = want.copy()
    scaled[0, 2], scaled[1, 0] = 5.0, -10.0
    expect.close(
        v.numpy(),
        want,
        ask=Text(
            "v = 1…9 after `scale_and_patch(v, 10., [[0, 2], [1, 0]], [0.5, -1.])`",
            "v = 1…9 在 `scale_and_patch(v, 10., [[0, 2], [1, 0]], [0.5, -1.])` 之后",
        ),
        why=[Why(scaled, Text("the updates were scaled, too", "updates 也被缩放了"))],
    )


@check(
    title=Text("One column is replaced", "换掉一列"),
    points=2,
    topic="values",
    hint=Text("Column 1 holds 2, 5 and 8.", "第 1 列是 2、5、8。"),
)
def test_set_column(student, expect):
    """Column 1 changes, the other two don't."""
    v = student.tf.Variable(START)
    student.set_column(v, 1, np.array([-2.0, -5.0, -8.0], "float32"))
    expect.close(
        v.numpy(),
        np.array([[1.0, -2.0, 3.0], [4.0, -5.0, 6.0], [7.0, -8.0, 9.0]], "float32"),
        ask=Text(
            "v = 1…9 after `set_column(v, 1, [-2., -5., -8.])`",
            "v = 1…9 在 `set_column(v, 1, [-2., -5., -8.])` 之后",
        ),
    )


@check(
    title=Text("Two rows are swapped", "交换两行"),
    points=2,
    topic="values",
    hint=Text("Read both rows before you write one.", "先读出两行，再写。"),
)
def test_swap_rows(student, expect):
    """Rows 0 and 2 change places; swapping row 1 with itself does nothing."""
    v = student.tf.Variable(START)
    student.swap_rows(v, 0, 2)
    student.swap_rows(v, 1, 1)
    expect.close(
        v.numpy(),
        START[[2, 1, 0]],
        ask=Text(
            "v = 1…9 after `swap_rows(v, 0, 2)` and `swap_rows(v, 1, 1)`",
            "v = 1…9 在 `swap_rows(v, 0, 2)` 和 `swap_rows(v, 1, 1)` 之后",
        ),
    )


@check(
    title=Text("Nothing is returned", "不返回任何东西"),
    points=2,
    topic="interface",
    hint=Text("No `return` is needed.", "不需要 `return`。"),
)
def test_none(student, expect):
    """The result of `set_column` is None."""
    v = student.tf.Variable(START)
    expect.true(
        student.set_column(v, 0, np.zeros(3, "float32")) is None,
        ask=Text("what `set_column` returns", "`set_column` 的返回值"),
        expected=Text("None", " None"),
        got=Text("something else", "别的东西"),
    )


@check(
    title=Text("Inside a `tf.function`", "在 `tf.function` 中"),
    points=2,
    topic="graph",
    hint=Text(
        "While it is traced, i and j are tensors without a value.",
        "追踪时，i 和 j 是还没有值的张量。",
    ),
)
def test_in_graph(student, expect):
    """A traced swap, with row numbers that are tensors."""
    v = student.tf.Variable(START)
    student.in_graph(student.swap_rows)(v, np.asarray(1, "int32"), np.asarray(2, "int32"))
    expect.close(
        v.numpy(),
        START[[0, 2, 1]],
        ask=Text(
            "v = 1…9 after `swap_rows(v, tf.constant(1), tf.constant(2))` in a `tf.function`",
            "v = 1…9 在 `tf.function` 中执行 `swap_rows(v, tf.constant(1), tf.constant(2))` 之后",
        ),
    )

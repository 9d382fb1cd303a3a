"""What you can check yourself: `pytest exercises/tensors`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, check


@check(
    title=Text("`gram` of a 2 by 3 matrix", "2 行 3 列矩阵的 `gram`"),
    points=2,
    topic="values",
    hint=Text(
        "The rows are [1, 0, 2] and [-1, 3, 1]; their dot product is 1.",
        "两行是 [1, 0, 2] 和 [-1, 3, 1]，它们的点积是 1。",
    ),
)
def test_gram(student, expect):
    """All dot products of two rows."""
    expect.close(
        student.gram(np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 1.0]], "float32")),
        np.array([[5.0, 1.0], [1.0, 11.0]], "float32"),
        ask=Text("`gram([[1., 0., 2.], [-1., 3., 1.]])`", "`gram([[1., 0., 2.], [-1., 3., 1.]])`"),
    )


@check(
    title=Text("Columns are standardized", "对各列做标准化"),
    points=2,
    topic="values",
    hint=Text(
        "The first column has mean 4 and (population) standard deviation 3.",
        "第一列的均值是 4，（总体）标准差是 3。",
    ),
)
def test_standardize(student, expect):
    """Two columns of different scale."""
    expect.close(
        student.standardize_columns(np.array([[1.0, 50.0], [7.0, 10.0]], "float32")),
        np.array([[-1.0, 1.0], [1.0, -1.0]], "float32"),
        ask=Text(
            "`standardize_columns([[1., 50.], [7., 10.]])`",
            "`standardize_columns([[1., 50.], [7., 10.]])`",
        ),
        why=[
            Why(
                np.array([[-1, 1], [1, -1]]) / np.sqrt(2),
                Text(
                    "that is the sample's standard deviation, with n - 1",
                    "这是样本标准差，分母为 n - 1",
                ),
            )
        ],
    )


@check(
    title=Text("A column of equal entries", "元素全部相等的一列"),
    points=2,
    topic="values",
    hint=Text(
        "Look at `tf.reduce_mean(tf.fill((7,), 0.1)) - 0.1`.",
        "看看 `tf.reduce_mean(tf.fill((7,), 0.1)) - 0.1` 是多少。",
    ),
)
def test_constant_column(student, expect):
    """Seven times 5, and seven times 0.1, give zeros."""
    t = np.tile(np.array([5.0, 0.1], "float32"), (7, 1))
    ask = Text(
        "`standardize_columns` of seven rows [5., 0.1]",
        "对七行 [5., 0.1] 调用 `standardize_columns`",
    )
    got = expect.array(student.standardize_columns(t), ask=ask, shape=(7, 2), dtype="float32")
    expect.true(
        bool(np.all(got == 0)),
        ask=ask,
        expected=Text("exactly 0 everywhere", "处处恰好为 0"),
        got=Text(f"{got[0].tolist()} in the first row", f"第一行为 {got[0].tolist()}"),
    )


@check(
    title=Text("The nearest code", "最近的编码"),
    points=2,
    topic="values",
    hint=Text(
        "The squared distances are 25, 8, 8 and 13; rows 1 and 2 tie.",
        "距离的平方依次是 25、8、8、13；第 1 行和第 2 行并列。",
    ),
)
def test_nearest(student, expect):
    """The first of two nearest rows, as an int64."""
    expect.close(
        student.nearest_code(
            np.array([1.0, 1.0], "float32"),
            np.array([[4.0, 5.0], [3.0, -1.0], [-1.0, 3.0], [3.0, 4.0]], "float32"),
        ),
        np.asarray(1, "int64"),
        ask=Text(
            "`nearest_code([1., 1.], [[4., 5.], [3., -1.], [-1., 3.], [3., 4.]])`",
            "`nearest_code([1., 1.], [[4., 5.], [3., -1.], [-1., 3.], [3., 4.]])`",
        ),
    )


@check(
    title=Text("A sum of two dtypes", "两种 dtype 的和"),
    points=2,
    topic="values",
    hint=Text("b becomes what a is.", "b 要变成和 a 一样的 dtype。"),
)
def test_add_as(student, expect):
    """A float plus an integer, and an integer plus a float."""
    for a, b, want in (
        (np.array([0.5, 1.5], "float32"), np.array([2, -3], "int32"), np.array([2.5, -1.5], "f4")),
        (np.array([2, -3], "int32"), np.array([0.5, 1.5], "float32"), np.array([2, -2], "int32")),
    ):
        expect.close(
            student.add_as(a, b),
            want,
            ask=Text(
                f"`add_as({a.tolist()}, {b.tolist()})`, {a.dtype} and {b.dtype}",
                f"`add_as({a.tolist()}, {b.tolist()})`，dtype 为 {a.dtype} 和 {b.dtype}",
            ),
        )

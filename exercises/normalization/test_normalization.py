"""What you can check yourself: `pytest exercises/normalization`. The course asks more."""

import numpy as np

from grader.checks import Text, Why, as_numpy, check

# Means 4 and 1; squared distances 4, 4, 16, 16 and 0, 0, 1, 1; the last column never changes.
ROWS = np.array([[2, 1, 3], [6, 1, 3], [8, 0, 3], [0, 2, 3]], "float32")
X = np.array([[4, 1, 3], [7, 4, 3]], "float32")
STD = np.sqrt([10.0, 0.5])
# 3 / √10 and 3 / √0.5.
WANT = np.array([[0, 0, 0], [0.9486833, 4.2426407, 0]], "float32")
# Float32 rounds a few times by 2^-24 of numbers up to 16; a tiny epsilon adds 1e-7 to 0.5.
ATOL = 5e-6


@check(
    title=Text("Adapted to an array", "用数组自适应"),
    points=3,
    topic="values",
    hint=Text(
        "The deviations are √10, √0.5 and 0. The last feature gives 0 for 3.",
        "标准差是 √10、√0.5 和 0。最后一个特征输入 3 时结果是 0。",
    ),
)
def test_array(student, expect):
    """Four rows, three features."""
    layer = student.MyNormalization()
    layer.adapt(as_numpy(ROWS))
    expect.close(
        layer(X),
        WANT,
        ask=Text("`layer(x)` after `adapt` on four rows", "用四行数据 `adapt` 之后的 `layer(x)`"),
        atol=ATOL,
        why=[
            Why(
                np.float32(np.sqrt(0.75)) * WANT,
                Text(
                    "that is the sample deviation (divided by n - 1)",
                    "这是样本标准差（除以 n - 1）",
                ),
            )
        ],
    )


@check(
    title=Text("Adapted to a dataset, then again", "用数据集自适应，再来一次"),
    points=3,
    topic="data",
    hint=Text(
        "Batches of 3 rows and of 1: each row counts the same. The second `adapt` starts afresh.",
        "各批是 3 行和 1 行：每一行分量相同。第二次 `adapt` 从头开始。",
    ),
)
def test_dataset(student, expect):
    """Other data first, then the four rows in two batches."""
    layer = student.MyNormalization()
    layer.adapt(as_numpy(ROWS * 2 + 5))
    layer.adapt(student.tf.data.Dataset.from_tensor_slices(ROWS).batch(3))
    expect.close(
        layer(X),
        WANT,
        ask=Text(
            "`layer(x)` after `adapt` on a dataset with batches of 3 rows and 1 row",
            "用每批 3 行和 1 行的数据集 `adapt` 之后的 `layer(x)`",
        ),
        atol=ATOL,
        why=[
            Why(
                np.array([[4 - 8 / 3, 1 / 3, 0], [7 - 8 / 3, 10 / 3, 0]]) / [*STD, 1],
                Text("the mean is a mean of the batches' means", "均值是各批均值的平均"),
            )
        ],
    )


@check(
    title=Text("A model survives a reload", "模型能重新加载"),
    points=4,
    topic="serialization",
    hint=Text(
        "Register the class; keep mean and deviation in weights that `build` makes.",
        "请注册这个类，并把均值和标准差放在 `build` 创建的权重里。",
    ),
    timeout=120.0,  # a new Python process imports TensorFlow
)
def test_reload(student, expect):
    """A new process loads the model and finds the statistics."""
    layer = student.MyNormalization()
    layer.adapt(as_numpy(ROWS))
    model = student.keras.Sequential([student.keras.Input((3,)), layer])
    expect.close(
        student.fresh().load(student.save(model))(X),
        WANT,
        ask=Text("the reloaded model's output", "重新加载的模型的输出"),
        atol=ATOL,
        why=[
            Why(
                X,
                Text(
                    "the statistics are lost: mean 0, deviation 1", "统计量丢失了：均值 0，标准差 1"
                ),
            )
        ],
    )

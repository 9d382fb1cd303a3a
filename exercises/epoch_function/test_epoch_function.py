"""Public checks of `epoch_function`, with small numbers: `pytest exercises/epoch_function`."""

import numpy as np

from grader.checks import Text, as_numpy, check

# Three batches of 2, 2 and 1 rows, all rows alike; the kernel starts as [[1], [2]]: output 5.
X = np.array([[1.0, 2.0]] * 5, "float32")
Y = np.array([[9.0]] * 5, "float32")


def arguments(session, rate, **settings):
    """What `train_one_epoch` is given, and the layer's kernel."""
    keras = session.keras
    layer = keras.layers.Dense(1, use_bias=False, **settings)
    model = keras.Sequential([layer])
    model.build((None, 2))
    layer.kernel.assign(as_numpy(np.array([[1.0], [2.0]], "float32")))
    optimizer = keras.optimizers.SGD(learning_rate=rate)
    optimizer.build(model.trainable_variables)
    dataset = session.tf.data.Dataset.from_tensor_slices((X, Y)).batch(2)
    return [model, optimizer, keras.losses.MeanSquaredError(), dataset], layer.kernel


@check(
    title=Text("Two epochs", "训练两轮"),
    points=1,
    topic="training",
    hint=Text(
        "Updates of SGD(0.05): each halves the error, -4, -2, -1 in the first epoch.",
        "SGD(0.05) 的每次更新都让误差减半：第一轮里是 -4、-2、-1。",
    ),
)
def test_two_epochs(student, expect):
    """With the rate 0.05 an update halves the error: 1 - 2 · 0.05 · (1² + 2²) = 1/2."""
    given, kernel = arguments(student, 0.05)
    for number, errors in ((1, 4 + 2 + 1), (2, 4 + 2 + 1 + 0.5 + 0.25 + 0.125)):
        student.train_one_epoch(*given)
        (got,) = student.arrays([kernel])
        # Each update moves the kernel by 0.1 · error along [1, 2]; float32 rounds each a little.
        expect.close(
            got,
            np.array([[1 + 0.1 * errors], [2 + 0.2 * errors]], "float32"),
            ask=Text(
                f"the kernel after epoch {number} of 3 updates",
                f"第 {number} 轮（3 次更新）之后的核",
            ),
            atol=5e-6,
        )


@check(
    title=Text("Regularisation", "正则化"),
    points=1,
    topic="training",
    hint=Text("Add what is in `model.losses`.", "加上 `model.losses` 里的内容。"),
)
def test_regularization(student, expect):
    """The labels are matched, so only the penalty has a slope: each update takes 1/8 off."""
    given, kernel = arguments(student, 0.125, kernel_regularizer=student.keras.regularizers.L2(0.5))
    x, y = np.zeros((6, 2), "float32"), np.zeros((6, 1), "float32")
    given[-1] = student.tf.data.Dataset.from_tensor_slices((x, y)).batch(3)
    student.train_one_epoch(*given)
    (got,) = student.arrays([kernel])
    expect.close(
        got,
        np.array([[0.765625], [1.53125]], "float32"),  # (7/8)² of it
        ask=Text(
            "the kernel after two updates with inputs and labels 0 and `L2(0.5)`",
            "输入和标签都是 0、核带有 `L2(0.5)` 时，两次更新之后的核",
        ),
    )


@check(
    title=Text("One trace, with a loop", "追踪一次，图里有循环"),
    points=1,
    topic="retracing",
    hint=Text(
        "Make one `tf.function`, and go through the dataset inside of it.",
        "只创建一个 `tf.function`，并在它里面遍历数据集。",
    ),
)
def test_one_trace(student, expect):
    """Three epochs; the graph has a loop."""
    given, _ = arguments(student, 0.01)
    with student.traces() as log:
        for _ in range(3):
            student.train_one_epoch(*given)
    ask = Text("three epochs with the same arguments", "参数不变，训练三轮")
    functions = {(event.name, event.line) for event in log.events}
    expect.traces(log, ask=ask, at_most=max(1, len(functions)))
    loops = ("While", "StatelessWhile", "For", "ReduceDataset")
    expect.true(
        any(event.ops.get(op) for event in log.events for op in loops),
        ask=ask,
        expected=Text("a graph with a loop over the batches", "图里有遍历批次的循环"),
        got=Text("none", "没有"),
    )

"""Public checks of `reconstruct`, with small numbers: `pytest exercises/reconstruct`."""

import numpy as np

from grader.checks import Text, Why, as_numpy, check, fetch

X = np.array([[3.0, -1.0, 2.0], [1.0, 5.0, 0.0]], "float32")
SHAPES = sorted([(3, 30), *[(30, 30)] * 4, *[(30,)] * 5, (30, 2), (2,), (30, 3), (3,)])


def constant(student, expect, *args):
    """A model for 3 features and 2 outputs which predicts 4 and reconstructs 1, always.

    Kernels are 0; the prediction's bias is 4, the decoder's 1.
    """
    model = student.ReconstructingRegressor(2, *args)
    model(X)
    weights = student.arrays(model.trainable_weights)
    expect.equal(
        sorted(array.shape for array in weights),
        SHAPES,
        ask=Text(
            "the shapes of the trainable weights of `ReconstructingRegressor(2)`, 3 features",
            "`ReconstructingRegressor(2)` 的可训练权重的各个形状（3 个特征）",
        ),
    )
    for proxy, array in zip(fetch(model.trainable_weights), weights, strict=True):
        value = {(2,): 4.0, (3,): 1.0}.get(array.shape, 0.0)
        proxy.assign(as_numpy(np.full(array.shape, value, "float32")))
    return model


# Differences 2, -2, 1, 0, 4, -1: their squares add up to 26.
ERROR = 26 / 6


@check(
    title=Text("The prediction", "预测值"),
    points=1,
    topic="values",
    hint=Text(
        "Return what the output layer gives, not the reconstruction.",
        "返回输出层给出的结果，而不是重建值。",
    ),
)
def test_prediction(student, expect):
    """Two rows of two outputs."""
    expect.close(
        constant(student, expect)(X),
        np.full((2, 2), 4.0, "float32"),
        ask=Text(
            "the prediction, all kernels being 0 and the last layer's bias 4",
            "预测值（所有核为 0，最后一层的偏置为 4）",
        ),
    )


@check(
    title=Text("The added loss", "加入的损失"),
    points=1,
    topic="values",
    hint=Text(
        "The six squared differences add up to 26; the error is 26/6.",
        "六个差的平方加起来是 26；误差是 26/6。",
    ),
)
def test_added_loss(student, expect):
    """Default weight and another one."""
    for args, factor in (((), 0.05), ((0.5,), 0.5)):
        model = constant(student, expect, *args)
        model(X)
        ask = Text(
            f"`model.losses` with reconstruction_weight {factor}, everything being reconstructed"
            f" as 1, x being {X.tolist()}",
            f"`model.losses`，reconstruction_weight 为 {factor}，重建值全是 1，x 为 {X.tolist()}",
        )
        expect.close(
            fetch(model.losses),
            [factor * ERROR],
            ask=ask,
            why=[
                Why([ERROR], Text("the weight is missing", "没有乘以权重")),
                Why([factor * 26], Text("that is the sum, not the mean", "这是总和，不是平均值")),
            ],
        )


@check(
    title=Text("The metric", "指标"),
    points=1,
    topic="training",
    hint=Text(
        "Keras 3 has no `add_metric`: keep a `keras.metrics.Mean` as an attribute and update it.",
        "Keras 3 没有 `add_metric`：请把 `keras.metrics.Mean` 存为属性，并更新它。",
    ),
)
def test_metric(student, expect):
    """In `fit`'s history and in `evaluate`, with learning rate 0."""
    model = constant(student, expect, 0.5)
    model.compile(optimizer=student.keras.optimizers.SGD(0.0), loss="mse", run_eagerly=True)
    x, y = as_numpy(X), as_numpy(np.full((2, 2), 1.0, "float32"))
    history = fetch(model.fit(x, y, epochs=2, batch_size=1, verbose=0).history)
    report = model.evaluate(x, y, verbose=0, return_dict=True)
    for name, want in (("reconstruction_error", ERROR), ("loss", 9 + 0.5 * ERROR)):
        for where, found, wanted in (
            ("fit", history, [want] * 2),
            ("evaluate", report, want),
        ):
            ask = Text(f"`{name}` in `{where}`", f"`{where}` 中的 `{name}`")
            expect.true(
                type(found) is dict and name in found,
                ask=ask,
                expected=Text("a number", "一个数"),
                got=Text("no such name", "没有这个名字"),
            )
            expect.close(found[name], wanted, ask=ask, atol=1e-5)


@check(
    title=Text("It learns", "能学习"),
    points=1,
    topic="training",
    hint=Text(
        "Stay within TensorFlow or `keras.ops`, without NumPy: `fit` turns `call` into a graph.",
        "请使用 TensorFlow 或 `keras.ops`，不要用 NumPy：`fit` 会把 `call` 变成图。",
    ),
    timeout=30.0,
)
def test_learns(student, expect):
    """The reconstruction improves even where all predictions are right already."""
    model = constant(student, expect, 1.0)
    model.compile(optimizer=student.keras.optimizers.SGD(0.1), loss="mse", jit_compile=False)
    labels = as_numpy(np.full((2, 2), 4.0, "float32"))
    run = model.fit(as_numpy(X), labels, epochs=3, batch_size=2, verbose=0)
    ask = Text("`reconstruction_error`, three epochs", "三个周期的 `reconstruction_error`")
    history = fetch(run.history)
    expect.true(
        type(history) is dict and "reconstruction_error" in history,
        ask=ask,
        expected=Text("three numbers", "三个数"),
        got=Text("no such name", "没有这个名字"),
    )
    errors = expect.array(history["reconstruction_error"], ask=ask, shape=(3,))
    expect.true(
        bool(errors[0] > errors[1] > errors[2]),
        ask=ask,
        expected=Text("numbers that fall", "数值下降"),
        got=Text(f"{errors.tolist()}", f"{errors.tolist()}"),
    )

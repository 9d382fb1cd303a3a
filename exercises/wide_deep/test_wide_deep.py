"""Public checks of `wide_deep`, with small numbers: `pytest exercises/wide_deep`."""

import numpy as np

from grader.checks import Text, as_numpy, check, fetch

X = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]], "float32")
Y = np.array([[1.0], [0.0]], "float32")


def with_values(student, expect):
    """A model of 2 units whose variables are all 0.5; its outputs for X are 5 and 2."""
    model = student.WideDeepModel(2)
    model(X)
    expect.equal(
        sorted(array.shape for array in student.arrays(model.trainable_variables)),
        [(1,), (1,), (2,), (2,), (2, 1), (2, 2), (3, 1), (3, 2)],
        ask=Text(
            "the shapes of `WideDeepModel(2)`'s variables, for 3 features",
            "`WideDeepModel(2)` 各变量的形状（3 个特征）",
        ),
    )
    for variable in fetch(model.trainable_variables):
        variable.assign(as_numpy(np.full(fetch(variable.shape), 0.5, "float32")))
    return model


@check(
    title=Text("The output", "模型的输出"),
    points=1,
    topic="values",
    hint=Text(
        "The wide path gives 2 and 0.5; both hidden layers have ReLU, the last layer hasn't.",
        "宽路径给出 2 和 0.5；两个隐藏层有 ReLU，深路径的最后一层没有。",
    ),
)
def test_output(student, expect):
    # First row: wide 0.5·(1+2) + 0.5 = 2; hidden1 2, 2; hidden2 2.5, 2.5; deep 2.5 + 0.5 = 3.
    expect.close(
        with_values(student, expect)(X),
        np.array([[5.0], [2.0]], "float32"),
        ask=Text(
            "`WideDeepModel(2)(x)`, all variables being 0.5",
            "`WideDeepModel(2)(x)`，所有变量都是 0.5",
        ),
    )


@check(
    title=Text("The two lists of variables", "两个变量列表"),
    points=1,
    topic="interface",
    hint=Text(
        "Two variables are on the wide path, six on the deep one.",
        "宽路径上有两个变量，深路径上有六个。",
    ),
)
def test_paths(student, expect):
    model = with_values(student, expect)
    for part, want in [
        ("wide_variables", [(1,), (3, 1)]),
        ("deep_variables", [(1,), (2,), (2,), (2, 1), (2, 2), (3, 2)]),
    ]:
        expect.equal(
            sorted(array.shape for array in student.arrays(getattr(model, part))),
            want,
            ask=Text(f"the shapes in `{part}`", f"`{part}` 中的各个形状"),
        )


@check(
    title=Text("One step", "一步更新"),
    points=1,
    topic="training",
    hint=Text(
        "One `GradientTape`, gradients for both lists, then each optimizer with its own pairs; the"
        " loss comes back.",
        "一个 `GradientTape`，求出两个列表的梯度，再让每个优化器处理自己的那些对；返回损失。",
    ),
)
def test_step(student, expect):
    model = with_values(student, expect)
    sgd = student.keras.optimizers.SGD
    loss = student.train_step(
        model, X, Y, sgd(0.0), sgd(0.125), student.keras.losses.MeanSquaredError()
    )
    expect.close(
        loss,
        10.0,  # ((5 - 1)² + (2 - 0)²) / 2
        ask=Text("the loss that `train_step` returns", "`train_step` 返回的损失"),
    )
    expect.equal(
        [array.ravel().tolist() for array in student.arrays(model.wide_variables)],
        [[0.5] * array.size for array in student.arrays(model.wide_variables)],
        ask=Text(
            "the wide variables after a step with learning rate 0 for them",
            "宽路径的学习率为 0 时，一步之后的宽路径变量",
        ),
    )
    # The output bias of the deep path has gradient 2·(4 + 2)/2 = 6 and moves by -0.125·6.
    (bias,) = (a for a in student.arrays(model.deep_variables) if a.shape == (1,))
    expect.close(
        bias,
        np.array([-0.25], "float32"),
        ask=Text(
            "the deep path's output bias after a step with `SGD(0.125)`",
            "用 `SGD(0.125)` 更新一步之后，深路径输出层的偏置",
        ),
    )


@check(
    title=Text("One trace", "只追踪一次"),
    points=1,
    topic="retracing",
    hint=Text(
        "The `tf.function` mustn't be made anew in every call.",
        "不要在每次调用里都新建 `tf.function`。",
    ),
)
def test_one_trace(student, expect):
    model = with_values(student, expect)
    sgd = student.keras.optimizers.SGD
    wide, deep = sgd(0.01), sgd(0.01)
    mse = student.keras.losses.MeanSquaredError()
    with student.traces() as log:
        for _ in range(3):
            student.train_step(model, X, Y, wide, deep, mse)
    ask = Text("three `train_step`s with the same objects", "用同样的对象做三次 `train_step`")
    expect.traces(log, ask=ask, at_most=max(1, len({e.line for e in log.events})))
    expect.true(
        len(log.events) > 0,
        ask=ask,
        expected=Text("one trace of the step", "这一步追踪一次"),
        got=Text("none: no `tf.function` of yours ran", "零次：你的 `tf.function` 没有运行"),
    )


@check(
    title=Text("`fit`", "`fit`"),
    points=1,
    topic="training",
    hint=Text(
        'Collect one number per epoch and return `{"loss": [...]}`.',
        '每个周期收集一个数，返回 `{"loss": [...]}`。',
    ),
)
def test_fit(student, rng, expect):
    x = rng.uniform(-1, 1, size=(64, 3)).astype("float32")
    y = x.sum(axis=1, keepdims=True)
    sgd = student.keras.optimizers.SGD
    history = student.fit(
        student.WideDeepModel(4),
        as_numpy(x),
        as_numpy(y),
        epochs=4,
        batch_size=8,
        wide_optimizer=sgd(0.1),
        deep_optimizer=sgd(0.02),
        loss_fn=student.keras.losses.MeanSquaredError(),
        rng=student.np.random.default_rng(3),
    )
    ask = Text("`fit(…, epochs=4)`", "`fit(…, epochs=4)`")
    expect.true(
        type(history) is dict and type(history.get("loss")) in (list, tuple),
        ask=ask,
        expected=Text('`{"loss": [...]}`', '`{"loss": [...]}`'),
        got=Text("something else", "别的东西"),
    )
    losses = [expect.number(loss, ask=ask) for loss in history["loss"]]
    expect.equal(len(losses), 4, ask=Text("the number of losses", "损失的个数"))
    expect.true(
        losses[-1] < losses[0],
        ask=ask,
        expected=Text("losses that fall", "损失下降"),
        got=Text(f"{losses}", f"{losses}"),
    )

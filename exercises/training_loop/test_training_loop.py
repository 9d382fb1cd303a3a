"""Public checks of `training_loop`, with small numbers: `pytest exercises/training_loop`."""

import numpy as np

from grader.checks import Text, as_numpy, check

X = np.array([[1.0, 2.0]] * 4, "float32")
Y = np.array([[9.0]] * 4, "float32")


def a_model(session, **settings):
    """One layer without a bias, its kernel is [[1], [2]]; its output for the rows of X is 5."""
    layer = session.keras.layers.Dense(1, use_bias=False, **settings)
    model = session.keras.Sequential([layer])
    model.build((None, 2))
    layer.kernel.assign(as_numpy(np.array([[1.0], [2.0]], "float32")))
    return model, layer


def trained(session, model, rate, **settings):
    """What `train` returns for two epochs of two steps with the mean squared error."""
    return session.train(
        model,
        as_numpy(X),
        as_numpy(Y),
        epochs=2,
        batch_size=2,
        optimizer=session.keras.optimizers.SGD(learning_rate=rate),
        loss_fn=session.keras.losses.MeanSquaredError(),
        rng=session.np.random.default_rng(1),
        **settings,
    )


def numbers(expect, history, name, ask):
    """The two numbers under a name."""
    expect.true(
        type(history) is dict and type(history.get(name)) in (list, tuple),
        ask=ask,
        expected=Text(f"a dict with a list under {name!r}", f"字典，其中 {name!r} 对应一个列表"),
        got=Text("something else", "别的东西"),
    )
    return np.array([expect.number(number, ask=ask) for number in history[name]])


@check(
    title=Text("A batch", "一个批次"),
    points=1,
    topic="data",
    hint=Text(
        "Draw row numbers with `rng` and use the same ones for both arrays.",
        "用 `rng` 抽取行号，两个数组用同样的行号。",
    ),
)
def test_random_batch(student, expect):
    """Row i of X is [i, 2i], of y it is [10i]."""
    x = np.arange(12, dtype="float32")[:, None] * np.array([[1.0, 2.0]], "float32")
    ask = Text(
        "`random_batch(X, y, 5, rng)` for 12 rows", "12 行数据的 `random_batch(X, y, 5, rng)`"
    )
    batches = []
    for _ in range(2):
        pair = student.random_batch(
            as_numpy(x), as_numpy(10 * x[:, :1]), 5, student.np.random.default_rng(1)
        )
        is_pair = type(pair) in (tuple, list) and len(pair) == 2
        expect.true(
            is_pair,
            ask=ask,
            expected=Text("a pair: rows of X, rows of y", "一对：X 的行与 y 的行"),
            got=Text("something else", "别的东西"),
        )
        some_x = expect.array(pair[0], ask=ask, shape=(5, 2), dtype="float32")
        expect.close(
            pair[1],
            10 * some_x[:, :1],
            ask=Text(
                "the labels in a batch, every label being 10 times its row's first number",
                "批次里的标签（每个标签是该行第一个数的 10 倍）",
            ),
        )
        batches.append(some_x.tolist())
    expect.equal(
        batches[1],
        batches[0],
        ask=Text("a batch drawn with an equal generator", "用相同的生成器抽取的批次"),
    )


@check(
    title=Text("Losses, metrics and updates", "损失、指标与更新"),
    points=1,
    topic="training",
    hint=Text(
        "Steps of SGD(0.05): the errors are -4, -2, -1, -0.5, so the losses are 16, 4, 1, 0.25.",
        "SGD(0.05) 的各步：误差是 -4、-2、-1、-0.5，所以损失是 16、4、1、0.25。",
    ),
)
def test_train(student, expect):
    """With the rate 0.05 each step halves the error: 1 - 2 · 0.05 · (1² + 2²) = 1/2."""
    model, layer = a_model(student)
    history = trained(
        student, model, 0.05, metrics=[student.keras.metrics.MeanAbsoluteError(name="off")]
    )
    for name, want in (("loss", [10.0, 0.625]), ("off", [3.0, 0.75])):
        ask = Text(
            f'`history["{name}"]` after 2 epochs of 2 steps',
            f'训练 2 个周期（每个 2 步）之后的 `history["{name}"]`',
        )
        # Four steps, the errors of which float32 rounds by a few 2^-24 of numbers up to 16.
        expect.close(numbers(expect, history, name, ask), np.array(want), ask=ask, atol=2e-5)
    # The kernel has moved along [1, 2] by 0.1 · (4 + 2 + 1 + 0.5).
    (kernel,) = student.arrays([layer.kernel])
    expect.close(
        kernel,
        np.array([[1.75], [3.5]], "float32"),
        ask=Text("the kernel after these four steps", "这四步之后的核"),
        atol=2e-5,
    )


@check(
    title=Text("Regularisation", "正则化"),
    points=1,
    topic="training",
    hint=Text("Add what is in `model.losses`.", "加上 `model.losses` 里的内容。"),
)
def test_regularization(student, expect):
    """The penalty 0.5 · (1 + 4) stands beside the squared error 16; nothing is learnt."""
    model, _ = a_model(student, kernel_regularizer=student.keras.regularizers.L2(0.5))
    ask = Text(
        '`history["loss"]` with rate 0 and `L2(0.5)` on the kernel',
        '学习率为 0、核带有 `L2(0.5)` 时的 `history["loss"]`',
    )
    expect.close(
        numbers(expect, trained(student, model, 0.0), "loss", ask),
        np.array([18.5, 18.5]),
        ask=ask,
        atol=2e-5,
    )


@check(
    title=Text("`training=True`", "`training=True`"),
    points=1,
    topic="training",
    hint=Text(
        "While it learns, a batch normalisation makes 0 of rows that are all equal.",
        "在训练时，批次归一化会把全部相同的行变成 0。",
    ),
)
def test_training_mode(student, expect):
    """The outputs are 0, the labels 9; the moving average goes half the way from 0 to X's mean."""
    norm = student.keras.layers.BatchNormalization(momentum=0.5)
    model = student.keras.Sequential([norm])
    model.build((None, 2))
    history = student.train(
        model,
        as_numpy(X),
        as_numpy(np.repeat(Y, 2, axis=1)),
        epochs=1,
        batch_size=4,
        optimizer=student.keras.optimizers.SGD(learning_rate=0.0),
        loss_fn=student.keras.losses.MeanSquaredError(),
        rng=student.np.random.default_rng(1),
    )
    ask = Text(
        '`history["loss"]` of a `BatchNormalization`', '`BatchNormalization` 的 `history["loss"]`'
    )
    expect.close(numbers(expect, history, "loss", ask), np.array([81.0]), ask=ask)
    (mean,) = student.arrays([norm.moving_mean])
    expect.close(
        mean,
        np.array([0.5, 1.0], "float32"),
        ask=Text("its `moving_mean` after one step", "一步之后它的 `moving_mean`"),
    )


@check(
    title=Text("One trace", "只追踪一次"),
    points=1,
    topic="retracing",
    hint=Text("Make one `tf.function` before the loops.", "在循环之前创建一个 `tf.function`。"),
)
def test_one_trace(student, expect):
    """Two epochs of two steps."""
    model, _ = a_model(student)
    with student.traces() as log:
        trained(student, model, 0.01)
    ask = Text("`train` with 2 epochs of 2 steps", "`train` 运行 2 个周期，每个 2 步")
    functions = {(event.name, event.line) for event in log.events}
    expect.traces(log, ask=ask, at_most=max(1, len(functions)))
    expect.true(
        bool(functions),
        ask=ask,
        expected=Text("one trace of the step", "训练步追踪一次"),
        got=Text("none: no `tf.function` of yours ran", "零次：没有运行你的 `tf.function`"),
    )

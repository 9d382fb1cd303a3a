"""Hidden checks of `huber`: values, shapes, dtypes, gradients, Keras's part of the job, reload."""

import numpy as np

from grader.checks import Text, Why, as_numpy, check, curves, measured_slopes

# What pictures are drawn over, in thresholds.
GRID = np.linspace(-4, 4, 81, dtype="float32")


def signs(rng, shape):
    """-1.0 or 1.0 in each place, at least one of each where there is room for both."""
    return rng.permutation(np.resize([-1.0, 1.0], shape).ravel()).reshape(shape)


def errors(rng, shape, threshold):
    """Errors of both signs, alternately inside the threshold and beyond it, in random order."""
    count = int(np.prod(shape, dtype=int))
    inside = rng.uniform(0.1, 0.9, size=count) * threshold
    beyond = rng.uniform(1.3, 4.0, size=count) * threshold
    sizes = np.where(np.arange(count) % 2 == 0, beyond, inside)
    return rng.permutation(sizes).reshape(shape) * signs(rng, shape)


def batch(rng, shape, threshold, dtype="float32"):
    """`y_true` and `y_pred` that differ by `errors`."""
    y_true = rng.normal(size=shape).astype(dtype)
    return y_true, (y_true - errors(rng, shape, threshold)).astype(dtype)


def huber(y_true, y_pred, threshold):
    """The formula, with NumPy."""
    size = np.abs(y_true - y_pred)
    return np.where(size <= threshold, size**2 / 2, threshold * size - threshold**2 / 2)


def pieces(y_true, y_pred, threshold, line):
    """The right parabola with another straight line: `line(size, threshold)`."""
    size = np.abs(y_true - y_pred)
    return np.where(size <= threshold, size**2 / 2, line(size, threshold))


def threshold_mistakes(y_true, y_pred, threshold):
    """What the usual slips with the threshold would give, beside the sentences about them."""
    return [
        Why(
            huber(y_true, y_pred, 1.0),
            Text(
                "that is the loss with threshold 1: the threshold isn't used",
                "这是阈值为 1 的损失：阈值没有用上",
            ),
        ),
        Why(
            pieces(y_true, y_pred, threshold, lambda size, t: size - 0.5),
            Text(
                "the straight line still is that of threshold 1, |e| - 1/2: it needs the threshold"
                " as its slope, and another constant",
                "直线部分仍是阈值为 1 时的 |e| - 1/2：斜率应是阈值，常数也要跟着变",
            ),
        ),
        Why(
            pieces(y_true, y_pred, threshold, lambda size, t: t * size - 0.5),
            Text(
                "the straight line's constant still is that of threshold 1, 1/2: the pieces don't"
                " meet at |e| = threshold",
                "直线部分的常数仍是阈值为 1 时的 1/2：两段在 |e| = 阈值处没有接上",
            ),
        ),
        Why(
            pieces(y_true, y_pred, threshold, lambda size, t: t * size - t / 2),
            Text(
                "the straight line subtracts t / 2 where t² / 2 is due: the pieces don't meet at"
                " |e| = t",
                "直线部分减去的是 t / 2，而应该是 t² / 2：两段在 |e| = t 处没有接上",
            ),
        ),
        Why(
            pieces(y_true, y_pred, threshold, lambda size, t: size - t / 2),
            Text(
                "the straight line has slope 1: its slope has to be the threshold",
                "直线部分的斜率是 1：斜率应该等于阈值",
            ),
        ),
        Why(
            pieces(y_true, y_pred, threshold, lambda size, t: t * size - t**2),
            Text(
                "the straight line lacks a factor 1/2: it subtracts t² where t² / 2 is due",
                "直线部分少了系数 1/2：减去的是 t²，而应该是 t² / 2",
            ),
        ),
        Why(
            2 * huber(y_true, y_pred, threshold),
            Text("each loss is twice too large", "每个损失都大了一倍"),
        ),
    ]


def by_error(call, threshold, **losses):
    """A picture of losses by error, for errors of up to four thresholds."""
    return curves(
        threshold * GRID,
        title=Text(f"`{call}`: the loss by error", f"`{call}`：损失随误差的变化"),
        x_label=Text("error, y_true - y_pred", "误差 y_true - y_pred"),
        y_label=Text("loss", "损失"),
        **losses,
    )


def on_grid(function, threshold):
    """The losses that a function gives for the errors of a picture."""
    return function(threshold * GRID, np.zeros_like(GRID))


def shown(symbol, *args, **kwargs):
    """A call as a student would write it."""
    given = [repr(arg) for arg in args] + [f"{name}={value!r}" for name, value in kwargs.items()]
    return f"{symbol}({', '.join(given)})"


def loss_function(session, expect, *args, **kwargs):
    """What `create_huber(*args, **kwargs)` returns, which has to be a function."""
    call = shown("create_huber", *args, **kwargs)
    return expect.remote(
        session.create_huber(*args, **kwargs),
        ask=Text(f"`{call}`, a function", f"`{call}`，应是函数"),
    )


def loss_object(session, expect, *args, **kwargs):
    """`HuberLoss(*args, **kwargs)`, which has to be an object."""
    return expect.remote(session.HuberLoss(*args, **kwargs), ask=asked("", *args, **kwargs))


def asked(call, *args, **kwargs):
    """`HuberLoss(…)` as a student would write it, followed by a call."""
    text = f"`{shown('HuberLoss', *args, **kwargs)}{call}`"
    return Text(text, text)


@check(
    title=Text("Values on both sides of the threshold", "阈值两侧的取值"),
    points=1.5,
    topic="values",
    hint=Text(
        "With threshold 1 the loss of an error e is e²/2 up to |e| = 1, and |e| - 1/2 beyond."
        " Work out e = 0.5 and e = -3 by hand and compare.",
        "阈值为 1 时，误差 e 的损失在 |e| ≤ 1 时是 e²/2，更大时是 |e| - 1/2。"
        "请手算 e = 0.5 和 e = -3，再作比较。",
    ),
)
def test_values(student, reference, rng, expect):
    """`huber_fn` agrees with the reference for errors of both signs, small and large."""
    for shape in [(9,), (4, 3)]:
        y_true, y_pred = batch(rng, shape, 1.0)
        error = y_true - y_pred
        size = np.abs(error)
        expect.close(
            student.huber_fn(y_true, y_pred),
            reference.huber_fn(y_true, y_pred),
            ask=Text(
                f"`huber_fn(y_true, y_pred)` on float32 tensors of shape {shape}",
                f"对形状为 {shape} 的 float32 张量调用 `huber_fn(y_true, y_pred)`",
            ),
            why=[
                Why(
                    error**2 / 2,
                    Text(
                        "that is e²/2 everywhere: beyond the threshold the loss is a straight line",
                        "这是处处取 e²/2：超过阈值的部分应是直线",
                    ),
                ),
                Why(
                    np.where(size <= 1, error**2, size - 0.5),
                    Text(
                        "the parabola lacks its factor 1/2: the pieces don't meet at |e| = 1",
                        "抛物线少了系数 1/2：两段在 |e| = 1 处没有接上",
                    ),
                ),
                Why(
                    np.where(size <= 1, error**2 / 2, size),
                    Text(
                        "the straight line lacks its -1/2: the pieces don't meet at |e| = 1",
                        "直线部分少了 -1/2：两段在 |e| = 1 处没有接上",
                    ),
                ),
                Why(
                    np.where(size <= 1, size - 0.5, error**2 / 2),
                    Text("the two pieces are swapped", "两段用反了"),
                ),
                Why(
                    np.where(error <= 1, error**2 / 2, error - 0.5),
                    Text(
                        "large negative errors are taken for small ones: compare |e|, not e, with"
                        " the threshold",
                        "很大的负误差被当成了小误差：与阈值比较的应是 |e|，而不是 e",
                    ),
                ),
                Why(
                    np.where(size <= 1, error**2 / 2, error - 0.5),
                    Text(
                        "the straight line uses e where |e| is due: negative errors get a negative"
                        " loss",
                        "直线部分用了 e，而应该用 |e|：负误差得到了负的损失",
                    ),
                ),
                Why(
                    np.sqrt(1 + size**2) - 1,
                    Text(
                        "that is the pseudo-Huber loss, a smooth relative of the one asked for",
                        "这是伪 Huber 损失，与题目要求的损失只是近似",
                    ),
                ),
                Why(
                    2 * huber(y_true, y_pred, 1.0),
                    Text("each loss is twice too large", "每个损失都大了一倍"),
                ),
            ],
            picture=lambda: by_error(
                "huber_fn(y_true, y_pred)",
                1.0,
                yours=on_grid(student.huber_fn, 1.0),
                expected=huber(GRID, 0, 1.0),
            ),
        )


@check(
    title=Text("One loss per element", "每个元素一个损失"),
    points=1,
    topic="interface",
    hint=Text(
        "The functions return a tensor of the inputs' shape. Averaging is left to Keras, which"
        " needs the single losses to weigh them.",
        "函数返回与输入形状相同的张量。取平均交给 Keras：它要先给单个损失加权。",
    ),
)
def test_one_loss_per_element(student, reference, rng, expect):
    """Both functions keep the inputs' shape, whatever its rank."""
    default = loss_function(student, expect)
    for shape in [(6,), (5, 1), (2, 3, 4), ()]:
        y_true, y_pred = batch(rng, shape, 1.0)
        want = reference.huber_fn(y_true, y_pred)
        for name, function in [("huber_fn", student.huber_fn), ("create_huber()", default)]:
            # Only the shape counts here; other checks look at the numbers.
            expect.array(
                function(y_true, y_pred),
                want=np.asarray(want),
                ask=Text(
                    f"`{name}(y_true, y_pred)` on tensors of shape {shape}",
                    f"对形状为 {shape} 的张量调用 `{name}(y_true, y_pred)`",
                ),
                why=[
                    Why(
                        np.mean(want, axis=-1) if shape else want,
                        Text(
                            "that is the mean over the last axis: return one loss per element",
                            "这是对最后一轴取的平均：请为每个元素各返回一个损失",
                        ),
                    ),
                ],
            )


@check(
    title=Text("Thresholds other than 1", "阈值不为 1"),
    points=1.5,
    topic="values",
    hint=Text(
        "Beyond the threshold t the loss is t·|e| - t²/2. With t = 1 a forgotten factor doesn't"
        " show: try t = 2.5 and t = 0.25 by hand, also at |e| = t, where the pieces meet.",
        "超过阈值 t 时，损失是 t·|e| - t²/2。t = 1 时漏掉系数看不出来："
        "请用 t = 2.5 和 t = 0.25 手算，并看看两段相接的 |e| = t 处。",
    ),
)
def test_threshold(student, reference, rng, expect):
    """The threshold is limit, slope and constant; each function that is made has its own."""
    questions = [(2.5, batch(rng, (8,), 2.5)), (0.25, batch(rng, (3, 5), 0.25))]
    # Both functions are made before either is used: one threshold shared in a global would show.
    functions = [loss_function(student, expect, threshold) for threshold, _ in questions]
    for function, (threshold, (y_true, y_pred)) in zip(functions, questions, strict=True):
        other = next(t for t, _ in questions if t != threshold)
        expect.close(
            function(y_true, y_pred),
            reference.create_huber(threshold)(y_true, y_pred),
            ask=Text(
                f"`create_huber({threshold})(y_true, y_pred)` on tensors of shape {y_true.shape}",
                f"对形状为 {y_true.shape} 的张量调用 `create_huber({threshold})(y_true, y_pred)`",
            ),
            why=[
                *threshold_mistakes(y_true, y_pred, threshold),
                Why(
                    huber(y_true, y_pred, other),
                    Text(
                        f"that is the loss with threshold {other}, which another function got from"
                        " `create_huber`: each needs a threshold of its own",
                        f"这是阈值为 {other} 的损失，那是 `create_huber` 给另一个函数的阈值："
                        "每个函数都要有自己的阈值",
                    ),
                ),
            ],
            picture=lambda function=function, threshold=threshold: by_error(
                f"create_huber({threshold})(y_true, y_pred)",
                threshold,
                yours=on_grid(function, threshold),
                expected=huber(threshold * GRID, 0, threshold),
            ),
        )
    y_true, y_pred = batch(rng, (6,), 1.0)
    expect.close(
        loss_function(student, expect)(y_true, y_pred),
        reference.create_huber()(y_true, y_pred),
        ask=Text(
            "`create_huber()(y_true, y_pred)`, threshold 1 by default",
            "`create_huber()(y_true, y_pred)`，默认阈值为 1",
        ),
    )


@check(
    title=Text("float64 stays float64", "float64 输入得到 float64"),
    points=0.5,
    topic="values",
    hint=Text(
        "Don't cast to float32, and make constants in the dtype of the inputs.",
        "不要转成 float32；常数要用输入的 dtype 来创建。",
    ),
)
def test_float64(student, reference, rng, expect):
    """float64 inputs give float64 losses with all their digits."""
    # Threshold 1, given or by default: other thresholds are another check's business.
    for name, function, theirs in [
        ("huber_fn", student.huber_fn, reference.huber_fn),
        ("create_huber(1.0)", loss_function(student, expect, 1.0), reference.huber_fn),
    ]:
        y_true, y_pred = batch(rng, (2, 4), 1.0, "float64")
        expect.close(
            function(y_true, y_pred),
            theirs(y_true, y_pred),
            ask=Text(
                f"`{name}(y_true, y_pred)` on float64 tensors",
                f"对 float64 张量调用 `{name}(y_true, y_pred)`",
            ),
        )


def gradient_curve(student, function):
    """The gradient of `create_huber(1.5)` for `y_pred`, its upstream gradient 2 everywhere."""
    moved, zeros = 1.5 * GRID, np.zeros_like(GRID)
    twice = np.full_like(GRID, 2)
    measured = measured_slopes(lambda y_pred: function(np.zeros_like(y_pred), y_pred), moved)
    return curves(
        moved,
        title=Text(
            "`create_huber(1.5)`: the gradient for `y_pred`, times an upstream gradient of 2",
            "`create_huber(1.5)`：对 `y_pred` 的梯度，乘以上游梯度 2",
        ),
        x_label=Text("y_pred - y_true", "y_pred - y_true"),
        y_label=Text("gradient", "梯度"),
        yours=student.gradient(function, zeros, moved, wrt=1, upstream=twice).grads[0],
        expected=2 * np.clip(moved, -1.5, 1.5),
        measured=2 * measured,
    )


@check(
    title=Text("The gradient is clipped at the threshold", "梯度在阈值处截断"),
    points=1.5,
    topic="gradient",
    hint=Text(
        "With respect to y_pred the derivative is -e, but never beyond ±threshold, and 0 where the"
        " error is 0. Keep every step a TensorFlow operation: NumPy cuts the gradient off.",
        "对 y_pred 的导数是 -e，但不超出 ±阈值；误差为 0 处导数是 0。"
        "每一步都要用 TensorFlow 运算：NumPy 会把梯度截断。",
    ),
)
def test_gradient(student, reference, rng, expect):
    """Gradients agree with the reference's and with the slopes of the student's own values."""
    # An error of 0 is among them: there |e| has a kink, which the loss must not have.
    y_true, y_pred = batch(rng, (9,), 1.5)
    y_pred[4] = y_true[4]
    upstream = rng.uniform(0.5, 3.0, size=9).astype("float32") * signs(rng, (9,)).astype("float32")
    clipped = np.clip(y_pred - y_true, -1.5, 1.5)
    function = loss_function(student, expect, 1.5)
    expect.array(
        function(y_true, y_pred),
        want=reference.create_huber(1.5)(y_true, y_pred),
        ask=Text("`create_huber(1.5)(y_true, y_pred)`", "`create_huber(1.5)(y_true, y_pred)`"),
    )
    got = student.gradient(function, y_true, y_pred, wrt=(1, 0), upstream=upstream)
    want = reference.gradient(
        reference.create_huber(1.5), y_true, y_pred, wrt=(1, 0), upstream=upstream
    )
    for name, mine, theirs, sign in zip(
        ("y_pred", "y_true"), got.grads, want.grads, (1, -1), strict=True
    ):
        expect.close(
            mine,
            theirs,
            ask=Text(
                f"gradient of `create_huber(1.5)(y_true, y_pred)` with respect to `{name}`,"
                " weighted with an upstream gradient",
                f"`create_huber(1.5)(y_true, y_pred)` 对 `{name}` 的梯度（乘以上游梯度）",
            ),
            why=[
                Why(
                    sign * upstream * (y_pred - y_true),
                    Text("it isn't clipped at the threshold", "没有在阈值处截断"),
                ),
                Why(
                    sign * upstream * np.clip(y_pred - y_true, -1, 1),
                    Text("it is clipped at 1, not at the threshold", "截断在 1，而不是阈值"),
                ),
                Why(sign * clipped, Text("the upstream gradient is lost", "丢掉了上游梯度")),
                Why(-sign * upstream * clipped, Text("the sign is wrong", "符号错了")),
            ],
            picture=lambda: gradient_curve(student, function),
        )
    # Slopes of the student's own values. The loss is piecewise quadratic, so central differences
    # are exact as long as no step crosses the threshold: all errors are at least 0.15 away from it.
    # Rounding: two values up to 9, each off by 1.5 ulp (1.4e-6), over 2/16, times 3: 7e-5.
    step = np.float32(1 / 16)
    ask = Text("`create_huber(1.5)` on moved predictions", "`create_huber(1.5)`（移动预测值后）")
    above = expect.array(function(y_true, y_pred + step), ask=ask, shape=(9,))
    below = expect.array(function(y_true, y_pred - step), ask=ask, shape=(9,))
    expect.close(
        got.grads[0],
        ((above - below) / (2 * step) * upstream).astype("float32"),
        ask=Text(
            "gradient with respect to `y_pred`, against the slopes of the function's own values",
            "对 `y_pred` 的梯度，与函数值本身的斜率比较",
        ),
        atol=2e-4,
        picture=lambda: gradient_curve(student, function),
    )


@check(
    title=Text("Inside a traced function", "在被追踪的函数中"),
    points=0.5,
    topic="graph",
    hint=Text(
        "In a `tf.function` tensors have no values yet: use tf.where, tf.abs, tf.square and the"
        " like, not NumPy, `.numpy()`, `float()` or an `if` on a tensor.",
        "在 `tf.function` 中张量还没有值：请用 tf.where、tf.abs、tf.square 之类的运算，"
        "不要用 NumPy、`.numpy()`、`float()` 或对张量做 `if` 判断。",
    ),
)
def test_in_graph(student, rng, expect):
    """Traced, the functions give what they give eagerly."""
    expect.unconfirmed()  # that they are traced
    for name, function in [
        ("huber_fn", student.huber_fn),
        ("create_huber(threshold=3.0)", loss_function(student, expect, threshold=3.0)),
    ]:
        y_true, y_pred = batch(rng, (4, 2), 2.0)
        ask = Text(f"`{name}(y_true, y_pred)`", f"`{name}(y_true, y_pred)`")
        expect.close(
            student.in_graph(function)(y_true, y_pred),
            expect.array(function(y_true, y_pred), ask=ask),
            ask=Text(
                f"{ask.en} inside a `tf.function`, against the same call outside",
                f"在 `tf.function` 中调用 {ask.zh}，与在外面调用相比",
            ),
        )


@check(
    title=Text("`HuberLoss` uses its threshold", "`HuberLoss` 使用自己的阈值"),
    points=1,
    topic="values",
    hint=Text(
        "Keep the threshold in __init__ and use it in `call`, for instance through"
        " create_huber(self.threshold).",
        "在 __init__ 中保存阈值，在 `call` 中使用它，例如 create_huber(self.threshold)。",
    ),
)
def test_loss_value(student, reference, rng, expect):
    """The mean loss of a batch, for thresholds other than 1 and for the default."""
    for threshold in (2.5, 0.25, 1.0):
        args = () if threshold == 1.0 else (threshold,)
        y_true, y_pred = batch(rng, (6, 1), threshold)
        expect.close(
            loss_object(student, expect, *args)(y_true, y_pred),
            reference.HuberLoss(*args)(y_true, y_pred),
            ask=asked("(y_true, y_pred)", *args),
            why=[
                *(
                    Why(slip.value.mean(), slip.text)
                    for slip in threshold_mistakes(y_true, y_pred, threshold)
                ),
                Why(
                    huber(y_true, y_pred, threshold).sum(),
                    Text("that is the sum, not the mean", "这是总和，而不是平均值"),
                ),
            ],
        )


@check(
    title=Text(
        "`HuberLoss` honours `reduction` and `sample_weight`",
        "`HuberLoss` 遵从 `reduction` 和 `sample_weight`",
    ),
    points=1,
    topic="interface",
    hint=Text(
        "Pass **kwargs on to super().__init__, leave __call__ alone, and return one loss per"
        " element from `call`: the base class weighs and reduces them.",
        "把 **kwargs 交给 super().__init__，不要改写 __call__，"
        "`call` 返回逐元素的损失：加权和归约由基类完成。",
    ),
)
def test_reduction(student, reference, rng, expect):
    """Sum, mean and weighted loss all follow from the losses that `reduction=None` gives."""
    y_true, y_pred = batch(rng, (6, 1), 1.5)
    weight = rng.permutation([0.0, 0.5, 1.0, 2.0, 3.0, 4.0]).astype("float32")
    column = weight[:, None]
    none, default = {"threshold": 1.5, "reduction": None}, {"threshold": 1.5}
    summed = {"threshold": 1.5, "reduction": "sum"}
    # Everything is asked before anything is judged: the answers together tell the mistakes apart.
    single, *answers = [
        loss_object(student, expect, **kwargs)(y_true, y_pred, **given)
        for kwargs, given in [
            (none, {}),
            (default, {}),
            (summed, {}),
            (default, {"sample_weight": weight}),
            (summed, {"sample_weight": column}),
        ]
    ]
    # The student's own losses: whether they are right is the other checks' business.
    losses = expect.array(
        single,
        want=reference.HuberLoss(**none)(y_true, y_pred),
        ask=asked("(y_true, y_pred)", **none),
        why=[
            Why(
                huber(y_true, y_pred, 1.5).mean(axis=-1),
                Text(
                    "those are means over the last axis: `call` has to return one loss per element",
                    "这是对最后一轴取的平均：`call` 应为每个元素各返回一个损失",
                ),
            ),
            Why(
                huber(y_true, y_pred, 1.5).mean(),
                Text(
                    "that is their mean: hand `reduction` on to the base class, and return one loss"
                    " per element from `call`",
                    "这是它们的平均值：请把 `reduction` 交给基类，"
                    "`call` 则为每个元素各返回一个损失",
                ),
            ),
        ],
    ).astype("float64")
    mean = Why(losses.mean(), Text("that is the mean of the losses", "这是损失的平均值"))
    total = Why(losses.sum(), Text("that is the sum of the losses", "这是损失之和"))
    unused = Text("the weights aren't used", "权重没有用上")
    for answer, call, kwargs, want, slip in zip(
        answers,
        ["(y_true, y_pred)"] * 2 + ["(y_true, y_pred, sample_weight=w)"] * 2,
        [default, summed, default, summed],
        [losses.mean(), losses.sum(), (column * losses).mean(), (column * losses).sum()],
        [total, mean, Why(mean.value, unused), Why(total.value, unused)],
        strict=True,
    ):
        expect.close(answer, np.float32(want), ask=asked(call, **kwargs), why=[slip])


@check(
    title=Text("The configuration holds everything", "配置完整"),
    points=0.5,
    topic="serialization",
    hint=Text(
        'get_config returns {**super().get_config(), "threshold": …}: the base class adds its'
        " `name` and `reduction`.",
        'get_config 返回 {**super().get_config(), "threshold": …}：'
        "`name` 和 `reduction` 由基类给出。",
    ),
)
def test_config(student, rng, expect):
    """`get_config` has threshold, name and reduction, and `from_config` makes the same loss."""
    kwargs = {"threshold": 0.75, "name": "robust", "reduction": "sum"}
    loss = loss_object(student, expect, **kwargs)
    ask = asked(".get_config()", **kwargs)
    config = loss.get_config()
    for name, value in kwargs.items():
        expect.equal(
            config.get(name) if type(config) is dict else config,
            value,
            ask=Text(f"{ask.en}, its `{name}`", f"{ask.zh} 中的 `{name}`"),
            why=[Why(None, Text(f"there is no `{name}` in it", f"其中没有 `{name}`"))],
        )
    y_true, y_pred = batch(rng, (5, 1), 0.75)
    expect.close(
        student.HuberLoss.from_config(config)(y_true, y_pred),
        expect.array(loss(y_true, y_pred), ask=asked("(y_true, y_pred)", **kwargs)),
        ask=Text(
            "`HuberLoss.from_config(loss.get_config())(y_true, y_pred)`, against `loss` itself",
            "`HuberLoss.from_config(loss.get_config())(y_true, y_pred)`，与 `loss` 本身相比",
        ),
    )


@check(
    title=Text("A compiled model survives a reload", "编译好的模型能重新加载"),
    points=1,
    topic="serialization",
    hint=Text(
        "The class needs @keras.utils.register_keras_serializable(), and everything that the"
        " constructor was given has to be in get_config. Try it in a new Python process.",
        "类需要 @keras.utils.register_keras_serializable()，"
        "构造函数得到的一切都要写进 get_config。请在新的 Python 进程里试一试。",
    ),
    # A process more, and the tracing of `evaluate` in it.
    timeout=30.0,
)
def test_reload(student, rng, expect):
    """Saved here and loaded in a fresh process: same outputs, same loss, same configuration."""
    kwargs = {"threshold": 2.5, "name": "robust", "reduction": "sum"}
    keras = student.keras
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    kernel, bias = rng.normal(size=(3, 1)), rng.normal(size=(1,))
    model.set_weights([as_numpy(kernel.astype("float32")), as_numpy(bias.astype("float32"))])
    loss = loss_object(student, expect, **kwargs)
    # XLA would cost a compilation and add nothing here.
    model.compile(optimizer="sgd", loss=loss, jit_compile=False)
    loaded = student.fresh().load(student.save(model))

    x = rng.normal(size=(6, 3)).astype("float32")
    outputs = expect.array(model(x), ask=Text("the model's outputs", "模型的输出"), shape=(6, 1))
    expect.close(
        loaded(x),
        outputs,
        ask=Text("outputs of the reloaded model on new inputs", "重新加载的模型对新输入的输出"),
    )
    y_true = (outputs + errors(rng, (6, 1), 2.5)).astype("float32")
    one = huber(y_true, outputs, 1.0)
    expect.close(
        loaded.evaluate(as_numpy(x), as_numpy(y_true), verbose=0),
        float(expect.number(loss(y_true, outputs), ask=asked("(y_true, y_pred)", **kwargs))),
        # The same numbers on another path: the outputs anew (traced), the sum of six losses.
        atol=1e-5,
        ask=Text(
            "`evaluate` of the reloaded model, compiled with"
            ' `HuberLoss(threshold=2.5, reduction="sum")`, against that loss before saving',
            '重新加载的模型的 `evaluate`（以 `HuberLoss(threshold=2.5, reduction="sum")` 编译），'
            "与保存之前的损失相比",
        ),
        why=[
            Why(
                one.sum(),
                Text(
                    "that is the loss with threshold 1: the threshold was lost on the way",
                    "这是阈值为 1 的损失：阈值在途中丢失了",
                ),
            ),
            Why(
                huber(y_true, outputs, 2.5).mean(),
                Text(
                    "that is the mean: `reduction` was lost on the way",
                    "这是平均值：`reduction` 在途中丢失了",
                ),
            ),
            Why(
                one.mean(),
                Text(
                    "that is the mean with threshold 1: `threshold` and `reduction` were lost on"
                    " the way",
                    "这是阈值为 1 时的平均值：`threshold` 和 `reduction` 在途中丢失了",
                ),
            ),
        ],
        picture=lambda: by_error(
            "HuberLoss(threshold=2.5).call(y_true, y_pred)",
            2.5,
            before=on_grid(loss.call, 2.5),
            after=on_grid(loaded.loss.call, 2.5),
        ),
    )
    config = loaded.loss.get_config()
    for name, value in kwargs.items():
        expect.equal(
            config.get(name) if type(config) is dict else config,
            value,
            ask=Text(
                f"`{name}` in the configuration of the reloaded loss",
                f"重新加载的损失的配置中的 `{name}`",
            ),
            why=[Why(None, Text(f"there is no `{name}` in it", f"其中没有 `{name}`"))],
        )

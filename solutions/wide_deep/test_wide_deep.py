"""Hidden checks of `wide_deep`: both paths, their optimizers, one forward pass, one trace.

The variables are told apart by their shapes, so the order in which a submission makes its layers is
free. Biases of one shape get the same values, since nothing tells one from the other. What a step
should do is then computed here, in NumPy and float64.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grader.checks import Text, Why, as_numpy, check, fetch, updates

# Float32 adds up at most 60 products of size 1 or so on the way to any number compared below, each
# rounded to 2^-24 of itself; a misconception moves the same numbers by 1e-3 and more.
ATOL = 1e-5


WIDE = ("wide_kernel", "wide_bias")
DEEP = ("kernel1", "kernel2", "kernel3", "bias1", "bias2", "bias3")
NAMES = WIDE + DEEP


@dataclass(frozen=True)
class Net:
    """The values of the eight variables, and what follows from them."""

    wide_kernel: NDArray
    wide_bias: NDArray
    kernel1: NDArray
    bias1: NDArray
    kernel2: NDArray
    bias2: NDArray
    kernel3: NDArray
    bias3: NDArray

    def inside(self, x):
        """What enters the first and the second ReLU, and what leaves the deep path."""
        before1 = x @ self.kernel1 + self.bias1
        before2 = np.maximum(before1, 0) @ self.kernel2 + self.bias2
        return before1, before2, np.maximum(before2, 0) @ self.kernel3 + self.bias3

    def output(self, x):
        return x @ self.wide_kernel + self.wide_bias + self.inside(x)[2]

    def mse(self, x, y):
        return float(np.mean((self.output(x) - y) ** 2))

    def penalty(self, factor, names):
        """An L2 penalty on these variables."""
        return float(factor * sum(np.sum(getattr(self, name) ** 2) for name in names))

    def slopes(self, x, y, factor=0.0, names=()):
        """Gradient of the mean squared error plus an L2 penalty on `names`, name by name."""
        before1, before2, _ = self.inside(x)
        hidden1, hidden2 = np.maximum(before1, 0), np.maximum(before2, 0)
        out = 2 * (self.output(x) - y) / len(x)
        down2 = (out @ self.kernel3.T) * (before2 > 0)
        down1 = (down2 @ self.kernel2.T) * (before1 > 0)
        slopes = {
            "wide_kernel": x.T @ out,
            "wide_bias": out.sum(axis=0),
            "kernel3": hidden2.T @ out,
            "bias3": out.sum(axis=0),
            "kernel2": hidden1.T @ down2,
            "bias2": down2.sum(axis=0),
            "kernel1": x.T @ down1,
            "bias1": down1.sum(axis=0),
        }
        for name in names:
            slopes[name] = slopes[name] + 2 * factor * getattr(self, name)
        return slopes

    def stepped(self, slopes, rates):
        """After one step of gradient descent with a rate for each name."""
        return replace(
            self, **{name: getattr(self, name) - rates[name] * slopes[name] for name in rates}
        )


def drawn_net(rng, features, units):
    """A net of modest float32 values, kept as float64."""

    def draw(*shape):
        return rng.uniform(-0.7, 0.7, size=shape).astype("float32").astype("float64")

    hidden, last = draw(units), draw(1)
    return Net(
        wide_kernel=draw(features, 1),
        wide_bias=last,
        kernel1=draw(features, units),
        bias1=hidden,
        kernel2=draw(units, units),
        bias2=hidden,
        kernel3=draw(units, 1),
        bias3=last,
    )


def drawn_batch(rng, rows, features):
    """x and y in float32."""
    x = rng.uniform(-1, 1, size=(rows, features)).astype("float32")
    return x, rng.uniform(-2, 2, size=(rows, 1)).astype("float32")


def drawn_case(rng, rows, features, units):
    """A net, x and y such that no misconception about a ReLU can hide.

    Both ReLUs meet numbers on both sides of 0, none so near to it that rounding decides, and the
    deep path's output has both signs.
    """
    while True:
        net, (x, y) = drawn_net(rng, features, units), drawn_batch(rng, rows, features)
        inside = net.inside(x)
        if all(part.min() < -0.1 and part.max() > 0.1 for part in inside) and all(
            np.abs(part).min() > 1e-4 for part in inside
        ):
            return net, x, y


def built(session, units, features, **kwargs):
    """A model that has seen an input."""
    model = session.WideDeepModel(units, **kwargs)
    model(np.zeros((1, features), "float32"))
    return model


def sorted_out(session, model, expect, part, names, *, features, units, shown=""):
    """The variables in `model.<part>`, by their names in `Net`, told apart by their shapes.

    Args:
        shown: how to show the arguments that the model was made with, if not as `units`.
    """
    made = f"`WideDeepModel({shown or units})`"
    shapes = {
        "wide_kernel": (features, 1),
        "wide_bias": (1,),
        "kernel1": (features, units),
        "kernel2": (units, units),
        "kernel3": (units, 1),
        "bias1": (units,),
        "bias2": (units,),
        "bias3": (1,),
    }
    variables = getattr(model, part)
    there = [array.shape for array in session.arrays(variables)]
    expect.equal(
        sorted(there),
        sorted(shapes[name] for name in names),
        ask=Text(
            f"the shapes in `{part}` of a built {made}, {features} features",
            f"{made} 构建后（{features} 个特征）`{part}` 中的各个形状",
        ),
    )
    left = list(zip(there, fetch(variables), strict=True))
    found = {}
    for name in names:
        place = next(i for i, (shape, _) in enumerate(left) if shape == shapes[name])
        found[name] = left.pop(place)[1]
    return found


def filled(session, model, expect, net):
    """Gives a built model the values of `net`; returns its variables by name.

    The two variables of shape (1,) may have changed places.
    """
    features, units = net.kernel1.shape
    found = sorted_out(
        session, model, expect, "trainable_variables", NAMES, features=features, units=units
    )
    put(found, net)
    return found


def put(found, net):
    """Gives variables, by name, the values of `net`."""
    for name, variable in found.items():
        variable.assign(as_numpy(getattr(net, name).astype("float32")))


def regularize(session, variables, factor, names):
    """Puts an L2 penalty on the variables with these names."""
    l2 = session.keras.regularizers.L2(factor)
    for name in names:
        session.set(variables[name].regularizer, l2)


def pair(session, wide_rate, deep_rate, **settings):
    """Two gradient descent optimizers which haven't been built."""
    make = session.keras.optimizers.SGD
    return tuple(make(learning_rate=rate, **settings) for rate in (wide_rate, deep_rate))


@check(
    title=Text("The output", "模型的输出"),
    points=1,
    topic="values",
    hint=Text(
        "Both paths start from the same x; each ends in a `Dense(1)` without activation, and the"
        " two results are added.",
        "两条路径都从同一个 x 出发，各自以一个没有激活函数的 `Dense(1)` 结束，再把两个结果相加。",
    ),
)
def test_output(student, rng, expect):
    net, x, _ = drawn_case(rng, 7, 3, 4)
    ask = Text(
        "`WideDeepModel(units=4)(x)` for a (7, 3) input, with all variables set",
        "`WideDeepModel(units=4)(x)`，输入形状为 (7, 3)，所有变量已设定",
    )
    model = expect.remote(student.WideDeepModel(units=4), ask=ask)
    expect.array(model(x), ask=ask, shape=(7, 1))
    filled(student, model, expect, net)
    wide = x @ net.wide_kernel + net.wide_bias
    expect.close(
        model(x),
        net.output(x).astype("float32"),
        ask=ask,
        atol=ATOL,
        why=[
            Why(wide, Text("the deep path is missing", "缺少深路径")),
            Why(net.output(x) - wide, Text("the wide path is missing", "缺少宽路径")),
            Why(
                wide + np.maximum(net.output(x) - wide, 0),
                Text("the last layer of the deep path has a ReLU", "深路径的最后一层多了 ReLU"),
            ),
        ],
    )


@check(
    title=Text("`wide_variables` and `deep_variables`", "`wide_variables` 与 `deep_variables`"),
    points=1,
    topic="interface",
    hint=Text(
        "Each of the model's eight trainable variables is in exactly one of the two lists: two in"
        " the wide one, six in the deep one.",
        "模型的八个可训练变量，每个恰好在其中一个列表里：宽的两个，深的六个。",
    ),
)
def test_paths(student, expect):
    expect.unconfirmed()  # which variables there are
    model = student.WideDeepModel(name="mine")
    model(np.zeros((1, 3), "float32"))
    expect.equal(
        fetch(model.name),
        "mine",
        ask=Text('the name of `WideDeepModel(name="mine")`', '`WideDeepModel(name="mine")` 的名字'),
    )
    # Every trainable variable is filled with a number of its own: that tells where it turns up.
    shapes = [array.shape for array in student.arrays(model.trainable_variables)]
    for number, (variable, shape) in enumerate(
        zip(fetch(model.trainable_variables), shapes, strict=True)
    ):
        variable.assign(as_numpy(np.full(shape, number, "float32")))
    wide, deep = (
        [int(array.flat[0]) for array in student.arrays(part)]
        for part in (model.wide_variables, model.deep_variables)
    )
    ask = Text(
        "the variables in `wide_variables` and `deep_variables` together, as places in"
        " `model.trainable_variables`",
        "`wide_variables` 与 `deep_variables` 合起来的变量（以其在 `model.trainable_variables`"
        " 中的位置表示）",
    )
    expect.equal(
        sorted(wide + deep),
        list(range(8)),
        ask=ask,
        why=[
            Why(
                sorted([*range(8), *wide]),
                Text(
                    "the wide path's variables are in both lists",
                    "宽路径的变量同时出现在两个列表里",
                ),
            )
        ],
    )
    for part, names in (("wide_variables", WIDE), ("deep_variables", DEEP)):
        sorted_out(student, model, expect, part, names, features=3, units=30, shown='name="mine"')


@check(
    title=Text("The loss that `train_step` returns", "`train_step` 返回的损失"),
    points=1,
    topic="training",
    hint=Text(
        "`tf.reduce_mean(loss_fn(y, predictions))` plus everything in `model.losses`, with whatever"
        " `loss_fn` this call was given.",
        "`tf.reduce_mean(loss_fn(y, predictions))` 加上 `model.losses` 里的一切，"
        "而且要用这一次调用传入的 `loss_fn`。",
    ),
)
def test_loss(student, rng, expect):
    net, x, y = drawn_case(rng, 6, 3, 4)
    error = net.output(x) - y
    keras = student.keras
    model = built(student, 4, 3)
    variables = filled(student, model, expect, net)
    optimizers = pair(student, 0.0, 0.0)
    squared = float((error**2).mean())
    penalized = ("kernel2", "wide_bias", "bias3")
    old = Text(
        "that is the mean squared error: the `loss_fn` of this call isn't used",
        "这是均方误差：没有用这一次调用的 `loss_fn`",
    )
    for shown, loss_fn, each, factor in [
        ("keras.losses.MeanSquaredError()", keras.losses.MeanSquaredError(), error**2, 0.0),
        ("keras.losses.mean_absolute_error", keras.losses.mean_absolute_error, abs(error), 0.125),
    ]:
        extra = extra_zh = ""
        if factor:
            regularize(student, variables, factor, penalized)
            extra = f", for a model with `keras.regularizers.L2({factor})` on three variables"
            extra_zh = f"，模型的三个变量带有 `keras.regularizers.L2({factor})`"
        penalty = net.penalty(factor, penalized)
        expect.close(
            student.train_step(model, x, y, *optimizers, loss_fn),
            float(each.mean()) + penalty,
            ask=Text(
                f"`train_step(…, loss_fn={shown})` with a batch of 6 rows{extra}",
                f"`train_step(…, loss_fn={shown})`，批次有 6 行{extra_zh}",
            ),
            atol=ATOL,
            why=[
                Why(
                    each.sum() + penalty,
                    Text("that is the sum, not the mean", "这是总和，不是平均值"),
                ),
                Why(squared, old),
                Why(squared + penalty, old),
                Why(
                    float(each.mean()),
                    Text(
                        "the regularisation is missing: add `model.losses`",
                        "没有加上正则化损失：请加上 `model.losses`",
                    ),
                ),
                Why(
                    float(each.mean()) + 2 * penalty,
                    Text("the regularisation is counted twice", "正则化损失算了两遍"),
                ),
            ],
        )


@check(
    title=Text("Each optimizer changes its own path only", "每个优化器只改变自己的路径"),
    points=1,
    topic="training",
    hint=Text(
        "Compute the gradients for `wide_variables` and `deep_variables` separately, and give each"
        " optimizer its own pairs of gradient and variable.",
        "分别求 `wide_variables` 和 `deep_variables` 的梯度，"
        "再把各自的（梯度，变量）对交给各自的优化器。",
    ),
)
def test_own_path(student, rng, expect):
    expect.unconfirmed()  # variables are compared with what they were, not with known numbers
    net, x, y = drawn_case(rng, 16, 3, 8)
    model = built(student, 8, 3)
    filled(student, model, expect, net)
    mse = student.keras.losses.MeanSquaredError()
    zh = {"wide": "宽", "deep": "深"}
    for still, moving, rates in [("wide", "deep", (0.0, 0.0625)), ("deep", "wide", (0.0625, 0.0))]:
        paths = [getattr(model, f"{name}_variables") for name in (still, moving)]
        before = [student.arrays(path) for path in paths]
        student.train_step(model, x, y, *pair(student, *rates), mse)
        after = [student.arrays(path) for path in paths]
        wrongly, rightly = (
            sum(not np.array_equal(a, b) for a, b in zip(*two, strict=True))
            for two in zip(before, after, strict=True)
        )
        ask = Text(
            f"a step with learning rate 0 for the {still} path and 1/16 for the {moving} path",
            f"{zh[still]}路径学习率为 0、{zh[moving]}路径为 1/16 的一步",
        )
        expect.true(
            wrongly == 0,
            ask=ask,
            expected=Text(f"no change in `{still}_variables`", f"`{still}_variables` 没有变化"),
            got=Text(
                f"changes in {wrongly} of its {len(before[0])} variables",
                f"其中 {len(before[0])} 个变量有 {wrongly} 个变了",
            ),
            why=Text(
                f"`{moving}_optimizer` has to be given `{moving}_variables` and nothing else (and"
                " the optimizers of *this* call have to be used)",
                f"`{moving}_optimizer` 只应得到 `{moving}_variables`"
                "（而且要用*这一次*调用传入的优化器）",
            ),
        )
        expect.true(
            rightly > 0,
            ask=ask,
            expected=Text(f"changes in `{moving}_variables`", f"`{moving}_variables` 有变化"),
            got=Text("none at all", "完全没有变化"),
        )


@check(
    title=Text("One step, recomputed by hand", "手工重算一步更新"),
    points=1.5,
    topic="gradient",
    hint=Text(
        "Ask the tape for *all* gradients before any optimizer runs; the tape must see the whole"
        " loss, the regularisation included.",
        "在任何优化器运行之前就向 tape 要来*全部*梯度；tape 必须看到完整的损失，包括正则化。",
    ),
)
def test_hand_step(student, rng, expect):
    # Each penalty takes its time to trace: three here, and others in `test_loss`.
    factor, penalized = 0.125, ("wide_kernel", "kernel1", "kernel3")
    net, x, y = drawn_case(rng, 8, 3, 5)
    model = built(student, 5, 3)
    regularize(student, filled(student, model, expect, net), factor, penalized)
    optimizers = pair(student, 0.25, 0.125)
    for optimizer, path in zip(
        optimizers, (model.wide_variables, model.deep_variables), strict=True
    ):
        optimizer.build(path)  # in all other checks they come unbuilt
    wide, deep = dict.fromkeys(WIDE, 0.25), dict.fromkeys(DEEP, 0.125)
    slopes = net.slopes(x, y, factor, penalized)
    want = net.stepped(slopes, wide | deep)
    late = {}
    for first, second in ((wide, deep), (deep, wide)):
        halfway = net.stepped(slopes, first)
        after = halfway.stepped(halfway.slopes(x, y, factor, penalized), second)
        late |= {name: getattr(after, name) for name in second}
    plain = net.stepped(net.slopes(x, y), wide | deep)
    swapped = net.stepped(slopes, dict.fromkeys(WIDE, 0.125) | dict.fromkeys(DEEP, 0.25))
    mse = student.keras.losses.MeanSquaredError()
    loss = student.train_step(model, x, y, *optimizers, mse)
    found = {}
    for part, names in (("wide_variables", WIDE), ("deep_variables", DEEP)):
        found |= sorted_out(student, model, expect, part, names, features=3, units=5)
    got = dict(zip(found, student.arrays(list(found.values())), strict=True))
    if np.abs(got["bias1"] - want.bias1).max() > np.abs(got["bias2"] - want.bias1).max():
        got["bias1"], got["bias2"] = got["bias2"], got["bias1"]

    def picture():
        names = WIDE + DEEP
        return updates(
            Text("How far the step moved each variable", "这一步中各变量的变化量"),
            {name: getattr(net, name) for name in names},
            got,
            {name: getattr(want, name) for name in names},
        )

    for name in DEEP + WIDE:
        expect.close(
            got[name],
            getattr(want, name).astype("float32"),
            ask=Text(
                f"`{name}` after one step with SGD(0.25) for the wide and SGD(0.125) for the deep"
                f" path, with L2({factor}) on three variables",
                f"一步之后的 `{name}`（宽路径 SGD(0.25)，深路径 SGD(0.125)，"
                f"三个变量带 L2({factor})）",
            ),
            atol=ATOL,
            why=[
                Why(
                    late[name],
                    Text(
                        "this gradient was taken after the other path had been updated: take"
                        " both from one forward pass",
                        "这个梯度是在另一条路径更新之后才求的：两者都要来自同一次前向传播",
                    ),
                ),
                Why(getattr(net, name), Text("it hasn't changed at all", "它完全没有变化")),
                Why(
                    getattr(plain, name),
                    Text(
                        "the regularisation is in the loss but not in the gradient",
                        "梯度里没有正则化的部分",
                    ),
                ),
                Why(
                    getattr(swapped, name),
                    Text("the optimizers are swapped", "两个优化器用反了"),
                ),
            ],
            picture=picture,
        )
    expect.close(
        loss,
        net.mse(x, y) + net.penalty(factor, penalized),
        ask=Text("the loss of that step", "这一步的损失"),
        atol=ATOL,
        why=[
            Why(
                want.mse(x, y) + want.penalty(factor, penalized),
                Text(
                    "that is the loss after the update; return the one the gradients came from",
                    "这是更新之后的损失；应返回求梯度时的那个",
                ),
            )
        ],
    )


@check(
    title=Text("One forward pass per step", "每一步只有一次前向传播"),
    points=0.5,
    topic="graph",
    hint=Text(
        "One tape can give both lists of gradients: hand it a list of lists, or make it"
        " persistent.",
        "一个 tape 就能给出两组梯度：传给它由列表组成的列表，或者把它设为 persistent。",
    ),
)
def test_one_forward_pass(student, rng, expect):
    expect.unconfirmed()  # the counter stands in the worker
    # A mean that counts the model's outputs, put where Keras calls it once per forward pass.
    # Wrapped in a function it isn't tracked as a part of the model.
    counter, plain = student.keras.metrics.Mean(), student.tf.autograph.experimental.do_not_convert
    model = built(student, 4, 3, activity_regularizer=plain(counter))
    optimizers = pair(student, 0.0, 0.0)
    mse = student.keras.losses.MeanSquaredError()
    for _ in range(2):
        counter.reset_state()
        x, y = drawn_batch(rng, 6, 3)
        student.train_step(model, x, y, *optimizers, mse)
    (count,) = student.arrays([counter.count])
    passes = float(count) / 6
    expect.true(
        passes < 2,  # a call with x[:1], to be sure that the model is built, is no second pass
        ask=Text(
            "how often the second `train_step` with a batch of 6 rows runs the model",
            "第二次 `train_step`（批次 6 行）让模型运行了几遍",
        ),
        expected=Text("one forward pass", "一次前向传播"),
        got=Text(f"{passes:g}", f"{passes:g} 次"),
    )


def only_one_trace(log, expect, ask, why):
    """Each `tf.function` of the student's that was traced at all was traced once; one was."""
    functions = {(event.name, event.line) for event in log.events}
    expect.traces(log, ask=ask, at_most=max(1, len(functions)), why=why)
    expect.true(
        bool(functions),
        ask=ask,
        expected=Text("one trace of the step", "这一步追踪一次"),
        got=Text("none", "零次"),
        why=Text(
            "the update runs outside of any `tf.function` (or in one kept for another model)",
            "更新没有在 `tf.function` 里运行（或者用的是为别的模型保存的那个）",
        ),
    )


@check(
    title=Text("One trace for repeated steps", "重复的步骤只追踪一次"),
    points=1,
    topic="retracing",
    hint=Text(
        "The `tf.function` has to outlive the call: made once, at module level or kept for its"
        " model and optimizers.",
        "`tf.function` 要比一次调用活得久：只创建一次，放在模块级，或者为模型和优化器保存起来。",
    ),
)
def test_one_trace_for_steps(student, rng, expect):
    model = built(student, 4, 3)
    optimizers = pair(student, 0.01, 0.02)
    mse = student.keras.losses.MeanSquaredError()
    with student.traces() as log:
        for _ in range(3):
            x, y = drawn_batch(rng, 6, 3)
            student.train_step(model, x, y, *optimizers, mse)
    only_one_trace(
        log,
        expect,
        Text(
            "three `train_step`s with the same model, optimizers and loss",
            "用同一个模型、同样的优化器和损失做三次 `train_step`",
        ),
        Text("a `tf.function` made in every call is traced in every call",
             "每次调用都新建的 `tf.function`，每次都要重新追踪"),
    )  # fmt: skip


@check(
    title=Text("One trace for a whole `fit`", "整个 `fit` 只追踪一次"),
    points=1,
    topic="retracing",
    hint=Text(
        "Every batch should have the same shape: leave the last rows of an epoch for another one,"
        " or declare the batch dimension as unknown.",
        "每个批次的形状应当相同：一个周期剩下的几行留到别的周期，或者把批次维声明为未知。",
    ),
)
def test_one_trace_for_fit(student, rng, expect):
    model = built(student, 4, 3)
    wide, deep = pair(student, 0.01, 0.02)
    # A last batch one row short would be the third.
    x, y = drawn_batch(rng, 23, 3)
    with student.traces() as log:
        student.fit(
            model,
            as_numpy(x),
            as_numpy(y),
            epochs=2,
            batch_size=8,
            wide_optimizer=wide,
            deep_optimizer=deep,
            loss_fn=student.keras.losses.MeanSquaredError(),
            rng=student.np.random.default_rng(3),
        )
    only_one_trace(
        log,
        expect,
        Text(
            "`fit` over 2 epochs of 23 rows in batches of 8",
            "`fit` 运行 2 个周期，23 行数据，每批 8 行",
        ),
        Text("is the last batch smaller, or is something other than tensors new in every step?",
             "是不是最后一批较小，或者每一步都传入了张量以外的新东西？"),
    )  # fmt: skip


@check(
    title=Text("New models and optimizers at any time", "随时可换新的模型和优化器"),
    points=1,
    topic="training",
    hint=Text(
        "Before the traced step: call the model once if it isn't built, and `optimizer.build(…)`"
        " with its own variables. And what was kept for one model must not serve another.",
        "在追踪的步骤之前：模型没构建就先调用一次，优化器用自己的变量 `optimizer.build(…)`。"
        "为一个模型保存的东西，不能拿来给另一个用。",
    ),
)
def test_new_objects(student, rng, expect):
    expect.unconfirmed()  # losses are compared with each other only
    keras = student.keras
    mse = keras.losses.MeanSquaredError()
    crews = []
    for units, features in [(4, 3), (6, 5)]:
        model = student.WideDeepModel(units=units)
        # With momentum an optimizer has variables for each of its own, made when it is built.
        optimizers = pair(student, 0.004, 0.008, momentum=0.5)
        crews.append((model, optimizers, drawn_batch(rng, 16, features)))
    losses = {}
    for turn, which in enumerate((0, 1, 1, 0)):
        model, optimizers, (x, y) = crews[which]
        ask = Text(
            f"`train_step` number {turn + 1}, with model {which + 1} of 2 (neither built before)",
            f"第 {turn + 1} 次 `train_step`，用两个模型中的第 {which + 1} 个（检查从未构建过它）",
        )
        loss = expect.number(student.train_step(model, x, y, *optimizers, mse), ask=ask)
        losses.setdefault(which, []).append(loss)
    for which, (first, second) in losses.items():
        # A step against the gradient, far too small to overshoot. What it gains is the rate times
        # the gradient's square, and rounding hides only gradients below 0.01 in every variable at
        # once: their like is rarer than 1e-6 for 16 labels drawn from (-2, 2).
        expect.true(
            second < first,
            ask=Text(
                f"the loss of model {which + 1} on the same batch, before and after its first step",
                f"第 {which + 1} 个模型在同一批次上、第一步前后的损失",
            ),
            expected=Text(f"less than {first:.6g}", f"小于 {first:.6g}"),
            got=Text(f"{second:.6g}", f"{second:.6g}"),
        )


def losses_of(expect, history, epochs):
    """The losses in what `fit` returned, one for each epoch."""
    ask = Text(f"`fit(…, epochs={epochs})`", f"`fit(…, epochs={epochs})`")
    expect.true(
        type(history) is dict and type(history.get("loss")) in (list, tuple),
        ask=ask,
        expected=Text('`{"loss": [...]}`', '`{"loss": [...]}`'),
        got=Text(f"`{sorted(history)}`" if type(history) is dict else "something else",
                 f"`{sorted(history)}`" if type(history) is dict else "别的东西"),
    )  # fmt: skip
    losses = [expect.number(loss, ask=ask) for loss in history["loss"]]
    expect.equal(
        len(losses),
        epochs,
        ask=Text(f'the length of the list under `"loss"` after {epochs} epoch(s)',
                 f'{epochs} 个周期之后 `"loss"` 列表的长度'),
    )  # fmt: skip
    return losses


@check(
    title=Text("`fit` trains", "`fit` 真的在训练"),
    points=1,
    timeout=20.0,
    topic="training",
    hint=Text(
        "Keep the rows of X and y together (`X[rows]`, `y[rows]`), draw `rows` with `rng`, and"
        " collect one number per epoch.",
        "X 和 y 的行要一起取（`X[rows]`、`y[rows]`），`rows` 用 `rng` 抽取，每个周期收集一个数。",
    ),
)
def test_fit(student, rng, expect):
    expect.unconfirmed()  # losses are compared with each other only
    x = rng.uniform(-1, 1, size=(64, 4)).astype("float32")
    # A straight line with slopes of 1 to 2: its variance is 4 slopes² / 3 or so.
    slopes = rng.uniform(1, 2, size=(4, 1)).astype("float32")
    y = x @ slopes + np.float32(0.5)
    # A start from which the wide path learns quickly and the deep one has nearly all to learn yet.
    net = drawn_net(np.random.default_rng(4), 4, 6)
    net = replace(net, **{name: getattr(net, name) / 4 for name in NAMES})
    model = built(student, 6, 4)
    variables = filled(student, model, expect, net)
    optimizers, mse = pair(student, 0.25, 0.25), student.keras.losses.MeanSquaredError()

    def fitted(x, y, *, seed, epochs):
        """The losses of a `fit` in batches of 32."""
        history = student.fit(
            model,
            as_numpy(x),
            as_numpy(y),
            epochs=epochs,
            batch_size=32,
            wide_optimizer=optimizers[0],
            deep_optimizer=optimizers[1],
            loss_fn=mse,
            rng=student.np.random.default_rng(seed),
        )
        return losses_of(expect, history, epochs)

    # 2 batches an epoch, 19 steps in all: a submission that traces every step fails for its
    # tracing, not for its time.
    lists, ends = [], []
    for seed, epochs in ((11, 1), (11, 1), (12, 1), (11, 4)):
        put(variables, net)
        lists.append(fitted(x, y, seed=seed, epochs=epochs))
        ends.append(student.arrays([variables["wide_kernel"]])[0])
    # Simulated in NumPy over 3,000 draws of the points: right training ends at 0.33 of the
    # variance at the most, the deep path alone never below 0.87, training on mixed-up rows never
    # below 0.90.
    trained = lists[-1]
    constant = float(np.var(y))
    ask = Text(
        f"4 epochs on points of a plane (the best constant has loss {constant:.3g})",
        f"在平面上的点集上训练 4 个周期（最好的常数预测的损失是 {constant:.3g}）",
    )
    expect.true(
        trained[-1] < 0.65 * constant and trained[-1] < trained[0],
        ask=ask,
        expected=Text(
            f"a last loss below {0.65 * constant:.3g} and below the first",
            f"最后一个损失小于 {0.65 * constant:.3g}，并且小于第一个",
        ),
        got=Text(*[str([float(f"{loss:.3g}") for loss in trained])] * 2),
    )
    # What `fit` says of itself is worth nothing if the model hasn't learnt: it is asked about new
    # points of the same plane. 256 of them: the variance of theirs is that of the others within
    # a third (four standard deviations of either), and what was learnt is a plane.
    new_x = rng.uniform(-1, 1, size=(256, 4)).astype("float32")
    new_y = new_x @ slopes + np.float32(0.5)
    got = expect.array(model(new_x), ask=ask, shape=(256, 1))
    own = float(np.mean((got.astype("float64") - new_y) ** 2))
    expect.true(
        own < 0.65 * float(np.var(new_y)),
        ask=Text(
            "the trained model's loss on 256 new points of the plane",
            "训练后的模型在该平面 256 个新点上的损失",
        ),
        expected=Text(
            f"less than {0.65 * float(np.var(new_y)):.3g}",
            f"小于 {0.65 * float(np.var(new_y)):.3g}",
        ),
        got=Text(f"{own:.3g}", f"{own:.3g}"),
        why=Text(
            "the losses fall, but the model's variables didn't learn",
            "损失在下降，但模型的变量并没有学到东西",
        ),
    )
    expect.close(
        np.array(lists[1]),
        np.array(lists[0]),
        ask=Text(
            "the loss of a second `fit` from the same values with an equal generator",
            "从相同的变量值出发、配上相同的生成器，第二次 `fit` 得到的损失",
        ),
        # The same operations on the same numbers; only the order of sums may differ.
        atol=1e-4,
    )
    # Two other batches of 32 rows out of 64: neither their losses nor the four numbers that the
    # wide path has learnt agree to 1e-6 by chance.
    expect.true(
        not np.allclose(lists[2], lists[1], rtol=0, atol=1e-6)
        or not np.allclose(ends[2], ends[1], rtol=0, atol=1e-6),
        ask=Text(
            "the loss of a `fit` from the same values with another generator",
            "从相同的变量值出发、配上不同的生成器，`fit` 得到的损失",
        ),
        expected=Text("other batches, so another loss", "批次不同，损失也不同"),
        got=Text("the very same loss", "完全相同的损失"),
        why=Text("`rng` has to choose the rows of each batch", "每个批次的行要由 `rng` 来选"),
    )
    # Where all rows are alike and the rates are 0, an epoch's loss is known whichever rows were
    # drawn; the second time one batch is all there is.
    for optimizer in optimizers:
        student.set(optimizer.learning_rate, 0.0)
    alike = expect.number(model(new_x[:1])[0, 0], ask=ask)
    want = (alike - float(new_y[0, 0])) ** 2
    for rows, epochs in ((64, 2), (32, 1)):
        same_x, same_y = np.repeat(new_x[:1], rows, axis=0), np.repeat(new_y[:1], rows, axis=0)
        expect.close(
            np.array(fitted(same_x, same_y, seed=13, epochs=epochs)),
            np.full(epochs, want),
            ask=Text(
                f"the losses of `fit` on {rows} equal rows in batches of 32, with learning rate 0",
                f"在 {rows} 行相同的数据上、每批 32 行、学习率为 0 时 `fit` 的损失",
            ),
            atol=ATOL,
        )

"""Hidden checks of `epoch_function`: what an epoch does to the weights, traces, the graph.

The models are a single layer without activation (or two, the first of them frozen), so that every
update can be recomputed here, in NumPy and float64. Whatever a submission returns is ignored.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grader.checks import Text, Why, as_numpy, check, updates

# Float32 adds up at most 15 products of size 3 or so on the way to a slope, each rounded to 2^-24
# of itself: 3e-6, times a rate of at most 1/8 and (with momentum 1/2) 2, over at most 9 updates.
# What a misconception gives is at least `APART` away.
ATOL = 1e-5
APART = 2e-3


@dataclass(frozen=True)
class Net:
    """A layer without activation, and how gradient descent with momentum has been moving it."""

    kernel: NDArray
    bias: NDArray
    speed: tuple[NDArray, NDArray] | None = None

    def error(self, x, y):
        return x @ self.kernel + self.bias - y

    def slopes(self, x, y, factor=0.0, sums=False, absolute=False):
        """Those of the mean squared error plus `factor` times the sum of all squares.

        Args:
            sums: the losses of the rows are added up instead.
            absolute: the mean absolute error takes the place of the squared one.
        """
        error = self.error(x, y)
        down = (np.sign(error) if absolute else 2 * error) / error.size * (len(x) if sums else 1)
        return x.T @ down + 2 * factor * self.kernel, down.sum(axis=0) + 2 * factor * self.bias

    def moved(self, slopes, rate, momentum=0.0):
        """After one update."""
        old = self.speed or (0.0, 0.0)
        speed = tuple(momentum * v - rate * s for v, s in zip(old, slopes, strict=True))
        return Net(self.kernel + speed[0], self.bias + speed[1], speed)

    def epoch(self, batches, rate, momentum=0.0, **loss):
        """After one update per batch."""
        net = self
        for x, y in batches:
            net = net.moved(net.slopes(x, y, **loss), rate, momentum)
        return net

    @property
    def values(self):
        """Kernel and bias in one row."""
        return np.concatenate([self.kernel.ravel(), self.bias])


def drawn(rng, *shape):
    """Modest float32 values of both signs, none of them near 0, kept as float64."""
    values = rng.uniform(0.2, 0.9, size=shape) * rng.choice([-1, 1], size=shape)
    return values.astype("float32").astype("float64")


def drawn_net(rng, features, outputs):
    return Net(drawn(rng, features, outputs), drawn(rng, outputs))


def drawn_batches(rng, sizes, features, outputs):
    """Batches (x, y) of these sizes."""
    return [(drawn(rng, n, features), 2 * drawn(rng, n, outputs)) for n in sizes]


def apart(want, mistakes):
    """Whether no mistake gives what is wanted."""
    return all(np.abs(net.values - want.values).max() > APART for net in mistakes)


def model_of(session, net, **settings):
    """A built model of one layer with the values of `net`, and the layer's two variables."""
    layer = session.keras.layers.Dense(net.bias.size, **settings)
    model = session.keras.Sequential([layer])
    model.build((None, net.kernel.shape[0]))
    layer.set_weights([as_numpy(part.astype("float32")) for part in (net.kernel, net.bias)])
    return model, [layer.kernel, layer.bias]


def optimizer_for(session, model, rate, momentum=0.0):
    """Gradient descent, built."""
    optimizer = session.keras.optimizers.SGD(learning_rate=rate, momentum=momentum)
    optimizer.build(model.trainable_variables)
    return optimizer


def dataset_of(session, batches):
    """All rows in batches as large as the first; only the last may be smaller."""
    x, y = (np.concatenate(part).astype("float32") for part in zip(*batches, strict=True))
    return session.tf.data.Dataset.from_tensor_slices((x, y)).batch(len(batches[0][0]))


def after_epoch(session, net, batches, rate, loss_fn, **settings):
    """The variables of a model made from `net` after one epoch."""
    model, variables = model_of(session, net, **settings)
    optimizer, dataset = optimizer_for(session, model, rate), dataset_of(session, batches)
    session.train_one_epoch(model, optimizer, loss_fn, dataset)
    return variables


def expect_values(session, expect, variables, want, ask, why=(), start=None):
    """Kernel and bias have become those of a net; the sentences are about other nets.

    Args:
        start: the net at the start, for a picture.
    """
    arrays = session.arrays(variables)
    got = np.concatenate([array.ravel() for array in arrays])

    def picture():
        return updates(
            Text(f"How far the variables moved: {ask.en}", f"各变量的变化量：{ask.zh}"),
            {"kernel": start.kernel, "bias": start.bias},
            {"kernel": arrays[0], "bias": arrays[1]},
            {"kernel": want.kernel, "bias": want.bias},
        )

    expect.close(
        got,
        want.values.astype("float32"),
        ask=Text(f"kernel and bias after {ask.en}", f"{ask.zh}之后的核与偏置"),
        atol=ATOL,
        why=[Why(net.values, text) for net, text in why],
        picture=picture if start is not None else None,
    )


UNCHANGED = Text("nothing has changed at all", "完全没有变化")


@check(
    title=Text("One update with every batch", "每个批次更新一次"),
    points=2,
    topic="training",
    hint=Text(
        "For each batch: a tape of its own, the gradients, one `optimizer.apply`, before the next"
        " batch's turn. The last, smaller batch is a batch, too.",
        "对每个批次：用它自己的 tape 求梯度，再做一次 `optimizer.apply`，然后才轮到下一批。"
        "最后那个较小的批次也是一个批次。",
    ),
)
def test_update(student, rng, expect):
    """One epoch of 4, 4, 4 and 3 rows, three features, two outputs."""
    rate = 0.125
    while True:
        net, batches = drawn_net(rng, 3, 2), drawn_batches(rng, (4, 4, 4, 3), 3, 2)
        want = net.epoch(batches, rate)
        at_start = [net.slopes(x, y) for x, y in batches]
        total = [sum(parts) for parts in zip(*at_start, strict=True)]
        mistakes = [
            (net, UNCHANGED),
            (net.epoch(batches[:1], rate), Text("only the first batch counts", "只用了第一批")),
            (net.epoch(batches[-1:], rate), Text("only the last batch counts", "只用了最后一批")),
            (
                net.epoch(batches[:-1], rate),
                Text("the last, smaller batch is left out", "漏掉了最后那个较小的批次"),
            ),
            (
                net.moved(total, rate),
                Text(
                    "all gradients were taken before the first update, and added up",
                    "所有梯度都是在第一次更新之前求的，然后加在了一起",
                ),
            ),
            (
                net.moved([part / len(batches) for part in total], rate),
                Text(
                    "one update with the mean of the batches' gradients, not one per batch",
                    "只用各批梯度的平均更新了一次，而不是每批一次",
                ),
            ),
            (
                want.epoch(batches, rate),
                Text("that is two epochs in one call", "一次调用里训练了两轮"),
            ),
            (
                net.epoch(batches, -rate),
                Text("the updates go uphill, along the gradient", "更新沿着梯度上升了"),
            ),
        ]
        if apart(want, [other for other, _ in mistakes]):
            break
    mse = student.keras.losses.MeanSquaredError()
    variables = after_epoch(student, net, batches, rate, mse)
    ask = Text(
        "one epoch with SGD(0.125) and batches of 4, 4, 4 and 3 rows",
        "用 SGD(0.125) 和 4、4、4、3 行的批次训练一轮",
    )
    expect_values(student, expect, variables, want, ask, mistakes, start=net)


@check(
    title=Text("The loss: a value per row, regularisation", "损失：每行一个值，以及正则化"),
    points=1,
    topic="training",
    hint=Text(
        "`tf.reduce_mean(loss_fn(y, predictions))` plus everything in `model.losses`, inside the"
        " tape: asked about a vector, a tape adds up its parts.",
        "在 tape 里：`tf.reduce_mean(loss_fn(y, predictions))` 加上 `model.losses` 里的一切。"
        "向 tape 问一个向量，它会把各个分量加起来。",
    ),
)
def test_loss(student, rng, expect):
    """`keras.losses.mean_squared_error`, L2 penalties; a single batch, for the loss's own sake."""
    rate, factor, rows = 0.125, 0.25, 3
    summed = Text(
        "the rows' losses are added up: take their mean", "各行的损失被加了起来：应取平均"
    )
    plain = Text("the regularisation plays no part", "正则化没有起作用")
    while True:
        net, batches = drawn_net(rng, 2, 2), drawn_batches(rng, (rows,), 2, 2)
        want = net.epoch(batches, rate, factor=factor)
        mistakes = [
            (net, UNCHANGED),
            (net.epoch(batches, rate, factor=factor, sums=True), summed),
            (net.epoch(batches, rate * rows, factor=factor), summed),
            (net.epoch(batches, rate), plain),
            (
                net.epoch(batches, rate, factor=2 * factor),
                Text("the regularisation counts twice", "正则化算了两遍"),
            ),
            (
                net.epoch(batches, rate, sums=True),
                Text(
                    "the rows' losses are added up instead of their mean, and the regularisation"
                    " plays no part",
                    "各行的损失被加了起来（应取平均），而且正则化没有起作用",
                ),
            ),
        ]
        if apart(want, [other for other, _ in mistakes]):
            break
    l2 = student.keras.regularizers.L2(factor)
    settings = {"kernel_regularizer": l2, "bias_regularizer": l2}
    loss_fn = student.keras.losses.mean_squared_error
    variables = after_epoch(student, net, batches, rate, loss_fn, **settings)
    ask = Text(
        f"one epoch with `loss_fn=keras.losses.mean_squared_error`, `L2({factor})` on kernel and"
        " bias, and a single batch of 3 rows",
        f"用 `loss_fn=keras.losses.mean_squared_error` 和唯一一个 3 行的批次训练一轮"
        f"（核与偏置都带有 `L2({factor})`）",
    )
    expect_values(student, expect, variables, want, ask, mistakes)


@check(
    title=Text("Training mode, a frozen layer, a constraint", "训练模式、冻结的层与约束"),
    points=1.5,
    topic="training",
    hint=Text(
        "Call the model with `training=True`: without it, layers behave as after training."
        " Gradients for `model.trainable_variables`, and `optimizer.apply` for the update: in"
        " Keras 3 the optimizer sees to the constraints.",
        "调用模型时传 `training=True`：不传的话，各层的行为就和训练结束后一样。"
        "对 `model.trainable_variables` 求梯度，用 `optimizer.apply` 更新："
        "在 Keras 3 里，约束由优化器来执行。",
    ),
)
def test_layers(student, rng, expect):
    """A batch normalisation in an inner model, a frozen layer, a kernel that stays positive."""
    rate, keras, epsilon = 0.125, student.keras, 1e-3
    while True:
        first, net = drawn_net(rng, 2, 2), drawn_net(rng, 2, 1)
        net = replace(net, kernel=np.abs(net.kernel) / 2)
        x, y = drawn_batches(rng, (5,), 2, 1)[0]
        mean, variance = x.mean(axis=0), x.var(axis=0)
        if variance.min() < 0.1:
            continue  # the normalised rows would be large, and so their rounding
        normal = (x - mean) / np.sqrt(variance + epsilon)
        free = net.epoch([(first.error(normal, 0), y)], rate)
        want = replace(free, kernel=np.maximum(free.kernel, 0))
        if free.kernel.min() < -0.01 and apart(want, [net, free]):
            break
    norm = keras.layers.BatchNormalization(
        momentum=0.75, epsilon=epsilon, center=False, scale=False
    )
    frozen = keras.layers.Dense(2, trainable=False)
    last = keras.layers.Dense(1, kernel_constraint=keras.constraints.NonNeg())
    model = keras.Sequential([keras.Sequential([norm]), frozen, last])
    model.build((None, 2))
    for layer, values in ((frozen, first), (last, net)):
        layer.set_weights([as_numpy(v.astype("float32")) for v in (values.kernel, values.bias)])
    student.train_one_epoch(
        model,
        optimizer_for(student, model, rate),
        keras.losses.MeanSquaredError(),
        dataset_of(student, [(x, y)]),
    )
    for name, got, start, now in zip(
        ("moving_mean", "moving_variance"),
        student.arrays([norm.moving_mean, norm.moving_variance]),
        (0.0, 1.0),
        (mean, variance),
        strict=True,
    ):
        expect.close(
            got,
            (0.75 * start + 0.25 * now).astype("float32"),
            ask=Text(
                f"`{name}` of a `BatchNormalization` (momentum 0.75) after a batch of 5 rows",
                f"用一个 5 行的批次训练之后，`BatchNormalization`（动量 0.75）的 `{name}`",
            ),
            atol=ATOL,
            why=[Why(np.full(2, start), UNCHANGED)],
        )
    ask = Text(
        "one epoch (of a layer with the constraint `NonNeg`, behind a frozen one)",
        "训练一轮（带 `NonNeg` 约束的层，前面是冻结的层）",
    )
    why = [
        (net, UNCHANGED),
        (free, Text("the constraint doesn't hold", "约束没有得到满足")),
    ]
    expect_values(student, expect, [last.kernel, last.bias], want, ask, why)
    ask = Text("the same epoch (of the frozen layer)", "同一轮训练（冻结的层）")
    expect_values(student, expect, [frozen.kernel, frozen.bias], first, ask)


def csv_of(batches):
    """Rows of one feature and one label, as the bytes of a file; float32 is held exactly."""
    lines = [
        f"{float(a)!r},{float(b)!r}\n"
        for x, y in batches
        for a, b in zip(x[:, 0], y[:, 0], strict=True)
    ]
    return "".join(lines).encode()


@check(
    title=Text("Epoch after epoch", "一轮接一轮"),
    points=1.5,
    topic="data",
    hint=Text(
        "Every call iterates the dataset itself anew, and works with the optimizer that is given:"
        " no batches, iterators or numbers are kept from an earlier call.",
        "每次调用都重新遍历数据集本身，并使用传入的优化器："
        "不保留上一次调用留下的批次、迭代器或数值。",
    ),
)
def test_epochs(student, rng, expect):
    """Momentum goes on; then another learning rate; then other rows in the file behind the data."""
    rate, slower = 0.125, 0.0625
    while True:
        net = drawn_net(rng, 1, 1)
        old, new = (drawn_batches(rng, (4, 4, 3), 1, 1) for _ in range(2))
        one = net.epoch(old, rate, 0.5)
        two = one.epoch(old, rate, 0.5)
        three = two.epoch(old, slower, 0.5)
        four = three.epoch(new, slower, 0.5)
        forgets = replace(one, speed=None).epoch(old, rate, 0.5)
        same_rate, same_rows = two.epoch(old, rate, 0.5), three.epoch(old, slower, 0.5)
        if all(
            apart(*pair)
            for pair in (
                (one, [net]),
                (two, [one, forgets]),
                (three, [two, same_rate]),
                (four, [three, same_rows]),
            )
        ):
            break
    tf = student.tf
    path = student.write_file("rows.csv", csv_of(old))
    columns = tf.data.experimental.CsvDataset(path, [tf.float32, tf.float32])
    dataset = columns.batch(1).batch(4)  # x and y of shape (batch, 1)
    model, variables = model_of(student, net)
    optimizer = optimizer_for(student, model, rate, 0.5)
    loss_fn = student.keras.losses.MeanSquaredError()
    still = Text("nothing has changed in this epoch", "这一轮里什么都没有变")
    before = net
    for number, want, ask, why in (
        (
            1,
            one,
            Text("one epoch (SGD(0.125, momentum=0.5))", "训练一轮（SGD(0.125, momentum=0.5)）"),
            [(net, still)],
        ),
        (
            2,
            two,
            Text("a second epoch", "再训练一轮"),
            [
                (one, still),
                (forgets, Text("the momentum starts again from 0", "动量又从 0 开始了")),
            ],
        ),
        (
            3,
            three,
            Text(
                "a third epoch, after `optimizer.learning_rate = 0.0625`",
                "设 `optimizer.learning_rate = 0.0625` 再训练第三轮",
            ),
            [
                (two, still),
                (same_rate, Text("the learning rate still is the old one", "学习率仍是原来的")),
            ],
        ),
        (
            4,
            four,
            Text(
                "a fourth epoch, the dataset now yielding other rows (its CSV file was rewritten)",
                "第四轮（数据集的 CSV 文件已改写，给出的行变了）",
            ),
            [
                (three, still),
                (
                    same_rows,
                    Text(
                        "those are the old rows: iterate the dataset anew in every epoch",
                        "用的是原来的行：每一轮都要重新遍历数据集",
                    ),
                ),
            ],
        ),
    ):
        if number == 3:
            student.set(optimizer.learning_rate, slower)
        if number == 4:
            student.write_file("rows.csv", csv_of(new))
        student.train_one_epoch(model, optimizer, loss_fn, dataset)
        expect_values(student, expect, variables, want, ask, why, start=before)
        before = want


@check(
    title=Text("One trace, with the loop in it", "追踪一次，循环在图里"),
    points=3,
    topic="graph",
    hint=Text(
        "Hand the dataset itself to the `tf.function` and go through it there with `for`, or use"
        " `dataset.reduce`: then the graph has a loop with one step in it. The `tf.function` has to"
        " outlive the call: made once, at module level or kept for its arguments.",
        "把数据集本身交给 `tf.function`，在里面用 `for` 遍历，或者用 `dataset.reduce`："
        "这样图里就有一个循环，循环里是一个训练步。"
        "`tf.function` 要比一次调用活得久：只创建一次，放在模块级，或者为它的参数保存起来。",
    ),
)
def test_graph(student, rng, expect):
    """Two epochs of nine batches; a step of this model has two matrix products."""
    expect.unconfirmed()  # what a graph holds is the worker's word
    sizes = (2,) * 8 + (1,)
    model, _ = model_of(student, drawn_net(rng, 3, 1))
    arguments = (
        model,
        optimizer_for(student, model, 0.01),
        student.keras.losses.MeanSquaredError(),
        dataset_of(student, drawn_batches(rng, sizes, 3, 1)),
    )
    with student.traces() as log:
        for _ in range(2):
            student.train_one_epoch(*arguments)
    ask = Text(
        "two epochs with the same arguments: eight batches of 2 rows, one of 1 row",
        "参数不变，训练两轮：八批 2 行、一批 1 行",
    )
    expect.true(
        bool(log.events),
        ask=ask,
        expected=Text("one trace", "追踪一次"),
        got=Text("none: no `tf.function` of yours ran", "零次：没有运行你的 `tf.function`"),
    )
    expect.true(
        max(event.ops.get("MatMul", 0) for event in log.events) < len(sizes),
        ask=ask,
        expected=Text("the step, once or a few times", "训练步只有一份或几份"),
        got=Text("a step for every batch", "每个批次都有一份训练步"),
        why=Text(
            "a `for` over a Python list is unrolled: iterate the dataset",
            "遍历 Python 列表的 `for` 会被展开：应当遍历数据集",
        ),
    )
    loops = ("While", "StatelessWhile", "For", "ReduceDataset")
    expect.true(
        any(
            event.ops.get("MatMul") and any(event.ops.get(op) for op in loops)
            for event in log.events
        ),
        ask=ask,
        expected=Text("a loop over the batches", "有一个遍历批次的循环"),
        got=Text("a single step without a loop", "只有一个训练步，没有循环"),
        why=Text(
            "Python still goes from batch to batch and enters the graph for each",
            "从一批走到下一批的仍是 Python，每一批都要进入一次图",
        ),
    )
    functions = {(event.name, event.line) for event in log.events}
    expect.traces(
        log,
        ask=ask,
        at_most=len(functions),
        why=Text(
            "is a `tf.function` made in every call?", "是不是每次调用都新建了 `tf.function`？"
        ),
    )


@check(
    title=Text("Another optimizer, dataset, loss", "换优化器、数据集与损失"),
    points=1,
    topic="training",
    hint=Text(
        "What was kept or traced for one set of arguments must not serve another.",
        "为一组参数保存或追踪的东西，不能拿来给另一组用。",
    ),
)
def test_new_objects(student, rng, expect):
    """One model: an epoch, one with another optimizer and other data, one with another loss.

    The model is new as in every check, all of which ask the same worker.
    """
    keras, rate, faster = student.keras, 0.0625, 0.125
    while True:
        first = drawn_net(rng, 3, 1)
        old, new = (drawn_batches(rng, sizes, 3, 1) for sizes in ((3, 2), (3, 3, 1)))
        loss = {"absolute": True}
        one = first.epoch(old, rate)
        two = one.epoch(new, faster)
        three = two.epoch(old, faster, **loss)
        old_data, old_rate = one.epoch(old, faster), one.epoch(new, rate)
        nothing_new, old_loss = one.epoch(old, rate), two.epoch(old, faster)
        # The absolute error has no slope at 0: errors mustn't be so near that rounding decides.
        net, margin = two, np.inf
        for batch in old:
            margin = min(margin, np.abs(net.error(*batch)).min())
            net = net.epoch([batch], faster, **loss)
        if (
            margin > 0.01
            and apart(one, [first])
            and apart(two, [one, old_data, old_rate, nothing_new])
            and apart(three, [two, old_loss])
        ):
            break
    model, variables = model_of(student, first)
    optimizers = [optimizer_for(student, model, value) for value in (rate, faster)]
    mse, mae = keras.losses.MeanSquaredError(), keras.losses.MeanAbsoluteError()
    datasets = [dataset_of(student, batches) for batches in (old, new)]
    for optimizer, loss_fn, dataset, want, ask, why in (
        (
            optimizers[0],
            mse,
            datasets[0],
            one,
            Text("an epoch of a new model", "一个新模型训练一轮"),
            [(first, UNCHANGED)],
        ),
        (
            optimizers[1],
            mse,
            datasets[1],
            two,
            Text(
                "another epoch, with another dataset and a new optimizer (SGD(0.125), SGD(0.0625)"
                " before)",
                "换一个数据集和新的优化器（SGD(0.125)，之前是 SGD(0.0625)）再训练一轮",
            ),
            [
                (one, UNCHANGED),
                (old_data, Text("that is the old dataset", "用的是原来的数据集")),
                (
                    old_rate,
                    Text("that is the optimizer of the earlier call", "用的是上一次调用的优化器"),
                ),
                (
                    nothing_new,
                    Text(
                        "those are the optimizer and the dataset of the earlier call",
                        "用的是上一次调用的优化器和数据集",
                    ),
                ),
            ],
        ),
        (
            optimizers[1],
            mae,
            datasets[0],
            three,
            Text(
                "a third epoch, with `keras.losses.MeanAbsoluteError()`",
                "换成 `keras.losses.MeanAbsoluteError()` 训练第三轮",
            ),
            [
                (two, UNCHANGED),
                (
                    old_loss,
                    Text("that is the loss of the earlier calls", "用的是前几次调用的损失"),
                ),
            ],
        ),
    ):
        student.train_one_epoch(model, optimizer, loss_fn, dataset)
        expect_values(student, expect, variables, want, ask, why)

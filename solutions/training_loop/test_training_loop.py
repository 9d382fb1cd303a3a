"""Hidden checks of `training_loop`: batches at random, what a step does, what the epochs report.

A submission is free in how it draws rows, so nobody knows which batch comes when. Where numbers are
recomputed by hand, in NumPy and float64, all rows of the data are therefore equal: whatever a batch
consists of, it is the same. Which rows are drawn is asked where nothing is learnt.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from grader.checks import Text, Why, as_numpy, by_epoch, check, fetch, updates

# Float32 adds up at most 8 products of size 2 or so on the way to any number of a step, each
# rounded to 2^-24 of itself: 1e-6 a step, and the runs below have 9 steps at the most.
# What a misconception gives is at least `APART` away.
ATOL = 1e-5
APART = 2e-3

# What a loss is for each output p with label y, and its slope along p.
LOSSES = {
    "squared": lambda p, y: ((p - y) ** 2, 2 * (p - y)),
    "cross": lambda p, y: (np.log1p(np.exp(p)) - y * p, 1 / (1 + np.exp(-p)) - y),
    "swapped": lambda p, y: (np.log1p(np.exp(y)) - y * p, -y),  # "cross", the predictions first
}


@dataclass(frozen=True)
class Step:
    """One step on a batch of equal rows: before the update, and the net after it."""

    output: NDArray  # of any row
    loss: float  # without the penalty
    penalty: float
    after: list[NDArray]


def descent(net, x, y, steps, rate, **settings):
    """Gradient descent on a net [kernel, bias, …] of linear layers: a list of steps.

    Args:
        settings: `momentum`; `kind` of the loss; `factor` and `activity`, of L2 penalties on the
            whole net and on its output; `moving`, places of what changes; `held`, numbers of the
            steps after which the first kernel is made non-negative; `times`, what a misconception
            multiplies the gradient with.
    """
    factor, activity = settings.get("factor", 0.0), settings.get("activity", 0.0)
    found, speed = [], [np.zeros_like(part) for part in net]
    for number in range(1, steps + 1):
        inputs = [x]
        for kernel, bias in zip(net[::2], net[1::2], strict=True):
            inputs.append(inputs[-1] @ kernel + bias)
        output = inputs[-1]
        losses, slope = LOSSES[settings.get("kind", "squared")](output, y)
        penalty = factor * sum(np.sum(part**2) for part in net) + activity * np.sum(output**2)
        down = settings.get("times", 1) * slope / output.size + 2 * activity * output
        slopes = []
        for place in reversed(range(0, len(net), 2)):
            slopes = [np.outer(inputs[place // 2], down), down, *slopes]
            down = net[place] @ down
        for place in settings.get("moving", range(len(net))):
            slope = slopes[place] + 2 * factor * net[place]
            speed[place] = settings.get("momentum", 0.0) * speed[place] - rate * slope
        net = [part + v for part, v in zip(net, speed, strict=True)]
        if number in settings.get("held", ()):
            net = [np.maximum(net[0], 0), *net[1:]]
        found.append(Step(output, float(losses.mean()), float(penalty), net))
    return found


def drawn(rng, *shape):
    """Modest float32 values of both signs, none of them near 0, kept as float64."""
    values = rng.uniform(0.2, 0.9, size=shape) * rng.choice([-1, 1], size=shape)
    return values.astype("float32").astype("float64")


def apart(numbers):
    """Whether any two of some lists of numbers can be told apart."""
    pairs = combinations(numbers, 2)
    return all(np.abs(np.subtract(a, b)).max() > APART for a, b in pairs)


def epoch_means(numbers, steps):
    """Means over the epochs' steps."""
    return np.mean(np.reshape(numbers, (-1, steps)), axis=1)


def float32(values):
    """A float32 NumPy array over there."""
    return as_numpy(np.asarray(values, "float32"))


def rows_of(values, count):
    """So many equal rows, as a NumPy array over there."""
    return float32(np.tile(values, (count, 1)))


def sequential(session, net, *settings):
    """A built model of dense layers with the values of `net` and these settings; its variables."""
    layers = [
        session.keras.layers.Dense(bias.size, **more)
        for bias, more in zip(net[1::2], settings or ({},) * len(net[1::2]), strict=True)
    ]
    model = session.keras.Sequential(layers)
    model.build((None, len(net[0])))
    variables = [part for layer in layers for part in (layer.kernel, layer.bias)]
    for variable, part in zip(variables, net, strict=True):
        variable.assign(float32(part))
    return model, variables


def trained(session, model, x, y, *, rate=0.0, momentum=0.0, **settings):
    """What `train` returns with gradient descent, from the mean squared error by default."""
    settings = {
        "loss_fn": session.keras.losses.MeanSquaredError(),
        "rng": session.np.random.default_rng(3),
        **settings,
    }
    sgd = session.keras.optimizers.SGD(learning_rate=rate, momentum=momentum)
    return session.train(model, x, y, optimizer=sgd, **settings)


def listed(expect, history, name, epochs, ask):
    """The numbers under a name in a history: one for each epoch."""
    numbers = history.get(name) if type(history) is dict else None
    is_list = type(numbers) in (list, tuple)
    expect.true(
        is_list and len(numbers) == epochs,
        ask=ask,
        expected=Text(f"a list of {epochs} numbers in a dict", f"字典里 {epochs} 个数的列表"),
        got=Text(f"{len(numbers)} of them", f"{len(numbers)} 个")
        if is_list
        else Text("no dict with such a list", "没有含此列表的字典"),
    )
    return np.array([expect.number(number, ask=ask) for number in numbers])


@check(
    title=Text("`random_batch`: rows that belong together", "`random_batch`：行与行对应"),
    points=1,
    topic="values",
    hint=Text(
        "Draw the row numbers once and use them for both arrays: `X[rows]` and `y[rows]`.",
        "行号只抽一次，两个数组都用它：`X[rows]` 和 `y[rows]`。",
    ),
)
def test_batch_rows(student, rng, expect):
    """Shapes, dtypes, and that each row of x comes with its own y; up to the whole of the data."""
    for shape, dtype, y_shape, y_dtype, size in [
        ((23, 2), "float32", (23, 1), "float32", 7),
        ((9, 2, 3), "float64", (9,), "int32", 9),
        ((5, 3), "float32", (5, 2), "float32", 1),
    ]:
        n = shape[0]
        x = rng.uniform(-0.4, 0.4, size=shape).astype(dtype)
        x.reshape(n, -1)[:, 0] += rng.permutation(n) + 10  # to know a row by
        y = rng.permutation(np.arange(np.prod(y_shape))).reshape(y_shape).astype(y_dtype)
        ask = Text(
            f"`random_batch(X, y, {size}, rng)`, X of shape {shape}, y of shape {y_shape}",
            f"`random_batch(X, y, {size}, rng)`，X 的形状为 {shape}，y 的形状为 {y_shape}",
        )
        generator = student.np.random.default_rng(int(rng.integers(99)))
        pair = student.random_batch(as_numpy(x), as_numpy(y), size, generator)
        expect.true(
            type(pair) in (tuple, list) and len(pair) == 2,
            ask=ask,
            expected=Text("a pair: rows of X, rows of y", "一对：X 的行与 y 的行"),
            got=Text("something else", "别的东西"),
        )
        some_x = expect.array(pair[0], ask=ask, shape=(size, *shape[1:]), dtype=dtype)
        some_y = expect.array(pair[1], ask=ask, shape=(size, *y_shape[1:]), dtype=y_dtype)
        rows = [np.flatnonzero((x == one).reshape(n, -1).all(axis=1)) for one in some_x]
        are_rows = all(len(found) == 1 for found in rows)
        expect.true(
            are_rows and np.array_equal(some_y, y[np.concatenate(rows)]),
            ask=ask,
            expected=Text("rows of X, each with its own label", "X 的行，各带自己的标签"),
            got=Text("labels of other rows", "别的行的标签")
            if are_rows
            else Text("rows that aren't in X", "X 中没有的行"),
        )


@check(
    title=Text("`random_batch`: at random, with `rng`", "`random_batch`：用 `rng` 随机抽取"),
    points=1,
    topic="data",
    hint=Text(
        "Draw each row number from all of 0 … n - 1, by a method of `rng` and nothing else.",
        "每个行号都只用 `rng` 的方法从 0 … n - 1 中抽取，不用别的随机数来源。",
    ),
)
def test_batch_at_random(student, expect):
    """The same batches from equal generators, rows from all over, all of them equally often."""
    n, size, times = 23, 20, 350
    data = float32(np.arange(n)[:, None])

    def batches(count):
        ask = Text(f"`random_batch(X, y, {size}, rng)`", f"`random_batch(X, y, {size}, rng)`")
        generator, found = student.np.random.default_rng(5), []
        for pair in student.repeat(student.random_batch, count, data, data, size, generator):
            rows = pair[0] if type(pair) in (tuple, list) and pair else pair
            found.append(expect.array(rows, ask=ask, shape=(size, 1))[:, 0].tolist())
        return found

    found = batches(times)
    first = found[:5]
    expect.true(
        first == batches(5),
        ask=Text("five batches with `default_rng(5)`, twice", "用 `default_rng(5)` 抽五批，两次"),
        expected=Text("the same rows", "相同的行"),
        got=Text("other rows", "不同的行"),
        why=Text("something other than `rng` draws the rows", "行不是由 `rng` 抽取的"),
    )
    # Round the end of the data, too. Without repetition, 23 of 1,771 sets of rows are neighbours:
    # five times running once in 1e9.
    expect.true(
        not all(
            len(set(rows)) == size and sum((row + 1) % n not in rows for row in rows) == 1
            for rows in first
        ),
        ask=Text(f"five batches of {size} rows out of {n}", f"从 {n} 行中抽五批，每批 {size} 行"),
        expected=Text("rows from all over the data", "散布在整个数据中的行"),
        got=Text("neighbours each time", "每次都是相邻的行"),
        why=Text("only the place of a slice is drawn", "只抽取了切片的位置"),
    )
    # Drawn with repetition a row comes up 304 times, with a deviation of 17; without it, of 6. One
    # of 23 rows is 6 deviations off in less than one of 1e6 times.
    counts = [sum(rows.count(row) for rows in found) for row in range(n)]
    usual = times * size / n
    worst = max(range(n), key=lambda row: abs(counts[row] - usual))
    expect.true(
        abs(counts[worst] - usual) < 6 * np.sqrt(usual * (1 - 1 / n)),
        ask=Text(f"{times} batches of {size} of {n} rows", f"{n} 行，{times} 批，每批 {size} 行"),
        expected=Text(f"each row about {usual:.0f} times", f"每一行大约出现 {usual:.0f} 次"),
        got=Text(f"row {worst} {counts[worst]} times", f"第 {worst} 行出现了 {counts[worst]} 次"),
        why=Text("not every row is equally likely", "并不是每一行的机会都均等"),
    )


@check(
    title=Text("The batches in `train`", "`train` 中的批次"),
    points=1,
    topic="data",
    hint=Text(
        "Every step takes a new batch, drawn with `rng`: that is what `random_batch` does.",
        "每一步都用 `rng` 抽取新的批次，这正是 `random_batch` 做的事。",
    ),
)
def test_batches(student, rng, expect):
    """Nothing is learnt; the error of row i is 7^i, so that a loss tells which rows were drawn."""
    n, size, epochs, draws = 7, 3, 18, 6
    x = rng.permutation(np.arange(-60, 60))[: 2 * n].reshape(n, 2)
    kernel = np.array([[997.0], [-311.0]])  # all numbers are integers that float32 holds exactly
    y = x @ kernel + 7.0 ** np.arange(n)[:, None]
    model, _ = sequential(student, [kernel, np.zeros(1)])
    ask = Text(
        f"`train` with rate 0 on {n} rows, {epochs} epochs of 2 batches of {size}",
        f"学习率为 0 的 `train`：{n} 行，{epochs} 个周期，各 2 批，每批 {size} 行",
    )

    def run(seed):
        generator = student.np.random.default_rng(seed)
        settings = {"loss_fn": student.keras.losses.MeanAbsoluteError(), "rng": generator}
        data = (float32(x), float32(y))
        history = trained(student, model, *data, epochs=epochs, batch_size=size, **settings)
        # An epoch's loss is the mean of 6 integers up to 7^6, rounded a few times by 2^-24 of
        # itself: their sum is off by less than 0.2. Written to the base of 7, it tells the rows.
        totals = draws * listed(expect, history, "loss", epochs, ask)
        rows = [tuple(round(total) // 7**row % 7 for row in range(n)) for total in totals]
        expect.true(
            max(abs(totals - np.rint(totals))) < 0.25
            and {sum(counts) for counts in rows} == {draws},
            ask=ask,
            expected=Text("means of 6 rows' absolute errors", "6 行的绝对误差的平均值"),
            got=Text("losses which no choice of rows explains", "怎样选行都无法得到的损失"),
            why=Text("are X and y apart, or a batch missing?", "X 与 y 错开了，还是少算了一批？"),
        )
        return rows, generator

    rows, generator = run(5)
    # Chances that a right loop fails: 6 rows drawn with repetition are three pairs in one of 10
    # epochs at the most, in 18 epochs running once in 1e18 times. Without repetition, an epoch
    # leaves one of 7 rows out, always the same once in 7^17. A row is never drawn: 7 (6/7)^108.
    which = [row for row in range(n) if rows[0][row]]
    missing = [row for row in range(n) if not any(counts[row] for counts in rows)]
    got = None
    if not any(count % 2 for counts in rows for count in counts):
        got = Text("one batch for both steps of an epoch", "一个周期的两步用同一个批次")
        if len(set(rows)) == 1:
            got = Text("one batch for all steps", "所有的步都用同一个批次")
    elif len(set(rows)) == 1:
        got = Text(f"in every epoch the rows {which}", f"每个周期都是第 {which} 行")
    elif missing:
        got = Text(f"never row {missing}", f"第 {missing} 行从未出现")
    # Whoever leaves `rng` as it was may still have used what it was made from.
    elif fetch(generator.random()) == np.random.default_rng(5).random() and (
        run(5)[0] != rows or run(6)[0] == rows
    ):
        got = Text("rows that don't depend on `rng`", "与 `rng` 无关的行")
    expect.true(
        got is None,
        ask=ask,
        expected=Text("a new batch in every step, from all rows", "每一步都从所有行中抽取新的批次"),
        got=got or Text("", ""),
    )


@check(
    title=Text("The update, recomputed by hand", "手工重算更新"),
    points=2,
    topic="gradient",
    hint=Text(
        "The batch's mean loss, `model.trainable_variables`, then `optimizer.apply_gradients`.",
        "批次的平均损失、`model.trainable_variables`，再用 `optimizer.apply_gradients`。",
    ),
)
def test_update(student, rng, expect):
    """Two epochs of two steps with momentum: a constraint, a frozen layer, a loss per row."""
    rate, momentum = 0.125, 0.5
    right = {"steps": 4, "momentum": momentum, "moving": (0, 1), "held": range(7)}
    slips = [
        ({"moving": ()}, Text("it hasn't changed at all", "它完全没有变化")),
        ({"steps": 6}, Text("that is three steps an epoch", "这是每个周期三步的结果")),
        ({"steps": 2}, Text("that is one step an epoch", "这是每个周期只有一步的结果")),
        ({"times": 3}, Text("the batch's losses are added up", "批次的损失求了和，而不是平均")),
        ({"momentum": 0}, Text("the `optimizer` isn't used", "没有用 `optimizer`")),
        ({"moving": range(4)}, Text("the frozen layer is trained", "冻结的层也被训练了")),
        ({"held": ()}, Text("the constraint was never applied", "从未应用约束")),
        ({"held": (4,)}, Text("the constraint came only at the end", "约束只在最后应用了一次")),
        ({"held": (2, 4)}, Text("the constraint came once an epoch", "约束每个周期只应用了一次")),
    ]
    while True:
        net = [drawn(rng, *shape) for shape in ((3, 4), (4,), (4, 2), (2,))]
        x, y = drawn(rng, 3), drawn(rng, 2)
        ends = [
            descent(net, x, y, rate=rate, **{**right, **changes})[-1].after
            for changes in ({}, *(changes for changes, _ in slips))
        ]
        if apart(end[0] for end in ends):
            break
    first = {"kernel_constraint": student.keras.constraints.NonNeg()}
    model, variables = sequential(student, net, first, {"trainable": False})
    settings = {"rate": rate, "momentum": momentum, "epochs": 2, "batch_size": 3}
    loss_fn = student.keras.losses.mean_squared_error
    trained(student, model, rows_of(x, 7), rows_of(y, 7), loss_fn=loss_fn, **settings)
    shown = f"SGD({rate}, momentum={momentum}), `keras.losses.mean_squared_error`"
    names = ("kernel 1 (`NonNeg()`)", "bias 1", "kernel 2 (frozen)", "bias 2 (frozen)")
    found = student.arrays(variables)

    def picture():
        return updates(
            Text("How far the variables moved in 2 epochs", "2 个周期中各变量的变化量"),
            dict(zip(names, net, strict=True)),
            dict(zip(names, found, strict=True)),
            dict(zip(names, ends[0], strict=True)),
        )

    for place, got in enumerate(found):
        expect.close(
            got,
            ends[0][place].astype("float32"),
            ask=Text(
                f"{names[place]} after 2 epochs, 7 rows in batches of 3, {shown}",
                f"{names[place]}：7 行数据、每批 3 行，2 个周期之后，{shown}",
            ),
            atol=ATOL,
            why=[Why(end[place], said) for end, (_, said) in zip(ends[1:], slips, strict=True)],
            picture=picture,
        )


@check(
    title=Text("The history: loss and metrics by epoch", "历史记录：每个周期的损失与指标"),
    points=1.5,
    topic="training",
    hint=Text(
        "Mean over the epoch's steps; metrics start anew; labels first, then the predictions.",
        "取这个周期各步的平均；指标每个周期从零开始；标签在前，预测在后。",
    ),
)
def test_history(student, rng, expect):
    """Three epochs of three steps; neither the loss nor a metric is symmetric, one is no mean."""
    epochs, steps, rate = 3, 3, 0.5
    count = epochs * steps
    sentences = {
        "after": Text("those come from predictions after each update", "这些来自每次更新后的预测"),
        "last": Text("those are of each epoch's last step", "这些只属于每个周期的最后一步"),
        "running": Text("the epochs before are still in it", "里面还有之前各个周期的内容"),
        "swapped": Text("labels and predictions are swapped", "标签和预测的位置颠倒了"),
    }
    while True:
        net, x, y = [drawn(rng, 3, 2), drawn(rng, 2)], drawn(rng, 3), np.abs(drawn(rng, 2))
        run = descent(net, x, y, count + 1, rate, kind="cross")
        other = descent(net, x, y, count, rate, kind="swapped")
        outputs = np.abs([step.output for step in run])
        errors = np.abs([step.output - y for step in run])
        wanted = {}
        for name, values, swapped in (
            ("loss", [step.loss for step in run], [step.loss for step in other]),
            ("percent", 100 * (errors / y).mean(1), 100 * (errors / outputs).mean(1)[:count]),
            ("rmse", (errors**2).mean(1), None),
        ):
            before = np.array(values[:-1])
            wanted[name] = {
                "right": epoch_means(before, steps),
                "after": epoch_means(values[1:], steps),
                "last": before[steps - 1 :: steps],
                "running": (np.cumsum(before) / np.arange(1, count + 1))[steps - 1 :: steps],
            }
            if swapped is not None:
                wanted[name]["swapped"] = epoch_means(swapped, steps)
        wanted["rmse"] = {key: np.sqrt(values) for key, values in wanted["rmse"].items()}
        if outputs.min() > 0.05 and all(apart(values.values()) for values in wanted.values()):
            break
    metrics = student.keras.metrics
    settings = {
        "loss_fn": student.keras.losses.BinaryCrossentropy(from_logits=True),
        "metrics": [
            metrics.MeanAbsolutePercentageError(name="percent"),
            metrics.RootMeanSquaredError(name="rmse"),
        ],
    }
    model, data = sequential(student, net)[0], (rows_of(x, 12), rows_of(y, 12))
    history = trained(student, model, *data, rate=rate, epochs=epochs, batch_size=4, **settings)
    for name, values in wanted.items():
        ask = Text(
            f'`history["{name}"]` after {epochs} epochs of 12 rows in batches of 4',
            f'12 行数据、每批 4 行，训练 {epochs} 个周期之后的 `history["{name}"]`',
        )
        numbers = listed(expect, history, name, epochs, ask)
        expect.close(
            numbers,
            values["right"],
            ask=ask,
            atol=ATOL,
            why=[Why(values[key], text) for key, text in sentences.items() if key in values],
            picture=lambda name=name, numbers=numbers, want=values["right"]: by_epoch(
                Text(f'`history["{name}"]`', f'`history["{name}"]`'),
                numbers,
                want,
                y_label=Text(name, name),
            ),
        )


@check(
    title=Text("Regularisation", "正则化"),
    points=1,
    topic="training",
    hint=Text(
        "Add the sum of `model.losses`, after the forward pass and inside the tape.",
        "在前向传播之后、tape 里面，加上 `model.losses` 之和。",
    ),
)
def test_regularization(student, rng, expect):
    """Three epochs of one step, L2 penalties on variables and output: the losses tell it all."""
    rate, factor, epochs = 0.25, 0.125, 3
    whole = {"factor": factor, "activity": factor}
    while True:
        net, x, y = [drawn(rng, 3, 2), drawn(rng, 2)], drawn(rng, 3), drawn(rng, 2)
        right = descent(net, x, y, epochs, rate, **whole)
        plain = descent(net, x, y, epochs, rate)
        early = descent(net, x, y, epochs, rate, factor=factor)
        kept = [net, *(step.after for step in plain)][:epochs]
        outside = [descent(now, x, y, 1, rate, **whole)[0] for now in kept]
        losses = [
            [step.loss + step.penalty * reported for step in run]
            for run, reported in ((right, 1), (plain, 1), (right, 0), (outside, 1), (early, 1))
        ]
        if apart(losses):
            break
    kinds = ("kernel_regularizer", "bias_regularizer", "activity_regularizer")
    model, _ = sequential(student, net, dict.fromkeys(kinds, student.keras.regularizers.L2(factor)))
    data = (rows_of(x, 3), rows_of(y, 3))
    history = trained(student, model, *data, rate=rate, epochs=epochs, batch_size=3)
    ask = Text(
        f'`history["loss"]` of {epochs} steps, with `L2({factor})` on kernel, bias and activity',
        f'kernel、bias 和输出都带有 `L2({factor})` 时，{epochs} 步的 `history["loss"]`',
    )
    sentences = (
        Text("the regularisation is missing", "没有加上正则化损失"),
        Text("it is in the gradient only, not reported", "只在梯度里，没有报告"),
        Text("it is reported, but not in the gradient", "报告了，梯度里却没有"),
        Text("the output's part comes with the forward pass", "输出的那部分在前向传播时才出现"),
    )
    expect.close(
        listed(expect, history, "loss", epochs, ask),
        losses[0],
        ask=ask,
        atol=ATOL,
        why=[Why(wrong, text) for wrong, text in zip(losses[1:], sentences, strict=True)],
    )


@check(
    title=Text("`training=True` for every layer", "每一层都是 `training=True`"),
    points=1,
    topic="training",
    hint=Text(
        "Tell the model that it is training whenever you call it; it passes that on.",
        "每次调用模型都要告诉它正在训练，它会传给每一层。",
    ),
)
def test_training_mode(student, rng, expect):
    """A batch normalisation inside a model inside a model; nothing is learnt but its averages."""
    # Multiples of 1/8: the mean of equal rows is exact, so that rows are normalised to exactly 0.
    level = rng.integers(8, 24, size=3) / 8 * rng.choice([-1, 1], size=3)
    beta, y = drawn(rng, 3), drawn(rng, 3)
    norm = student.keras.layers.BatchNormalization(momentum=0.75)
    model = student.keras.Sequential([student.keras.Sequential([norm])])
    model.build((None, 3))
    norm.beta.assign(float32(beta))
    epochs, steps, count = 2, 2, 4
    metric = student.keras.metrics.MeanSquaredError(name="squared")
    settings = {"epochs": epochs, "batch_size": 4, "metrics": (metric,)}
    history = trained(student, model, rows_of(level, 8), rows_of(y, 8), **settings)
    # In use, a layer normalises with the averages so far: those of a new one, 0 and 1, or those
    # after some training steps, when a second pass makes the predictions for the metrics.
    left = 0.75 ** np.arange(count + 1)[:, None]
    inferred = ((level * left / np.sqrt(left + 1e-3) + beta - y) ** 2).mean(axis=1)
    untrained = Text("the layer worked as after training", "这一层的行为和训练结束后一样")
    second = Text("there is a second call in each step", "每一步都有第二次调用")
    for name in ("loss", "squared"):
        ask = Text(
            f'`history["{name}"]` of a model in a model, with `BatchNormalization(momentum=0.75)`',
            f'模型里的模型含有 `BatchNormalization(momentum=0.75)` 时的 `history["{name}"]`',
        )
        expect.close(
            listed(expect, history, name, epochs, ask),
            np.full(epochs, np.mean((beta - y) ** 2)),
            ask=ask,
            atol=ATOL,
            why=[
                Why(np.full(epochs, inferred[0]), untrained),
                Why(epoch_means(inferred[1:], steps), second),
            ],
        )
    (mean,) = student.arrays([norm.moving_mean])
    expect.close(
        mean,
        (level * (1 - left[count])).astype("float32"),
        ask=Text(f"the `moving_mean` after {count} steps", f"{count} 步之后的 `moving_mean`"),
        atol=ATOL,
        why=[Why(np.zeros(3), untrained), Why(level * (1 - left[count] ** 2), second)],
    )


@check(
    title=Text("One trace of the step", "训练步只追踪一次"),
    points=1,
    topic="retracing",
    hint=Text(
        "Make one `tf.function` before the loops; give it tensors or arrays of one shape.",
        "在循环之前创建一个 `tf.function`，只传给它形状不变的张量或数组。",
    ),
)
def test_one_trace(student, rng, expect):
    """Three epochs of two steps."""
    model, _ = sequential(student, [drawn(rng, 3, 2), drawn(rng, 2)])
    x, y = rows_of(drawn(rng, 3), 10), rows_of(drawn(rng, 2), 10)
    with student.traces() as log:
        trained(student, model, x, y, rate=0.125, epochs=3, batch_size=4)
    expect.traces(
        log,
        exactly=max(1, len({(event.name, event.line) for event in log.events})),
        ask=Text("3 epochs of 10 rows in batches of 4", "3 个周期，10 行数据，每批 4 行"),
        why=Text(
            "is there a `tf.function`, is it made anew, or what is new in its arguments?",
            "有没有 `tf.function`？是不是又新建了一个？它的参数里有什么是新的？",
        ),
    )


@check(
    title=Text("New objects, and the next `train`", "新的对象，以及下一次 `train`"),
    points=0.5,
    topic="training",
    hint=Text(
        "A model may not be built yet; the next `train` may come with other objects.",
        "模型可能还没有构建；下一次 `train` 的对象可能不同。",
    ),
)
def test_new_objects(student, rng, expect):
    """A model that isn't built, then the same model with another optimizer, loss and metric."""
    keras, rate = student.keras, 0.125
    net = [np.full((3, 2), drawn(rng)), np.full(2, drawn(rng))]
    x, y = drawn(rng, 3), drawn(rng, 2)
    kernel, bias = (keras.initializers.Constant(float(part.flat[0])) for part in net)
    layer = keras.layers.Dense(2, kernel_initializer=kernel, bias_initializer=bias)
    model, data = keras.Sequential([layer]), (rows_of(x, 3), rows_of(y, 3))
    run = descent(net, x, y, 4, rate)
    absolute = float(np.abs(run[3].output - y).mean())

    def asked(wanted, names, when, **settings):
        epochs = len(wanted)
        history = trained(student, model, *data, epochs=epochs, batch_size=3, **settings)
        for name in names:
            ask = Text(f'`history["{name}"]` {when.en}', f'{when.zh}的 `history["{name}"]`')
            expect.close(listed(expect, history, name, epochs, ask), wanted, ask=ask, atol=ATOL)

    asked(
        [step.loss for step in run[:3]],
        ("loss",),
        Text("of a model that isn't built, without `metrics`", "模型未构建、不传 `metrics` 时"),
        rate=rate,
    )
    asked(
        [absolute] * 2,
        ("loss", "off"),
        Text(
            "of the same model with an optimizer of rate 0, `MeanAbsoluteError()` and a metric",
            "同一个模型换成学习率为 0 的优化器、`MeanAbsoluteError()` 和一个指标再训练时",
        ),
        loss_fn=keras.losses.MeanAbsoluteError(),
        metrics=[keras.metrics.MeanAbsoluteError(name="off")],
    )

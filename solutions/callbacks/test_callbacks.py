"""Hidden checks of `callbacks`: ratios in lists and logs, stops, rollbacks, files, event files.

The trainings are gradient descent on a linear model, so that every loss and every weight can be
worked out here, in float64, epoch by epoch. Their data are drawn again and again until the
validation losses go the way that a check is about.
"""

import contextlib
import struct
from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from grader.checks import StudentError, Text, Why, as_numpy, check, fetch

# There are at most 8 updates. One update, or one loss, sums up 10 products of size 4 or so, each
# rounded to 2^-24 of itself (2.4e-6 in all), and at rates that are `steady` no error grows: 9 times
# that is 2.2e-5. Drawn trainings keep validation losses 0.02 apart.
ATOL = 1e-4
APART = 0.02


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


@dataclass(frozen=True)
class Training:
    """What a training does: its data, where it starts, and what follows from them.

    Attributes:
        batches: the training data, a pair (x, y) for each update of an epoch.
        valid: the validation data, as batches too.
        kernel, bias: where the training starts.
        rates: the learning rate of each epoch.
        loss, val_loss: one number an epoch.
        after: the loss on the training data after every epoch.
        states: (kernel, bias) after every epoch.
    """

    batches: list[tuple[NDArray, NDArray]]
    valid: list[tuple[NDArray, NDArray]]
    kernel: NDArray
    bias: NDArray
    rates: list[float]
    loss: list[float]
    val_loss: list[float]
    after: list[float]
    states: list[tuple[NDArray, NDArray]]

    def model(self, session):
        """A compiled Keras model at the start of this training."""
        keras = session.keras
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="only")])
        for variable, value in zip(
            fetch(model.trainable_variables), (self.kernel, self.bias), strict=True
        ):
            variable.assign(as_numpy(value.astype("float32")))
        rate = self.rates[0]
        if len(set(self.rates)) > 1:  # every epoch has one update then
            places = list(range(len(self.rates) - 1))
            rate = keras.optimizers.schedules.PiecewiseConstantDecay(places, self.rates)
        # For so few steps tracing would cost more than it saves.
        model.compile(
            optimizer=keras.optimizers.SGD(learning_rate=rate), loss="mse", run_eagerly=True
        )
        return model

    def predictions(self, x):
        """What the model gives for x after every epoch, and (last) before the first one."""
        return [x @ kernel + bias for kernel, bias in [*self.states, (self.kernel, self.bias)]]


def mse(batches, kernel, bias):
    """The mean squared error over all rows of all batches."""
    x, y = (np.concatenate(part) for part in zip(*batches, strict=True))
    return float(np.mean((x @ kernel + bias - y) ** 2))


def descend(batches, valid, kernel, bias, rates):
    """Gradient descent on a linear model, one update for each batch."""
    loss, val_loss, after, states = [], [], [], []
    first = kernel, bias
    rows = sum(len(x) for x, _ in batches)
    for rate in rates:
        total = 0.0
        for x, y in batches:
            error = x @ kernel + bias - y
            total += float(np.sum(error**2))  # the loss is the one before the update
            step = 2 * rate / len(x)
            kernel, bias = kernel - step * x.T @ error, bias - step * error.sum(axis=0)
        loss.append(total / rows)
        val_loss.append(mse(valid, kernel, bias))
        after.append(mse(batches, kernel, bias))
        states.append((kernel, bias))
    return Training(batches, valid, *first, rates, loss, val_loss, after, states)


def apart(numbers):
    """Whether no two of the numbers are near each other."""
    return all(b - a > APART for a, b in pairwise(sorted(numbers)))


def steady(batches, rate):
    """Whether no update with a rate up to this one takes two states away from each other."""
    ones = [np.column_stack([x, np.ones(len(x))]) for x, _ in batches]
    return all(rate * 2 / len(x) * np.linalg.norm(x, 2) ** 2 <= 2 for x in ones)


RATES = (0.0625, 0.125, 0.25, 0.375, 0.5)


def drawn_data(rng, sizes, valid_sizes):
    """Training and validation batches, and a kernel and a bias to start from."""

    def eighths(*shape, most=16):
        # Eighths are exact in float32: nothing is rounded on the way to the worker.
        return rng.integers(-most, most + 1, size=shape) / 8

    def rows(size, slopes):
        x = eighths(size, 2, most=12)
        return x, np.round(x @ slopes * 8) / 8 + eighths(size, 1, most=4)

    slopes = eighths(2, 1)
    other = slopes + eighths(2, 1, most=8)
    batches = [rows(size, slopes) for size in sizes]
    return batches, [rows(size, other) for size in valid_sizes], eighths(2, 1), eighths(1)


def fair(training):
    """Whether losses are of modest size, and no two validation losses near each other."""
    losses = [*training.val_loss, *training.loss]
    return max(losses) < 12 and min(losses) > 0.05 and apart(training.val_loss)


def drawn(rng, epochs, wanted, *, sizes=(9,), valid_sizes=(7,)):
    """A training whose validation losses are apart from each other and as `wanted` says."""
    while True:
        data = drawn_data(rng, sizes, valid_sizes)
        rates = [float(rng.choice(RATES))] * epochs
        if steady(data[0], rates[0]):
            training = descend(*data, rates)
            if fair(training) and wanted(training):
                return training


# What each epoch's validation loss must be like for a training that every rule for stopping ends
# at another epoch: the right one, with a patience of 2, after 5 epochs.
BUMPS = (
    lambda v: True,
    lambda v: v[1] > v[0],  # a patience of 1 ends here, after 2 epochs
    lambda v: v[2] < v[0],
    lambda v: v[3] > v[2],  # two epochs without progress in all, but not in a row: 4
    lambda v: v[2] < v[4] < v[3],  # two in a row that are no better than the best: 5
    lambda v: v[5] > v[4],  # a patience of 3: 6
    lambda v: v[6] > v[5],  # two in a row that are no better than the one before: 7
    lambda v: True,  # never: 8
)
LONG_AND_SHORT = (0.0625, 0.25, 0.75)


def bumpy(rng):
    """A training as `BUMPS` has it, with a learning rate for each epoch."""
    while True:
        data = drawn_data(rng, (9,), (7,))
        found = [[]] if steady(data[0], max(LONG_AND_SHORT)) else []
        for wanted in BUMPS:
            tries = [[*rates, rate] for rates in found for rate in LONG_AND_SHORT]
            trainings = [descend(*data, rates) for rates in tries]
            found = [t.rates for t in trainings if fair(t) and wanted(t.val_loss)]
            # A few of them are enough to go on from.
            found = [found[k] for k in rng.permutation(len(found))[:6]]
        if found:
            return descend(*data, found[0])


def as_pair(batches):
    """One batch as a student has it: NumPy arrays."""
    ((x, y),) = batches
    return as_numpy(x.astype("float32")), as_numpy(y.astype("float32"))


def as_dataset(session, batches):
    """A dataset of these batches; all but the last are of one size."""
    x, y = (np.concatenate(part).astype("float32") for part in zip(*batches, strict=True))
    return session.tf.data.Dataset.from_tensor_slices((x, y)).batch(len(batches[0][0]))


def new_ratio(session, expect):
    """A `ValTrainRatio()`, which has to be an object."""
    return expect.remote(session.ValTrainRatio(), ask=code("ValTrainRatio()"))


def fitted(session, training, callbacks):
    """`fit` with these callbacks, without any function of the student's; the history."""
    return training.model(session).fit(
        as_dataset(session, training.batches),
        validation_data=as_dataset(session, training.valid),
        epochs=len(training.loss),
        callbacks=callbacks,
        verbose=0,
    )


def ratio_mistakes(loss, val_loss):
    """Other quotients of the same losses, beside the sentences about them."""
    loss, val_loss = np.array(loss), np.array(val_loss)
    return [
        Why(loss / val_loss, Text("that is loss / val_loss", "这是 loss / val_loss")),
        Why(val_loss - loss, Text("that is the difference", "这是两者之差")),
        Why(val_loss, Text("that is val_loss itself", "这就是 val_loss 本身")),
        Why(
            np.cumsum(val_loss / loss) / np.arange(1, len(loss) + 1),
            Text("that is the mean of all epochs so far", "这是到目前为止各周期的平均"),
        ),
        Why(
            (val_loss / loss)[-1:],
            Text("only the last epoch is there", "只有最后一个周期的"),
        ),
        Why(np.round(val_loss / loss, 2), Text("it is rounded", "被舍入了")),
    ]


def expect_numbers(expect, got, want, ask, why=(), atol=ATOL):
    """Real numbers of any dtype, one after the other, within `atol` of `want`."""
    want = np.asarray(want, "float64")
    array = expect.array(got, ask=ask, want=want, why=why)
    expect.true(
        array.dtype.kind in "fiu",
        ask=ask,
        expected=Text("real numbers", "实数"),
        got=Text(f"dtype {array.dtype}", f" dtype {array.dtype}"),
    )
    expect.close(array.astype("float64"), want, ask=ask, why=why, atol=atol)


@check(
    title=Text("One ratio per epoch", "每个周期一个比值"),
    points=1,
    topic="values",
    hint=Text(
        "At the end of an epoch `logs` holds both losses: append val_loss / loss to `self.ratios`.",
        "每个周期结束时，`logs` 里有两个损失：把 val_loss / loss 追加到 `self.ratios`。",
    ),
)
def test_ratios(student, rng, expect):
    """The list after a `fit` whose losses are known."""
    # Ratios of losses above 0.5 are as good as the losses themselves, or nearly: see ATOL.
    training = drawn(rng, 2, lambda t: min(t.loss) > 0.5)
    callback = new_ratio(student, expect)
    fitted(student, training, [callback])
    expect_numbers(
        expect,
        fetch(callback.ratios),
        np.divide(training.val_loss, training.loss),
        Text(
            "`ratios` of a `ValTrainRatio()` after `fit` with 2 epochs",
            "`fit` 两个周期之后 `ValTrainRatio()` 的 `ratios`",
        ),
        why=ratio_mistakes(training.loss, training.val_loss),
    )


def logged_column(data, name):
    """A column of what `CSVLogger` wrote: numbers as far as they are any; None without one."""
    lines = [line.split(",") for line in data.decode(errors="replace").split()]
    if not lines or name not in lines[0]:
        return None
    place = lines[0].index(name)
    try:
        return [float(line[place]) for line in lines[1:]]
    except (IndexError, ValueError):
        return [line[place] if place < len(line) else "" for line in lines[1:]]


@check(
    title=Text("The ratio in the logs", "日志中的比值"),
    points=1.5,
    topic="training",
    hint=Text(
        "All callbacks are handed one and the same dict, one after the other, the history last:"
        " what you put into it under `val_train_ratio` all the others find.",
        "所有回调依次拿到同一个字典，history 排在最后："
        "你在其中以 `val_train_ratio` 为键放进去的东西，后面的都能看到。",
    ),
)
def test_logs(student, rng, expect):
    """A later callback, which writes the logs to a file, and the history see the number."""
    training = drawn(rng, 2, lambda t: min(t.loss) > 0.5)
    want = np.divide(training.val_loss, training.loss)
    why = ratio_mistakes(training.loss, training.val_loss)
    path = student.path("log.csv")
    callbacks = [new_ratio(student, expect), student.keras.callbacks.CSVLogger(path)]
    history = fetch(fitted(student, training, callbacks).history)
    column = logged_column(student.read_file(path), "val_train_ratio")
    for ask, found, nothing in (
        (
            Text(
                "`val_train_ratio` in the history of `fit` with `callbacks=[ValTrainRatio()]`",
                "带 `callbacks=[ValTrainRatio()]` 的 `fit` 的 history 中的 `val_train_ratio`",
            ),
            history.get("val_train_ratio") if type(history) is dict else None,
            Text(
                "it isn't there: a copy of `logs` was changed, or none at all",
                "没有这一项：改的是 `logs` 的副本，或者根本没改",
            ),
        ),
        (
            Text(
                "`val_train_ratio` in the logs that a `CSVLogger` after `ValTrainRatio()` gets",
                "排在 `ValTrainRatio()` 之后的 `CSVLogger` 得到的日志中的 `val_train_ratio`",
            ),
            column,
            Text(
                "it isn't there: later callbacks look into `logs`, not into the history",
                "没有这一项：后面的回调看的是 `logs`，而不是 history",
            ),
        ),
    ):
        expect.true(
            found is not None,
            ask=ask,
            expected=Text("one number an epoch", "每个周期一个数"),
            got=Text("none", "没有"),
            why=nothing,
        )
        expect_numbers(expect, found, want, ask, why=why)


@check(
    title=Text("Two callbacks, two lists", "两个回调，两个列表"),
    points=0.5,
    topic="interface",
    hint=Text(
        "Make the list in `__init__` (after `super().__init__()`), not in the class body.",
        "列表要在 `__init__` 里创建（在 `super().__init__()` 之后），而不是放在类体里。",
    ),
)
def test_two_callbacks(student, rng, expect):
    """Two callbacks in turn, as in two trainings, each with losses of its own."""
    keras = student.keras
    both = [new_ratio(student, expect) for _ in range(2)]
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    trainings = [
        keras.callbacks.CallbackList([callback, keras.callbacks.History()], model=model)
        for callback in both
    ]
    # Sixteenths over powers of two: quotients of Python floats, exact.
    val_loss, loss = (
        rng.integers(9, 90, size=(2, 2)) / 16,
        rng.choice([0.25, 0.5, 2.0, 4.0], (2, 2)),
    )
    for training in trainings:
        training.on_train_begin()
    # What a list that all callbacks share has from earlier checks; of no interest but for `why`.
    old = []
    with contextlib.suppress(StudentError):
        found = fetch(both[0].ratios)
        if type(found) is list and all(type(item) is float for item in found):
            old = found
    for epoch in range(2):
        for training, val, of in zip(trainings, val_loss, loss, strict=True):
            logs = {"loss": float(of[epoch]), "val_loss": float(val[epoch])}
            training.on_epoch_end(epoch, logs)
    for number, callback in enumerate(both):
        expect_numbers(
            expect,
            fetch(callback.ratios),
            val_loss[number] / loss[number],
            Text(
                f"`ratios` of callback {number + 1} of 2, each in a training of its own",
                f"两个回调各用于一次训练，第 {number + 1} 个的 `ratios`",
            ),
            why=[
                Why(
                    np.append(old, (val_loss / loss).T),
                    Text("all callbacks share one list", "所有回调共用一个列表"),
                ),
                *ratio_mistakes(loss[number], val_loss[number]),
            ],
        )


# Keras takes three times as long for an epoch with pairs: they are given where they matter.
PAIR, DATASET = "(X, y)", "dataset"


def call_of(patience, epochs, train=DATASET, valid=DATASET):
    """How a call of `fit_with_rollback` is written."""
    return f"fit_with_rollback(model, {train}, {valid}, path, patience={patience}, epochs={epochs})"


def as_given(student, batches, kind):
    """The batches as a pair or a dataset."""
    return as_pair(batches) if kind == PAIR else as_dataset(student, batches)


def rolled(student, training, patience, train=DATASET, valid=DATASET):
    """Calls `fit_with_rollback` for a training."""
    model = training.model(student)
    history = student.fit_with_rollback(
        model,
        as_given(student, training.batches, train),
        as_given(student, training.valid, valid),
        student.path("best.keras"),
        patience=patience,
        epochs=len(training.loss),
    )
    return model, history


def curve(expect, history, name, ask):
    """The list of a name in what should be a `History`."""
    expect.true(
        type(history) is not dict,
        ask=ask,
        expected=Text("a `History`", " `History`"),
        got=Text("a dict", "字典"),
        why=Text("return what `fit` returns, not its `history`",
                 "应返回 `fit` 的返回值本身，而不是它的 `history`"),
    )  # fmt: skip
    found = fetch(expect.remote(history, ask=ask).history)
    expect.true(
        type(found) is dict and name in found,
        ask=ask,
        expected=Text(f"a `History` with `{name}`", f"含有 `{name}` 的 `History`"),
        got=Text("none", "没有"),
    )
    return found[name]


@check(
    title=Text("Stops when patience is at its end", "耐心用尽就停止"),
    points=1.25,
    topic="training",
    hint=Text(
        "Patience counts epochs in a row without a validation loss below the best so far; any new"
        " best starts the count afresh. Which callback does that, and what has it to be told?",
        "耐心数的是连续多少个周期没有低于目前最好值的验证损失；一旦刷新最好值就重新计数。"
        "哪个回调做这件事？要告诉它什么？",
    ),
)
def test_stops(student, rng, expect):
    """The losses of all epochs that were run, in a training with a bump before its best epoch."""
    training = bumpy(rng)
    val_loss = training.val_loss
    ask = Text(
        f"`val_loss` in the History of `{call_of(2, 8)}`",
        f"`{call_of(2, 8)}` 返回的 History 中的 `val_loss`",
    )
    _, history = rolled(student, training, 2)
    expect_numbers(
        expect,
        curve(expect, history, "val_loss", ask),
        val_loss[:5],
        ask,
        why=[
            Why(
                val_loss,
                Text(
                    "it never stops early: is it the validation loss that is watched? The training"
                    " loss keeps falling",
                    "没有提前停止：监视的是验证损失吗？训练损失会一直下降",
                ),
            ),
            Why(
                val_loss[:2],
                Text("one epoch of patience too few", "耐心少了一个周期"),
            ),
            Why(
                val_loss[:6],
                Text("one epoch of patience too many", "耐心多了一个周期"),
            ),
            Why(
                val_loss[:7],
                Text(
                    "each epoch is compared with the one before it, not with the best so far",
                    "每个周期是与前一个周期比较的，而不是与目前最好的比较",
                ),
            ),
            Why(
                val_loss[:4],
                Text(
                    "a new best doesn't start the count of epochs afresh",
                    "刷新最好值之后没有重新计数",
                ),
            ),
            Why(
                training.after,
                Text(
                    "those are losses on the training data: `valid` isn't used",
                    "这是训练数据上的损失：没有用到 `valid`",
                ),
            ),
            Why(
                val_loss[:3],
                Text(
                    "the epochs after the best one are missing: the history tells all of them",
                    "缺少最好周期之后的那些：history 应包含全部周期",
                ),
            ),
        ],
    )
    ask = Text(
        f"`loss` in the History of `{call_of(2, 8)}`",
        f"`{call_of(2, 8)}` 返回的 History 中的 `loss`",
    )
    expect_numbers(expect, curve(expect, history, "loss", ask), training.loss[:5], ask)


def expect_state(expect, outputs, training, x, best, stop, ask):
    """Outputs for x are those of the best epoch's weights."""
    *after, before = training.predictions(x)
    last = Text("those are the weights of the last epoch", "这是最后一个周期的权重")
    reasons = {
        best + 1: Text("those are the weights one epoch later", "这是再晚一个周期的权重"),
        best - 1: Text("those are the weights one epoch earlier", "这是再早一个周期的权重"),
        stop - 1: last,  # this sentence counts where it is one epoch later
        len(after) - 1: last,
    }
    expect.close(
        outputs,
        after[best].astype("float32"),
        ask=ask,
        atol=ATOL,
        why=[
            *(Why(after[epoch], text) for epoch, text in reasons.items() if 0 <= epoch != best),
            Why(
                before,
                Text("the model hasn't been trained at all", "模型完全没有训练"),
            ),
        ],
    )


def valley(best, *, rises):
    """Wanted: validation losses fall up to an epoch, and stay above it; `rises` of them rise.

    Whatever the patience, the best epoch is this one, so that only the way back is looked at.
    """

    def wanted(training):
        values = training.val_loss
        return int(np.argmin(values)) == best and all(
            a > b for a, b in pairwise(values[: best + 1])
        ) and all(a < b for a, b in pairwise(values[best : best + rises + 1]))  # fmt: skip

    return wanted


def inputs(rng):
    """New rows to ask a model about."""
    return (rng.integers(-16, 17, size=(5, 2)) / 8).astype("float32")


@check(
    title=Text("The caller's model has the best weights", "调用者手中的模型得到最好的权重"),
    points=1.25,
    topic="training",
    hint=Text(
        "Stopping happens `patience` epochs too late for the weights. And a model loaded from a"
        " file is another object: `model = load_model(…)` changes what a name means inside your"
        " function, nothing outside of it.",
        "停下来的时候，权重已经晚了 `patience` 个周期。另外，从文件加载的模型是另一个对象："
        "`model = load_model(…)` 只改变了函数内部这个名字的含义，函数外面什么都没变。",
    ),
)
def test_rollback(student, rng, expect):
    """What the model that was handed in predicts after an early stop."""
    training = drawn(rng, 5, valley(1, rises=3))
    model, _ = rolled(student, training, 1)
    x = inputs(rng)
    ask = Text(
        f"`model(x)` after `{call_of(1, 5)}`; epoch 2 was the best, training stopped after epoch 3",
        f"`{call_of(1, 5)}` 之后的 `model(x)`；第 2 个周期最好，第 3 个周期之后停止",
    )
    expect_state(expect, model(x), training, x, 1, 3, ask)


@check(
    title=Text("The best weights without an early stop, too", "没有提前停止时也是最好的权重"),
    points=0.75,
    topic="training",
    hint=Text(
        "A training that runs through all its epochs doesn't end with its best one either.",
        "跑完全部周期的训练，最后一个周期同样不一定最好。",
    ),
)
def test_to_the_end(student, rng, expect):
    """What the model predicts after all epochs, patience left over."""
    training = drawn(rng, 2, valley(0, rises=1))
    model, _ = rolled(student, training, 4, PAIR, PAIR)
    x = inputs(rng)
    call = call_of(4, 2, PAIR, PAIR)
    ask = Text(
        f"`model(x)` after `{call}`; the first of the two epochs was the best",
        f"`{call}` 之后的 `model(x)`；两个周期中第 1 个最好",
    )
    expect_state(expect, model(x), training, x, 0, 2, ask)


@check(
    title=Text("The file holds the best model", "文件中是最好的模型"),
    points=1,
    topic="serialization",
    hint=Text(
        "A checkpoint is written after every epoch unless it is told to keep the best only.",
        "检查点默认每个周期都写一次，除非告诉它只保留最好的。",
    ),
)
def test_file(student, rng, expect):
    """What the file's bytes are as a model."""
    training = drawn(rng, 3, valley(0, rises=2))
    rolled(student, training, 1, PAIR)
    call = call_of(1, 3, PAIR)
    expect.true(
        "best.keras" in student.list_files(student.path("")),
        ask=code(call),
        expected=Text("a file at `path`", "`path` 处有一个文件"),
        got=Text("none", "没有"),
    )
    loaded = student.load(student.read_file(student.path("best.keras")))
    x = inputs(rng)
    ask = Text(
        f"what the model in the file at `path` gives after `{call}`; epoch 1 was the best",
        f"`{call}` 之后，`path` 处文件里的模型的输出；第 1 个周期最好",
    )
    expect_state(expect, loaded(x), training, x, 0, 2, ask)


@check(
    title=Text("Datasets in place of pairs", "用数据集代替数据对"),
    points=0.75,
    topic="data",
    hint=Text(
        "A dataset yields inputs and targets together: `fit` takes it as `x`, without a `y`. Look"
        " at `train` and at `valid` separately.",
        "数据集同时给出输入和目标：`fit` 把它当作 `x`，不再给 `y`。`train` 和 `valid` 要分别判断。",
    ),
)
def test_datasets(student, rng, expect):
    """One of the two a dataset, its batches of unequal sizes."""
    for train, valid, sizes, valid_sizes in (
        (DATASET, PAIR, (4, 4, 2), (4,)),
        (PAIR, DATASET, (6,), (3, 3, 1)),
    ):
        training = drawn(rng, 1, lambda _: True, sizes=sizes, valid_sizes=valid_sizes)
        _, history = rolled(student, training, 2, train, valid)
        for name in ("loss", "val_loss"):
            ask = Text(
                f"`{name}` in the History of `{call_of(2, 1, train, valid)}`",
                f"`{call_of(2, 1, train, valid)}` 返回的 History 中的 `{name}`",
            )
            expect_numbers(
                expect,
                curve(expect, history, name, ask),
                getattr(training, name),
                ask,
                why=[
                    Why(
                        training.after,
                        Text(
                            "those are losses on the training data: `valid` isn't used",
                            "这是训练数据上的损失：没有用到 `valid`",
                        ),
                    )
                ],
            )


# What an event file is: records of length (8 bytes), checksum (4), data, checksum (4), the data
# being a message `Event`. Of that message only what a scalar needs is read.


def records(data):
    """The records of an event file, as far as they are whole."""
    found, at = [], 0
    while at + 12 <= len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        if at + 16 + length > len(data):
            break
        found.append(data[at + 12 : at + 12 + length])
        at += 16 + length
    return found


def varint(data, at):
    """A number of variable length, and where it ends."""
    number = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at
    raise ValueError("a number that doesn't end")


def fields(data):
    """A protobuf message: a list of values for each field number; bytes for all but varints."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind in (1, 2, 5):
            size, at = varint(data, at) if kind == 2 else (8 if kind == 1 else 4, at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError(f"wire type {kind}")
        if at > len(data):
            raise ValueError("a field that doesn't end")
        found.setdefault(key >> 3, []).append(value)
    return found


def parts(message, number):
    """The values of a field which are bytes."""
    return [value for value in message.get(number, []) if type(value) is bytes]


def number_of(value):
    """The number in a `Summary.Value`, float32 or float64; None when it holds no single one."""
    tensor = fields(b"".join(parts(value, 8)))  # a message in pieces is one after another
    # simple_value, or a tensor's content, float_val and double_val.
    held = [(data, "<f4") for data in parts(value, 2)]
    held += [(data, "<f8" if tensor.get(1) == [2] else "<f4") for data in parts(tensor, 4)]
    held += [(data, "<f4") for data in parts(tensor, 5)]
    held += [(data, "<f8") for data in parts(tensor, 6)]
    if len(held) != 1 or len(held[0][0]) != np.dtype(held[0][1]).itemsize:
        return None
    return float(np.frombuffer(*held[0])[0])


def scalars(data):
    """(tag, step, number) of each scalar in an event file."""
    found = []
    for record in records(data):
        event = fields(record)
        step = [number for number in event.get(2, []) if type(number) is int] or [0]
        for summary in parts(event, 5):
            for item in parts(fields(summary), 1):
                value = fields(item)
                tag = b"".join(parts(value, 1)).decode(errors="replace")
                found.append((tag, step[-1], number_of(value)))
    return found


def events_in(student, expect, folder, ask):
    """Every scalar in the event files of a directory, by tag and step."""
    files = [name for name in student.list_files(folder[1]) if "tfevents" in name]
    expect.true(
        bool(files),
        ask=ask,
        expected=Text("an event file in `logdir`", "`logdir` 中有一个事件文件"),
        got=Text("none", "没有"),
    )
    found = []
    for name in files:
        try:
            found += scalars(student.read_file(student.path(f"{folder[0]}/{name}")))
        except ValueError:  # whatever the file holds, it is no event file
            found += [("?", 0, None)]
    expect.true(
        all(number is not None for _, _, number in found),
        ask=ask,
        expected=Text("nothing but scalars of floats", "只有浮点标量"),
        got=Text("something else in the event file", "事件文件中有别的东西"),
    )
    return sorted(found)


def field(number, data):
    """A field of a protobuf message, its data shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(data)]) + data


def write_events(student, path, tag, values):
    """Writes an event file as TensorFlow 2 does, values being float32."""
    student.write_file(path, b"")  # makes the directory
    writer = student.tf.io.TFRecordWriter(student.path(path))
    clock = b"\x09" + struct.pack("<d", 1.7e9)
    writer.write(clock + field(3, b"brain.Event:2"))
    metadata = field(1, field(1, b"scalars"))
    for step, value in enumerate(values.tolist()):
        tensor = b"\x08\x01" + field(2, b"") + field(5, struct.pack("<f", value))
        summary = field(1, field(1, tag.encode()) + field(9, metadata) + field(8, tensor))
        writer.write(clock + bytes([16, step]) + field(5, summary))
    writer.close()


WORDS = ("speed", "noise", "reward", "error", "energy", "heat")


@check(
    title=Text("Tags, steps and values in the event file", "事件文件中的标签、步数与取值"),
    points=1,
    topic="data",
    hint=Text(
        "A writer for `logdir`, made the default one; then a scalar for every value, its step given"
        " by you, from 0.",
        "为 `logdir` 创建一个 writer，设为默认；然后为每个值写一个标量，步数由你给出，从 0 开始。",
    ),
)
def test_events(student, rng, expect):
    """What is on disk after a list, and after an array in another directory."""
    for folder, count, shown in (("runs/a", 7, "list"), ("runs/b", 4, "array")):
        first, second = rng.permutation(WORDS)[:2].tolist()
        name = f"{first}/{second}"
        values = rng.uniform(-3, 3, size=count)
        logdir = student.path(folder)
        given = values.tolist() if shown == "list" else as_numpy(values)
        student.log_scalars(logdir, name, given)
        call = f'log_scalars(logdir, "{name}", values)'
        kind = {"list": "a list", "array": "a NumPy array"}[shown]
        kind_zh = {"list": "列表", "array": "NumPy 数组"}[shown]
        many, many_zh = f", {kind} of {count} values", f"（{count} 个值的{kind_zh}）"
        found = events_in(
            student, expect, (folder, logdir), Text(f"`{call}`{many}", f"`{call}`{many_zh}")
        )
        expect.equal(
            sorted({tag for tag, _, _ in found}),
            [name],
            ask=Text(
                f"the tags in the event file after `{call}`{many}",
                f"`{call}`{many_zh}之后事件文件中的标签",
            ),
            why=[Why([], Text("nothing was written", "什么都没有写进去"))],
        )
        expect.equal(
            [step for _, step, _ in found],
            list(range(count)),
            ask=Text(
                f"the steps in the event file after `{call}`{many}",
                f"`{call}`{many_zh}之后事件文件中的步数",
            ),
            why=[
                Why(list(range(1, count + 1)), Text("they begin at 1", "从 1 开始了")),
                Why([0] * count, Text("every value has step 0", "每个值的步数都是 0")),
                Why(list(range(count - 1)), Text("the last one is missing", "缺少最后一个")),
            ],
        )
        expect_numbers(
            expect,
            [number for _, _, number in found],
            values,
            Text(
                f"the values in the event file after `{call}`{many}, by step",
                f"`{call}`{many_zh}之后事件文件中的值（按步数排列）",
            ),
            atol=1e-7,  # rounding to float32 is 2^-24 = 6e-8 of a value
            why=[
                Why(np.sort(values), Text("they were sorted", "被排序了")),
                Why(values[::-1], Text("they are in reverse order", "次序反了")),
            ],
        )


@check(
    title=Text("Read back from the event file", "从事件文件读回"),
    points=1,
    topic="data",
    hint=Text(
        "The file is a TFRecord file of `Event` messages. A TensorFlow 2 scalar stands in the"
        " `tensor` of its value (`tf.make_ndarray`), not in `simple_value`; compare each tag with"
        " `name`.",
        "事件文件是由 `Event` 消息组成的 TFRecord 文件。TensorFlow 2 的标量放在值的 `tensor` 里"
        "（`tf.make_ndarray`），而不在 `simple_value` 里；还要把每个标签与 `name` 比较。",
    ),
)
def test_read_back(student, rng, expect):
    """Numbers that float32 can't hold come back as the file has them, of one series only."""
    name = str(rng.choice(WORDS))
    before, longer, another = set(), np.empty(0), np.empty(0)
    for folder, count in (("counts/new", 5), ("counts/used", 12)):
        # Odd numbers above 2^24: float32 has even ones only there.
        values, others = rng.integers(2**23 + 1, 49_000_000, size=(2, count)) * 2.0 + 1
        call = f'log_scalars(logdir, "{name}", values)'
        also = also_zh = ""
        if folder == "counts/used":
            others = others.astype("float32").astype("float64")
            longer, another = others[:8], others[8:11]
            for tag, series in ((f"{name}_total", longer), ("steps", another)):
                file = f"{folder}/events.out.tfevents.1700000000.{tag}"
                write_events(student, file, tag, series)
                before |= {(tag, step, number) for step, number in enumerate(series.tolist())}
            also = f', "{name}_total" and "steps" being there already'
            also_zh = f'，"{name}_total" 和 "steps" 已在其中'
        ask = Text(
            f"`{call}`, {count} odd numbers above 2^24{also}",
            f"`{call}`，{count} 个大于 2^24 的奇数{also_zh}",
        )
        logdir = student.path(folder)
        got = student.log_scalars(logdir, name, values.tolist())
        found = events_in(student, expect, (folder, logdir), ask)
        expect.true(
            before <= set(found),
            ask=ask,
            expected=Text("the other series still on disk", "其他序列仍在磁盘上"),
            got=Text("they are gone", "它们不见了"),
        )
        held = np.array([number for *at, number in found if (*at, number) not in before])
        expect.true(
            held.size > 0,
            ask=ask,
            expected=Text("values in the event file", "事件文件中有值"),
            got=Text("none", "没有"),
        )
        expect_numbers(
            expect,
            got,
            held,
            ask,
            atol=0.0,  # a float32 number is a float64 number
            why=[
                Why(
                    values,
                    Text(
                        "those are the values that were given, not what the file holds",
                        "这是传入的值，而不是文件中的值",
                    ),
                ),
                Why(
                    np.zeros(count),
                    Text(
                        "`simple_value` is empty in the files of TensorFlow 2",
                        "在 TensorFlow 2 的文件中 `simple_value` 是空的",
                    ),
                ),
                Why(
                    [],
                    Text(
                        "nothing was found: was the writer flushed before reading, and the tag"
                        " compared with `name`?",
                        "什么都没找到：读之前 writer 刷新了吗？是与 `name` 比较标签的吗？",
                    ),
                ),
                Why(held[:-1], Text("the last one is missing", "缺少最后一个")),
                # Files may be read in any order.
                *(
                    Why(
                        np.concatenate(order),
                        Text(
                            "every series in the directory is among them",
                            "目录中的所有序列都混在其中",
                        ),
                    )
                    for order in permutations([longer, another, held])
                ),
                *(
                    Why(
                        np.concatenate(order),
                        Text(
                            "a series whose name only begins like this one is among them",
                            "名字只是开头相同的另一个序列也混在其中",
                        ),
                    )
                    for order in permutations([longer, held])
                ),
            ],
        )

"""Hidden checks of `reconstruct`: outputs, the added loss, the metric, training with both.

Weights are told apart by their shapes alone. The four hidden layers of shape (30, 30) get the same
kernel, and all hidden layers the same bias: nothing depends on the order in which they were made.
What a model has to give, trained or not, is then computed here, in NumPy and float64. Only one
check traces a graph, which takes as long as many steps without one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.checks import Text, Why, as_numpy, check, fetch

UNITS, HIDDEN = 30, 5
NAME = "reconstruction_error"

# Seven layers in a row, sums of at most 30 products, numbers of size 1 or so: some 210 roundings
# of 2^-24 each, if all of them went the same way. The misconceptions move results by percents.
ATOL = 2e-5


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def relu(x):
    return np.maximum(x, 0)


SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772


def selu(x):
    return SCALE * np.where(x > 0, x, ALPHA * np.expm1(np.minimum(x, 0)))


def selu_slope(x):
    return SCALE * np.where(x > 0, 1, ALPHA * np.exp(np.minimum(x, 0)))


def shapes_for(features, outputs):
    """The shapes of all weights, by part, and how often each of them is there."""
    return {
        "first": ((features, UNITS), 1),
        "kernel": ((UNITS, UNITS), HIDDEN - 1),
        "bias": ((UNITS,), HIDDEN),
        "out_kernel": ((UNITS, outputs), 1),
        "out_bias": ((outputs,), 1),
        "decoder_kernel": ((UNITS, features), 1),
        "decoder_bias": ((features,), 1),
    }


def listed(shapes):
    """All of them, sorted."""
    return sorted(shape for shape, count in shapes.values() for _ in range(count))


@dataclass(frozen=True)
class Dense:
    """A layer's weights, float64 numbers, to begin with such that float32 holds exactly."""

    kernel: NDArray
    bias: NDArray

    def __call__(self, x):
        return x @ self.kernel + self.bias

    def stepped(self, x, slope, rate):
        """After a step of gradient descent; `slope` is that of what comes out for x."""
        return Dense(self.kernel - rate * x.T @ slope, self.bias - rate * slope.sum(axis=0))


@dataclass(frozen=True)
class Net:
    """All layers of a model."""

    hidden: tuple[Dense, ...]
    out: Dense
    decoder: Dense

    def last_hidden(self, x, activation=selu):
        for layer in self.hidden:
            x = activation(layer(x))
        return x

    def output(self, x, activation=selu):
        return self.out(self.last_hidden(x, activation))

    def misses(self, x):
        """Reconstruction minus input."""
        return self.decoder(self.last_hidden(x)) - x

    def error(self, x):
        return float(np.mean(self.misses(x) ** 2))

    def mse(self, x, y):
        return float(np.mean((self.output(x) - y) ** 2))

    def stepped(self, x, y, weight, rate):
        """After a step of gradient descent on the whole loss, the error counting `weight`."""
        before, inputs = [], [x]
        for layer in self.hidden:
            before.append(layer(inputs[-1]))
            inputs.append(selu(before[-1]))
        last = inputs[-1]
        out_slope = 2 * (self.out(last) - y) / y.size
        decoder_slope = weight * 2 * (self.decoder(last) - x) / x.size
        slope = out_slope @ self.out.kernel.T + decoder_slope @ self.decoder.kernel.T
        hidden = []
        for layer, z, into in zip(self.hidden[::-1], before[::-1], inputs[-2::-1], strict=True):
            slope = slope * selu_slope(z)
            hidden.insert(0, layer.stepped(into, slope, rate))
            slope = slope @ layer.kernel.T
        return Net(
            tuple(hidden),
            self.out.stepped(last, out_slope, rate),
            self.decoder.stepped(last, decoder_slope, rate),
        )


def drawn_net(rng, features, outputs):
    """Weights that keep the size of what goes through them."""
    first, kernel, bias, out_kernel, out_bias, decoder_kernel, decoder_bias = (
        rng.normal(scale=0.8 * shape[0] ** -0.5 if len(shape) == 2 else 0.3, size=shape)
        .astype("float32")
        .astype("float64")
        for shape, _ in shapes_for(features, outputs).values()
    )
    return Net(
        (Dense(first, bias), *[Dense(kernel, bias)] * (HIDDEN - 1)),
        Dense(out_kernel, out_bias),
        Dense(decoder_kernel, decoder_bias),
    )


def drawn(rng, rows, columns):
    return rng.normal(size=(rows, columns)).astype("float32")


def expect_shapes(session, expect, model, features, outputs, shown):
    """The shapes of all trainable weights; returns them in the model's order."""
    found = [array.shape for array in session.arrays(model.trainable_weights)]
    shapes = shapes_for(features, outputs)
    without = {name: entry for name, entry in shapes.items() if "decoder" not in name}

    def other(hidden):
        return listed(shapes | {"kernel": ((UNITS, UNITS), hidden - 1), "bias": ((UNITS,), hidden)})

    expect.equal(
        sorted(found),
        listed(shapes),
        ask=Text(
            f"the shapes of the trainable weights of `{shown}`, {features} features",
            f"`{shown}` 的可训练权重的各个形状（{features} 个特征）",
        ),
        why=[
            Why(listed(without), Text("the decoder isn't among them", "其中没有解码层")),
            *(
                Why(other(count), Text(f"{count} hidden layers", f"隐藏层有 {count} 个"))
                for count in (1, 2, 3, 4, 6)
            ),
            Why(
                listed(shapes | {"decoder_kernel": ((outputs, features), 1)}),
                Text(
                    "the decoder starts from the prediction instead of the last hidden layer",
                    "解码层的输入是预测值，而不是最后一个隐藏层",
                ),
            ),
            Why(
                listed(
                    shapes
                    | {"decoder_kernel": ((UNITS, outputs), 1), "decoder_bias": ((outputs,), 1)}
                ),
                Text(
                    "the decoder has as many units as there are outputs, not features",
                    "解码层的神经元个数等于输出数，而不是特征数",
                ),
            ),
        ],
    )
    return found


def model_with(session, expect, net, *args, **kwargs):
    """A model that has seen an input, its weights those of `net`."""
    layers = (*net.hidden, net.out, net.decoder)
    features, outputs = len(net.decoder.bias), len(net.out.bias)
    given = [*map(repr, (outputs, *args)), *(f"{k}={v!r}" for k, v in kwargs.items())]
    shown = f"ReconstructingRegressor({', '.join(given)})"
    model = session.ReconstructingRegressor(outputs, *args, **kwargs)
    model = expect.remote(model, ask=code(shown))
    model(np.zeros((1, features), "float32"))
    shapes = expect_shapes(session, expect, model, features, outputs, shown)
    values = {value.shape: value for layer in layers for value in (layer.kernel, layer.bias)}
    for proxy, shape in zip(fetch(model.trainable_weights), shapes, strict=True):
        proxy.assign(as_numpy(values[shape].astype("float32")))
    return model


def compiled(session, model, rate=0.0, *, eager=True):
    """Gradient descent on the mean squared error; without XLA, which would only cost time."""
    model.compile(
        optimizer=session.keras.optimizers.SGD(rate),
        loss="mse",
        run_eagerly=eager,
        jit_compile=False,
    )
    return model


def reported(expect, got, name, ask):
    """What `fit`'s history or `evaluate` reports under a name."""
    expect.true(
        type(got) is dict and name in got,
        ask=ask,
        expected=Text(f"`{name}` to be reported", f"报告 `{name}`"),
        got=Text(
            f"only {sorted(map(str, got)) if type(got) is dict else 'something else'}",
            f"只有 {sorted(map(str, got)) if type(got) is dict else '别的东西'}",
        ),
    )
    return got[name]


def batched(session, x, y, size):
    """A dataset of batches, in order: Keras takes much longer to make one of arrays."""
    return session.tf.data.Dataset.from_tensor_slices((x, y)).batch(size)


def fitted(session, expect, model, x, y, batch_size, epochs):
    """The history of `fit`, in order and silently."""
    run = model.fit(batched(session, x, y, batch_size), epochs=epochs, verbose=0)
    return fetch(expect.remote(run, ask=code("fit")).history)


def evaluated(session, model, x, y, batch_size):
    return model.evaluate(batched(session, x, y, batch_size), verbose=0, return_dict=True)


@check(
    title=Text("The prediction", "预测值"),
    points=1.5,
    topic="values",
    hint=Text(
        "Five hidden layers with selu, then a Dense layer without activation. The decoder stands"
        " beside that, not in the way.",
        "五个带 selu 的隐藏层，然后是没有激活函数的 Dense 层。解码层在旁边，不在这条路上。",
    ),
)
def test_prediction(student, rng, expect):
    """Recomputed from random weights."""
    # One feature, where shapes may get mixed up; other checks have more of them.
    features, outputs, rows = 1, 3, 5
    net, x = drawn_net(rng, features, outputs), drawn(rng, rows, features)
    model = model_with(student, expect, net)
    want = net.output(x)
    expect.close(
        model(x),
        want.astype("float32"),
        ask=Text(
            f"`ReconstructingRegressor({outputs})(x)` for x of shape {x.shape}, all weights set",
            f"`ReconstructingRegressor({outputs})(x)`，x 的形状为 {x.shape}，所有权重已设定",
        ),
        atol=ATOL,
        why=[
            Why(
                net.misses(x) + x,
                Text("that is the reconstruction", "这是重建的输入"),
            ),
            Why(net.output(x, relu), Text("the hidden layers have ReLU", "隐藏层用了 ReLU")),
            Why(
                net.output(x, lambda z: z),
                Text("the hidden layers have no activation", "隐藏层没有激活函数"),
            ),
            Why(selu(want), Text("the last layer has an activation", "最后一层带了激活函数")),
        ],
    )


@check(
    title=Text("Seven layers, the decoder made once", "七个层，解码层只创建一次"),
    points=1,
    topic="interface",
    hint=Text(
        "The decoder needs as many units as there are features, and `build` is told how many. What"
        " is made in `call` is made again and again.",
        "解码层的神经元个数等于特征数，而 `build` 会得知特征数。"
        "写在 `call` 里创建的东西会一次又一次地创建。",
    ),
)
def test_weights(student, expect):
    """Fourteen trainable weights, no more after more calls, also where `build` was called."""
    expect.unconfirmed()  # which weights there are
    for features, outputs, build in ((4, 2, False), (3, 5, True)):
        shown = f"ReconstructingRegressor(output_dim={outputs})"
        model = student.ReconstructingRegressor(output_dim=outputs)
        model = expect.remote(model, ask=code(shown))
        expect.true(
            student.is_a(model, "keras.Model"),
            ask=code(shown),
            expected=Text("a Keras model", " Keras 模型"),
            got=Text("something else", "别的东西"),
        )
        if build:
            model.build((None, features))
        for rows in (1, 3):
            model(np.ones((rows, features), "float32"))
            expect_shapes(student, expect, model, features, outputs, shown)


@check(
    title=Text("The added loss", "加入的损失"),
    points=2,
    topic="values",
    hint=Text(
        "`add_loss(weight · error)`, where the error is the mean of the squared differences between"
        " reconstruction and input, over rows and features alike.",
        "`add_loss(权重 · 误差)`，误差是重建值与输入之差的平方，对所有行、所有特征取平均。",
    ),
)
def test_added_loss(student, rng, expect):
    """`losses` after calls with new inputs: default and other weights, training or not."""
    features, outputs = 5, 2
    net = drawn_net(rng, features, outputs)
    for args, kwargs, factor in (
        ((), {}, 0.05),
        ((), {"reconstruction_weight": 2.5}, 2.5),
    ):
        model = model_with(student, expect, net, *args, **kwargs)
        for rows, training in ((6, False), (4, True)):
            x = drawn(rng, rows, features)
            model(x, training=training)
            misses, error = net.misses(x), net.error(x)
            ask = Text(
                f"`model.losses` after a call with x of shape {x.shape} and training={training},"
                f" reconstruction_weight being {factor} and the error {error:.6g}",
                f"以形状为 {x.shape} 的 x、training={training} 调用之后的 `model.losses`"
                f"（reconstruction_weight 为 {factor}，误差为 {error:.6g}）",
            )
            losses = fetch(model.losses)
            count = len(losses) if type(losses) is list else -1
            expect.true(
                count == 1,
                ask=ask,
                expected=Text("one loss", "一个损失"),
                got=Text(f"{count} of them", f" {count} 个"),
                why=Text(
                    "`add_loss` has to be called in every `call`", "每次 `call` 都要 `add_loss`"
                )
                if count == 0
                else Text("only `call` adds one, and only once", "只在 `call` 里加，且只加一次"),
            )
            expect.close(
                losses[0],
                factor * error,
                ask=ask,
                atol=ATOL * factor,
                why=[
                    Why(error, Text("the weight is missing", "没有乘以权重")),
                    Why(0.05 * error, Text("the weight given isn't used", "没有用传入的权重")),
                    Why(
                        factor * np.sum(misses**2),
                        Text("that is the sum, not the mean", "这是总和，而不是平均值"),
                    ),
                    Why(
                        factor * np.sum(misses**2) / rows,
                        Text("features are summed, not averaged", "对特征求了和，而不是取平均"),
                    ),
                    Why(
                        factor * np.mean(misses**2, axis=1),
                        Text("one value per row came, not their mean", "每行一个值，没有再取平均"),
                    ),
                    Why(
                        factor * np.sqrt(error),
                        Text("that is the root of the error", "这是误差的平方根"),
                    ),
                    Why(
                        factor * np.mean(np.abs(misses)),
                        Text("differences aren't squared", "差值没有平方"),
                    ),
                    Why(
                        factor * np.mean((misses + x) ** 2),
                        Text("the input isn't subtracted", "没有减去输入"),
                    ),
                ],
            )


@check(
    title=Text("The metric in `fit`", "`fit` 中的指标"),
    points=1.5,
    topic="training",
    hint=Text(
        "An attribute that is a `keras.metrics.Mean` named `reconstruction_error` is tracked by the"
        " model and shows in the history; feed it the error without the weight.",
        "把名为 `reconstruction_error` 的 `keras.metrics.Mean` 存为属性，模型就会跟踪它，"
        "历史记录里也就有它；交给它的是没有乘权重的误差。",
    ),
)
def test_history(student, rng, expect):
    """Learning rate 0, so that every epoch has the error and the loss of the weights set."""
    net, x, y = drawn_net(rng, 4, 3), drawn(rng, 6, 4), drawn(rng, 6, 3)
    model = compiled(student, model_with(student, expect, net, 0.25))
    error, mse = net.error(x), net.mse(x, y)
    history = fitted(student, expect, model, x, y, batch_size=3, epochs=2)
    setting = Text(
        f"`fit` with two batches of 3 rows, learning rate 0, reconstruction_weight 0.25 (the mean"
        f" squared error of the predictions is {mse:.6g})",
        f"`fit`（两个批次，每批 3 行，学习率为 0，reconstruction_weight 为 0.25，"
        f"预测的均方误差为 {mse:.6g}）",
    )
    found = expect.array(reported(expect, history, NAME, setting), ask=setting, shape=(2,))
    expect.true(
        bool(abs(found[0] - found[1]) <= ATOL * max(1.0, error)),
        ask=Text(f"`{NAME}` in {setting.en}", f"{setting.zh}的 `{NAME}`"),
        expected=Text("the same in both epochs", "两个周期的值相同"),
        got=Text(f"{found[0]:.6g} and {found[1]:.6g}", f" {found[0]:.6g} 和 {found[1]:.6g}"),
        why=Text(
            "earlier batches are still in it, as nothing resets it",
            "其中还含有之前的批次，因为没有重置",
        ),
    )
    expect.close(
        found,
        [error] * 2,
        ask=Text(f"`{NAME}` in {setting.en}", f"{setting.zh}的 `{NAME}`"),
        atol=ATOL,
        why=[
            Why([0.25 * error] * 2, Text("it is multiplied by the weight", "它乘了权重")),
            Why(
                [net.error(x[-3:])] * 2,
                Text("that is the error of the last batch", "这是最后一个批次的误差"),
            ),
            Why([0.0] * 2, Text("it is never updated", "它从来没有更新")),
            Why(
                [mse + 0.25 * error] * 2,
                Text("that is the whole loss", "这是总的损失"),
            ),
            Why([mse] * 2, Text("that is the predictions' error", "这是预测的误差")),
            Why([2 * error] * 2, Text("that is a sum over batches", "这是各批次之和")),
        ],
    )
    expect.close(
        reported(expect, history, "loss", setting),
        [mse + 0.25 * error] * 2,
        ask=Text(f"`loss` in {setting.en}", f"{setting.zh}的 `loss`"),
        atol=ATOL * max(1.0, mse),
        why=[
            Why([mse] * 2, Text("the reconstruction isn't in it", "没有包含重建误差")),
            Why([mse + error] * 2, Text("the weight is missing", "没有乘以权重")),
            Why([mse + 0.5 * error] * 2, Text("the added loss counts twice", "加入的损失算了两遍")),
        ],
    )


@check(
    title=Text("The metric in `evaluate`", "`evaluate` 中的指标"),
    points=1,
    topic="training",
    hint=Text(
        "`evaluate` starts from 0 and calls the model with training=False: the metric has to be"
        " updated then as well.",
        "`evaluate` 从 0 开始，并以 training=False 调用模型：这时指标也要更新。",
    ),
)
def test_evaluate(student, rng, expect):
    """After training with other data: the error of the data given now."""
    net = drawn_net(rng, 3, 2)
    x, y = drawn(rng, 6, 3), drawn(rng, 6, 2)
    new_x, new_y = 2 * drawn(rng, 8, 3), drawn(rng, 8, 2)
    model = compiled(student, model_with(student, expect, net, 0.5))
    model.train_on_batch(as_numpy(x), as_numpy(y))
    ask = Text(
        "`evaluate` of 8 new rows, after `train_on_batch` with 6 others at learning rate 0",
        "先以学习率 0 对 6 行数据 `train_on_batch`，再对另外 8 行 `evaluate`",
    )
    before, error = net.error(x), net.error(new_x)
    got = evaluated(student, model, new_x, new_y, batch_size=4)
    expect.close(
        reported(expect, got, NAME, ask),
        error,
        ask=Text(f"`{NAME}` from {ask.en}", f"{ask.zh}得到的 `{NAME}`"),
        atol=ATOL * max(1.0, error),
        why=[
            Why(0.0, Text("the metric is updated in training only", "指标只在训练时更新")),
            Why(before, Text("that is left from training", "这是训练留下的值")),
            Why(
                (before + 2 * error) / 3,
                Text("the training batch is still in it: no reset", "还含有训练的批次：没有重置"),
            ),
            Why(0.5 * error, Text("it is multiplied by the weight", "它乘了权重")),
        ],
    )
    expect.close(
        reported(expect, got, "loss", ask),
        net.mse(new_x, new_y) + 0.5 * error,
        ask=Text(f"`loss` from {ask.en}", f"{ask.zh}得到的 `loss`"),
        atol=ATOL * max(1.0, net.mse(new_x, new_y)),
        why=[
            Why(
                net.mse(new_x, new_y),
                Text("the reconstruction isn't in it", "没有包含重建误差"),
            )
        ],
    )


@check(
    title=Text("A tracked `Mean`, one for each model", "受跟踪的 `Mean`，每个模型各一个"),
    points=1,
    topic="interface",
    hint=Text(
        "Make the metric in the constructor, as an attribute: then it is in `model.metrics`, and"
        " belongs to that model alone.",
        "在构造函数里创建指标并存为属性：这样它就在 `model.metrics` 里，而且只属于这个模型。",
    ),
)
def test_metric(student, rng, expect):
    """By name and class; what one model sees doesn't get into the other's."""
    expect.unconfirmed()  # class and name
    x, y = drawn(rng, 5, 3), drawn(rng, 5, 2)
    metrics, models = [], []
    for _ in range(2):
        model = student.ReconstructingRegressor(2)
        model = expect.remote(model, ask=code("ReconstructingRegressor(2)"))
        model(x)
        compiled(student, model)
        ask = code("model.metrics")
        found = fetch(model.metrics)
        expect.true(
            type(found) is list,
            ask=ask,
            expected=Text("a list", "列表"),
            got=Text("no list", "别的"),
        )
        names = [fetch(metric.name) for metric in found]
        expect.true(
            names.count(NAME) == 1,
            ask=ask,
            expected=Text(f"one metric named `{NAME}`", f"有一个名为 `{NAME}` 的指标"),
            got=Text(f"the names {names}", f"这些名字：{names}"),
        )
        metric = found[names.index(NAME)]
        expect.true(
            student.is_a(metric, "keras.metrics.Mean"),
            ask=Text(f"the metric `{NAME}`", f"指标 `{NAME}`"),
            expected=Text("a `keras.metrics.Mean`", " `keras.metrics.Mean`"),
            got=Text("something else", "别的东西"),
        )
        metrics.append(metric)
        models.append(model)
    models[0].test_on_batch(as_numpy(x), as_numpy(y))
    before = metrics[0].result()
    # Larger numbers, larger error: whatever the initial weights, a shared mean moves.
    models[1].test_on_batch(as_numpy(4 * x), as_numpy(y))
    expect.close(
        metrics[0].result(),
        expect.array(before, ask=code("metric.result()"), shape=()),
        ask=Text(
            "the metric of a model after another one was evaluated",
            "评估另一个模型之后，这个模型的指标",
        ),
        why=[
            Why(
                metrics[1].result(),
                Text("both models share one metric", "两个模型共用一个指标"),
            )
        ],
    )


@check(
    title=Text("Training with the added loss", "带着加入的损失训练"),
    points=2,
    topic="training",
    hint=Text(
        "The gradient of the added loss has to reach the decoder and the hidden layers, inside a"
        " graph; the metric starts anew with every epoch.",
        "加入的损失的梯度，要在图中传到解码层和各隐藏层；指标在每个周期都重新开始。",
    ),
    # `fit` traces a graph.
    timeout=30.0,
)
def test_training(student, rng, expect):
    """Two epochs of gradient descent in a graph, done here as well."""
    net, weight, rate = drawn_net(rng, 4, 2), 0.5, 0.05
    x, y, new = drawn(rng, 8, 4), drawn(rng, 8, 2), drawn(rng, 5, 4)
    model = compiled(student, model_with(student, expect, net, weight), rate, eager=False)
    history = fitted(student, expect, model, x, y, batch_size=4, epochs=2)
    outputs, losses = model(new), fetch(model.losses)

    errors, trained, plain = [], net, net
    for first, end in [(0, 4), (4, 8)] * 2:
        rows, labels = x[first:end], y[first:end]
        errors.append(trained.error(rows))
        trained = trained.stepped(rows, labels, weight, rate)
        plain = plain.stepped(rows, labels, 0.0, rate)
    errors = np.mean(np.reshape(errors, (2, 2)), axis=1)  # by epoch
    # Four steps from equal weights. A step's rounding, ATOL at worst, is followed by others which
    # may double it. Without the added loss outputs differ by percents.
    atol = ATOL * 2**4
    setting = Text(
        "`fit` over two epochs of two batches, reconstruction_weight being 0.5",
        "两个周期、每周期两个批次的 `fit`（reconstruction_weight 为 0.5）",
    )
    ask = Text(f"outputs for new inputs after {setting.en}", f"{setting.zh}之后，对新输入的输出")
    expect.close(
        outputs,
        trained.output(new).astype("float32"),
        ask=ask,
        atol=atol,
        why=[
            Why(
                plain.output(new),
                Text("the added loss hasn't reached the hidden layers", "加入的损失没有传到隐藏层"),
            )
        ],
    )
    running = np.cumsum(errors) / (1, 2)
    expect.close(
        reported(expect, history, NAME, setting),
        errors,
        ask=Text(f"`{NAME}` in {setting.en}", f"{setting.zh}的 `{NAME}`"),
        atol=atol,
        why=[
            Why(running, Text("earlier epochs are still in it", "还含有之前的周期")),
            Why(
                weight * errors,
                Text("it is multiplied by the weight", "它乘了权重"),
            ),
        ],
    )
    expect.close(
        losses,
        [weight * trained.error(new)],
        ask=Text(
            f"`losses` for new inputs after {setting.en}", f"{setting.zh}之后，新输入的 `losses`"
        ),
        atol=atol,
    )

"""Hidden checks of the residual exercise.

What a block or a model has to give is recomputed with NumPy from its own weights. These are told
apart by their shapes and by the part that owns them, never by names, which are a student's choice.
"""

import numpy as np

from grader.checks import Text, Why, as_numpy, check, fetch

# Features and outputs of the regressors here: unequal, and neither of them 30.
FEATURES, OUTPUTS = 5, 3
REGRESSOR = sorted(
    [(FEATURES, 30), (30,), (30, OUTPUTS), (OUTPUTS,), *[(30, 30), (30,)] * 4],
)


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def eighths(rng, *shape):
    """Random multiples of 1/8 from -1 to 1, float32: short chains of products are exact."""
    return (rng.integers(-8, 9, size=shape) / 8).astype("float32")


def relu(x):
    return np.maximum(x, 0)


def shapes_of(arrays):
    """Their shapes, in an order that doesn't depend on how a student arranged them."""
    return sorted(array.shape for array in arrays)


def layers_of(arrays):
    """(kernel, bias) of a block's layers: kernels are matrices, biases vectors."""
    return list(
        zip(
            [a for a in arrays if a.ndim == 2],
            [a for a in arrays if a.ndim == 1],
            strict=True,
        )
    )


def through(layers, x):
    """What a stack of relu layers makes of x."""
    for kernel, bias in layers:
        x = relu(x @ kernel + bias)
    return x


def expect_weights(session, expect, owner, wanted, ask):
    """The shapes of all weights, each of them trainable; returns their proxies."""
    expect.equal(
        shapes_of(session.arrays(owner.trainable_weights)),
        sorted(wanted),
        ask=Text(
            f"the shapes in `trainable_weights` of {ask.en}",
            f"{ask.zh} 的 `trainable_weights` 中各个形状",
        ),
        why=[
            Why(
                [],
                Text(
                    "Keras sees no sub-layer: keep them in attributes (a list will do), made in"
                    " the constructor",
                    "Keras 看不到任何子层：请在构造函数中创建，并保存为属性（列表也可以）",
                ),
            )
        ],
    )
    expect.equal(
        shapes_of(session.arrays(owner.weights)),
        sorted(wanted),
        ask=Text(f"the shapes in `weights` of {ask.en}", f"{ask.zh} 的 `weights` 中各个形状"),
    )
    return fetch(owner.weights)


def block_with(session, expect, rng, n_layers, n_neurons, **kwargs):
    """A block that has seen an input, its weights random eighths; and its layers' arrays."""
    given = "".join(f", {name}={value!r}" for name, value in kwargs.items())
    ask = code(f"ResidualBlock({n_layers}, {n_neurons}{given})")
    block = expect.remote(session.ResidualBlock(n_layers, n_neurons, **kwargs), ask=ask)
    block(np.zeros((1, n_neurons), "float32"))
    wanted = [(n_neurons, n_neurons), (n_neurons,)] * n_layers
    proxies = expect_weights(session, expect, block, wanted, ask)
    for proxy, array in zip(proxies, session.arrays(proxies), strict=True):
        proxy.assign(eighths(rng, *array.shape))
    return block, layers_of(session.arrays(block.weights))


class Regressor:
    """A built regressor: the model, and proxies and values of its weights by their roles."""

    def __init__(self, session, expect, **kwargs):
        given = "".join(f", {name}={value!r}" for name, value in kwargs.items())
        ask = code(f"ResidualRegressor({OUTPUTS}{given})")
        self.session = session
        self.model = expect.remote(session.ResidualRegressor(OUTPUTS, **kwargs), ask=ask)
        self.model(np.zeros((1, FEATURES), "float32"))
        proxies = expect_weights(session, expect, self.model, REGRESSOR, ask)
        shapes = [array.shape for array in session.arrays(proxies)]
        # Every weight gets a number of its own for a moment, by which to know it again.
        for mark, (proxy, shape) in enumerate(zip(proxies, shapes, strict=True)):
            proxy.assign(np.full(shape, mark, "float32"))
        self.proxies = {}
        for name in ("block1", "block2"):
            part = getattr(self.model, name)
            own = session.arrays(part.weights)
            expect.equal(
                shapes_of(own),
                sorted([(30, 30), (30,)] * 2),
                ask=Text(f"the shapes of the weights of `{name}`", f"`{name}` 的权重的各个形状"),
            )
            marks = [[float(mark) for mark in np.unique(array)] for array in own]
            expect.true(
                all(len(found) == 1 and found[0] in range(len(proxies)) for found in marks),
                ask=Text(f"the weights of `{name}`", f"`{name}` 的权重"),
                expected=Text("weights that are among the model's", "模型权重中的一部分"),
                got=Text("other weights", "别的权重"),
            )
            for place, layer in enumerate(layers_of(own)):
                for kind, array in zip(("kernel", "bias"), layer, strict=True):
                    self.proxies[name, place, kind] = proxies[int(array.flat[0])]
        taken = {id(proxy) for proxy in self.proxies.values()}
        expect.true(
            len(taken) == 8,
            ask=Text("the weights of `block1` and `block2`", "`block1` 和 `block2` 的权重"),
            expected=Text("two blocks with weights of their own", "两个块各有自己的权重"),
            got=Text("weights that both share", "两者共用的权重"),
        )
        for proxy, shape in zip(proxies, shapes, strict=True):
            if id(proxy) not in taken:
                part = "out" if OUTPUTS in shape else "hidden"
                self.proxies[part, 0, "kernel" if len(shape) == 2 else "bias"] = proxy

    def assign(self, values):
        """Gives every weight its value, by role."""
        for role, proxy in self.proxies.items():
            proxy.assign(values[role])


def weights(rng):
    """Random weights of a regressor, by role: a block adds some 10 to 40 % to what it is given."""

    def layer(inputs, outputs):
        return {
            "kernel": rng.normal(scale=0.08, size=(inputs, outputs)).astype("float32"),
            "bias": rng.normal(scale=0.2, size=outputs).astype("float32"),
        }

    parts = {("hidden", 0): layer(FEATURES, 30), ("out", 0): layer(30, OUTPUTS)}
    parts |= {(f"block{b}", place): layer(30, 30) for b in (1, 2) for place in (0, 1)}
    # Larger ones where nothing is added, so that outputs are of size 1 or so.
    parts["hidden", 0]["kernel"] *= 6
    parts["out", 0]["kernel"] *= 3
    return {(*part, kind): a for part, kinds in parts.items() for kind, a in kinds.items()}


def predicted(values, x, *, first=4, second=1, skip=True):
    """The regressor in float64, with so many uses of its blocks."""

    def dense(part, place, z):
        return z @ values[part, place, "kernel"].astype("float64") + values[part, place, "bias"]

    z = relu(dense("hidden", 0, x.astype("float64")))
    for part in ["block1"] * first + ["block2"] * second:
        change = z
        for place in (0, 1):
            change = relu(dense(part, place, change))
        z = change + z if skip else change
    return dense("out", 0, z)


@check(
    title=Text("A block's outputs", "残差块的输出"),
    points=1.5,
    topic="values",
    hint=Text(
        "Keep the block's input, send a copy through all relu layers, and add the two at the very"
        " end.",
        "保留块的输入，让它的一份依次通过所有 relu 层，到最后才把两者相加。",
    ),
)
def test_block(student, rng, expect):
    """Blocks of one and three layers, recomputed from their weights."""
    # Multiples of 1/8, at most three factors deep: exact in float32.
    for n_layers, n_neurons in ((1, 4), (3, 5)):
        block, layers = block_with(student, expect, rng, n_layers, n_neurons)
        x = eighths(rng, 9, n_neurons)
        change = through(layers, x)
        before = through(layers[:-1], x)
        kernel, bias = layers[-1]
        every = x
        for layer in layers:
            every = every + through([layer], every)
        expect.close(
            block(x),
            x + change,
            ask=Text(
                f"`ResidualBlock({n_layers}, {n_neurons})` on an input of shape {x.shape}",
                f"`ResidualBlock({n_layers}, {n_neurons})` 作用于形状为 {x.shape} 的输入",
            ),
            why=[
                Why(change, Text("the input isn't added", "没有加上输入")),
                Why(
                    relu(x + change), Text("relu is applied to the sum, too", "对和又做了一次 relu")
                ),
                Why(
                    x + before @ kernel + bias,
                    Text("the last layer lacks its relu", "最后一层没有做 relu"),
                ),
                Why(
                    relu(x + before @ kernel + bias),
                    Text(
                        "relu comes after the sum instead of in the last layer",
                        "relu 做在了求和之后，而不是在最后一层里",
                    ),
                ),
                Why(
                    every,
                    Text(
                        "every layer's input is added, instead of the block's alone",
                        "每一层的输入都加上了，而应当只加整个块的输入",
                    ),
                ),
                Why(
                    before + change,
                    Text(
                        "the last layer's input is added instead of the block's",
                        "加上的是最后一层的输入，而不是整个块的输入",
                    ),
                ),
            ],
        )


@check(
    title=Text("A block's weights", "残差块的权重"),
    points=1,
    topic="interface",
    hint=Text(
        "Keras tracks layers that are attributes, also in a list, and only if they are made in the"
        " constructor (or in `build`).",
        "Keras 会跟踪作为属性的层（放在列表里也行），前提是它们在构造函数（或 `build`）里创建。",
    ),
)
def test_block_weights(student, expect):
    """A kernel and a bias for each layer, all trainable, and no more after more calls."""
    for n_layers, n_neurons in ((4, 6), (1, 3)):
        ask = code(f"ResidualBlock(n_layers={n_layers}, n_neurons={n_neurons})")
        block = student.ResidualBlock(n_layers=n_layers, n_neurons=n_neurons)
        block = expect.remote(block, ask=ask)
        wanted = [(n_neurons, n_neurons), (n_neurons,)] * n_layers
        for _ in range(2):
            block(np.zeros((2, n_neurons), "float32"))
            expect_weights(student, expect, block, wanted, ask)
        expect.equal(
            block.count_params(),
            n_layers * n_neurons * (n_neurons + 1),
            ask=Text(f"`count_params()` of {ask.en}", f"{ask.zh} 的 `count_params()`"),
        )
    expect.true(
        student.is_a(block, "keras.layers.Layer"),
        ask=ask,
        expected=Text("a Keras layer", " Keras 层"),
        got=Text("something else", "别的东西"),
    )


@check(
    title=Text("A block in a functional model and in a graph", "函数式模型和图中的残差块"),
    points=0.5,
    topic="graph",
    hint=Text(
        "Symbolic inputs have no values: call layers and add, without NumPy and without looking at"
        " numbers.",
        "符号输入没有具体的值：只调用层并相加，不要用 NumPy，也不要去看数值。",
    ),
)
def test_block_symbolic(student, rng, expect):
    """The same outputs from a functional model, and inside a tf.function."""
    block, layers = block_with(student, expect, rng, 2, 5)
    x = eighths(rng, 7, 5)
    want = x + through(layers, x)
    inputs = student.keras.Input((5,))
    ask = Text("a block called on `keras.Input((5,))`", "残差块作用于 `keras.Input((5,))`")
    outputs = expect.remote(block(inputs), ask=ask)
    expect.equal(fetch(outputs.shape), (None, 5), ask=ask)
    expect.close(
        student.keras.Model(inputs, outputs)(x),
        want,
        ask=Text("a functional model of a block", "由残差块构成的函数式模型"),
    )
    expect.close(
        student.in_graph(block)(x),
        want,
        ask=Text("a block inside a `tf.function`", "`tf.function` 里的残差块"),
    )


@check(
    title=Text("The regressor's outputs", "回归模型的输出"),
    points=2,
    topic="values",
    hint=Text(
        "Hidden layer with relu, `block1` four times (1 + 3), `block2` once, then a Dense layer"
        " without activation.",
        "带 relu 的隐藏层，`block1` 四次（1 + 3），`block2` 一次，最后是不带激活的 Dense 层。",
    ),
)
def test_regressor(student, rng, expect):
    """Recomputed from random weights, which all matter."""
    regressor, values = Regressor(student, expect), weights(rng)
    regressor.assign(values)
    x = rng.normal(size=(8, FEATURES)).astype("float32")
    expect.close(
        regressor.model(x),
        predicted(values, x).astype("float32"),
        ask=Text(
            f"`ResidualRegressor({OUTPUTS})` on an input of shape {x.shape}",
            f"`ResidualRegressor({OUTPUTS})` 作用于形状为 {x.shape} 的输入",
        ),
        why=[
            *(
                Why(
                    predicted(values, x, first=first),
                    Text(
                        f"`block1` is used {first} time(s) instead of 1 + 3",
                        f"`block1` 用了 {first} 次，而应当是 1 + 3 次",
                    ),
                )
                for first in (0, 1, 2, 3, 5)
            ),
            Why(predicted(values, x, second=0), Text("`block2` isn't used", "没有用上 `block2`")),
            Why(
                predicted(values, x, second=4),
                Text("`block2`, too, is used four times", "`block2` 也用了四次"),
            ),
            Why(
                predicted(values, x, first=1, second=4),
                Text("the blocks have changed roles", "两个块的角色弄反了"),
            ),
            Why(
                predicted(values, x, skip=False),
                Text("the blocks don't add their inputs", "块没有加上自己的输入"),
            ),
            Why(
                relu(predicted(values, x)),
                Text("the last layer has an activation", "最后一层带了激活"),
            ),
        ],
        # Twelve layers in a row, sums of 30 terms and a size of about 1: some 1e-7 each, growing by
        # up to 40 % a block. One use of a block more or less changes outputs by several percent.
        atol=2e-5,
    )


@check(
    title=Text("The regressor's weights: shared, and all there", "回归模型的权重：共享且齐全"),
    points=1,
    topic="interface",
    hint=Text(
        "One block called four times has one set of weights; four blocks have four. Six Dense"
        " layers make twelve weights.",
        "一个块调用四次只有一套权重，四个块就有四套。六个 Dense 层一共十二个权重。",
    ),
)
def test_regressor_weights(student, expect):
    """Twelve trainable weights of the right shapes; block1 and block2 are different blocks."""
    model = Regressor(student, expect).model
    ask = code(f"ResidualRegressor({OUTPUTS})")
    expect.true(
        student.is_a(model, "keras.Model"),
        ask=ask,
        expected=Text("a Keras model", " Keras 模型"),
        got=Text("something else", "别的东西"),
    )
    for name in ("block1", "block2"):
        expect.true(
            student.is_a(getattr(model, name), "keras.layers.Layer"),
            ask=Text(f"the attribute `{name}`", f"属性 `{name}`"),
            expected=Text("a layer", "层"),
            got=Text("something else", "别的东西"),
        )
    expect.equal(
        model.count_params(),
        sum(int(np.prod(shape)) for shape in REGRESSOR),
        ask=Text(f"`count_params()` of {ask.en}", f"{ask.zh} 的 `count_params()`"),
    )


@check(
    title=Text("Gradients reach every weight", "梯度到达每个权重"),
    points=1,
    topic="gradient",
    hint=Text(
        "The gradient of shared weights is the sum over all four uses; automatic differentiation"
        " sees to that when every use goes through the same layers.",
        "共享权重的梯度是四次使用的总和；只要每次都经过同一些层，自动微分就会处理好。",
    ),
)
def test_gradients(student, reference, rng, expect):
    """The same as those of the reference with the same weights."""
    values = weights(rng)
    x = rng.normal(size=(8, FEATURES)).astype("float32")
    upstream = rng.uniform(0.1, 0.3, size=(8, OUTPUTS)).astype("float32")
    found = []
    for session in (student, reference):
        regressor = Regressor(session, expect)
        regressor.assign(values)
        grads = session.gradient(
            regressor.model, x, wrt=tuple(regressor.proxies.values()), upstream=upstream
        ).grads
        found.append(dict(zip(regressor.proxies, grads, strict=True)))
    mine, theirs = found
    for part, place, kind in theirs:
        inside = f", layer {place + 1}" if part.startswith("block") else ""
        inside_zh = f"第 {place + 1} 层" if part.startswith("block") else ""
        shown = {"hidden": ("the hidden layer", "隐藏层"), "out": ("the last layer", "最后一层")}
        name, name_zh = shown.get(part, (f"`{part}`", f"`{part}` "))
        expect.close(
            mine[part, place, kind],
            theirs[part, place, kind],
            ask=Text(
                f"the gradient with respect to the {kind} of {name}{inside}",
                f"对{name_zh}{inside_zh}的{'核' if kind == 'kernel' else '偏置'}的梯度",
            ),
            # As above: the same sums, forth and back, and over eight rows.
            atol=1e-4,
        )


@check(
    title=Text("A block's config, there and back", "残差块配置的导出与还原"),
    points=0.5,
    topic="serialization",
    hint=Text(
        'get_config returns {**super().get_config(), "n_layers": …, "n_neurons": …}, and the'
        " constructor passes **kwargs on.",
        'get_config 返回 {**super().get_config(), "n_layers": …, "n_neurons": …}，'
        "构造函数则把 **kwargs 传下去。",
    ),
)
def test_block_config(student, expect):
    """Both numbers and the name; a block made from it has as many layers."""
    made = 'ResidualBlock(3, 4, name="mine")'
    block = expect.remote(student.ResidualBlock(3, 4, name="mine"), ask=code(made))
    ask = code(f"{made}.get_config()")
    config = block.get_config()
    for name, value in (("n_layers", 3), ("n_neurons", 4), ("name", "mine")):
        expect.equal(
            config.get(name) if type(config) is dict else config,
            value,
            ask=Text(f"`{name}` in {ask.en}", f"{ask.zh} 中的 `{name}`"),
            why=[Why(None, Text("it isn't there", "其中没有这一项"))],
        )
    copy = student.ResidualBlock.from_config(config)
    copy = expect.remote(copy, ask=code("ResidualBlock.from_config(config)"))
    copy(np.zeros((1, 4), "float32"))
    expect.equal(
        shapes_of(student.arrays(copy.weights)),
        sorted([(4, 4), (4,)] * 3),
        ask=Text(
            "the shapes of the weights of a block made by `from_config`",
            "由 `from_config` 还原的块的权重的各个形状",
        ),
    )
    expect.equal(copy.get_config(), config, ask=Text("the config of that block", "还原的块的配置"))


@check(
    title=Text("The regressor's config, there and back", "回归模型配置的导出与还原"),
    points=0.5,
    topic="serialization",
    hint=Text(
        "A model of your own class has a config like a layer's: `output_dim` beside what the base"
        " class gives.",
        "自定义模型类的配置和层的一样：在基类给出的内容之外再加上 `output_dim`。",
    ),
)
def test_regressor_config(student, expect):
    """output_dim and the name; a model made from it has as many outputs."""
    made = f'ResidualRegressor({OUTPUTS}, name="mine")'
    model = expect.remote(student.ResidualRegressor(OUTPUTS, name="mine"), ask=code(made))
    config = model.get_config()
    for name, value in (("output_dim", OUTPUTS), ("name", "mine")):
        expect.equal(
            config.get(name) if type(config) is dict else config,
            value,
            ask=Text(f"`{name}` in `{made}.get_config()`", f"`{made}.get_config()` 中的 `{name}`"),
            why=[Why(None, Text("it isn't there", "其中没有这一项"))],
        )
    copy = student.ResidualRegressor.from_config(config)
    ask = code("ResidualRegressor.from_config(config)")
    expect.array(
        expect.remote(copy, ask=ask)(np.zeros((2, FEATURES), "float32")),
        ask=ask,
        shape=(2, OUTPUTS),
    )
    expect.equal(
        copy.get_config(), config, ask=Text("the config of that model", "还原的模型的配置")
    )


@check(
    title=Text("A model with a block survives a reload", "含残差块的模型能重新加载"),
    points=1,
    topic="serialization",
    hint=Text(
        "The class is registered, its config says how many layers to make, and Keras fills the"
        " weights of those that it tracks.",
        "类要注册；配置说明要造几层；Keras 再把它跟踪的各层的权重填好。",
    ),
    # A process more.
    timeout=30.0,
)
def test_block_reload(student, rng, expect):
    """Saved here and loaded in a fresh process: same outputs on new inputs, same config."""
    block, layers = block_with(student, expect, rng, 3, 5, name="mine")
    model = student.keras.Sequential([student.keras.Input((5,)), block])
    ask = Text(
        "the outputs of a model with a `ResidualBlock(3, 5)`, loaded in a fresh process",
        "含 `ResidualBlock(3, 5)` 的模型在新进程里加载后的输出",
    )
    loaded = expect.remote(student.fresh().load(student.save(model)), ask=ask)
    x = eighths(rng, 6, 5)
    expect.close(
        loaded(x),
        x + through(layers, x),
        ask=ask,
        why=[Why(x, Text("its layers are gone", "它的层不见了"))],
    )
    for part in fetch(loaded.layers):
        expect.equal(
            part.get_config(),
            block.get_config(),
            ask=Text("the block's config after the reload", "重新加载后块的配置"),
        )


@check(
    title=Text("A trained regressor survives a reload", "训练过的回归模型能重新加载"),
    points=1,
    topic="serialization",
    hint=Text(
        "A fresh process finds both classes by their registered names and makes the model from its"
        " config: what isn't in there, or isn't tracked, is lost.",
        "新进程按注册名找到两个类，并用配置造出模型：不在配置里的、没有被跟踪的，都会丢失。",
    ),
    # A process more.
    timeout=30.0,
)
def test_regressor_reload(student, rng, expect):
    """Trained by `fit`, saved here, loaded in a fresh process: same outputs, same config."""
    regressor, values = Regressor(student, expect, name="mine"), weights(rng)
    regressor.assign(values)
    model = regressor.model
    # For one step tracing would cost more than it saves.
    model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
    x, y = rng.normal(size=(16, FEATURES)), rng.normal(size=(16, OUTPUTS))
    x, y = x.astype("float32"), y.astype("float32")
    model.fit(as_numpy(x), as_numpy(y), epochs=1, batch_size=16, verbose=0)
    new = rng.normal(size=(6, FEATURES)).astype("float32")
    ask = Text("the regressor after `fit`", "`fit` 之后的回归模型")
    want = expect.array(model(new), ask=ask, shape=(6, OUTPUTS), dtype="float32")
    moved = float(np.max(np.abs(want - predicted(values, new))))
    # One step of SGD moves the last bias alone by 0.01 · 2/3 · |mean error|, far beyond rounding.
    expect.true(
        moved > 1e-4,
        ask=ask,
        expected=Text("outputs that `fit` has changed", "被 `fit` 改变了的输出"),
        got=Text("the same as before", "与之前相同"),
    )
    loaded = expect.remote(student.fresh().load(student.save(model)), ask=ask)
    expect.close(
        loaded(new),
        want,
        ask=Text(
            "the outputs of a regressor loaded in a fresh process", "回归模型在新进程里加载后的输出"
        ),
        # The same numbers on the same way: a few roundings at most.
        atol=1e-5,
    )
    expect.equal(
        loaded.get_config(),
        model.get_config(),
        ask=Text("the regressor's config after the reload", "重新加载后回归模型的配置"),
    )

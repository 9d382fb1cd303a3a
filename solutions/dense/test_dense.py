"""Hidden checks of `dense`: outputs, how and when weights are made, gradients, dtypes, configs.

Numbers are multiples of 1/8 of size at most 1: then every product and sum below is exact, in
float32 and even in float16, and no tolerance has to be argued about.
"""

import numpy as np

from grader.checks import Text, Why, check, fetch, reloaded


def eighths(rng, *shape):
    """Random multiples of 1/8 from -1 to 1, float32."""
    return (rng.integers(-8, 9, size=shape) / 8).astype("float32")


def relu(x):
    return np.maximum(x, 0)


def weights_of(session, layer, expect, *, inputs, units):
    """The kernel and the bias of a built layer, told apart by their shapes."""
    weights = fetch(layer.weights)
    shapes = sorted(array.shape for array in session.arrays(layer.weights))
    expect.equal(
        shapes,
        sorted([(inputs, units), (units,)]),
        ask=Text(
            f"the shapes in `layer.weights` of a `MyDense({units})` that has seen {inputs} inputs",
            f"`MyDense({units})` 见过 {inputs} 个输入之后 `layer.weights` 里各个形状",
        ),
        why=[
            Why(
                [],
                Text(
                    "Keras knows of no weight: make them with `self.add_weight` in `build`",
                    "Keras 看不到任何权重：请在 `build` 里用 `self.add_weight` 创建",
                ),
            )
        ],
    )
    first, second = weights
    return (first, second) if len(fetch(first.shape)) == 2 else (second, first)


def prepared(session, layer, expect, kernel, bias):
    """Lets `layer` see an input, then gives it these weights; returns (kernel, bias) proxies."""
    layer(np.zeros((1, kernel.shape[0]), "float32"))
    own_kernel, own_bias = weights_of(
        session, layer, expect, inputs=kernel.shape[0], units=kernel.shape[1]
    )
    own_kernel.assign(kernel)
    own_bias.assign(bias)
    return own_kernel, own_bias


@check(
    title=Text("Outputs, with and without activation", "有激活和没有激活时的输出"),
    points=1.5,
    topic="values",
    hint=Text(
        "The output is `activation(inputs @ kernel + bias)`: bias first, then the activation, and"
        " `keras.activations.get` turns whatever was given into a function.",
        "输出是 `activation(inputs @ kernel + bias)`：先加偏置，再做激活；"
        "`keras.activations.get` 能把传入的任何东西变成函数。",
    ),
)
def test_values(student, rng, expect):
    x, kernel, bias = eighths(rng, 6, 5), eighths(rng, 5, 3), eighths(rng, 3)
    bias[0] = 0.625  # never zero everywhere
    z = x @ kernel + bias
    tanh = np.tanh(z.astype("float64")).astype("float32")
    for shown, activation, want, late in [
        ("MyDense(3)", None, z, x @ kernel + bias),
        ('MyDense(3, activation="relu")', "relu", relu(z), relu(x @ kernel) + bias),
        (
            "MyDense(3, keras.activations.tanh)",
            student.keras.activations.tanh,
            tanh,
            np.tanh(x @ kernel) + bias,
        ),
        (
            "MyDense(3, activation=keras.layers.LeakyReLU(negative_slope=0.25))",
            student.keras.layers.LeakyReLU(negative_slope=0.25),
            np.where(z > 0, z, z / 4),
            np.where(x @ kernel > 0, x @ kernel, x @ kernel / 4) + bias,
        ),
    ]:
        ask = Text(
            f"`{shown}` on a (6, 5) input, with kernel and bias set",
            f"`{shown}` 作用于 (6, 5) 的输入（核与偏置已设定）",
        )
        layer = expect.remote(student.MyDense(3, activation=activation), ask=ask)
        prepared(student, layer, expect, kernel, bias)
        expect.close(
            layer(x),
            want,
            ask=ask,
            why=[
                Why(z, Text("the activation isn't applied", "没有做激活")),
                Why(
                    late,
                    Text(
                        "the activation comes before the bias: add the bias first",
                        "激活做在了加偏置之前：应先加偏置",
                    ),
                ),
                Why(x @ kernel, Text("the bias isn't added", "没有加偏置")),
            ],
        )


@check(
    title=Text("Inputs of rank 3 and 4, eager and traced", "秩为 3 和 4 的输入，即时执行与追踪"),
    points=1,
    topic="values",
    hint=Text(
        "The layer works on the last axis, whatever comes before it: `input_shape[-1]`, and a"
        " product such as `keras.ops.matmul` or `tf.tensordot(inputs, kernel, axes=1)`.",
        "这个层只作用于最后一个轴，不管前面有几个轴：用 `input_shape[-1]`，"
        "乘法用 `keras.ops.matmul` 或 `tf.tensordot(inputs, kernel, axes=1)` 之类。",
    ),
)
def test_ranks(student, rng, expect):
    kernel, bias = eighths(rng, 5, 3), eighths(rng, 3)
    for shape in [(2, 4, 5), (2, 1, 4, 5)]:
        layer = student.MyDense(3)
        x = eighths(rng, *shape)
        ask = Text(
            f"a new `MyDense(3)` called on an input of shape {shape}",
            f"新的 `MyDense(3)` 作用于形状为 {shape} 的输入",
        )
        expect.array(layer(x), ask=ask, shape=(*shape[:-1], 3))
        own_kernel, own_bias = weights_of(student, layer, expect, inputs=5, units=3)
        own_kernel.assign(kernel)
        own_bias.assign(bias)
        want = x @ kernel + bias
        expect.close(layer(x), want, ask=ask)
        traced = Text(f"the same inside `tf.function`, {shape}", f"在 `tf.function` 里，{shape}")
        expect.close(student.in_graph(layer)(x), want, ask=traced)


@check(
    title=Text(
        "Weights `kernel` and `bias`, made in `build`", "权重 `kernel` 和 `bias` 在 `build` 里创建"
    ),
    points=1,
    topic="interface",
    hint=Text(
        'In `build`, call `self.add_weight(name="kernel", shape=…)` and once more for `"bias"`.'
        " `__init__` can't know the input's size.",
        '在 `build` 里调用 `self.add_weight(name="kernel", shape=…)`，`"bias"` 再来一次。'
        "`__init__` 不可能知道输入有多大。",
    ),
)
def test_build(student, expect):
    expect.unconfirmed()  # which weights there are
    layer = expect.remote(student.MyDense(3), ask=Text("`MyDense(3)`", "`MyDense(3)`"))
    expect.equal(
        len(fetch(layer.weights)),
        0,
        ask=Text(
            "the number of weights before the layer knows its input",
            "这个层知道输入之前的权重个数",
        ),
    )
    layer.build((None, 5))
    wanted = [["bias", [3]], ["kernel", [5, 3]]]
    for when, when_zh in [("`layer.build((None, 5))`", "`layer.build((None, 5))`"),
                          ("two calls more", "再调用两次")]:  # fmt: skip
        found = [[fetch(weight.name), list(fetch(weight.shape))] for weight in fetch(layer.weights)]
        ask = Text(
            f"names and shapes of the weights after {when}", f"{when_zh}之后各权重的名字和形状"
        )
        expect.equal(sorted(found), wanted, ask=ask)
        for _ in range(2):
            layer(np.zeros((2, 5), "float32"))


@check(
    title=Text("How the weights start", "权重的初始值"),
    points=1,
    topic="values",
    hint=Text(
        "Glorot-normal is a normal (or truncated normal) distribution:"
        ' `initializer="glorot_normal"` says it all. The bias starts at 0.',
        'glorot-normal 是正态（或截断正态）分布，写 `initializer="glorot_normal"` 就够了。'
        "偏置从 0 开始。",
    ),
)
def test_initial_weights(student, expect):
    expect.unconfirmed()  # numbers of the layer's own choice
    inputs, units = 150, 50  # unequal, so that fan-in, fan-out and their mean all differ
    layer = student.MyDense(units)
    layer(np.zeros((1, inputs), "float32"))
    kernel, bias = weights_of(student, layer, expect, inputs=inputs, units=units)
    (values,) = student.arrays([kernel])
    ask = Text(
        f"the initial kernel of shape ({inputs}, {units})", f"形状为 ({inputs}, {units}) 的初始核"
    )
    values = values.astype("float64")
    sigma = np.sqrt(2 / (inputs + units))
    # n = 7500 draws. The mean has standard error sigma/sqrt(n), the standard deviation (of a
    # normal distribution; less for a truncated one) sigma/sqrt(2n). Six standard errors are passed
    # once in 5e8 times. The neighbours lie far outside: √(1/inputs) and √(2/inputs) are off by 18 %
    # and 15 %, six standard errors are 4.9 %.
    n = values.size
    mean, deviation = float(values.mean()), float(values.std())
    expect.true(
        abs(mean) <= 6 * sigma / np.sqrt(n),
        ask=ask,
        expected=Text("mean 0", "均值为 0"),
        got=Text(f"mean {mean:.4f}", f"均值 {mean:.4f}"),
    )
    expect.true(
        abs(deviation - sigma) <= 6 * sigma / np.sqrt(2 * n),
        ask=ask,
        expected=Text(
            f"standard deviation √(2 / (inputs + units)) = {sigma:.4f}",
            f"标准差 √(2 / (inputs + units)) = {sigma:.4f}",
        ),
        got=Text(f"{deviation:.4f}", f"{deviation:.4f}"),
    )
    # A uniform distribution of this deviation ends at √3·sigma = 1.732 sigma. Beyond 1.74 sigma lie
    # 8.2 % of a normal and 8.4 % of Keras's truncated normal distribution: some 620 ± 24 draws, so
    # fewer than 375 (5 %) are more than nine standard errors away from either.
    tails = int(np.sum(np.abs(values) > 1.74 * sigma))
    expect.true(
        tails >= n // 20,
        ask=ask,
        expected=Text(
            "the tails of a normal distribution (about 8 % of the entries beyond 1.74 deviations)",
            "正态分布的尾部（约 8% 的元素超出 1.74 倍标准差）",
        ),
        got=Text(f"{100 * tails / n:.1f} %", f"{100 * tails / n:.1f} %"),
        why=Text(
            "that is a uniform distribution; Keras's default is `glorot_uniform`",
            "这是均匀分布；Keras 的默认值是 `glorot_uniform`",
        )
        if tails == 0
        else None,
    )
    expect.close(
        student.arrays([bias])[0],
        np.zeros(units, "float32"),
        ask=Text("the initial bias", "初始的偏置"),
    )


@check(
    title=Text("Output shapes and symbolic inputs", "输出形状与符号输入"),
    points=1,
    topic="interface",
    hint=Text(
        "`compute_output_shape` gets a tuple and returns it with `units` in the last place; it must"
        " not need any weight.",
        "`compute_output_shape` 收到元组，把最后一项换成 `units` 后返回；它不应依赖任何权重。",
    ),
)
def test_output_shape(student, rng, expect):
    layer = student.MyDense(3)
    for shape in [(None, 5), (8, 5), (None, 4, 5), (2, None, 4, 5)]:
        expect.equal(
            layer.compute_output_shape(shape),
            (*shape[:-1], 3),
            ask=Text(
                f"`MyDense(3).compute_output_shape({shape})`",
                f"`MyDense(3).compute_output_shape({shape})`",
            ),
        )
    inputs = student.keras.Input((5,))
    outputs = layer(inputs)
    ask = Text("`MyDense(3)(keras.Input((5,)))`", "`MyDense(3)(keras.Input((5,)))`")
    expect.remote(outputs, ask=ask)
    expect.equal(fetch(outputs.shape), (None, 3), ask=ask)
    model = student.keras.Model(inputs, student.keras.layers.Reshape((3, 1))(outputs))
    kernel, bias = weights_of(student, layer, expect, inputs=5, units=3)
    values, offsets = eighths(rng, 5, 3), eighths(rng, 3)
    kernel.assign(values)
    bias.assign(offsets)
    x = eighths(rng, 4, 5)
    expect.close(
        model(x),
        (x @ values + offsets)[..., None],
        ask=Text("a functional model with the layer inside", "内含这个层的函数式模型"),
    )


@check(
    title=Text("What is trainable", "哪些是可训练的"),
    points=0.5,
    topic="training",
    hint=Text(
        "Both weights are trainable until somebody freezes the layer (`layer.trainable = False`);"
        " Keras does the counting, for the weights it knows of.",
        "在有人冻结这个层（`layer.trainable = False`）之前，两个权重都是可训练的；"
        "计数由 Keras 来做，前提是它知道这些权重。",
    ),
)
def test_trainable(student, expect):
    expect.unconfirmed()  # which weights there are
    layer = student.MyDense(7)
    model = student.keras.Sequential([student.keras.Input((5,)), layer])
    for frozen, frozen_zh, trainable in [("", "", 2), (", frozen", "（已冻结）", 0)]:
        for part, want in [
            ("trainable_weights", trainable),
            ("non_trainable_weights", 2 - trainable),
        ]:
            expect.equal(
                len(student.arrays(getattr(model, part))),
                want,
                ask=Text(
                    f"the length of `model.{part}` with one `MyDense(7)`{frozen}",
                    f"只含一个 `MyDense(7)`{frozen_zh}时 `model.{part}` 的长度",
                ),
            )
        expect.equal(
            model.count_params(),
            42,
            ask=Text(
                f"`model.count_params()` with 5 inputs and one `MyDense(7)`{frozen}",
                f"5 个输入、一个 `MyDense(7)`{frozen_zh}时的 `model.count_params()`",
            ),
        )
        student.set(layer.trainable, False)


@check(
    title=Text("Gradients", "梯度"),
    points=1,
    topic="gradient",
    hint=Text(
        "Automatic differentiation does it all as long as the output is computed by TensorFlow or"
        " `keras.ops` operations from the layer's own weights.",
        "只要输出是用 TensorFlow 或 `keras.ops` 的运算从层自己的权重算出来的，"
        "自动微分就会做好一切。",
    ),
)
def test_gradient(student, rng, expect):
    x, upstream = eighths(rng, 8, 5), eighths(rng, 8, 3)
    values, offsets = eighths(rng, 5, 3), eighths(rng, 3) + np.float32(1 / 128)
    layer = student.MyDense(3, activation="relu")
    kernel, bias = prepared(student, layer, expect, values, offsets)
    got = student.gradient(layer, x, wrt=(0, kernel, bias), upstream=upstream)
    # x @ kernel is a multiple of 1/64, so with the bias it is never 0: ReLU has one slope there.
    passed = np.where(x @ values + offsets > 0, upstream, np.float32(0))
    wanted = (passed @ values.T, x.T @ passed, passed.sum(axis=0))
    for name, name_zh, grad, want in zip(
        ("the input", "the kernel", "the bias"),
        ("输入", "核", "偏置"),
        got.grads,
        wanted,
        strict=True,
    ):
        expect.close(
            grad,
            want,
            ask=Text(
                f"the gradient with respect to {name}, for an (8, 5) input",
                f"输入形状为 (8, 5) 时对{name_zh}的梯度",
            ),
        )


@check(
    title=Text("Mixed precision", "混合精度"),
    points=1,
    topic="values",
    hint=Text(
        "Use the inputs as they come and the weights from `add_weight`: Keras casts both to the"
        " compute dtype. No `tf.cast` to a fixed dtype.",
        "输入原样使用，权重用 `add_weight` 创建：Keras 会把两者都转换到计算类型。"
        "不要用 `tf.cast` 转成固定类型。",
    ),
)
def test_mixed_precision(student, rng, expect):
    values, offsets = eighths(rng, 5, 3), eighths(rng, 3)
    layer = student.MyDense(3, dtype="mixed_float16")
    kernel, bias = prepared(student, layer, expect, values, offsets)
    for array, name, name_zh in zip(
        student.arrays([kernel, bias]), ("kernel", "bias"), ("核", "偏置"), strict=True
    ):
        expect.equal(
            str(array.dtype),
            "float32",
            ask=Text(
                f'the dtype of the {name} of `MyDense(3, dtype="mixed_float16")`',
                f'`MyDense(3, dtype="mixed_float16")` 的{name_zh}的 dtype',
            ),
        )
    x = eighths(rng, 4, 5)
    ask = Text(
        '`MyDense(3, dtype="mixed_float16")` on a float32 input of shape (4, 5)',
        '`MyDense(3, dtype="mixed_float16")` 作用于形状为 (4, 5) 的 float32 输入',
    )
    expect.close(layer(x), (x @ values + offsets).astype("float16"), ask=ask)
    expect.close(
        student.gradient(layer, x, wrt=(kernel,)).grads[0],
        np.repeat(x.sum(axis=0)[:, None], 3, axis=1),
        ask=Text("the gradient with respect to the kernel there", "此时对核的梯度"),
    )


@check(
    title=Text("The config, there and back", "配置的导出与还原"),
    points=1,
    topic="serialization",
    hint=Text(
        "`keras.activations.serialize` writes an activation down with all its settings, and"
        " `keras.activations.get` reads what it wrote. Add `units`, and keep the base class's"
        " part.",
        "`keras.activations.serialize` 会把激活函数连同全部设置写下来，"
        "`keras.activations.get` 能读回它写的东西。再加上 `units`，并保留基类的部分。",
    ),
)
def test_config(student, rng, expect):
    x, kernel, bias = eighths(rng, 6, 5), eighths(rng, 5, 3), eighths(rng, 3)
    z = x @ kernel + bias
    for shown, activation, want in [
        ("None", None, z),
        ('"relu"', "relu", relu(z)),
        ("keras.activations.relu6", student.keras.activations.relu6, np.clip(z, 0, 6)),
        (
            "keras.layers.LeakyReLU(negative_slope=0.5)",
            student.keras.layers.LeakyReLU(negative_slope=0.5),
            np.where(z > 0, z, z / 2),
        ),
    ]:
        made = f'MyDense(3, activation={shown}, name="mine")'
        layer = student.MyDense(3, activation=activation, name="mine")
        config = layer.get_config()
        ask = Text(f"`{made}.get_config()`", f"`{made}.get_config()`")
        expect.true(
            type(config) is dict and {"units", "activation", "name"} <= config.keys(),
            ask=ask,
            expected=Text(
                "a dict with `units`, `activation` and the base class's entries",
                "含有 `units`、`activation` 和基类各项的字典",
            ),
            got=Text(f"`{sorted(config)}`", f"`{sorted(config)}`")
            if type(config) is dict
            else Text("something else", "别的东西"),
        )
        expect.equal(
            [config["units"], config["name"]],
            [3, "mine"],
            ask=Text(f"`units` and `name` in {ask.en}", f"{ask.zh} 中的 `units` 和 `name`"),
        )
        copy = student.MyDense.from_config(config)
        again = Text(
            f"a layer made by `from_config` from that of `{made}`",
            f"由 `{made}` 的配置用 `from_config` 还原的层",
        )
        expect.remote(copy, ask=again)
        prepared(student, copy, expect, kernel, bias)
        expect.close(
            copy(x),
            want,
            ask=again,
            why=[Why(z, Text("its activation is lost", "激活函数丢了"))],
        )
        expect.equal(
            copy.get_config(),
            config,
            ask=Text(f"the config of {again.en}", f"{again.zh}的配置"),
        )


@check(
    title=Text("A model, saved here and loaded elsewhere", "在这里保存、到别处加载的模型"),
    points=1,
    topic="serialization",
    hint=Text(
        "A fresh process finds the class by its registered name, rebuilds it from `get_config`, and"
        " fills the weights that `build` makes. Each of the three steps is yours.",
        "新进程按注册名找到类，用 `get_config` 的内容重建它，再填好 `build` 创建的权重。"
        "这三步都要由你来保证。",
    ),
)
def test_reload(student, rng, expect):
    keras = student.keras
    layers = [
        student.MyDense(4, activation=keras.layers.LeakyReLU(negative_slope=0.5)),
        student.MyDense(2, "relu", name="last"),
    ]
    model = keras.Sequential([keras.Input((5,)), *layers])
    numbers = [
        (eighths(rng, inputs, units), eighths(rng, units)) for inputs, units in [(5, 4), (4, 2)]
    ]
    for layer, (kernel, bias) in zip(layers, numbers, strict=True):
        own_kernel, own_bias = weights_of(
            student, layer, expect, inputs=kernel.shape[0], units=kernel.shape[1]
        )
        own_kernel.assign(kernel)
        own_bias.assign(bias)
    x = eighths(rng, 6, 5)
    hidden = x @ numbers[0][0] + numbers[0][1]
    hidden = np.where(hidden > 0, hidden, hidden / 2)
    ask = Text("the model before it is saved", "保存之前的模型")
    want = relu(hidden @ numbers[1][0] + numbers[1][1])
    expect.close(model(x), want, ask=ask)
    fresh = student.fresh()
    ask = Text(
        "the outputs of a model with two `MyDense` layers, loaded in a fresh process",
        "含两个 `MyDense` 层的模型在新进程里加载后的输出",
    )
    loaded = expect.remote(fresh.load(student.save(model)), ask=ask)
    after = loaded(x)
    expect.close(
        after,
        want,
        ask=ask,
        picture=lambda: reloaded(
            Text("The model’s outputs for 6 rows", "模型对 6 行输入的输出"), want, after
        ),
    )
    for old, new in zip(layers, fetch(loaded.layers), strict=True):
        expect.equal(
            new.get_config(),
            old.get_config(),
            ask=Text("a layer's config after the reload", "重新加载后层的配置"),
        )

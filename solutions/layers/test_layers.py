"""Hidden checks of `layers`: values, symbolic inputs, and noise judged by its statistics."""

import numpy as np

from grader.checks import Text, Why, check, fetch


def both(text):
    """A text that is the same in both languages."""
    return Text(text, text)


def eighths(rng, *shape):
    """Random multiples of 1/8 from -4 to 4, float32."""
    return (rng.integers(-32, 33, size=shape) / 8).astype("float32")


def layer_of(session, expect, made, ask):
    """`made`, which has to be a Keras layer."""
    layer = expect.remote(made, ask=ask)
    expect.true(
        session.is_a(layer, "keras.layers.Layer"),
        ask=ask,
        expected=Text("a Keras layer", "Keras 的层"),
        got=Text("something else", "别的东西"),
    )
    return layer


@check(
    title=Text("`exponential_layer`: values", "`exponential_layer`：取值"),
    points=1,
    topic="values",
    hint=Text(
        "The function returns a layer object, and that layer computes e^x of each element.",
        "这个函数返回一个层对象，由那个层对每个元素计算 e^x。",
    ),
)
def test_exponential(student, rng, expect):
    """e^x for several shapes, in a Keras layer, eager and traced."""
    ask = both("`exponential_layer()`")
    layer = layer_of(student, expect, student.exponential_layer(), ask)
    for shape in [(3, 4), (5,), (2, 3, 2)]:
        x = rng.uniform(-3, 3, size=shape).astype("float32")
        want = np.exp(x.astype("float64")).astype("float32")
        for call, name, name_zh in [
            (layer, "", ""),
            (student.in_graph(layer), " inside a `tf.function`", "（在 `tf.function` 里）"),
        ]:
            expect.close(
                call(x),
                want,
                ask=Text(
                    f"`exponential_layer()(x)`, x of shape {shape}{name}",
                    f"`exponential_layer()(x)`，x 的形状为 {shape}{name_zh}",
                ),
                why=[
                    Why(np.expm1(x), Text("that is e^x - 1", "这是 e^x - 1")),
                    Why(
                        np.where(x > 0, x, np.expm1(x)),
                        Text("that is ELU, not the exponential function", "这是 ELU，不是指数函数"),
                    ),
                    Why(np.exp2(x), Text("that is 2^x", "这是 2^x")),
                    Why(
                        want / want.sum(axis=-1, keepdims=True),
                        Text(
                            "that is softmax: no dividing by the sum",
                            "这是 softmax：不要除以总和",
                        ),
                    ),
                ],
            )


@check(
    title=Text(
        "`exponential_layer`: a new layer, in a model", "`exponential_layer`：新的层，用在模型里"
    ),
    points=0.5,
    topic="interface",
    hint=Text(
        "Make the layer inside the function: a layer made once at the top of the module is the same"
        " one for everybody.",
        "在函数里面创建层：在模块顶层只创建一次的层，大家用的就是同一个。",
    ),
)
def test_exponential_new(student, rng, expect):
    """Two calls give two layers; a model is made of them with a symbolic input."""
    first, second = (
        layer_of(student, expect, student.exponential_layer(), both("`exponential_layer()`"))
        for _ in range(2)
    )
    student.set(first.trainable, False)
    expect.true(
        fetch(second.trainable),
        ask=Text(
            "`trainable` of a second `exponential_layer()`, after that of the first was set to"
            " False",
            "把第一个 `exponential_layer()` 的 `trainable` 设为 False 之后，第二个的 `trainable`",
        ),
        expected=Text("True", "True"),
        got=Text(
            "False: the function returns the same layer each time",
            "False：函数每次返回的是同一个层",
        ),
    )
    keras = student.keras
    inputs = keras.Input((4,))
    outputs = second(first(inputs))
    ask = both("`exponential_layer()(keras.Input((4,)))`")
    expect.remote(outputs, ask=ask)
    expect.equal(fetch(outputs.shape), (None, 4), ask=ask)
    x = rng.uniform(-2, 1, size=(3, 4)).astype("float32")
    expect.close(
        keras.Model(inputs, outputs)(x),
        np.exp(np.exp(x.astype("float64"))).astype("float32"),
        # e^y for y up to e: an error of 3e-7 in y is one of 3e-7 · e^y, relative 3e-7.
        atol=2e-6,
        ask=Text("a model with two exponential layers", "含两个指数层的模型"),
    )


def pair(rng, shape):
    """Two inputs; the second one is a power of two or its negative: quotients are exact."""
    powers = 2.0 ** rng.integers(-2, 3, size=shape) * rng.choice([-1.0, 1.0], size=shape)
    return eighths(rng, *shape), powers.astype("float32")


def expect_three(expect, got, x1, x2, ask):
    """Sum, product and quotient, in this order."""
    expect.true(
        type(got) in (tuple, list) and len(got) == 3,
        ask=ask,
        expected=Text("a tuple or list of three outputs", "由三个输出组成的元组或列表"),
        got=Text(f"{len(got)} outputs", f"{len(got)} 个输出")
        if type(got) in (tuple, list)
        else Text("a single object", "单个对象"),
    )
    wanted = (x1 + x2, x1 * x2, x1 / x2)
    names = (Text("x1 + x2", "x1 + x2"), Text("x1 · x2", "x1 · x2"), Text("x1 / x2", "x1 / x2"))
    for place, (output, want) in enumerate(zip(got, wanted, strict=True)):
        others = [
            Why(value, Text(f"that is {name.en}", f"这是 {name.zh}"))
            for value, name in zip(wanted, names, strict=True)
        ]
        expect.close(
            output,
            want,
            ask=Text(
                f"{ask.en}, the output {names[place].en}", f"{ask.zh}，其中的输出 {names[place].zh}"
            ),
            why=[
                *others,
                Why(x2 / x1 if np.all(x1) else -want, Text("that is x2 / x1", "这是 x2 / x1")),
                Why(x1 - x2, Text("that is x1 - x2", "这是 x1 - x2")),
                Why(
                    x1 @ x2.T if x1.ndim == 2 else -want,
                    Text("that is a matrix product", "这是矩阵乘法"),
                ),
            ],
        )


@check(
    title=Text("`MyMultiLayer`: three outputs", "`MyMultiLayer`：三个输出"),
    points=1.5,
    topic="values",
    hint=Text(
        "`call` gets ONE argument, a tuple or list of the two tensors, and returns sum, product and"
        " quotient in this order.",
        "`call` 只收到*一个*参数，即由两个张量组成的元组或列表；依次返回和、积、商。",
    ),
)
def test_multi(student, rng, expect):
    """Tuples and lists of two tensors, of rank 2 and 3, eager and traced."""
    layer = student.MyMultiLayer()
    for shape in [(3, 3), (2, 3, 4)]:
        x1, x2 = pair(rng, shape)
        for given, shown in [((x1, x2), "(x1, x2)"), ([x1, x2], "[x1, x2]")]:
            ask = Text(
                f"`MyMultiLayer()({shown})`, inputs of shape {shape}",
                f"`MyMultiLayer()({shown})`，输入的形状为 {shape}",
            )
            expect_three(expect, layer(given), x1, x2, ask)
    x1, x2 = pair(rng, (2, 5))
    ask = Text(
        "`MyMultiLayer()((x1, x2))` inside a `tf.function`",
        "在 `tf.function` 里调用 `MyMultiLayer()((x1, x2))`",
    )
    expect_three(expect, student.in_graph(layer)((x1, x2)), x1, x2, ask)


@check(
    title=Text("`MyMultiLayer`: symbolic inputs", "`MyMultiLayer`：符号输入"),
    points=1,
    topic="interface",
    hint=Text(
        "A symbolic input (`keras.Input`) has a shape but no numbers yet: `call` may only use"
        " operations that TensorFlow or Keras can trace.",
        "符号输入（`keras.Input`）有形状，但还没有数值：`call` 只能使用 TensorFlow 或 Keras"
        " 能追踪的运算。",
    ),
)
def test_multi_symbolic(student, rng, expect):
    """Three symbolic outputs, and a functional model made of them."""
    keras = student.keras
    for wrap, shown in [(tuple, "(a, b)"), (list, "[a, b]")]:
        inputs = [keras.Input((4,)), keras.Input((4,))]
        outputs = student.MyMultiLayer()(wrap(inputs))
        ask = Text(
            f"`MyMultiLayer()({shown})` with a = keras.Input((4,)) and b = keras.Input((4,))",
            f"`MyMultiLayer()({shown})`，其中 a = keras.Input((4,))，b = keras.Input((4,))",
        )
        expect.true(
            type(outputs) in (tuple, list) and len(outputs) == 3,
            ask=ask,
            expected=Text("a tuple or list of three outputs", "由三个输出组成的元组或列表"),
            got=Text("something else", "别的东西"),
        )
        for output in outputs:
            expect.equal(fetch(expect.remote(output, ask=ask).shape), (None, 4), ask=ask)
        x1, x2 = pair(rng, (3, 4))
        model = keras.Model(inputs, list(outputs))
        expect_three(
            expect,
            model([x1, x2]),
            x1,
            x2,
            Text("a functional model with the layer inside", "内含这个层的函数式模型"),
        )


@check(
    title=Text("`CustomConcat`: any axis", "`CustomConcat`：任意轴"),
    points=1.5,
    topic="values",
    hint=Text(
        "Keep `axis` in the object. `call` gets ONE argument, a tuple or list of tensors, two or"
        " more of them, and joins them in the order given.",
        "把 `axis` 存在对象里。`call` 只收到*一个*参数，即两个或更多张量组成的元组或列表，"
        "按给定的顺序连接。",
    ),
)
def test_concat(student, rng, expect):
    """The last axis by default, others on request; two inputs and three, of unequal widths."""
    for args, kwargs, shapes in [
        ((), {}, [(3, 2), (3, 5)]),
        ((), {}, [(2, 3, 1), (2, 3, 4), (2, 3, 2)]),
        ((1,), {}, [(2, 3, 4), (2, 1, 4)]),
        ((), {"axis": 0}, [(1, 3), (4, 3), (2, 3)]),
        ((), {"axis": -2}, [(2, 3, 4), (2, 2, 4)]),
        ((), {}, [(3, 3), (3, 3)]),
    ]:
        axis = args[0] if args else kwargs.get("axis", -1)
        arrays = [eighths(rng, *shape) for shape in shapes]
        given = [repr(arg) for arg in args] + [f"{k}={v}" for k, v in kwargs.items()]
        shown = f"CustomConcat({', '.join(given)})"
        layer = expect.remote(student.CustomConcat(*args, **kwargs), ask=both(f"`{shown}`"))
        for wrap in (tuple, list):
            mistakes = [
                Why(
                    np.concatenate(arrays[::-1], axis=axis),
                    Text("the inputs are in the wrong order", "输入的顺序反了"),
                )
            ]
            for other in {0, -1} - {axis}:
                if len({np.delete(shape, other).tobytes() for shape in shapes}) == 1:
                    name = "first" if other == 0 else "last"
                    name_zh = "第一个" if other == 0 else "最后一个"
                    mistakes.append(
                        Why(
                            np.concatenate(arrays, axis=other),
                            Text(f"they are joined along the {name} axis", f"连接的是{name_zh}轴"),
                        )
                    )
            expect.close(
                layer(wrap(arrays)),
                np.concatenate(arrays, axis=axis),
                ask=Text(
                    f"`{shown}` on a {wrap.__name__} of inputs of shapes {shapes}",
                    f"`{shown}` 作用于{'元组' if wrap is tuple else '列表'}，"
                    f"各输入的形状为 {shapes}",
                ),
                why=mistakes,
            )


@check(
    title=Text("`CustomConcat` in a model", "`CustomConcat` 用在模型里"),
    points=0.5,
    topic="interface",
    hint=Text(
        "It has to join symbolic inputs (`keras.Input`), too; gradients flow through it into both.",
        "它也要能连接符号输入（`keras.Input`），梯度要能流向每个输入。",
    ),
)
def test_concat_model(student, rng, expect):
    """A path around a hidden layer, as in a wide & deep model; gradients reach both parts."""
    keras = student.keras
    inputs = keras.Input((3,))
    hidden = keras.layers.Dense(2, use_bias=False)
    joined = student.CustomConcat()((inputs, hidden(inputs)))
    ask = Text(
        "`CustomConcat()((a, h))`, a of shape (None, 3) and h of shape (None, 2), both symbolic",
        "`CustomConcat()((a, h))`，a 的形状为 (None, 3)，h 为 (None, 2)，都是符号输入",
    )
    expect.equal(fetch(expect.remote(joined, ask=ask).shape), (None, 5), ask=ask)
    model = keras.Model(inputs, joined)
    x, kernel, upstream = eighths(rng, 4, 3), eighths(rng, 3, 2), eighths(rng, 4, 5)
    hidden.set_weights([kernel])
    (weight,) = fetch(hidden.weights)
    got = student.gradient(model, x, wrt=(0, weight), upstream=upstream)
    expect.close(
        got.value,
        np.concatenate([x, x @ kernel], axis=1),
        ask=Text("a functional model with the layer inside", "内含这个层的函数式模型"),
    )
    for name, name_zh, grad, want in [
        ("input", "输入", got.grads[0], upstream[:, :3] + upstream[:, 3:] @ kernel.T),
        ("hidden kernel", "隐藏层的核", got.grads[1], x.T @ upstream[:, 3:]),
    ]:
        expect.close(
            grad,
            want,
            ask=Text(f"its gradient with respect to the {name}", f"这个模型对{name_zh}的梯度"),
        )


@check(
    title=Text("`MyGaussianNoise` outside of training", "不训练时的 `MyGaussianNoise`"),
    points=1,
    topic="values",
    hint=Text(
        "`training` may be False, None or missing: in all three cases the input comes back as it"
        " was.",
        "`training` 可能是 False、None，也可能根本没给：这三种情况下都要原样返回输入。",
    ),
)
def test_noise_off(student, rng, expect):
    """Exactly the input, eager, traced and in `predict`."""
    layer = expect.remote(student.MyGaussianNoise(0.5), ask=both("`MyGaussianNoise(0.5)`"))
    x = eighths(rng, 6, 4)
    for shown, more in [
        ("layer(x)", {}),
        ("layer(x, training=False)", {"training": False}),
        ("layer(x, training=None)", {"training": None}),
    ]:
        for call, where, where_zh in [
            (layer, "", ""),
            (student.in_graph(layer), " inside a `tf.function`", "（在 `tf.function` 里）"),
        ]:
            expect.close(
                call(x, **more),
                x,
                atol=0.0,
                ask=Text(
                    f"`layer = MyGaussianNoise(0.5)`, `{shown}`{where}",
                    f"`layer = MyGaussianNoise(0.5)`，`{shown}`{where_zh}",
                ),
            )
    keras = student.keras
    model = keras.Sequential([keras.Input((4,)), student.MyGaussianNoise(0.5)])
    expect.close(
        model.predict(keras_data(student, 6, x), verbose=0),
        x,
        atol=0.0,
        ask=Text(
            "`predict` of a model with only `MyGaussianNoise(0.5)` inside",
            "只含 `MyGaussianNoise(0.5)` 的模型的 `predict`",
        ),
    )


def keras_data(session, size, *arrays):
    """A dataset of batches: Keras takes much longer to make one of arrays."""
    data = arrays if len(arrays) > 1 else arrays[0]
    return session.tf.data.Dataset.from_tensor_slices(data).batch(size)


def noise_of(session, expect, layer, x, ask):
    """What a layer in training adds to `x`."""
    return expect.array(layer(x, training=True), ask=ask, want=x).astype("float64") - x


@check(
    title=Text("`MyGaussianNoise`: the noise's statistics", "`MyGaussianNoise`：噪声的统计量"),
    points=1,
    topic="values",
    hint=Text(
        "Each element gets normal noise of its own, of mean 0 and standard deviation `stddev`,"
        " however large the element is.",
        "每个元素都要加上自己的一份正态噪声，均值为 0，标准差为 `stddev`，与元素本身的大小无关。",
    ),
)
def test_noise_statistics(student, rng, expect):
    """Mean 0, the deviation asked for, a normal distribution's tails, one draw per element."""
    for stddev in (0.25, 0.75):
        x = np.full((100, 80), 4.0, "float32")
        x[:50] = eighths(rng, 50, 80)
        ask = Text(
            f"what `MyGaussianNoise({stddev})` adds to an input of shape (100, 80) with"
            " `training=True`",
            f"`training=True` 时 `MyGaussianNoise({stddev})` 给形状为 (100, 80) 的输入加上的值",
        )
        noise = noise_of(student, expect, student.MyGaussianNoise(stddev), x, ask)
        n = noise.size
        mean, deviation = float(noise.mean()), float(noise.std())
        # n = 8000 draws. Six standard errors, stddev/sqrt(2n) each for the deviation (4.7 % of it)
        # and stddev/sqrt(n) for the mean, are passed once in 1e8 times.
        margin = 6 / np.sqrt(2 * n)
        mistakes = [
            (0.0, Text("there is no noise", "没有噪声")),
            (stddev**2, Text("that is its square: a variance", "这是它的平方：成了方差")),
            (np.sqrt(stddev), Text("that is its root", "这是它的平方根")),
            (1.0, Text("`stddev` isn't used", "没有用上 `stddev`")),
            (
                stddev / np.sqrt(3),
                Text("that is uniform noise between ±stddev", "这是 ±stddev 之间的均匀噪声"),
            ),
            (
                0.87963 * stddev,
                Text("that is a truncated normal distribution", "这是截断的正态分布"),
            ),
        ]
        reason = next((t for v, t in mistakes if abs(deviation - v) <= margin * v), None)
        expect.true(
            abs(deviation - stddev) <= margin * stddev,
            ask=ask,
            expected=Text(f"standard deviation {stddev}", f"标准差 {stddev}"),
            got=Text(f"{deviation:.4f}", f"{deviation:.4f}"),
            why=reason,
        )
        expect.true(
            abs(mean) <= 6 * stddev / np.sqrt(n),
            ask=ask,
            expected=Text("mean 0", "均值为 0"),
            got=Text(f"mean {mean:.4f}", f"均值 {mean:.4f}"),
        )
        # Independent draws near float32's grid around 4 (4.8e-7 apart) hardly ever coincide;
        # noise shared along an axis has 80 or 100 different values, plus rounding (of 1/8 ± noise).
        values = len(np.unique(noise[50:]))
        expect.true(
            values > 3000,
            ask=ask,
            expected=Text("another draw for each element", "每个元素各抽一次"),
            got=Text(
                f"only {values} different values for 4000 equal elements",
                f"4000 个相等的元素只有 {values} 个不同的值",
            ),
        )
        # Of a normal distribution 8.2 % lie beyond 1.74 deviations, of a uniform one none: 5 % is
        # ten standard errors (0.3 %) away.
        tails = float(np.mean(np.abs(noise) > 1.74 * stddev))
        expect.true(
            tails >= 0.05,
            ask=ask,
            expected=Text(
                "the tails of a normal distribution (about 8 % beyond 1.74 deviations)",
                "正态分布的尾部（约 8% 超出 1.74 倍标准差）",
            ),
            got=Text(f"{100 * tails:.1f} %", f"{100 * tails:.1f}%"),
            why=Text("that is a uniform distribution", "这是均匀分布") if tails == 0 else None,
        )


@check(
    title=Text(
        "`MyGaussianNoise`: new noise on every call", "`MyGaussianNoise`：每次调用都是新的噪声"
    ),
    points=1,
    topic="graph",
    hint=Text(
        "While a `tf.function` is traced, NumPy and Python run once; after that only TensorFlow's"
        " operations run again. And a generator with a fixed seed says the same every time.",
        "`tf.function` 被追踪时，NumPy 和 Python 代码只运行一次，"
        "之后反复运行的只有 TensorFlow 的运算。"
        "另外，种子固定的生成器每次给出的都是同样的数。",
    ),
)
def test_noise_new(student, rng, expect):
    """Two calls never add the same noise: eager, and of one traced function."""
    x = eighths(rng, 5, 6)
    layer = expect.remote(student.MyGaussianNoise(0.5), ask=both("`MyGaussianNoise(0.5)`"))
    for call, where, where_zh in [
        (layer, "eager calls", "即时执行的调用"),
        (
            # One function for all calls: `in_graph` would make a new one for each.
            student.tf.function(layer),
            "calls of one traced `tf.function`",
            "对同一个已追踪的 `tf.function` 的调用",
        ),
    ]:
        ask = Text(
            f"three {where} of `MyGaussianNoise(0.5)` with `training=True`",
            f"`training=True` 时 `MyGaussianNoise(0.5)` 的三次{where_zh}",
        )
        first, second, third = (noise_of(student, expect, call, x, ask) for _ in range(3))
        equal = [
            np.array_equal(a, b) for a, b in ((first, second), (second, third), (first, third))
        ]
        expect.true(
            not any(equal),
            ask=ask,
            expected=Text("new noise each time", "每次都有新的噪声"),
            got=Text("the same noise again", "同样的噪声又出现了"),
        )


@check(
    title=Text(
        "`MyGaussianNoise` in `fit` and `evaluate`", "`fit` 与 `evaluate` 中的 `MyGaussianNoise`"
    ),
    points=1,
    topic="training",
    hint=Text(
        "Keras sets `training` for you if `call` has such an argument. In `fit` the batch's size is"
        " unknown while tracing: `inputs.shape` holds None, `tf.shape(inputs)` doesn't.",
        "只要 `call` 有 `training` 这个参数，Keras 就会替你设置它。`fit` 在追踪时不知道批次有多大："
        "`inputs.shape` 里有 None，`tf.shape(inputs)` 里没有。",
    ),
)
def test_noise_in_fit(student, rng, expect):
    """The loss of the identity is the noise's variance in `fit`, 0 in `evaluate`."""
    keras = student.keras
    model = keras.Sequential([keras.Input((1200,)), student.MyGaussianNoise(0.5)])
    model.compile(optimizer="sgd", loss="mse", metrics=["mae"], jit_compile=False)
    # A dataset's batches are of unknown size while Keras traces: the last one may be smaller.
    x = eighths(rng, 2, 1200)
    history = model.fit(keras_data(student, 2, x, x), epochs=1, verbose=0)
    history = fetch(history.history)
    ask = Text(
        "the loss (mse) in `fit`, of a model with only `MyGaussianNoise(0.5)` inside and targets"
        " equal to the inputs",
        "只含 `MyGaussianNoise(0.5)`、目标等于输入的模型在 `fit` 中的损失（mse）",
    )
    (loss,) = expect.array(history["loss"], ask=ask, shape=(1,)).tolist()
    # A mean of 2400 squares, or of 1200 where both rows share their noise (which is another
    # check's business): the standard error is at most 0.25·√(2/1200) = 0.0102; six are 0.061.
    expect.true(
        abs(loss - 0.25) <= 0.061,
        ask=ask,
        expected=Text("about stddev² = 0.25", "约为 stddev² = 0.25"),
        got=Text(f"{loss:.4f}", f"{loss:.4f}"),
        why=Text("there is no noise in training", "训练时没有噪声") if loss == 0 else None,
    )
    # Mean size over root mean square is 0.80 for normal noise (0.87 for uniform noise), 0.01 more
    # or less, but 1 for a single number, whose square may be close to 0.25 by chance.
    ask = Text("the mean size of the noise in the same `fit`", "同一次 `fit` 中噪声的平均大小")
    (size,) = expect.array(history["mae"], ask=ask, shape=(1,)).tolist()
    expect.true(
        size <= 0.95 * np.sqrt(loss),
        ask=ask,
        expected=Text("about 0.8 · stddev", "约为 0.8 · stddev"),
        got=Text(
            f"{size:.4f}, as if all elements got the same number",
            f"{size:.4f}，好像所有元素加的都是同一个数",
        ),
    )
    x = eighths(rng, 3, 1200)
    data = keras_data(student, 2, x, x)
    history = model.fit(data, epochs=1, verbose=0)
    ask = Text("`fit` with batches of 2 rows and of 1", "每批 2 行、最后一批 1 行的 `fit`")
    (loss,) = expect.array(fetch(history.history)["loss"], ask=ask, shape=(1,)).tolist()
    expect.true(
        loss > 0,
        ask=ask,
        expected=Text("noise", "有噪声"),
        got=Text(f"a loss of {loss:.4f}", f"损失为 {loss:.4f}"),
    )
    expect.close(
        model.evaluate(data, verbose=0),
        [0.0, 0.0],
        ask=Text(
            "loss and mean size of the same model's noise in `evaluate`",
            "同一个模型在 `evaluate` 中的损失和噪声的平均大小",
        ),
    )

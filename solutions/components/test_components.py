"""Hidden checks of `components`: formulas, statistics of the initializers, life inside `Dense`.

Weights are multiples of 1/8 of size at most 1, so that sums of them (and of their squares) are
exact in float32 in any order.
"""

import numpy as np

from grader.checks import Text, Why, as_variable, check, fetch

HUGE = (-10000.0, -800.0, -100.0, 0.0, 100.0, 800.0, 10000.0)
# One rounding to float32, relative: what `tf.cast(0.01, w.dtype)` costs beside float64.
ONE_ROUNDING = 2.0**-24


def both(text):
    """A text that is the same in both languages."""
    return Text(text, text)


def eighths(rng, *shape, dtype="float32"):
    """Random multiples of 1/8 from -1 to 1, none of them 0, both signs wherever there is room."""
    sizes = rng.integers(1, 9, size=shape) / 8
    signs = rng.permutation(np.resize([-1.0, 1.0], shape).ravel()).reshape(shape)
    return np.asarray(sizes * signs, dtype)


def sigmoid(z):
    """1 / (1 + exp(-z)), without a warning for huge z."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def swish(z):
    """The activation in NumPy."""
    return z * sigmoid(z)


@check(
    title=Text("`my_swish`: values", "`my_swish`：函数值"),
    points=1,
    topic="values",
    hint=Text(
        "Swish is z · sigmoid(z). TensorFlow has a sigmoid that doesn't overflow.",
        "swish 就是 z · sigmoid(z)。TensorFlow 里有不会溢出的 sigmoid。",
    ),
)
def test_swish(student, reference, rng, expect):
    """Scalars, vectors, matrices, huge numbers, both dtypes; traced, too."""
    for dtype in ("float32", "float64"):
        cases = [np.asarray(rng.uniform(-8, 8, size=shape), dtype) for shape in ((), (7,), (3, 4))]
        for z in (*cases, np.array(HUGE, dtype)):
            with np.errstate(over="ignore"):
                mistakes = [
                    Why(np.maximum(z, 0), Text("that is relu", "这是 relu")),
                    Why(
                        sigmoid(z),
                        Text(
                            "that is the sigmoid alone: multiply it by z",
                            "这只是 sigmoid：还要乘以 z",
                        ),
                    ),
                    Why(z * np.tanh(z), Text("that is z · tanh(z)", "这是 z · tanh(z)")),
                    Why(
                        z * np.tanh(np.logaddexp(0, z)),
                        Text("that is mish, a relative of swish", "这是 mish，swish 的近亲"),
                    ),
                    Why(
                        z * sigmoid(1.702 * z),
                        Text("that is an approximation of GELU", "这是 GELU 的近似"),
                    ),
                ]
            shown = list(HUGE) if z.shape == (len(HUGE),) and z[0] == HUGE[0] else "z"
            more = "" if shown != "z" else f", z of shape {z.shape}"
            more_zh = "" if shown != "z" else f"，z 的形状为 {z.shape}"
            expect.close(
                student.my_swish(z),
                reference.my_swish(z),
                ask=Text(
                    f"`my_swish({shown})`{more}, {dtype}",
                    f"`my_swish({shown})`{more_zh}，{dtype}",
                ),
                why=mistakes,
            )
    z = rng.uniform(-8, 8, size=(2, 5)).astype("float32")
    expect.close(
        student.in_graph(student.my_swish)(z),
        reference.my_swish(z),
        ask=Text("`my_swish(z)` inside a `tf.function`", "在 `tf.function` 里调用 `my_swish(z)`"),
    )


@check(
    title=Text("`my_swish`: gradient", "`my_swish`：梯度"),
    points=0.5,
    topic="gradient",
    hint=Text(
        "Automatic differentiation does it, if no intermediate result is infinite: inf / inf is"
        " NaN, even where the value itself looks right.",
        "自动微分就能办到，前提是没有哪个中间结果是无穷大："
        "inf / inf 是 NaN，哪怕函数值本身看起来是对的。",
    ),
)
def test_swish_gradient(student, reference, rng, expect):
    """s + z·s·(1 - s) with s = sigmoid(z), at ordinary and at huge numbers."""
    for dtype in ("float32", "float64"):
        z = np.concatenate([rng.uniform(-4, 4, size=5), HUGE]).astype(dtype)
        upstream = rng.uniform(2, 5, size=z.shape).astype(dtype)
        s = sigmoid(z)
        expect.close(
            student.gradient(student.my_swish, z, upstream=upstream).grads[0],
            reference.gradient(reference.my_swish, z, upstream=upstream).grads[0],
            # An error of two units in the last place of s (1.2e-7) counts |z| <= 4 times in
            # z·s·(1 - s), and the upstream gradient is below 5: 2.4e-6, here and in the reference.
            atol=5e-6 if dtype == "float32" else 1e-12,
            ask=Text(
                f"the gradient of a weighted sum of `my_swish(z)` at five numbers between -4 and 4"
                f" and at {list(HUGE)}, {dtype}",
                f"`my_swish(z)` 加权和的梯度，z 是 -4 到 4 之间的五个数以及 {list(HUGE)}，{dtype}",
            ),
            why=[
                Why(upstream * s, Text("that is the gradient of softplus", "这是 softplus 的梯度")),
                Why(
                    s + z * s * (1 - s),
                    Text("the upstream gradient is ignored", "忽略了上游梯度"),
                ),
            ],
        )
    z = rng.uniform(-4, 4, size=4)
    expect.slopes(
        student,
        student.my_swish,
        [z],
        0,
        student.gradient(student.my_swish, z).grads[0],
        ask=Text("the gradient of `my_swish(z)`, float64", "`my_swish(z)` 的梯度，float64"),
        upstream=np.ones(4),
    )


def expect_normal(expect, got, shape, sigma, formula, mistakes, name):
    """Draws of the right shape whose mean, deviation and tails are those of a normal distribution.

    Each of the three judgements is wrong about a right initializer less than once in 1e8 times.
    """
    ask = Text(f"`{name}({shape})`", f"`{name}({shape})`")
    values = expect.array(got, ask=ask, shape=shape).astype("float64")
    n = values.size
    mean, deviation = float(values.mean()), float(values.std())
    # The mean has the standard error sigma/sqrt(n), the deviation sigma/sqrt(2n) (less for a
    # truncated normal distribution); six of them. n is 4608 at least: 6.3 % of sigma.
    margin = 6 / np.sqrt(2 * n)
    reasons = {
        text
        for wrong, text in mistakes
        if abs(deviation - wrong) <= margin * wrong and abs(wrong - sigma) > 2 * margin * sigma
    }
    expect.true(
        abs(deviation - sigma) <= margin * sigma,
        ask=ask,
        expected=Text(
            f"standard deviation {formula} = {sigma:.4f}", f"标准差 {formula} = {sigma:.4f}"
        ),
        got=Text(f"{deviation:.4f}", f"{deviation:.4f}"),
        why=reasons.pop() if len(reasons) == 1 else None,
    )
    expect.true(
        abs(mean) <= 6 * sigma / np.sqrt(n),
        ask=ask,
        expected=Text("mean 0", "均值为 0"),
        got=Text(f"mean {mean:.4f}", f"均值 {mean:.4f}"),
    )
    # A uniform distribution of this deviation ends at √3·sigma = 1.732 sigma. Beyond 1.74 sigma lie
    # 8.2 % of a normal and 8.4 % of a truncated normal distribution (cut at two deviations, as in
    # Keras): fewer than 5 % are eight standard errors away from either.
    tails = float(np.mean(np.abs(values) > 1.74 * sigma))
    expect.true(
        tails >= 0.05,
        ask=ask,
        expected=Text(
            "the tails of a normal distribution (about 8 % of the entries beyond 1.74 deviations)",
            "正态分布的尾部（约 8% 的元素超出 1.74 倍标准差）",
        ),
        got=Text(f"{100 * tails:.1f} %", f"{100 * tails:.1f}%"),
        why=Text("that is a uniform distribution", "这是均匀分布") if tails == 0 else None,
    )


def kernels(rng):
    """Shapes of kernels with their fan-ins and fan-outs: a dense one, two of convolutions.

    Fan-in and fan-out differ by a factor, so that no two formulas give nearly the same.
    """
    inputs, units = int(rng.integers(140, 181)), int(rng.integers(40, 56))
    yield (inputs, units), inputs, units
    into, out = int(rng.integers(16, 21)), int(rng.integers(40, 51))
    yield (3, 3, into, out), 9 * into, 9 * out
    into, out = int(rng.integers(20, 26)), int(rng.integers(60, 71))
    yield (5, into, out), 5 * into, 5 * out


def common_mistakes(variance):
    """What both initializers can get wrong: pairs of a deviation and the sentence about it."""
    return [
        (
            variance,
            Text(
                "that is the variance: `stddev` wants its square root",
                "这是方差：`stddev` 要的是它的平方根",
            ),
        ),
        (
            # The deviation that is left of a normal distribution cut at two deviations.
            0.87963 * np.sqrt(variance),
            Text(
                "that fits a truncated normal distribution whose `stddev` was not corrected:"
                " cutting the tails off makes the deviation smaller",
                "这像是没有修正 `stddev` 的截断正态分布：截掉尾部会使标准差变小",
            ),
        ),
        (
            0.05,
            Text("that is TensorFlow's or Keras's default", "这是 TensorFlow 或 Keras 的默认值"),
        ),
        (1.0, Text("`stddev` isn't used", "没有用上 `stddev`")),
    ]


WINDOW = Text(
    "the window of a convolution isn't counted: each output sees all of its places",
    "没有计入卷积窗口：每个输出都能看到窗口中的所有位置",
)
ENDS = Text(
    "the first two axes are taken for inputs and outputs: those are the last two, the axes before"
    " them are the window",
    "把最前面的两个轴当成了输入和输出：应是最后两个轴，前面的轴是卷积窗口",
)


@check(
    title=Text("`my_glorot_initializer`: statistics", "`my_glorot_initializer`：统计量"),
    points=1.5,
    topic="values",
    hint=Text(
        "The variance is 2 / (fan_in + fan_out). For a kernel (3, 3, 16, 32) each output sees"
        " 3·3·16 inputs, and each input reaches 3·3·32 outputs.",
        "方差是 2 / (fan_in + fan_out)。对形状为 (3, 3, 16, 32) 的核，"
        "每个输出看到 3·3·16 个输入，每个输入通向 3·3·32 个输出。",
    ),
)
def test_glorot(student, rng, expect):
    """Normal numbers of the right deviation for a dense kernel and for two convolutions."""
    for shape, fan_in, fan_out in kernels(rng):
        variance = 2 / (fan_in + fan_out)
        mistakes = [
            *common_mistakes(variance),
            (
                np.sqrt(2 / fan_in),
                Text("that is He's formula, with fan_in alone", "这是 He 的公式，只用了 fan_in"),
            ),
            (
                np.sqrt(1 / (fan_in + fan_out)),
                Text(
                    "that is √(1 / (fan_in + fan_out)): where is the 2?",
                    "这是 √(1 / (fan_in + fan_out))：2 在哪里？",
                ),
            ),
            (
                np.sqrt(6 / (fan_in + fan_out)),
                Text(
                    "that is the bound of the uniform Glorot initializer, not a deviation",
                    "这是均匀分布的 Glorot 初始化器的边界，不是标准差",
                ),
            ),
        ]
        if len(shape) > 2:
            mistakes += [
                (np.sqrt(2 / (shape[-2] + shape[-1])), WINDOW),
                (np.sqrt(2 / (shape[0] + shape[1])), ENDS),
            ]
        expect_normal(
            expect,
            student.my_glorot_initializer(shape),
            shape,
            np.sqrt(variance),
            "√(2 / (fan_in + fan_out))",
            mistakes,
            "my_glorot_initializer",
        )


@check(
    title=Text("`my_he_normal`: statistics", "`my_he_normal`：统计量"),
    points=1.5,
    topic="values",
    hint=Text(
        "The variance is 2 / fan_in, where fan_in counts all inputs that one output sees: for a"
        " convolution, every place of the window.",
        "方差是 2 / fan_in，其中 fan_in 是一个输出所看到的全部输入："
        "对卷积来说，要数遍窗口的每个位置。",
    ),
)
def test_he(student, rng, expect):
    """Normal numbers of the right deviation for a dense kernel and for two convolutions."""
    for shape, fan_in, fan_out in kernels(rng):
        variance = 2 / fan_in
        mistakes = [
            *common_mistakes(variance),
            (
                np.sqrt(2 / fan_out),
                Text(
                    "that is √(2 / fan_out): count the inputs", "这是 √(2 / fan_out)：要数的是输入"
                ),
            ),
            (
                np.sqrt(1 / fan_in),
                Text(
                    "that is √(1 / fan_in): He's formula has a 2",
                    "这是 √(1 / fan_in)：He 的公式里有 2",
                ),
            ),
            (
                np.sqrt(2 / (fan_in + fan_out)),
                Text("that is Glorot's formula", "这是 Glorot 的公式"),
            ),
        ]
        if len(shape) > 2:
            mistakes += [(np.sqrt(2 / shape[-2]), WINDOW), (np.sqrt(2 / shape[0]), ENDS)]
        expect_normal(
            expect,
            student.my_he_normal(shape),
            shape,
            np.sqrt(variance),
            "√(2 / fan_in)",
            mistakes,
            "my_he_normal",
        )


@check(
    title=Text("Initializers: shape and dtype", "初始化器：形状和 dtype"),
    points=0.5,
    topic="interface",
    hint=Text(
        "Keras calls `initializer(shape, dtype=dtype)`; the result has that dtype, and float32"
        " where `dtype` is None.",
        "Keras 的调用方式是 `initializer(shape, dtype=dtype)`；"
        "结果的 dtype 就是它，`dtype` 为 None 时是 float32。",
    ),
)
def test_initializer_dtype(student, rng, expect):
    """The dtype that is asked for, float32 without one."""
    for name in ("my_glorot_initializer", "my_he_normal"):
        shape = (int(rng.integers(3, 7)), int(rng.integers(7, 11)))
        initializer = student[name]
        for shown, got, dtype in [
            (f"{name}({shape})", initializer(shape), "float32"),
            (f"{name}({shape}, dtype=None)", initializer(shape, dtype=None), "float32"),
            (f'{name}({shape}, dtype="float32")', initializer(shape, dtype="float32"), "float32"),
            (f'{name}({shape}, dtype="float64")', initializer(shape, dtype="float64"), "float64"),
        ]:
            expect.array(got, ask=both(f"`{shown}`"), shape=shape, dtype=dtype)


def penalties(name, w):
    """The penalty asked for, and what the usual slips would give instead."""
    sizes, squares = np.abs(w).sum(), np.square(w).sum()
    want, other = (sizes, squares) if name == "my_l1_regularizer" else (squares, sizes)
    mean = np.abs(w).mean() if name == "my_l1_regularizer" else np.square(w).mean()
    return 0.01 * want, [
        Why(want, Text("the factor 0.01 is missing", "少了系数 0.01")),
        Why(0.01 * other, Text("that is the other penalty", "这是另一个正则项")),
        Why(0.01 * mean, Text("that is a mean: the penalty is a sum", "这是平均值：正则项是总和")),
        Why(0.005 * want, Text("that is half of it", "这只有一半")),
        Why(0.1 * want, Text("the factor is 0.01, not 0.1", "系数是 0.01，不是 0.1")),
        Why(
            0.01 * w.sum(),
            Text("the signs count: take the absolute values first", "正负相消了：应先取绝对值"),
        ),
        Why(
            0.01 * np.sqrt(squares),
            Text("that is the norm: the penalty has no root", "这是范数：正则项不开方"),
        ),
    ]


@check(
    title=Text(
        "`my_l1_regularizer`, `my_l2_regularizer`", "`my_l1_regularizer`、`my_l2_regularizer`"
    ),
    points=1,
    topic="values",
    hint=Text(
        "0.01 · Σ|w| and 0.01 · Σw²: a sum, not a mean, over all entries, made of TensorFlow"
        " operations: training needs the gradient.",
        "0.01 · Σ|w| 和 0.01 · Σw²：对所有元素求和而不是平均，并且用 TensorFlow 运算写成："
        "训练需要它的梯度。",
    ),
)
def test_regularizers(student, rng, expect):
    """Values and gradients for weights of several ranks, both dtypes, tensors and variables."""
    for name, slope in (
        ("my_l1_regularizer", lambda w: 0.01 * np.sign(w)),
        ("my_l2_regularizer", lambda w: 0.02 * w),
    ):
        for shape, dtype in (
            ((4, 6), "float32"),
            ((2, 2, 3, 4), "float32"),
            ((5,), "float64"),
            ((6, 3), "float64"),
        ):
            w = eighths(rng, *shape, dtype=dtype)
            atol = ONE_ROUNDING if dtype == "float64" else None
            want, mistakes = penalties(name, w)
            made = Text(
                f"`{name}(w)`, w of shape {shape}, {dtype}",
                f"`{name}(w)`，w 的形状为 {shape}，{dtype}",
            )
            got = student.gradient(student[name], w)
            kind = np.dtype(dtype).type
            expect.close(got.value, kind(want), ask=made, why=mistakes, atol=atol)
            expect.close(
                got.grads[0],
                slope(w).astype(dtype),
                ask=Text(f"the gradient of {made.en}", f"{made.zh}，求梯度"),
                atol=atol,
            )
        w = eighths(rng, 3, 4)
        expect.close(
            student[name](as_variable(w)),
            np.float32(penalties(name, w)[0]),
            ask=Text(f"`{name}(w)`, w a `tf.Variable`", f"`{name}(w)`，w 是 `tf.Variable`"),
        )


@check(
    title=Text("`my_positive_weights`", "`my_positive_weights`"),
    points=0.5,
    topic="values",
    hint=Text(
        "Each negative entry becomes 0; every other entry stays exactly as it is.",
        "每个负元素变成 0，其余元素原封不动。",
    ),
)
def test_positive(student, rng, expect):
    """Negative entries become 0, the others are untouched; shape and dtype are kept."""
    for shape, dtype in (((5, 4), "float32"), ((2, 3, 2, 2), "float32"), ((7,), "float64")):
        w = rng.normal(size=shape).astype(dtype)
        w.flat[0] = 0.0
        w.flat[1] = 37.5
        want = np.maximum(w, 0)
        for kind, kind_zh, given in (
            ("a tensor", "张量", w),
            ("a `tf.Variable`", "`tf.Variable`", as_variable(w)),
        ):
            expect.close(
                student.my_positive_weights(given),
                want,
                atol=0.0,
                ask=Text(
                    f"`my_positive_weights(w)`, w {kind} of shape {shape}, {dtype}",
                    f"`my_positive_weights(w)`，w 是形状为 {shape} 的{kind_zh}，{dtype}",
                ),
                why=[
                    Why(
                        np.abs(w),
                        Text(
                            "that is |w|: negative weights become 0", "这是 |w|：负的权重应变成 0"
                        ),
                    ),
                    Why(
                        np.clip(w, 0, 1),
                        Text("weights above 1 are cut off, too", "大于 1 的权重也被截断了"),
                    ),
                    Why(
                        np.minimum(w, 0),
                        Text(
                            "the positive ones are gone, not the negative ones",
                            "去掉的是正的权重，而不是负的",
                        ),
                    ),
                    Why(
                        (w > 0).astype(dtype),
                        Text(
                            "that only says which weights are positive", "这只说明了哪些权重是正的"
                        ),
                    ),
                ],
            )


@check(
    title=Text("`MyL1Regularizer`: any factor", "`MyL1Regularizer`：任意系数"),
    points=1,
    topic="values",
    hint=Text(
        "Keep the factor in the object (`self.factor`), use it in `__call__`, and give it back in"
        " `get_config`; the base class knows nothing of it.",
        "把系数存在对象里（`self.factor`），在 `__call__` 里使用，在 `get_config` 里交出来；"
        "基类对它一无所知。",
    ),
)
def test_l1_class(student, rng, expect):
    """factor · Σ|w|, each object with a factor of its own; the config gives the factor back."""
    factors = (0.25, 0.003)
    # Both are made before either is used: a factor kept in the class or in a global would show.
    made = [
        expect.remote(student.MyL1Regularizer(factor), ask=both(f"`MyL1Regularizer({factor})`"))
        for factor in factors
    ]
    for (factor, other), regularizer in zip((factors, factors[::-1]), made, strict=True):
        for dtype in ("float32", "float64"):
            w = eighths(rng, 4, 5, dtype=dtype)
            size = np.abs(w).sum()
            ask = Text(
                f"`MyL1Regularizer({factor})(w)`, w of shape (4, 5), {dtype}",
                f"`MyL1Regularizer({factor})(w)`，w 的形状为 (4, 5)，{dtype}",
            )
            got = student.gradient(regularizer, w)
            atol = ONE_ROUNDING if dtype == "float64" else None
            expect.close(
                got.value,
                np.dtype(dtype).type(factor * size),
                ask=ask,
                atol=atol,
                why=[
                    Why(
                        0.01 * size,
                        Text(
                            "that is the penalty with 0.01: `factor` isn't used",
                            "这是系数为 0.01 的正则项：没有用上 `factor`",
                        ),
                    ),
                    Why(
                        other * size,
                        Text(
                            f"that is the penalty of `MyL1Regularizer({other})`, made at the same"
                            " time",
                            f"这是同时创建的 `MyL1Regularizer({other})` 的正则项",
                        ),
                    ),
                    Why(
                        factor * np.square(w).sum(),
                        Text("that is factor · Σw²", "这是 factor · Σw²"),
                    ),
                    Why(
                        factor * np.abs(w).mean(),
                        Text("that is a mean: the penalty is a sum", "这是平均值：正则项是总和"),
                    ),
                ],
            )
            expect.close(
                got.grads[0],
                (factor * np.sign(w)).astype(dtype),
                ask=Text(f"the gradient of {ask.en}", f"{ask.zh}，求梯度"),
                atol=atol,
            )
        config = regularizer.get_config()
        ask = both(f"`MyL1Regularizer({factor}).get_config()`")
        expect.true(
            type(config) is dict and "factor" in config,
            ask=ask,
            expected=Text("a dict with `factor`", "含有 `factor` 的字典"),
            got=Text(f"the keys `{sorted(config)}`", f"键 `{sorted(config)}`")
            if type(config) is dict
            else Text("something else", "别的东西"),
        )
        w = eighths(rng, 3, 3)
        expect.close(
            student.MyL1Regularizer.from_config(config)(w),
            np.float32(factor * np.abs(w).sum()),
            ask=Text(
                f"a copy of `MyL1Regularizer({factor})`, made by `from_config` from its config",
                f"由 `MyL1Regularizer({factor})` 的配置用 `from_config` 还原的对象",
            ),
        )


@check(
    title=Text("At work in `Dense`", "用在 `Dense` 里"),
    points=1,
    topic="training",
    hint=Text(
        "Keras calls the regularizer in every step and adds what it returns to the loss; after the"
        " step it replaces the weight by what the constraint returns. Both run traced.",
        "Keras 每一步都会调用正则化器，把它的返回值加到损失上；"
        "这一步之后，再用约束返回的值替换权重。两者都在被追踪的函数里运行。",
    ),
)
def test_in_dense(student, rng, expect):
    """One step of training agrees with a step by hand; outputs and penalties of another layer."""
    keras = student.keras
    inputs, units, rows, rate = 5, 3, 8, 0.25
    layer = keras.layers.Dense(
        units,
        use_bias=False,
        kernel_initializer=student.my_glorot_initializer,
        kernel_regularizer=student.my_l1_regularizer,
        kernel_constraint=student.my_positive_weights,
    )
    model = keras.Sequential([keras.Input((inputs,)), layer])
    x, y, kernel = (
        eighths(rng, rows, inputs),
        eighths(rng, rows, units),
        eighths(rng, inputs, units),
    )
    (drawn,) = student.arrays(layer.weights)
    ask = Text(
        "the kernel of a new `Dense(3, kernel_initializer=my_glorot_initializer)`",
        "新建的 `Dense(3, kernel_initializer=my_glorot_initializer)` 的核",
    )
    expect.array(drawn, ask=ask, shape=(inputs, units), dtype="float32")
    layer.set_weights([kernel])
    # XLA would cost a compilation and add nothing here.
    model.compile(optimizer=keras.optimizers.SGD(rate), loss="mse", jit_compile=False)
    history = model.fit(x, y, batch_size=rows, epochs=1, verbose=0)
    error = x.astype("float64") @ kernel - y
    loss, penalty = np.square(error).mean(), 0.01 * np.abs(kernel).sum()
    ask = Text(
        "the loss of the first step of `fit`, mse plus `my_l1_regularizer`",
        "`fit` 第一步的损失：mse 加上 `my_l1_regularizer`",
    )
    expect.close(
        np.float32(expect.array(fetch(history.history)["loss"], ask=ask, shape=(1,))[0]),
        np.float32(loss + penalty),
        # A mean of 24 squares below 64 in float32, and a sum.
        atol=1e-5,
        ask=ask,
        why=[
            Why(loss, Text("the penalty isn't in it", "其中没有正则项")),
            Why(
                loss + 0.01 * kernel.sum(),
                Text(
                    "the penalty adds the weights with their signs", "正则项把权重连同符号一起加了"
                ),
            ),
        ],
    )
    (trained,) = student.arrays(layer.weights)
    slope = 2 * x.T @ error / error.size
    free = kernel - rate * (slope + 0.01 * np.sign(kernel))
    expect.close(
        trained,
        np.maximum(free, 0).astype("float32"),
        # Some thirty float32 roundings of numbers below 8, half an ulp (2.4e-7) each.
        atol=1e-5,
        ask=Text(
            "the kernel after one step of SGD, with `my_l1_regularizer` and `my_positive_weights`",
            "使用 `my_l1_regularizer` 和 `my_positive_weights` 时，SGD 走一步之后的核",
        ),
        why=[
            Why(
                free,
                Text(
                    "negative weights are still there: the constraint doesn't act",
                    "负的权重还在：约束没有起作用",
                ),
            ),
            Why(
                np.maximum(kernel - rate * slope, 0),
                Text("that is a step without the penalty's gradient", "这一步没有计入正则项的梯度"),
            ),
        ],
    )
    layer = keras.layers.Dense(
        units,
        activation=student.my_swish,
        kernel_initializer=student.my_he_normal,
        kernel_regularizer=student.my_l2_regularizer,
        bias_regularizer=student.MyL1Regularizer(0.25),
    )
    layer.build((None, inputs))
    bias = eighths(rng, units)
    layer.set_weights([kernel, bias])
    expect.close(
        layer(x),
        swish((x @ kernel + bias).astype("float64")).astype("float32"),
        # |z| <= 6: its product with a sigmoid that is off by two units in the last place (1.2e-7).
        atol=2e-6,
        ask=Text(
            "the outputs of `Dense(3, activation=my_swish)`",
            "`Dense(3, activation=my_swish)` 的输出",
        ),
    )
    losses = [
        float(expect.number(loss, ask=both("`layer.losses`"))) for loss in fetch(layer.losses)
    ]
    expect.close(
        np.array(losses),
        np.array([0.01 * np.square(kernel).sum(), 0.25 * np.abs(bias).sum()], "float64"),
        # Numbers that were float32 before.
        atol=1e-6,
        ask=Text(
            "`layer.losses` with `my_l2_regularizer` on the kernel, `MyL1Regularizer(0.25)` on the"
            " bias",
            "核上用 `my_l2_regularizer`、偏置上用 `MyL1Regularizer(0.25)` 时的 `layer.losses`",
        ),
    )


def total_penalty(model, expect, ask):
    """The sum of `model.losses`."""
    losses = fetch(model.losses)
    expect.true(
        type(losses) is list and bool(losses),
        ask=ask,
        expected=Text("penalties in `model.losses`", "`model.losses` 里有正则项"),
        got=Text("none", "没有"),
    )
    return np.float32(sum(expect.number(loss, ask=ask) for loss in losses))


@check(
    title=Text("The functions survive a reload", "函数能随模型重新加载"),
    points=1,
    topic="serialization",
    hint=Text(
        "A file holds only the names of your functions. In a new process Keras finds them by these"
        " names, if each one has been registered.",
        "文件里只存了函数的名字。在新进程里，Keras 要靠名字找到它们，前提是每一个都注册过。",
    ),
    # A process more.
    timeout=30.0,
)
def test_reload_functions(student, rng, expect):
    """A model with all six functions, loaded in a fresh process, behaves as before."""
    keras = student.keras
    layers = [
        keras.layers.Dense(
            4,
            activation=student.my_swish,
            kernel_initializer=student.my_glorot_initializer,
            kernel_regularizer=student.my_l1_regularizer,
            kernel_constraint=student.my_positive_weights,
        ),
        keras.layers.Dense(
            2,
            kernel_initializer=student.my_he_normal,
            kernel_regularizer=student.my_l2_regularizer,
        ),
    ]
    model = keras.Sequential([keras.Input((5,)), *layers])
    for layer, (rows, columns) in zip(layers, ((5, 4), (4, 2)), strict=True):
        layer.set_weights([eighths(rng, rows, columns), eighths(rng, columns)])
    x, w = eighths(rng, 6, 5), eighths(rng, 3, 4)
    ask = Text("the model, loaded in a fresh process", "在新进程里加载的模型")
    loaded = expect.remote(student.fresh().load(student.save(model)), ask=ask)
    expect.close(
        loaded(x),
        expect.array(model(x), ask=Text("the model's outputs", "模型的输出"), shape=(6, 2)),
        ask=Text("outputs of the reloaded model on new inputs", "重新加载的模型对新输入的输出"),
    )
    ask = Text("the sum of the reloaded model's `losses`", "重新加载的模型的 `losses` 之和")
    expect.close(total_penalty(loaded, expect, ask), total_penalty(model, expect, ask), ask=ask)
    first, second = fetch(loaded.layers)
    for old, new in zip(layers, (first, second), strict=True):
        expect.equal(
            new.get_config(),
            old.get_config(),
            ask=Text("a layer's config after the reload", "重新加载后层的配置"),
        )
    expect.close(
        first.kernel_constraint(w),
        np.maximum(w, 0),
        ask=Text("the reloaded layer's constraint", "重新加载的层的约束"),
    )
    for new in (first, second):
        expect.array(
            new.kernel_initializer((3, 4)),
            ask=Text("the reloaded layer's initializer", "重新加载的层的初始化器"),
            shape=(3, 4),
        )


@check(
    title=Text("`MyL1Regularizer` survives a reload", "`MyL1Regularizer` 能随模型重新加载"),
    points=0.5,
    topic="serialization",
    hint=Text(
        "The class has to be registered, and `get_config` has to hold the factor: from that Keras"
        " makes the object anew.",
        "类要注册，`get_config` 里要有系数：Keras 就是用它重新创建对象的。",
    ),
    # A process more.
    timeout=30.0,
)
def test_reload_class(student, rng, expect):
    """Two factors in one model come back from the file, each in its place."""
    keras = student.keras
    layer = keras.layers.Dense(
        3,
        kernel_regularizer=student.MyL1Regularizer(0.25),
        bias_regularizer=student.MyL1Regularizer(factor=0.5),
    )
    model = keras.Sequential([keras.Input((4,)), layer])
    kernel, bias = eighths(rng, 4, 3), eighths(rng, 3)
    layer.set_weights([kernel, bias])
    ask = Text("the model, loaded in a fresh process", "在新进程里加载的模型")
    loaded = expect.remote(student.fresh().load(student.save(model)), ask=ask)
    ask = Text(
        "the sum of the reloaded model's `losses` (`MyL1Regularizer(0.25)` on the kernel, 0.5 on"
        " the bias)",
        "重新加载的模型的 `losses` 之和（核上是 `MyL1Regularizer(0.25)`，偏置上是 0.5）",
    )
    expect.close(
        total_penalty(loaded, expect, ask),
        np.float32(0.25 * np.abs(kernel).sum() + 0.5 * np.abs(bias).sum()),
        ask=ask,
        why=[
            Why(
                0.01 * (np.abs(kernel).sum() + np.abs(bias).sum()),
                Text(
                    "that is the factor 0.01: yours was lost on the way",
                    "这是系数 0.01：你的系数在途中丢失了",
                ),
            )
        ],
    )
    (new,) = fetch(loaded.layers)
    expect.equal(
        new.get_config(),
        layer.get_config(),
        ask=Text("the layer's config after the reload", "重新加载后层的配置"),
    )

"""Hidden checks of the softplus exercise."""

import numpy as np

from grader.checks import Text, Why, check, curves, measured_slopes

# Far beyond exp's range in both dtypes (88 and 709), outside it in one of them, and 0 itself.
LARGE = (-10000, -800, -100, -20, 0, 20, 100, 800, 10000)
SHAPES = ((), (6,), (3, 4))
# Where pictures of `inverse_sqrt_exp` are drawn.
GRID = np.linspace(0.1, 8, 80)


def both(text):
    """A text that is the same in both languages."""
    return Text(text, text)


def slope_at(symbol):
    """Names the question for a gradient over `LARGE`."""
    return Text(
        f"the gradient of `{symbol}` at {list(LARGE)}", f"`{symbol}` 在 {list(LARGE)} 处的梯度"
    )


def sigmoid(z):
    """The slope of softplus, without overflow."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def reach(z, got, want):
    """How far from 0 a picture has to go to show the wrong number that is nearest to it."""
    wrong = ~np.isclose(got, want, rtol=1e-6, atol=1e-6)
    return max(8.0, 1.25 * float(np.abs(z[wrong]).min()))


def value_curve(student, symbol, widest):
    """The values of a softplus up to ±`widest`."""
    z = np.linspace(-widest, widest, 81, dtype="float32")
    return curves(
        z,
        title=Text(f"`{symbol}(z)`", f"`{symbol}(z)`"),
        x_label=both("z"),
        y_label=Text("value", "函数值"),
        yours=student[symbol](z),
        expected=np.logaddexp(0, z.astype("float64")),
    )


def slope_curve(student, symbol, widest):
    """The gradient of a softplus up to ±`widest`, with an upstream gradient of 2 everywhere."""
    z = np.linspace(-widest, widest, 81, dtype="float32")
    twice = np.full_like(z, 2)
    return curves(
        z,
        title=Text(
            f"The gradient of `{symbol}(z)`, times an upstream gradient of 2",
            f"`{symbol}(z)` 的梯度，乘以上游梯度 2",
        ),
        x_label=both("z"),
        y_label=Text("gradient", "梯度"),
        yours=student.gradient(student[symbol], z, upstream=twice).grads[0],
        expected=2 * sigmoid(z.astype("float64")),
        measured=2 * measured_slopes(student[symbol], z),
    )


def inverse_curve(student):
    """The gradient of `inverse_sqrt_exp`, with an upstream gradient of 2 everywhere."""
    z, root, name = GRID, np.sqrt(GRID), "inverse_sqrt_exp"
    return curves(
        z,
        title=Text(
            f"The gradient of `{name}(z)`, times an upstream gradient of 2",
            f"`{name}(z)` 的梯度，乘以上游梯度 2",
        ),
        x_label=both("z"),
        y_label=Text("gradient", "梯度"),
        yours=student.gradient(student[name], z, upstream=np.full_like(z, 2)).grads[0],
        expected=-np.exp(-root) / root,
        measured=2 * measured_slopes(student[name], z),
    )


def marked_gradient(session, symbol):
    """Whether the symbol's graph holds an operation with a gradient of its own.

    TensorFlow writes the name `CustomGradient-…` into the graph of a function made with
    `tf.custom_gradient`, wherever in it and however it is wrapped.
    """
    traced = session.tf.function(session[symbol])
    concrete = traced.get_concrete_function(session.tf.TensorSpec((3,), "float32"))
    return b"CustomGradient" in concrete.graph.as_graph_def().SerializeToString()


@check(
    title=Text(
        "`my_softplus`: values, also for huge |z|", "`my_softplus`：函数值，包括 |z| 很大时"
    ),
    points=1,
    topic="values",
    hint=Text(
        "log(1 + e^z) equals max(z, 0) + log(1 + e^-|z|), where exp never meets a positive number.",
        "log(1 + e^z) 等于 max(z, 0) + log(1 + e^-|z|)，这样 exp 永远不会遇到正数。",
    ),
)
def test_values(student, reference, rng, expect):
    """Values are right for scalars, vectors and matrices, and up to ±10⁴."""
    for shape in SHAPES:
        z = np.asarray(rng.normal(scale=3, size=shape), "float32")
        expect.close(
            student.my_softplus(z),
            reference.my_softplus(z),
            ask=Text(
                f"`my_softplus(z)` with z of shape {shape}", f"`my_softplus(z)`，z 的形状为 {shape}"
            ),
            why=[
                Why(sigmoid(z), Text("that is its slope, the sigmoid", "这是它的斜率，即 sigmoid")),
                Why(np.maximum(z, 0), Text("that is relu", "这是 relu")),
            ],
            picture=lambda: value_curve(student, "my_softplus", 8),
        )
    z = np.array(LARGE, "float32")
    got, want = student.my_softplus(z), reference.my_softplus(z)
    expect.close(
        got,
        want,
        ask=both(f"`my_softplus({list(LARGE)})`"),
        picture=lambda: value_curve(student, "my_softplus", reach(z, got, want)),
    )


@check(
    title=Text(
        "`my_softplus`: gradient, also at 0 and for huge |z|",
        "`my_softplus`：梯度，包括 0 处和 |z| 很大时",
    ),
    points=1,
    topic="gradient",
    hint=Text(
        "The slope of softplus is the sigmoid, 1 / (1 + e^-z): ½ at 0, 1 far to the right."
        " Written as e^z / (1 + e^z) it becomes inf / inf.",
        "softplus 的斜率是 sigmoid，即 1 / (1 + e^-z)：在 0 处为 ½，在右边很远处为 1。"
        "如果写成 e^z / (1 + e^z)，就会变成 inf / inf。",
    ),
)
def test_gradient(student, reference, rng, expect):
    """The gradient is right from -10⁴ to 10⁴."""
    z = np.array(LARGE, "float32")
    wanted = reference.gradient(reference.my_softplus, z).grads[0]
    off = Text("only the slope at 0 is off: it is ½ there", "只有 0 处的斜率不对：那里应为 ½")
    got = student.gradient(student.my_softplus, z).grads[0]
    large = z
    expect.close(
        got,
        wanted,
        ask=slope_at("my_softplus"),
        picture=lambda: slope_curve(student, "my_softplus", reach(large, got, wanted)),
        why=[
            Why(np.ones_like(z), Text("it is 1 everywhere", "它处处为 1")),
            Why(np.where(z == 0, 0, wanted), off),
            Why(np.where(z == 0, 1, wanted), off),
        ],
    )
    z = rng.normal(scale=3, size=(3, 4)).astype("float32")
    expect.close(
        student.gradient(student.my_softplus, z).grads[0],
        reference.gradient(reference.my_softplus, z).grads[0],
        ask=Text(
            "the gradient of `my_softplus` on a (3, 4) z", "`my_softplus` 的梯度，z 为 (3, 4)"
        ),
        picture=lambda: slope_curve(student, "my_softplus", 8),
    )


@check(
    title=Text("`my_softplus` honours the upstream gradient", "`my_softplus` 用上了上游梯度"),
    points=1.5,
    topic="gradient",
    hint=Text(
        "By the chain rule the gradient is upstream · slope. The function that you return beside"
        " the value is handed the upstream gradient: multiply with it.",
        "根据链式法则，梯度等于上游梯度乘以斜率。和函数值一起返回的那个函数会收到上游梯度："
        "请乘上它。",
    ),
)
def test_upstream(student, reference, rng, expect):
    """The slope is multiplied with an upstream gradient that isn't 1."""
    z = rng.uniform(-3, 3, size=(2, 4)).astype("float32")
    upstream = rng.uniform(2, 5, size=(2, 4)).astype("float32")
    expect.close(
        student.gradient(student.my_softplus, z, upstream=upstream).grads[0],
        reference.gradient(reference.my_softplus, z, upstream=upstream).grads[0],
        ask=Text(
            "the gradient of a weighted sum of `my_softplus(z)` (upstream gradients aren't 1)",
            "`my_softplus(z)` 加权和的梯度，此时上游梯度不是 1",
        ),
        why=[
            Why(
                sigmoid(z),
                Text(
                    "that is the slope alone: the upstream gradient is ignored",
                    "这只是斜率：忽略了上游梯度",
                ),
            ),
            Why(
                upstream,
                Text("that is the upstream gradient alone", "这只是上游梯度本身"),
            ),
            Why(
                upstream + sigmoid(z),
                Text(
                    "the upstream gradient is added instead of multiplied",
                    "上游梯度是加上去的，而不是乘上去的",
                ),
            ),
        ],
        picture=lambda: slope_curve(student, "my_softplus", 8),
    )


@check(
    title=Text("`my_softplus` inside a graph", "在计算图里使用 `my_softplus`"),
    points=1,
    topic="graph",
    hint=Text(
        "In a `tf.function` tensors are symbolic while Python runs: no NumPy, no `.numpy()` and no"
        " Python `if` on their values, in the gradient's function either.",
        "在 `tf.function` 里，Python 代码运行时张量还只是符号：不能对它们使用 NumPy、`.numpy()`，"
        "也不能用 Python 的 `if` 判断它们的值，计算梯度的函数里也一样。",
    ),
)
def test_in_graph(student, reference, rng, expect):
    """Value and gradient are the same when the function runs inside a tf.function."""
    expect.unconfirmed()  # that they come from a graph
    z = rng.uniform(-3, 3, size=7).astype("float32")
    got = student.gradient(student.in_graph(student.my_softplus), z)
    want = reference.gradient(reference.in_graph(reference.my_softplus), z)
    expect.close(
        got.value,
        want.value,
        ask=Text(
            "`my_softplus(z)` inside a `tf.function`", "在 `tf.function` 里的 `my_softplus(z)`"
        ),
    )
    expect.close(
        got.grads[0],
        want.grads[0],
        ask=Text(
            "the gradient of `my_softplus` inside a `tf.function`",
            "在 `tf.function` 里的 `my_softplus` 的梯度",
        ),
    )


@check(
    title=Text(
        "`my_softplus_autodiff`: values, also for huge |z|",
        "`my_softplus_autodiff`：函数值，包括 |z| 很大时",
    ),
    points=1,
    topic="values",
    hint=Text(
        "The value has to be as stable as that of `my_softplus`; only the gradient is left to"
        " TensorFlow.",
        "函数值要和 `my_softplus` 的一样稳定，只是梯度交给 TensorFlow 去求。",
    ),
)
def test_autodiff_values(student, reference, rng, expect):
    """Values are right for scalars, vectors and matrices, and up to ±10⁴."""
    for shape in SHAPES:
        z = np.asarray(rng.normal(scale=3, size=shape), "float32")
        expect.close(
            student.my_softplus_autodiff(z),
            reference.my_softplus_autodiff(z),
            ask=Text(
                f"`my_softplus_autodiff(z)` with z of shape {shape}",
                f"`my_softplus_autodiff(z)`，z 的形状为 {shape}",
            ),
            picture=lambda: value_curve(student, "my_softplus_autodiff", 8),
        )
    z = np.array(LARGE, "float32")
    got, want = student.my_softplus_autodiff(z), reference.my_softplus_autodiff(z)
    expect.close(
        got,
        want,
        ask=both(f"`my_softplus_autodiff({list(LARGE)})`"),
        picture=lambda: value_curve(student, "my_softplus_autodiff", reach(z, got, want)),
    )


@check(
    title=Text(
        "`my_softplus_autodiff`: gradient, also at 0 and for huge |z|",
        "`my_softplus_autodiff`：梯度，包括 0 处和 |z| 很大时",
    ),
    points=1.5,
    topic="gradient",
    hint=Text(
        "TensorFlow differentiates your formula piece by piece: |z| has slope 0 at 0, max(z, 0) has"
        " 0 or 1 there, and `tf.where` multiplies the branch that it didn't take with 0, which"
        " leaves nan where that branch is infinite. Look for a formula whose pieces add up to ½"
        " at 0.",
        "TensorFlow 会逐块对公式求导：|z| 在 0 处的斜率是 0，max(z, 0) 在那里是 0 或 1，"
        "而 `tf.where` 会把没选中的分支乘以 0，若那个分支是无穷大就得到 nan。"
        "请找一个公式，使各块在 0 处加起来恰好是 ½。",
    ),
)
def test_autodiff_gradient(student, reference, rng, expect):
    """Automatic differentiation gives the right gradient from -10⁴ to 10⁴, 0 included."""
    z = np.array(LARGE, "float32")
    wanted = reference.gradient(reference.my_softplus_autodiff, z).grads[0]
    got = student.gradient(student.my_softplus_autodiff, z).grads[0]
    large = z
    expect.close(
        got,
        wanted,
        ask=slope_at("my_softplus_autodiff"),
        picture=lambda: slope_curve(student, "my_softplus_autodiff", reach(large, got, wanted)),
        why=[
            Why(
                np.where(z == 0, slope, wanted),
                Text(
                    f"only the slope at 0 is off: it is {slope} there instead of ½",
                    f"只有 0 处的斜率不对：得到的是 {slope}，而不是 ½",
                ),
            )
            for slope in (0, 1)
        ],
    )
    z = rng.uniform(-3, 3, size=(3, 2)).astype("float32")
    upstream = rng.uniform(2, 5, size=(3, 2)).astype("float32")
    expect.close(
        student.gradient(student.my_softplus_autodiff, z, upstream=upstream).grads[0],
        reference.gradient(reference.my_softplus_autodiff, z, upstream=upstream).grads[0],
        ask=Text(
            "the gradient of a weighted sum of `my_softplus_autodiff(z)`",
            "`my_softplus_autodiff(z)` 加权和的梯度",
        ),
        picture=lambda: slope_curve(student, "my_softplus_autodiff", 8),
    )


@check(
    title=Text("Both softplus functions in float64", "两个 softplus 函数都支持 float64"),
    points=1,
    topic="values",
    hint=Text(
        "A float64 input gives a float64 result, accurate to 1e-12: no cast to float32 in between,"
        " and constants as plain Python numbers (or of z's dtype).",
        "输入 float64，结果就是 float64，精确到 1e-12：中途不要转成 float32，"
        "常数请用普通的 Python 数字（或与 z 相同的 dtype）。",
    ),
)
def test_float64(student, reference, rng, expect):
    """float64 in, float64 out, to 1e-12; gradients agree with the function's own values, too."""
    # Beyond 20, log(1 + e^z) is z in float32, but not yet in float64.
    z = np.concatenate([rng.uniform(-4, 4, size=4), [-10000, -25, 21, 25, 10000]])
    for name in ("my_softplus", "my_softplus_autodiff"):
        got = student.gradient(student[name], z)
        want = reference.gradient(reference[name], z)
        ask = Text(f"the gradient of `{name}` on a float64 z", f"`{name}` 的梯度，z 为 float64")
        expect.close(
            got.value,
            want.value,
            ask=Text(f"`{name}(z)` with a float64 z", f"`{name}(z)`，z 为 float64"),
        )
        expect.close(got.grads[0], want.grads[0], ask=ask)
        expect.slopes(student, student[name], [z], 0, got.grads[0], ask=ask)


@check(
    title=Text("`inverse_sqrt_exp`: values", "`inverse_sqrt_exp`：函数值"),
    points=0.5,
    topic="values",
    hint=Text("The function is e to the power of -√z.", "这个函数是 e 的 -√z 次方。"),
)
def test_inverse_values(student, reference, rng, expect):
    """exp(-√z) for scalars, vectors and matrices, in both dtypes."""
    for shape, dtype in zip(SHAPES, ("float32", "float64", "float32"), strict=True):
        z = np.asarray(rng.uniform(0.1, 30, size=shape), dtype)
        expect.close(
            student.inverse_sqrt_exp(z),
            reference.inverse_sqrt_exp(z),
            ask=Text(
                f"`inverse_sqrt_exp(z)` with z of shape {shape}, {dtype}",
                f"`inverse_sqrt_exp(z)`，z 的形状为 {shape}，{dtype}",
            ),
            why=[
                Why(np.exp(-z), Text("that is exp(-z)", "这是 exp(-z)")),
                Why(np.exp(np.sqrt(z)), Text("that is exp(+√z)", "这是 exp(+√z)")),
                Why(np.exp(-1 / np.sqrt(z)), Text("that is exp(-1/√z)", "这是 exp(-1/√z)")),
            ],
            picture=lambda: curves(
                GRID,
                title=both("`inverse_sqrt_exp(z)`"),
                x_label=both("z"),
                y_label=Text("value", "函数值"),
                yours=student.inverse_sqrt_exp(GRID),
                expected=np.exp(-np.sqrt(GRID)),
            ),
        )


@check(
    title=Text("`inverse_sqrt_exp`: gradient", "`inverse_sqrt_exp`：梯度"),
    points=1,
    topic="gradient",
    hint=Text(
        "Chain rule: the derivative of exp(-√z) is exp(-√z) times the derivative of -√z; and all of"
        " it times the upstream gradient.",
        "链式法则：exp(-√z) 的导数是 exp(-√z) 乘以 -√z 的导数，最后整个再乘以上游梯度。",
    ),
)
def test_inverse_gradient(student, reference, rng, expect):
    """-exp(-√z) / (2√z), times the upstream gradient, in both dtypes."""
    for dtype in ("float32", "float64"):
        # Slopes are steep at 0.001 (-15) and vanish at 10000, where exp(√z) doesn't fit in float32.
        z = np.append(rng.uniform(0.5, 9, size=5), [0.001, 10000.0]).astype(dtype)
        upstream = rng.uniform(2, 5, size=7).astype(dtype)
        root = np.sqrt(z)
        expect.close(
            student.gradient(student.inverse_sqrt_exp, z, upstream=upstream).grads[0],
            reference.gradient(reference.inverse_sqrt_exp, z, upstream=upstream).grads[0],
            ask=Text(
                f"the gradient of a weighted sum of `inverse_sqrt_exp(z)`, {dtype}",
                f"`inverse_sqrt_exp(z)` 加权和的梯度，{dtype}",
            ),
            why=[
                Why(value, text)
                for value, text in (
                    (
                        -np.exp(-root) / (2 * root),
                        Text("the upstream gradient is ignored", "忽略了上游梯度"),
                    ),
                    (upstream * np.exp(-root) / (2 * root), Text("the sign is wrong", "符号反了")),
                    (
                        -upstream * np.exp(-root),
                        Text("the derivative of √z is missing", "漏掉了 √z 的导数"),
                    ),
                    (
                        -upstream / (2 * root),
                        Text("the factor exp(-√z) is missing", "漏掉了因子 exp(-√z)"),
                    ),
                )
            ],
            picture=lambda: inverse_curve(student),
        )
    z, upstream = rng.uniform(0.5, 9, size=5), rng.uniform(2, 5, size=5)
    expect.slopes(
        student,
        student.inverse_sqrt_exp,
        [z],
        0,
        student.gradient(student.inverse_sqrt_exp, z, upstream=upstream).grads[0],
        ask=Text(
            "the gradient of a weighted sum of `inverse_sqrt_exp(z)`",
            "`inverse_sqrt_exp(z)` 加权和的梯度",
        ),
        upstream=upstream,
        picture=lambda: inverse_curve(student),
    )


@check(
    title=Text("Gradients of your own, where asked for", "该自己写梯度的地方写了自己的梯度"),
    points=0.5,
    topic="interface",
    hint=Text(
        "`my_softplus` and `inverse_sqrt_exp` go through `tf.custom_gradient`;"
        " `my_softplus_autodiff` must manage without.",
        "`my_softplus` 和 `inverse_sqrt_exp` 要通过 `tf.custom_gradient` 实现；"
        "`my_softplus_autodiff` 则不许用它。",
    ),
)
def test_own_gradients(student, expect):
    """Two functions carry a custom gradient in their graphs, the third doesn't."""
    expect.unconfirmed()  # what a graph holds
    for name, wanted in (
        ("my_softplus", True),
        ("inverse_sqrt_exp", True),
        ("my_softplus_autodiff", False),
    ):
        got = marked_gradient(student, name)
        says = {
            True: Text("a custom gradient", "自定义梯度"),
            False: Text("no custom gradient", "没有自定义梯度"),
        }
        expect.true(
            got is wanted,
            ask=Text(f"the graph of `{name}`", f"`{name}` 的计算图"),
            expected=says[wanted],
            got=says[got],
        )

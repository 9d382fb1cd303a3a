"""Hidden checks of the autodiff exercise.

The functions to be differentiated are library functions of two numbers, so that they mean the same
in every process; their derivatives are written down here, once more, with NumPy in float64.
"""

import numpy as np

from grader.checks import Text, Why, as_variable, check, curves, measured_slopes

SWAPPED = Text("the two have changed places", "两个导数的位置颠倒了")


def power(a, b):
    """Derivatives of a^b: first ones and the Hessian."""
    log, value = np.log(a), a**b
    mixed = a ** (b - 1) * (1 + b * log)
    second = [[b * (b - 1) * a ** (b - 2), mixed], [mixed, value * log**2]]
    return (b * a ** (b - 1), value * log), np.array(second)


def angle(a, b):
    """Derivatives of atan2(a, b), likewise."""
    r2 = a * a + b * b
    second = [[-2 * a * b, a * a - b * b], [a * a - b * b, 2 * a * b]]
    return (b / r2, -a / r2), np.array(second) / r2**2


def product_log(a, b):
    """Derivatives of a·log(b), likewise."""
    return (np.log(b), a / b), np.array([[0, 1 / b], [1 / b, -a / b**2]])


def functions(session):
    """(name, the function over there, its derivatives)."""
    return (
        ("tf.pow", session.tf.pow, power),
        ("tf.math.atan2", session.tf.math.atan2, angle),
        ("tf.math.xlogy", session.tf.math.xlogy, product_log),
    )


def point(rng, dtype="float32"):
    """Two numbers from 1 to 2 that differ, where all of `functions` are tame."""
    a, b = rng.permutation([rng.uniform(1.0, 1.4), rng.uniform(1.6, 2.0)])
    return np.asarray(a, dtype), np.asarray(b, dtype)


def eighth(rng, low, high):
    """A random multiple of 1/8, float32: sums and products of a few are exact."""
    return np.asarray(rng.integers(8 * low, 8 * high) / 8, "float32")


def pair(expect, got, ask):
    """`got` as two things, in a tuple or a list."""
    expect.true(
        isinstance(got, list | tuple) and len(got) == 2,
        ask=ask,
        expected=Text("a pair (a tuple of two)", "一对值（两个元素的元组）"),
        got=Text("something else", "别的东西")
        if not isinstance(got, list | tuple)
        else Text(f"{len(got)} values", f"{len(got)} 个值"),
    )
    return got


def expect_pair(expect, got, wanted, call, call_zh="", *, why=((), ()), atol=None):
    """Both derivatives are right, in the dtype of `wanted`."""
    call_zh = call_zh or call
    pair(expect, got, Text(call, call_zh))
    for mine, want, other, name, more in zip(
        got, wanted, wanted[::-1], ("w1", "w2"), why, strict=True
    ):
        expect.close(
            mine,
            want,
            ask=Text(f"{call}, derivative with respect to {name}", f"{call_zh} 中对 {name} 的导数"),
            why=[Why(other, SWAPPED), *more],
            atol=atol,
        )


def cast(values, dtype):
    """Numbers as scalars of that dtype."""
    return tuple(np.asarray(value, dtype) for value in values)


def differences(function, a, b, eps):
    """Central differences of a NumPy function, and forward ones."""
    central = (
        (function(a + eps, b) - function(a - eps, b)) / (2 * eps),
        (function(a, b + eps) - function(a, b - eps)) / (2 * eps),
    )
    now = function(a, b)
    forward = ((function(a + eps, b) - now) / eps, (function(a, b + eps) - now) / eps)
    return central, forward


@check(
    title=Text("`partials`: of tensors and of variables", "`partials`：对张量和变量求导"),
    points=1,
    topic="gradient",
    hint=Text(
        "A tape records operations on trainable variables by itself; a tensor has to be watched"
        " before `f` is called.",
        "磁带会自动记录可训练变量上的运算；张量则要在调用 `f` 之前先 watch。",
    ),
)
def test_partials(student, rng, expect):
    """Both derivatives of three functions; constants, variables, one of each, and a tf.function."""
    for name, f, derivatives in functions(student):
        a, b = point(rng)
        wanted = cast(derivatives(float(a), float(b))[0], "float32")
        for first, second, kinds, kinds_zh in (
            (a, b, "tensors", "张量"),
            (as_variable(a), as_variable(b), "variables", "变量"),
            (a, as_variable(b), "a tensor and a variable", "一个张量和一个变量"),
        ):
            expect_pair(
                expect,
                student.partials(f, first, second),
                wanted,
                f"`partials({name}, w1, w2)` of {kinds}",
                f"`partials({name}, w1, w2)`（参数是{kinds_zh}）",
            )
    a, b = point(rng)
    expect_pair(
        expect,
        student.partials(student.in_graph(student.tf.pow), a, b),
        cast(power(float(a), float(b))[0], "float32"),
        "`partials(f, w1, w2)` with a `tf.function` f",
        "`partials(f, w1, w2)`，其中 f 是 `tf.function`",
    )


@check(
    title=Text("`numeric_partials`: central differences", "`numeric_partials`：中心差分"),
    points=1,
    topic="values",
    hint=Text(
        "Go eps up and eps down, and divide by the whole way between the two points, 2·eps. Move"
        " one argument at a time.",
        "向上走 eps、向下走 eps，再除以两点之间的整段距离 2·eps。每次只移动一个参数。",
    ),
)
def test_numeric(student, rng, expect):
    """With a large eps a central difference is neither the derivative nor another difference."""
    for eps in (0.25, 0.125):
        a, b = point(rng, "float64")
        central, forward = differences(np.power, a, b, eps)
        exact = power(a, b)[0]
        why = [
            [
                Why(
                    forward[i],
                    Text(
                        "that is a forward difference: go eps down, too",
                        "这是前向差分：还要向下走 eps",
                    ),
                ),
                Why(
                    2 * central[i],
                    Text(
                        "it is twice too large: the points are 2·eps apart",
                        "大了一倍：两点相距 2·eps",
                    ),
                ),
                Why(
                    exact[i],
                    Text(
                        "that is the exact derivative: use `eps` and values of `f` alone",
                        "这是精确的导数：应当用到 `eps`，并且只用 `f` 的函数值",
                    ),
                ),
            ]
            for i in (0, 1)
        ]
        # Both values are at most 2.25^2.25 = 6.2 and off by an ulp or two, 1.8e-15, over 2·eps.
        expect_pair(
            expect,
            student.numeric_partials(student.tf.pow, a, b, eps=eps),
            central,
            f"`numeric_partials(tf.pow, w1, w2, eps={eps})`, float64",
            why=why,
        )


@check(
    title=Text(
        "`numeric_partials`: the default, float32, and variables",
        "`numeric_partials`：默认值、float32 和变量",
    ),
    points=1,
    topic="values",
    hint=Text(
        "The stub's default of 1e-3 balances what float32 rounds against what a difference leaves"
        " out. Compute w1 + eps as a new tensor instead of changing w1.",
        "模板里的默认值 1e-3 兼顾了 float32 的舍入和差分的误差。"
        "请用新张量 w1 + eps，而不要改动 w1。",
    ),
)
def test_numeric_kinds(student, rng, expect):
    """Near the derivative by default; exact for a parabola in float32; variables stay as is."""
    a, b = point(rng, "float64")
    # With eps = 1e-3, a third derivative below 20 makes 3e-6; the bound leaves room for others.
    expect_pair(
        expect,
        student.numeric_partials(student.tf.math.atan2, a, b),
        angle(a, b)[0],
        "`numeric_partials(tf.math.atan2, w1, w2)` with the default eps, float64",
        "`numeric_partials(tf.math.atan2, w1, w2)`（默认的 eps，float64）",
        atol=1e-4,
    )
    # (a - b)² has no third derivative, and eighths no rounding: central differences are exact.
    a, b = eighth(rng, 1, 3), eighth(rng, 4, 6)
    variables = [student.tf.Variable(a), student.tf.Variable(b)]
    square = student.tf.math.squared_difference
    wanted = (2 * (a - b), 2 * (b - a))
    for args, kinds, kinds_zh in (
        ((a, b), "tensors", "张量"),
        (variables, "variables", "变量"),
    ):
        expect_pair(
            expect,
            student.numeric_partials(square, *args, eps=0.125),
            wanted,
            f"`numeric_partials(tf.math.squared_difference, w1, w2, eps=0.125)` of {kinds}",
            f"`numeric_partials(tf.math.squared_difference, w1, w2, eps=0.125)`"
            f"（参数是{kinds_zh}）",
        )
    for after, before, name in zip(student.arrays(variables), (a, b), ("w1", "w2"), strict=True):
        expect.close(
            after,
            before,
            ask=Text(
                f"the variable {name} after `numeric_partials`",
                f"调用 `numeric_partials` 之后变量 {name} 的值",
            ),
        )


@check(
    title=Text("`loss_jacobian`: one derivative per loss", "`loss_jacobian`：每个损失一个导数"),
    points=1,
    topic="gradient",
    hint=Text(
        "Asked for the gradient of a vector, a tape adds up: `tape.jacobian` doesn't, nor does a"
        " persistent tape that is asked once for each loss.",
        "对向量求梯度时，磁带会把各项加起来；`tape.jacobian` 不会，"
        "用持久磁带对每个损失各问一次也不会。",
    ),
)
def test_jacobian(student, rng, expect):
    """n derivatives to w1 and n to w2, for one offset and several, in a list and in a tensor."""
    for count, kind in ((4, "tensor"), (3, "list"), (1, "tensor")):
        offsets = (rng.permutation(16)[:count] / 8).astype("float32")
        a, b = eighth(rng, 1, 2), eighth(rng, 1, 3)
        (to_a, to_b), _ = power(float(a), b.astype("float64") + offsets)
        given = offsets if kind == "tensor" else [float(offset) for offset in offsets]
        first = a if kind == "list" else as_variable(a)
        unmoved, _ = power(float(a), float(b))
        why = [
            [
                Why(
                    whole.sum(),
                    Text(
                        "that is the derivative of the sum of the losses",
                        "这是各损失之和的导数",
                    ),
                ),
                Why(whole.mean(), Text("that is the derivative of their mean", "这是平均值的导数")),
                Why(
                    np.full(count, one),
                    Text("the offsets aren't used", "没有用上偏移量"),
                ),
            ]
            for whole, one in zip((to_a, to_b), unmoved, strict=True)
        ]
        expect_pair(
            expect,
            student.loss_jacobian(student.tf.pow, first, b, given),
            cast((to_a, to_b), "float32"),
            f"`loss_jacobian(tf.pow, w1, w2, offsets)` with {count} offset(s) in a {kind}",
            f"`loss_jacobian(tf.pow, w1, w2, offsets)`，{count} 个偏移量，"
            + {"tensor": "张量", "list": "列表"}[kind],
            why=why,
        )


@check(
    title=Text("`hessian`: with its mixed terms", "`hessian`：包括混合偏导"),
    points=1,
    topic="gradient",
    hint=Text(
        "An outer tape has to record how the inner one computes its gradients, and is asked once"
        " for each of the two first derivatives.",
        "外层磁带要记录内层磁带求梯度的过程，然后对两个一阶导数各问一次。",
    ),
)
def test_hessian(student, rng, expect):
    """All four second derivatives, for tensors and for variables."""
    for name, f, derivatives in functions(student)[:2]:
        a, b = point(rng)
        second = derivatives(float(a), float(b))[1]
        for first, kinds, kinds_zh in (
            (a, "tensors", "张量"),
            (as_variable(a), "a variable and a tensor", "一个变量和一个张量"),
        ):
            expect.close(
                student.hessian(f, first, b),
                second.astype("float32"),
                ask=Text(
                    f"`hessian({name}, w1, w2)` of {kinds}",
                    f"`hessian({name}, w1, w2)`（参数是{kinds_zh}）",
                ),
                why=[
                    Why(
                        np.diag(np.diag(second)),
                        Text("the mixed terms are missing", "缺少混合偏导"),
                    ),
                    Why(
                        second.sum(axis=0),
                        Text(
                            "each row is summed up: differentiate the two first derivatives one"
                            " by one",
                            "各行被加在了一起：请对两个一阶导数分别求导",
                        ),
                    ),
                ],
                # Some twenty float32 operations on the way to a sum of terms of size up to 5.
                atol=5e-6,
            )


@check(
    title=Text("`hessian`: second derivatives that vanish", "`hessian`：恒为零的二阶导数"),
    points=0.5,
    topic="gradient",
    hint=Text(
        "Where a result doesn't depend on a source, `tape.gradient` answers None, unless"
        " `unconnected_gradients` says otherwise. A matrix wants a 0.",
        "结果与来源无关时，`tape.gradient` 回答 None，除非用 `unconnected_gradients` 另行说明。"
        "矩阵里需要的是 0。",
    ),
)
def test_hessian_zeros(student, rng, expect):
    """Functions that are linear in an argument, or in both."""
    a, b = eighth(rng, 1, 3), eighth(rng, 4, 6)
    for name, f, second in (
        ("tf.multiply", student.tf.multiply, [[0, 1], [1, 0]]),
        ("tf.math.squared_difference", student.tf.math.squared_difference, [[2, -2], [-2, 2]]),
        ("tf.add", student.tf.add, [[0, 0], [0, 0]]),
    ):
        expect.close(
            student.hessian(f, a, as_variable(b)),
            np.array(second, "float32"),
            ask=Text(f"`hessian({name}, w1, w2)`", f"`hessian({name}, w1, w2)`"),
        )


@check(
    title=Text("`input_gradient`: with respect to x", "`input_gradient`：对 x 的梯度"),
    points=1,
    topic="gradient",
    hint=Text(
        "`x` is data, and no tape records what happens to data unless it is told to watch it.",
        "`x` 是数据；不让磁带去 watch 它，磁带就不会记录它上面的运算。",
    ),
)
def test_input_gradient(student, rng, expect):
    """For a matrix, a vector and a scalar; for tensors and for a variable."""
    x = rng.normal(size=(3, 4)).astype("float32")
    weights = np.exp(x.astype("float64"))
    vector = rng.uniform(0.5, 2, size=5).astype("float32")
    scalar = np.asarray(rng.uniform(-1, 1), "float32")
    for name, f, given, want in (
        ("tf.reduce_logsumexp", student.tf.reduce_logsumexp, x, weights / weights.sum()),
        ("tf.norm", student.tf.norm, vector, vector / np.linalg.norm(vector.astype("float64"))),
        ("tf.sinh", student.tf.sinh, scalar, np.cosh(scalar.astype("float64"))),
    ):
        for argument, kind, kind_zh in (
            (given, "a tensor", "张量"),
            (as_variable(given), "a variable", "变量"),
        ):
            expect.close(
                student.input_gradient(f, argument),
                np.asarray(want, "float32"),
                ask=Text(
                    f"`input_gradient({name}, x)`, x {kind} of shape {given.shape}",
                    f"`input_gradient({name}, x)`，x 是形状为 {given.shape} 的{kind_zh}",
                ),
            )


@check(
    title=Text("`freeze_second_term`: value and gradient", "`freeze_second_term`：函数值和梯度"),
    points=1,
    topic="gradient",
    hint=Text(
        "The value is that of the whole sum. Wrap the whole second term in `tf.stop_gradient`, not"
        " one of its factors.",
        "函数值是整个和的值。请把整个第二项放进 `tf.stop_gradient`，而不只是其中一个因子。",
    ),
)
def test_freeze(student, rng, expect):
    """The value has both terms; only the first passes a gradient, and none reaches w2."""
    for dtype in ("float32", "float64"):
        a, b = (eighth(rng, low, low + 3).astype(dtype) for low in (1, 4))
        upstream = np.asarray(rng.integers(2, 6), dtype)
        got = student.gradient(
            student.freeze_second_term, a, as_variable(b), wrt=(0, 1), upstream=upstream
        )
        expect.close(
            got.value,
            3 * a**2 + 2 * a * b,
            ask=Text(
                f"`freeze_second_term(w1, w2)`, {dtype}", f"`freeze_second_term(w1, w2)`，{dtype}"
            ),
            why=[
                Why(
                    3 * a**2,
                    Text(
                        "the second term is missing from the value",
                        "函数值里缺少第二项",
                    ),
                ),
                Why(
                    (3 * a) ** 2 + 2 * a * b,
                    Text("the 3 is squared, too", "把 3 也平方了"),
                ),
            ],
        )
        expect.close(
            got.grads[0],
            upstream * 6 * a,
            ask=Text(
                f"the gradient of {int(upstream)}·`freeze_second_term(w1, w2)` with respect to w1",
                f"{int(upstream)}·`freeze_second_term(w1, w2)` 对 w1 的梯度",
            ),
            why=[
                Why(
                    upstream * (6 * a + 2 * b),
                    Text("the second term still passes its gradient", "第二项的梯度仍然流过来了"),
                ),
                Why(
                    upstream * 2 * b,
                    Text("that is the second term's gradient alone", "这只是第二项的梯度"),
                ),
            ],
        )
        to_b = got.grads[1]
        expect.true(
            to_b is None or bool(np.all(to_b == 0)),
            ask=Text(
                "the gradient of `freeze_second_term(w1, w2)` with respect to w2",
                "`freeze_second_term(w1, w2)` 对 w2 的梯度",
            ),
            expected=Text("none (None or 0)", "没有梯度（None 或 0）"),
            got=Text("another gradient", "别的梯度"),
        )


def sqrt_curve(student):
    """The values of `safe_sqrt` near 0, where an offset shows."""
    x = np.linspace(0, 1e-3, 81)
    return curves(
        x,
        title=Text("`safe_sqrt(x)` near 0", "`safe_sqrt(x)` 在 0 附近"),
        x_label=Text("x", "x"),
        y_label=Text("value", "函数值"),
        yours=student.safe_sqrt(x.astype("float32")),
        expected=np.sqrt(x),
    )


def sqrt_slopes(student):
    """The gradient of `safe_sqrt`, with an upstream gradient of 2 everywhere."""
    x = np.linspace(0.001, 0.05, 99)
    z = x.astype("float32")
    return curves(
        x,
        title=Text(
            "The gradient of `safe_sqrt(x)`, times an upstream gradient of 2",
            "`safe_sqrt(x)` 的梯度，乘以上游梯度 2",
        ),
        x_label=Text("x", "x"),
        y_label=Text("gradient", "梯度"),
        yours=student.gradient(student.safe_sqrt, z, upstream=np.full_like(z, 2)).grads[0],
        expected=1 / np.sqrt(x),
        measured=2 * measured_slopes(student.safe_sqrt, z),
    )


@check(
    title=Text("`safe_sqrt`: values", "`safe_sqrt`：函数值"),
    points=0.5,
    topic="values",
    hint=Text(
        "Whatever you add to x before the root must be small: √(x + δ) is √δ at 0.",
        "在开方之前给 x 加的数必须很小：x = 0 时 √(x + δ) 就是 √δ。",
    ),
)
def test_sqrt_values(student, rng, expect):
    """Within 1e-3 of √x from 0 to 10⁴, for scalars, vectors and matrices."""
    tiny = [0.0, 1e-12, 1e-8, 1e-6, 1e-4, 1e4]
    for x in (
        rng.permutation(np.concatenate([tiny, rng.uniform(0, 4, 3), rng.uniform(4, 1e4, 3)])),
        np.zeros(()),
        rng.uniform(0, 1e-3, size=(2, 3)),
    ):
        x = x.astype("float32")
        root = np.sqrt(x.astype("float64"))
        shape, shape_zh = f"x of shape {x.shape}", f"x 的形状为 {x.shape}"
        got = expect.array(
            student.safe_sqrt(x),
            want=root,
            dtype="float32",
            ask=Text(f"`safe_sqrt(x)`, {shape}", f"`safe_sqrt(x)`，{shape_zh}"),
        )
        # The bound of the statement, and 1e-5 for rounding: an ulp at √10⁴ = 100 is 7.6e-6.
        expect.close(
            got - root,
            np.zeros_like(root),
            ask=Text(f"`safe_sqrt(x) - √x`, {shape}", f"`safe_sqrt(x) - √x`，{shape_zh}"),
            atol=1.01e-3,
            picture=lambda: sqrt_curve(student),
        )


@check(
    title=Text("`safe_sqrt`: the gradient, also at 0", "`safe_sqrt`：梯度，包括 0 处"),
    points=1,
    topic="gradient",
    hint=Text(
        "The slope 1/(2√x) is infinite at 0, and `tf.where` doesn't hide it: the branch not taken"
        " is multiplied with 0, and 0 · inf is nan. Keep 0 away from the root itself.",
        "斜率 1/(2√x) 在 0 处是无穷大，`tf.where` 也藏不住它：没被选中的分支会乘以 0，而 0 · inf 是"
        " nan。请让开方本身遇不到 0。",
    ),
)
def test_sqrt_gradient(student, rng, expect):
    """Finite at 0, alone and among others; that of √x from 0.01 upwards."""
    x = np.concatenate([[0.0, 0.01, 1e4], rng.uniform(0.01, 1, 4), rng.uniform(1, 100, 2)])
    for z in (rng.permutation(x).astype("float32"), np.zeros((), "float32")):
        upstream = np.asarray(rng.uniform(1, 2, size=z.shape), "float32")
        grad = expect.array(
            student.gradient(student.safe_sqrt, z, upstream=upstream).grads[0],
            want=z,
            ask=Text("the gradient of `safe_sqrt(x)`", "`safe_sqrt(x)` 的梯度"),
        )
        at_zero = grad[z == 0]
        expect.true(
            bool(np.all(np.isfinite(at_zero))),
            ask=Text("the gradient of `safe_sqrt` at 0", "`safe_sqrt` 在 0 处的梯度"),
            expected=Text("a finite number", "有限的数"),
            got=Text(f"{at_zero.tolist()}", f"{at_zero.tolist()}"),
        )
        large = z[z > 0]
        # √(x + 1e-6) would be off by 2.5e-4 at 0.01, where the slope is 5 and the bound 5e-4.
        expect.close(
            grad[z > 0] / upstream[z > 0],
            0.5 / np.sqrt(large),
            ask=Text(
                "the gradient of `safe_sqrt` over the upstream gradient, at 0.01 and above",
                "`safe_sqrt` 在 0.01 及以上处的梯度（除以上游梯度）",
            ),
            atol=1e-4,
            picture=lambda: sqrt_slopes(student),
        )


@check(
    title=Text("float64 stays float64", "float64 仍是 float64"),
    points=1,
    topic="values",
    hint=Text(
        "Don't cast, and make no constants of a fixed dtype: a plain Python number adapts itself"
        " to what it meets.",
        "不要转换类型，也不要用固定 dtype 的常量：普通的 Python 数字会适应它遇到的张量。",
    ),
)
def test_float64(student, rng, expect):
    """Dtype and accuracy of everything, with float64 arguments."""
    a, b = point(rng, "float64")
    first, second = power(a, b)
    f = student.tf.pow
    expect_pair(
        expect,
        student.partials(f, a, b),
        first,
        "`partials(tf.pow, w1, w2)`, float64",
    )
    offsets = rng.permutation(16)[:3] / 8
    expect_pair(
        expect,
        student.loss_jacobian(f, a, as_variable(b), offsets),
        power(a, b + offsets)[0],
        "`loss_jacobian(tf.pow, w1, w2, offsets)`, float64",
    )
    expect.close(
        student.hessian(f, a, b),
        second,
        ask=Text("`hessian(tf.pow, w1, w2)`, float64", "`hessian(tf.pow, w1, w2)`，float64"),
        # As in float32: some twenty operations, terms of size up to 5.
        atol=1e-11,
    )
    x = rng.normal(size=6)
    expect.close(
        student.input_gradient(student.tf.reduce_logsumexp, x),
        np.exp(x) / np.exp(x).sum(),
        ask=Text(
            "`input_gradient(tf.reduce_logsumexp, x)`, float64",
            "`input_gradient(tf.reduce_logsumexp, x)`，float64",
        ),
    )
    x = np.append(0.0, rng.uniform(0.01, 9, size=5))
    got = student.gradient(student.safe_sqrt, x)
    ask = Text("`safe_sqrt(x)`, float64", "`safe_sqrt(x)`，float64")
    expect.close(got.value, np.sqrt(x), ask=ask, atol=1.01e-3)
    grad = expect.array(got.grads[0], want=x, dtype="float64", ask=ask)
    expect.close(
        grad[1:],
        0.5 / np.sqrt(x[1:]),
        ask=Text("the gradient of `safe_sqrt`, float64", "`safe_sqrt` 的梯度，float64"),
        atol=1e-4,
    )

"""Hidden checks of `tensors`: values, rounding, dtypes, gradients, traced calls."""

import numpy as np

from grader.checks import Text, Why, check

# Standardizing 7 entries takes some 20 roundings (a mean, deviations, squares, another mean, a
# root, a quotient), each of at most 6e-8 of a number that is at most three deviations large, in
# the student's answer and in the reference's. In float64 the same count gives 7e-15.
STANDARDIZED_ATOL = {"float32": 8e-6, "float64": 1e-12}


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def shaped(call, name, array):
    """A call with shape and dtype of one of its arguments."""
    return Text(
        f"`{call}` with {name} of shape {array.shape}, {array.dtype}",
        f"`{call}`，{name} 的形状为 {array.shape}，{array.dtype}",
    )


def columns(rng, rows, count, scale=1.0):
    """Columns whose mean is small beside their spread, so that no formula loses digits."""
    # Evenly spread and shuffled: no column is nearly constant by chance.
    grid = np.linspace(-1.5, 1.5, rows)[:, None] + rng.uniform(-0.1, 0.1, size=(rows, count))
    return scale * (rng.permuted(grid, axis=0) + rng.uniform(-0.3, 0.3, size=count))


def standardized(t, axis=0, ddof=0):
    """Standardizing with NumPy."""
    t = t.astype("float64")
    return (t - t.mean(axis, keepdims=True)) / t.std(axis, ddof=ddof, keepdims=True)


def around(rng, offsets, dtype):
    """An observation, and codes which lie at these offsets from it.

    The coordinates change places, signs and scale alike in all rows, which changes no order.
    """
    offsets = np.asarray(offsets, "float64")
    offsets = offsets[:, rng.permutation(offsets.shape[1])] * rng.uniform(0.5, 2)
    offsets *= rng.choice([-1.0, 1.0], size=offsets.shape[1])
    observation = rng.uniform(-1, 1, size=offsets.shape[1])
    return observation.astype(dtype), (observation + offsets).astype(dtype)


@check(
    title=Text("`gram`: t·tᵀ", "`gram`：t·tᵀ"),
    points=1,
    topic="values",
    hint=Text(
        "Entry (i, j) is the dot product of rows i and j. `*` multiplies element by element;"
        " matrices are multiplied by another operator.",
        "第 (i, j) 个元素是第 i 行与第 j 行的点积。`*` 是逐元素相乘，矩阵相乘要用另一个运算符。",
    ),
)
def test_gram(student, reference, rng, expect):
    """Wide, tall and square matrices, in both dtypes."""
    for shape, dtype in (((3, 4), "float32"), ((4, 4), "float64"), ((5, 2), "float64")):
        t = rng.uniform(-1, 1, size=shape).astype(dtype)
        why = [
            Why(t.T @ t, Text("that is tᵀ·t: the order matters", "这是 tᵀ·t：次序不能颠倒")),
        ]
        if shape[0] == shape[1]:
            why += [
                Why(t * t.T, Text("`*` multiplies element by element", "`*` 是逐元素相乘")),
                Why(t @ t, Text("that is t·t, without the transpose", "这是 t·t，没有转置")),
            ]
        expect.close(student.gram(t), reference.gram(t), ask=shaped("gram(t)", "t", t), why=why)


@check(
    title=Text("`standardize_columns`: values", "`standardize_columns`：取值"),
    points=1.25,
    topic="values",
    hint=Text(
        "Mean and standard deviation are taken over axis 0, one of each per column; the"
        " population's standard deviation divides by n, not by n - 1.",
        "均值和标准差沿第 0 轴计算，每列各一个；总体标准差除以 n，而不是 n - 1。",
    ),
)
def test_standardize(student, reference, rng, expect):
    """Population statistics per column, in both dtypes."""
    for shape, dtype in (((7, 3), "float32"), ((4, 4), "float32"), ((6, 1), "float64")):
        t = columns(rng, *shape).astype(dtype)
        why = [
            Why(
                standardized(t, ddof=1),
                Text(
                    "that divides by the sample's standard deviation, with n - 1",
                    "这里除以的是样本标准差，分母为 n - 1",
                ),
            ),
            Why(t - t.mean(0), Text("the columns are only shifted", "各列只做了平移")),
            Why(
                (t - t.mean(0)) / t.var(0),
                Text(
                    "that divides by the variance: its root is missing",
                    "这里除以的是方差：没有开方",
                ),
            ),
            Why(
                t / t.std(0),
                Text("the mean isn't subtracted", "没有减去均值"),
            ),
        ]
        if shape[1] > 1:
            why += [
                Why(
                    standardized(t, axis=1),
                    Text("that standardizes every row", "这是对每一行做标准化"),
                ),
                Why(
                    standardized(t, axis=None),
                    Text(
                        "that takes one mean and one deviation of the whole tensor",
                        "这里整个张量只用了一个均值和一个标准差",
                    ),
                ),
            ]
        expect.close(
            student.standardize_columns(t),
            reference.standardize_columns(t),
            ask=shaped("standardize_columns(t)", "t", t),
            atol=STANDARDIZED_ATOL[dtype],
            why=why,
        )


@check(
    title=Text(
        "`standardize_columns`: columns of equal entries", "`standardize_columns`：所有元素相等的列"
    ),
    points=1.5,
    topic="values",
    hint=Text(
        "0 / 0 is NaN. And the mean of seven 0.1 isn't exactly 0.1, so neither the deviations nor"
        " their root mean square have to be exactly 0: how else can you tell that all entries of a"
        " column are equal, or keep the rounding error from arising?",
        "0 / 0 是 NaN。另外，七个 0.1 的均值并不恰好是 0.1，因此离差和标准差都未必恰好为 0："
        "还有什么办法能判断一列的元素全都相等，或者让舍入误差根本不产生？",
    ),
)
def test_constant_columns(student, rng, expect):
    """Exactly 0, although a mean of equal numbers may be rounded; one row is such a case, too."""
    # About half of all constants have a mean that is off, so among 30 there are some for any
    # order of summation (none with probability 1e-9).
    for rows, dtype in ((7, "float32"), (7, "float64"), (1, "float32")):
        constants = np.append([0.1, 0.0], rng.uniform(0.1, 1, size=30))
        t = np.tile(constants, (rows, 1)).astype(dtype)
        ask = Text(
            f"`standardize_columns(t)`, every column of t {rows} times the same number"
            f" (0.1 in the first), {dtype}",
            f"`standardize_columns(t)`，t 的每一列都是同一个数重复 {rows} 次（第一列是 0.1），"
            f"{dtype}",
        )
        got = expect.array(student.standardize_columns(t), ask=ask, shape=t.shape, dtype=dtype)
        wrong = [float(value) for value in got.ravel() if value != 0]  # NaN, too
        expect.true(
            not wrong,
            ask=ask,
            expected=Text("exactly 0 everywhere", "处处恰好为 0"),
            got=Text(f"{wrong[:1]} among the entries", f"其中有 {wrong[:1]}"),
            why=Text("0 / 0 is NaN", "0 / 0 是 NaN")
            if wrong and np.isnan(wrong[0])
            else Text(
                "a rounding error of the mean was taken for a deviation",
                "把均值的舍入误差当成了离差",
            ),
        )
    t = columns(rng, 7, 3).astype("float32")
    want = standardized(t).astype("float32")
    t[:, 1], want[:, 1] = np.float32(0.1), 0
    expect.close(
        student.standardize_columns(t),
        want,
        ask=Text(
            "`standardize_columns(t)`, where only the middle one of three columns is constant",
            "`standardize_columns(t)`，三列中只有中间一列是常数",
        ),
        atol=STANDARDIZED_ATOL["float32"],
    )


@check(
    title=Text("`standardize_columns`: small spreads", "`standardize_columns`：离散程度很小的列"),
    points=0.5,
    topic="values",
    hint=Text(
        "Nothing may be added to the standard deviation, and no small one be taken for 0: entries"
        " of about 1e-6 that differ have a mean and a deviation like all others.",
        "不要给标准差加上什么，也不要把小的标准差当成 0："
        "1e-6 左右但互不相同的元素同样有均值和标准差。",
    ),
)
def test_small_spread(student, rng, expect):
    """A column of entries of about 1e-6 isn't a column of equal entries."""
    for scale in (1e-3, 1e-6):
        t = columns(rng, 7, 3, scale).astype("float32")
        expect.close(
            student.standardize_columns(t),
            standardized(t).astype("float32"),
            ask=Text(
                f"`standardize_columns(t)` with entries of about {scale}",
                f"`standardize_columns(t)`，元素的大小约为 {scale}",
            ),
            atol=STANDARDIZED_ATOL["float32"],
            why=[
                Why(
                    np.zeros(t.shape),
                    Text("they are taken for equal entries", "它们被当成了相等的元素"),
                )
            ],
        )


@check(
    title=Text("`nearest_code`: the nearest row", "`nearest_code`：最近的一行"),
    points=1.25,
    topic="values",
    hint=Text(
        "Square the differences, add them up over each row (axis 1), and find the smallest sum. The"
        " answer is a scalar tensor of dtype int64.",
        "把差平方，逐行（沿第 1 轴）相加，再找出最小的和。结果是 int64 的标量张量。",
    ),
)
def test_nearest(student, rng, expect):
    """Euclidean distance and nothing else, one index, int64."""
    far, away = (6, 6, 6), (-6, -6, -6)
    diagonal, straight, short = (3, 3, 0), (0, 0, 5), (0, 0, 3.5)
    questions = (
        # The nearest is in row 3 or 4, where a sum over axis 0 (of length 3) can't point.
        ([far, straight, away, diagonal, (7, 0, 0)], 3, "float32"),
        ([far, diagonal, (0, 8, 0), away, short], 4, "float32"),
        ([short, far, away], 0, "float64"),
        # Nearer by 1e-9 only: the difference vanishes in float32.
        ([away, (1.000000001, 0, 1), far, (1, 0, 1)], 3, "float64"),
        ([far], 0, "float32"),
    )
    for offsets, want, dtype in questions:
        observation, codes = around(rng, offsets, dtype)
        distances = np.abs(codes - observation)
        expect.close(
            student.nearest_code(observation, codes),
            np.asarray(want, "int64"),
            ask=shaped("nearest_code(observation, codes)", "codes", codes),
            why=[
                Why(
                    np.argmax((distances**2).sum(1)),
                    Text("that is the row farthest away", "这是最远的一行"),
                ),
                Why(
                    np.argmin(distances.sum(1)),
                    Text(
                        "that is the nearest by the sum of absolute differences, not by Euclidean"
                        " distance",
                        "这是按绝对差之和算的最近一行，而不是按欧氏距离",
                    ),
                ),
                Why(
                    np.argmin(distances.max(1)),
                    Text(
                        "that is the nearest by the largest difference, not by Euclidean distance",
                        "这是按最大的差算的最近一行，而不是按欧氏距离",
                    ),
                ),
                Why(
                    np.argmin((distances**2).sum(0)),
                    Text(
                        "that adds up over axis 0: a sum for each column instead of each row",
                        "这是沿第 0 轴求和：得到的是每列的和，而不是每行的和",
                    ),
                ),
            ],
        )


@check(
    title=Text("`nearest_code`: ties", "`nearest_code`：距离相等时"),
    points=0.75,
    topic="values",
    hint=Text(
        "Among rows at the same distance the one with the smallest index wins.",
        "距离相同的几行中，取下标最小的一行。",
    ),
)
def test_ties(student, rng, expect):
    """The first of several nearest rows, whole numbers keeping distances exact."""
    # All of them at distance 3, and equally far by other measures, too: only the tie counts here.
    near = [(1, 2, 2), (-2, 1, 2), (2, -2, 1), (-1, -2, -2)]
    for dtype, first in (("float32", 1), ("float64", 2), ("float32", 0)):
        offsets = [(9, 9, int(k)) for k in rng.integers(0, 6, size=first)]
        offsets += [near[k] for k in rng.permutation(4)] + [(-5, 1, 3)]
        observation = rng.integers(5, 10, size=3).astype(dtype)
        codes = (observation + np.array(offsets)).astype(dtype)
        expect.close(
            student.nearest_code(observation, codes),
            np.asarray(first, "int64"),
            ask=Text(
                f"`nearest_code(observation, codes)` where rows {first} to {first + 3} are all at"
                f" distance 3, {dtype}",
                f"`nearest_code(observation, codes)`，其中第 {first} 到 {first + 3} 行的"
                f"距离都是 3，{dtype}",
            ),
            why=[
                Why(first + 3, Text("that is the last of them", "这是其中最后一行")),
            ],
        )


def mixed(rng, a_dtype, b_dtype):
    """Two tensors to be added, the second one broadcast; whole numbers where a dtype is integer."""
    a = rng.integers(-40, 40, size=(2, 3)) / (1 if a_dtype.startswith("int") else 8)
    whole = "int" in a_dtype or "int" in b_dtype
    b = rng.integers(-40, 40, size=3) / (1 if whole else 8)
    return a.astype(a_dtype), b.astype(b_dtype)


@check(
    title=Text("`add_as`: the sum has a's dtype", "`add_as`：和的 dtype 与 a 相同"),
    points=1.25,
    topic="values",
    hint=Text(
        "TensorFlow refuses to add two dtypes. Cast b to `a.dtype`, whatever that is.",
        "TensorFlow 不允许两种 dtype 直接相加。请把 b 转成 `a.dtype`，不管它是什么。",
    ),
)
def test_add_as(student, reference, rng, expect):
    """All kinds of pairs; b is broadcast as in any sum."""
    pairs = (
        ("float32", "int32"), ("float32", "float64"), ("float64", "float32"), ("float64", "int64"),
        ("int64", "int32"), ("int32", "int32"), ("int32", "float32"),
    )  # fmt: skip
    for a_dtype, b_dtype in pairs:
        a, b = mixed(rng, a_dtype, b_dtype)
        expect.close(
            student.add_as(a, b),
            reference.add_as(a, b),
            ask=Text(
                f"`add_as(a, b)`, a of shape (2, 3) and {a_dtype}, b of shape (3,) and {b_dtype}",
                f"`add_as(a, b)`，a 的形状为 (2, 3)、dtype 为 {a_dtype}，"
                f"b 的形状为 (3,)、dtype 为 {b_dtype}",
            ),
        )
    # Thirds need all digits of float64: nothing may pass through float32.
    a, b = rng.uniform(1, 2, size=4), rng.integers(1, 9, size=4)
    expect.close(
        student.add_as(a, b),
        a + b,
        ask=Text("`add_as(a, b)`, a float64, b int64", "`add_as(a, b)`，a 为 float64，b 为 int64"),
        why=[
            Why(
                (a.astype("float32") + b).astype("float64"),
                Text("digits were lost in float32", "在 float32 中丢掉了一些数位"),
            )
        ],
    )


@check(
    title=Text("`add_as`: b is cast before the addition", "`add_as`：先转换 b，再相加"),
    points=0.5,
    topic="values",
    hint=Text(
        "Cast b, not the sum, and leave a as it is: float32 can't hold every int32.",
        "要转换的是 b，而不是和，a 则保持原样：float32 装不下所有的 int32。",
    ),
)
def test_cast_before(student, rng, expect):
    """b loses its fraction before it is added, and a never passes through another dtype."""
    a = rng.integers(1, 50, size=4).astype("int32")
    b = np.array([-0.5, 0.75, -2.25, 3.5], "float32")
    expect.close(
        student.add_as(a, b),
        a + np.array([0, 0, -2, 3], "int32"),
        ask=Text(
            "`add_as(a, [-0.5, 0.75, -2.25, 3.5])` with a positive int32 a",
            "`add_as(a, [-0.5, 0.75, -2.25, 3.5])`，a 为正的 int32",
        ),
        why=[
            Why(
                (a + b).astype("int32"),
                Text(
                    "the sum was cast: b has to be cast before the addition",
                    "转换的是和：应在相加之前转换 b",
                ),
            )
        ],
    )
    a = (2**24 + 1 + 2 * rng.integers(0, 1000, size=3)).astype("int32")
    b = np.array([1.0, 2.0, 3.0], "float32")
    expect.close(
        student.add_as(a, b),
        a + np.array([1, 2, 3], "int32"),
        ask=Text(
            "`add_as(a, [1., 2., 3.])` with an int32 a above 2²⁴",
            "`add_as(a, [1., 2., 3.])`，a 是大于 2²⁴ 的 int32",
        ),
    )


@check(
    title=Text("Gradients flow", "梯度能够传播"),
    points=1,
    topic="gradient",
    hint=Text(
        "A tape follows TensorFlow's operations only. NumPy, `.numpy()` or a new `tf.constant` cut"
        " the result off from its inputs.",
        "梯度带只能追踪 TensorFlow 的运算。NumPy、`.numpy()` 或新建的 `tf.constant`"
        " 都会让结果与输入断开。",
    ),
)
def test_gradients(student, reference, rng, expect):
    """Gradients of `gram`, `standardize_columns` and `add_as` agree with the reference's."""
    t = columns(rng, 5, 3)
    for name, shape in (("gram", (5, 5)), ("standardize_columns", (5, 3))):
        upstream = rng.uniform(1, 3, size=shape)
        ask = Text(f"the gradient of `{name}(t)`, float64", f"`{name}(t)` 的梯度，float64")
        got = student.gradient(student[name], t, upstream=upstream)
        want = reference.gradient(reference[name], t, upstream=upstream)
        # Dozens of float64 roundings, of numbers below 100.
        expect.close(got.grads[0], want.grads[0], ask=ask, atol=1e-11)
        expect.slopes(student, student[name], [t], 0, got.grads[0], ask=ask, upstream=upstream)
    a, b = mixed(rng, "float32", "float64")
    upstream = rng.uniform(1, 3, size=(2, 3)).astype("float32")
    got = student.gradient(student.add_as, a, b, wrt=(0, 1), upstream=upstream)
    want = reference.gradient(reference.add_as, a, b, wrt=(0, 1), upstream=upstream)
    for place, name in enumerate("ab"):
        # The gradient to b adds up two numbers below 3, in float32 or in float64: one rounding of
        # at most 2.4e-7.
        expect.close(
            got.grads[place],
            want.grads[place],
            ask=Text(
                f"the gradient of `add_as(a, b)` to {name}, a float32 and b float64",
                f"`add_as(a, b)` 对 {name} 的梯度，a 为 float32，b 为 float64",
            ),
            atol=1e-6,
        )


@check(
    title=Text("Inside a traced function", "在被追踪的函数中"),
    points=1,
    topic="graph",
    hint=Text(
        "In a `tf.function` tensors have no values yet: no NumPy, no `.numpy()`, and no Python loop"
        " or `if` on what they hold.",
        "在 `tf.function` 中张量还没有值：不能用 NumPy、`.numpy()`，"
        "也不能用 Python 的循环或 `if` 去看它们的内容。",
    ),
)
def test_in_graph(student, rng, expect):
    """Traced, all four give what they give eagerly."""
    t = columns(rng, 6, 2).astype("float32")
    observation, codes = around(rng, [(4, 1), (5, 5), (1, 1), (2, -1)], "float32")
    for name, args in (
        ("gram", (t,)),
        ("standardize_columns", (t,)),
        ("nearest_code", (observation, codes)),
        ("add_as", mixed(rng, "float32", "int32")),
    ):
        eager = expect.array(student[name](*args), ask=code(f"{name}(…)"))
        # A graph may order its roundings differently: as between student and reference.
        expect.close(
            student.in_graph(student[name])(*args),
            eager,
            ask=Text(
                f"`{name}(…)` inside a `tf.function`, against the same call outside",
                f"在 `tf.function` 中调用 `{name}(…)`，与在外面调用相比",
            ),
            atol=STANDARDIZED_ATOL["float32"],
        )

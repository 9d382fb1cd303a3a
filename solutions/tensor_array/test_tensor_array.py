"""Hidden checks of the TensorArray exercise."""

from collections import Counter

import numpy as np

from grader.checks import Text, Why, as_variable, check

# No trailing axis, two of them, and a single row.
SHAPES = ((6,), (5, 2, 3), (1, 4))
LOOPS = ("While", "StatelessWhile")
# What `TensorArray.write` and `TensorArray.scatter` become in a graph.
WRITES = ("TensorListSetItem", "TensorListScatterIntoExistingList", "TensorListScatterV2")
LENGTHS = (7, 11, 4, 19)


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def shaped(call, shape, dtype="float32"):
    """What was asked, with the shape and dtype of `x`."""
    return Text(
        f"`{call}` with x of shape {shape}, {dtype}", f"`{call}`，x 的形状为 {shape}，{dtype}"
    )


def smoothed(x, alpha, first):
    """The smoothing in NumPy, from a first state."""
    states = [first]
    for row in x[1:]:
        states.append(alpha * row + (1 - alpha) * states[-1])
    return np.stack(states)


def operations(expect, log, name):
    """How many operations of each type the traced graphs hold; something must have been traced."""
    expect.unconfirmed()
    expect.true(
        bool(log.events),
        ask=Text(f"the first calls of `{name}`", f"第一次调用 `{name}`"),
        expected=Text("the tracing of a `tf.function` of yours", "追踪了你写的某个 `tf.function`"),
        got=Text("no tracing: everything ran eagerly", "没有任何追踪：全部都是即时（eager）执行"),
    )
    return sum((Counter(event.ops) for event in log.events), Counter())


def expect_loop(expect, ops, name):
    """The graph holds a While operation and a TensorArray."""
    expect.true(
        any(ops.get(loop) for loop in LOOPS),
        ask=Text(f"the graph of `{name}`", f"`{name}` 的计算图"),
        expected=Text("a While operation", "一个 While 运算"),
        got=Text(
            "none: the loop was unrolled while tracing, or isn't in the `tf.function`",
            "没有 While：循环在追踪时就被展开了，或者根本不在 `tf.function` 里",
        ),
    )
    expect.true(
        any(ops.get(write) for write in WRITES),
        ask=Text(f"the graph of `{name}`", f"`{name}` 的计算图"),
        expected=Text("writes to a `tf.TensorArray`", "对 `tf.TensorArray` 的写入"),
        got=Text("none", "没有"),
    )


def expect_no_new_traces(session, expect, rng, name, trailing, *ways):
    """Two lengths may be traced, the next ones not; gives the log of the first two.

    Each length is asked in every way: with these further arguments, or those.
    """

    def call(rows):
        x = rng.uniform(-1, 1, size=(rows, *trailing)).astype("float32")
        for more in ways or ((),):
            expect.array(
                session[name](x, *more), ask=shaped(name, x.shape), shape=x.shape, dtype="float32"
            )

    with session.traces() as first:
        for rows in (3, 5):
            call(rows)
    with session.traces() as log:
        for rows in LENGTHS:
            call(rows)
    expect.traces(
        log,
        exactly=0,
        ask=Text(
            f"`{name}` for {len(LENGTHS)} more lengths, after two of the same trailing shape",
            f"用过两种长度之后，再用 {len(LENGTHS)} 种新长度（后续维度相同）调用 `{name}`",
        ),
        why=Text(
            "let the `tf.function` accept any number of rows (a signature with None, or"
            " `reduce_retracing=True`), and make it only once",
            "请让 `tf.function` 接受任意行数（签名中用 None，或 `reduce_retracing=True`），"
            "并且只创建一次",
        ),
    )
    return first


@check(
    title=Text("`smooth`: values for any trailing shape", "`smooth`：任意后续维度下的取值"),
    points=1,
    topic="values",
    hint=Text(
        "s₀ is x₀ itself; then sᵢ = α·xᵢ + (1-α)·sᵢ₋₁, row after row, whatever a row's shape.",
        "s₀ 就是 x₀；之后 sᵢ = α·xᵢ + (1-α)·sᵢ₋₁，逐行计算，与每一行的形状无关。",
    ),
)
def test_smooth_values(student, reference, rng, expect):
    """Vectors, matrices and more, one row and several, with a Python float as alpha."""
    for shape in SHAPES:
        # Entries below 1 keep float32's rounding below 3e-7: half an ulp, 3e-8, for each of three
        # operations a step, and past steps weigh (1-α), together less than 1/α.
        x = rng.uniform(-1, 1, size=shape).astype("float32")
        expect.close(
            student.smooth(x, 0.3),
            reference.smooth(x, 0.3),
            ask=shaped("smooth(x, 0.3)", shape),
            why=[
                Why(
                    smoothed(x, 0.7, x[0]), Text("α and 1-α have changed places", "α 和 1-α 弄反了")
                ),
                Why(
                    smoothed(x, 0.3, 0.3 * x[0]),
                    Text(
                        "it starts from 0 instead of s₀ = x₀", "它从 0 开始，而不是从 s₀ = x₀ 开始"
                    ),
                ),
                Why(
                    np.concatenate([x[:1], 0.3 * x[1:] + 0.7 * x[:-1]]),
                    Text("it uses xᵢ₋₁ where sᵢ₋₁ belongs", "该用 sᵢ₋₁ 的地方用了 xᵢ₋₁"),
                ),
            ],
        )


@check(
    title=Text(
        "`smooth`: every kind of alpha, and float64", "`smooth`：各种形式的 alpha，以及 float64"
    ),
    points=0.5,
    topic="values",
    hint=Text(
        "`alpha` may be a Python float, a scalar tensor or a `tf.Variable`; the result keeps x's"
        " dtype.",
        "`alpha` 可以是 Python 浮点数、标量张量或 `tf.Variable`；结果的 dtype 与 x 相同。",
    ),
)
def test_smooth_alpha(student, reference, rng, expect):
    """Tensor, variable and Python float; float64 stays float64."""
    for dtype in ("float32", "float64"):
        x = rng.uniform(-1, 1, size=(6, 2)).astype(dtype)
        alpha = np.asarray(0.45, dtype)
        want = reference.smooth(x, alpha)
        expect.close(
            student.smooth(x, alpha),
            want,
            ask=shaped("smooth(x, tf.constant(0.45))", x.shape, dtype),
        )
        expect.close(
            student.smooth(x, as_variable(alpha)),
            want,
            ask=shaped("smooth(x, tf.Variable(0.45))", x.shape, dtype),
        )
    for alpha in (0.0, 1.0):
        want = np.repeat(x[:1], 6, axis=0) if alpha == 0 else x
        expect.close(
            student.smooth(x, np.asarray(alpha, dtype)),
            want,
            ask=shaped(f"smooth(x, tf.constant({alpha}))", x.shape, dtype),
        )
    # Beside float64 a Python number may come through float32: 0.45 is off by at most 1.5e-8 then,
    # and s changes at most 2/α = 4.5 times as much when |x| <= 1.
    expect.close(
        student.smooth(x, 0.45),
        smoothed(x, 0.45, x[0]),
        ask=shaped("smooth(x, 0.45)", x.shape, dtype),
        atol=1e-7,
    )


@check(
    title=Text("`smooth`: gradients to x and to alpha", "`smooth`：对 x 和 alpha 的梯度"),
    points=1.5,
    topic="gradient",
    hint=Text(
        "Every state must be computed from the tensors `x` and `alpha`: NumPy, `float(alpha)` and"
        " `.numpy()` cut the tape.",
        "每个状态都必须由张量 `x` 和 `alpha` 计算出来：NumPy、`float(alpha)` 和 `.numpy()` 都会切断"
        "梯度的传播。",
    ),
)
def test_smooth_gradient(student, reference, rng, expect):
    """Gradients agree with the reference and with the function's own values."""
    x = rng.uniform(-1, 1, size=(5, 2))
    alpha = np.asarray(rng.uniform(0.3, 0.7))
    upstream = rng.uniform(1, 3, size=x.shape)
    want = reference.gradient(reference.smooth, x, alpha, wrt=(0, 1), upstream=upstream)
    got = student.gradient(student.smooth, x, alpha, wrt=(0, 1), upstream=upstream)
    as_var = student.gradient(student.smooth, x, as_variable(alpha), wrt=(0, 1), upstream=upstream)
    for grads, kind, kind_zh in (
        (got.grads, "a tensor", "张量"),
        (as_var.grads, "a `tf.Variable`", "`tf.Variable`"),
    ):
        for place, name in enumerate(("x", "alpha")):
            ask = Text(
                f"the gradient of `smooth(x, alpha)` to {name}, alpha being {kind}",
                f"`smooth(x, alpha)` 对 {name} 的梯度，alpha 是{kind_zh}",
            )
            expect.close(grads[place], want.grads[place], ask=ask)
    for place, name in enumerate(("x", "alpha")):
        expect.slopes(
            student,
            student.smooth,
            [x, alpha],
            place,
            got.grads[place],
            ask=Text(f"the gradient of `smooth` to {name}", f"`smooth` 对 {name} 的梯度"),
            upstream=upstream,
            points=4,
        )


@check(
    title=Text("`collatz`: short sequences", "`collatz`：短序列"),
    points=0.5,
    topic="values",
    hint=Text(
        "Start with n, halve even numbers, turn an odd m into 3m + 1, and stop once 1 is written.",
        "从 n 开始，偶数减半，奇数 m 变为 3m + 1，写下 1 之后停止。",
    ),
)
def test_collatz_values(student, reference, rng, expect):
    """From n down to 1, as int64; n may be 1."""
    for n in (1, 2, 7, int(rng.integers(8, 60))):
        want = reference.collatz(n)
        expect.close(
            student.collatz(n),
            want,
            ask=code(f"collatz({n})"),
            why=[
                Why(want[:-1], Text("the final 1 is missing", "缺少最后的 1")),
                Why(want[1:], Text("n itself is missing", "缺少 n 本身")),
                Why(want[::-1], Text("the order is reversed", "顺序反了")),
                Why(np.append(want, [4, 2, 1]), Text("it goes on after 1", "到 1 之后还在继续")),
            ],
        )


@check(
    title=Text("`collatz`: long sequences, large numbers", "`collatz`：长序列与大数"),
    points=1,
    topic="values",
    hint=Text(
        "From 113383 the sequence climbs above 2³¹, from 837799 it takes 525 numbers: int64"
        " throughout, and a TensorArray that grows.",
        "从 113383 出发，序列会超过 2³¹；从 837799 出发，序列有 525 个数：全程都要用 int64，"
        "并且 TensorArray 要能增长。",
    ),
)
def test_collatz_large(student, reference, rng, expect):
    """Neither 32 bits nor a fixed size is enough; n may be an int64 tensor."""
    for n in (113383, 837799, int(rng.integers(10**9, 10**12))):
        want = reference.collatz(np.asarray(n))
        expect.close(
            student.collatz(np.asarray(n)),
            want,
            ask=code(f"collatz(tf.constant({n}, tf.int64))"),
        )
    expect.close(student.collatz(113383), reference.collatz(113383), ask=code("collatz(113383)"))


@check(
    title=Text(
        "`running_max`: values for any trailing shape", "`running_max`：任意后续维度下的取值"
    ),
    points=1,
    topic="values",
    hint=Text(
        "Start with the first row, not with zeros: all numbers may be negative. The maximum is"
        " taken element by element along axis 0.",
        "请从第一行开始，而不是从 0 开始：所有的数都可能是负数。最大值是沿第 0 轴逐元素取的。",
    ),
)
def test_running_max_values(student, reference, rng, expect):
    """Negative numbers, several trailing shapes, one row and several, both dtypes."""
    for shape, dtype in zip(SHAPES, ("float32", "float64", "float32"), strict=True):
        x = rng.uniform(-9, -1, size=shape).astype(dtype)
        expect.close(
            student.running_max(x),
            reference.running_max(x),
            ask=shaped("running_max(x)", shape, dtype),
            why=[
                Why(
                    np.zeros_like(x),
                    Text(
                        "it starts from 0, but all numbers are negative",
                        "它从 0 开始，但所有的数都是负数",
                    ),
                ),
                Why(x.max(axis=0), Text("that is the final maximum alone", "这只是最终的最大值")),
                Why(
                    np.maximum(x, np.roll(x, 1, axis=0)),
                    Text("each row meets only the row before it", "每一行只和前一行比较了"),
                ),
                Why(
                    np.maximum.accumulate(x, axis=-1),
                    Text("the maximum runs along the last axis", "最大值是沿最后一轴累积的"),
                ),
            ],
        )


@check(
    title=Text(
        "`smooth`: no new trace after the second length", "`smooth`：从第三种长度起不再追踪"
    ),
    points=1,
    topic="retracing",
    hint=Text(
        "A `tf.function` is traced again for every new shape unless told that shapes vary.",
        "`tf.function` 每遇到新的形状就会重新追踪，除非告诉它形状是可变的。",
    ),
)
def test_smooth_traces(student, rng, expect):
    """Four more lengths cause no trace; alpha is a tensor and a Python float by turns."""
    fresh = student.fresh()  # where nothing is traced yet
    half = np.asarray(0.5, "float32")
    first = expect_no_new_traces(fresh, expect, rng, "smooth", (3,), (half,), (0.25,))
    operations(expect, first, "smooth")


@check(
    title=Text(
        "`running_max`: no new trace after the second length",
        "`running_max`：从第三种长度起不再追踪",
    ),
    points=1,
    topic="retracing",
    hint=Text(
        "A `tf.function` is traced again for every new shape unless told that shapes vary.",
        "`tf.function` 每遇到新的形状就会重新追踪，除非告诉它形状是可变的。",
    ),
)
def test_running_max_traces(student, rng, expect):
    """Four more lengths cause no trace."""
    fresh = student.fresh()  # where nothing is traced yet
    first = expect_no_new_traces(fresh, expect, rng, "running_max", ())
    operations(expect, first, "running_max")


@check(
    title=Text(
        "`smooth` and `running_max`: a loop in the graph",
        "`smooth` 和 `running_max`：计算图里的循环",
    ),
    points=1.5,
    topic="graph",
    hint=Text(
        "Inside the `tf.function` loop over `tf.range(…)`, which AutoGraph turns into a While"
        " operation, and write each row to a `tf.TensorArray`.",
        "在 `tf.function` 里对 `tf.range(…)` 做循环，AutoGraph 会把它变成 While 运算，"
        "并把每一行写入 `tf.TensorArray`。",
    ),
)
def test_loops(student, rng, expect):
    """A While operation and a TensorArray; a longer input has no larger graph."""
    fresh = student.fresh()  # where nothing is traced yet
    for name, more in (("smooth", (np.asarray(0.5, "float32"),)), ("running_max", ())):
        sizes = []
        for rows in (40, 4):
            x = rng.uniform(-1, 1, size=(rows, 3)).astype("float32")
            with fresh.traces() as log:
                expect.array(fresh[name](x, *more), ask=shaped(name, x.shape), shape=x.shape)
            if rows == 40 or log.events:
                ops = operations(expect, log, name)
                expect_loop(expect, ops, name)
                sizes.append(sum(ops.values()))
            # Unrolled, each row takes an operation of some type: nothing to compare without one
            # that is there so often.
            if max(ops.values()) < 36:
                break
        # Unrolled, 36 more rows would take at least an operation each.
        expect.true(
            sizes[0] - sizes[-1] < 36,
            ask=Text(
                f"the graphs of `{name}` for 4 and 40 rows", f"`{name}` 在 4 行和 40 行时的计算图"
            ),
            expected=Text("graphs of about the same size", "大小相近的计算图"),
            got=Text(
                f"{sizes[-1]} and {sizes[0]} operations", f"{sizes[-1]} 个和 {sizes[0]} 个运算"
            ),
        )


@check(
    title=Text("`collatz`: a loop in the graph", "`collatz`：计算图里的循环"),
    points=1,
    topic="graph",
    hint=Text(
        "With a tensor in its condition, a `while` in a `tf.function` becomes a While operation;"
        " with a Python int it is unrolled. Cast n to an int64 tensor first.",
        "在 `tf.function` 里，条件中含有张量的 `while` 会变成 While 运算；"
        "如果条件里是 Python 整数，循环就会被展开。请先把 n 转成 int64 张量。",
    ),
)
def test_collatz_loop(student, expect):
    """A While operation and a TensorArray, whether n is a Python int or a tensor."""
    fresh = student.fresh()  # where nothing is traced yet
    for n in (9, np.asarray(6)):
        with fresh.traces() as log:
            expect.array(fresh.collatz(n), ask=code(f"collatz({n})"))
        if isinstance(n, int) or log.events:
            expect_loop(expect, operations(expect, log, "collatz"), "collatz")

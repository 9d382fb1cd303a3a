"""Hidden checks of the functions exercise."""

import contextlib
from collections import Counter

import numpy as np

from grader.asking import Proxy
from grader.checks import StudentError, Text, Why, check

LOOPS = ("While", "StatelessWhile")
# The attribute of a compiled function in a serialised graph: its name, then a message that holds
# the boolean true.
COMPILED = b"_XlaMustCompile\x12\x02(\x01"
REFUSALS = ("TypeError", "ValueError", "InvalidArgumentError")


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def eighths(rng, *shape):
    """Random multiples of 1/8 from -4 to 4, float32: sums and products of some are exact."""
    return np.asarray(rng.integers(-32, 33, size=shape) / 8, "float32")


def expect_traced(expect, log, name):
    """The calls inside a log's block traced a `tf.function`."""
    expect.evidence["rests_on"] = "worker"
    expect.true(
        bool(log.events),
        ask=Text(f"the first call of `{name}`", f"第一次调用 `{name}`"),
        expected=Text("the tracing of a `tf.function` of yours", "追踪了你写的某个 `tf.function`"),
        got=Text("no tracing: everything ran eagerly", "没有任何追踪：全部都是即时（eager）执行"),
    )


def face(expect, throw, ask):
    """A throw as an int."""
    thrown = expect.array(throw, ask=ask, shape=())
    expect.true(
        thrown.dtype.kind in "iu",
        ask=ask,
        expected=Text("an integer dtype", "整数类型"),
        got=Text(f"dtype {thrown.dtype}", f"dtype {thrown.dtype}"),
    )
    return int(thrown)


def listed(thrown):
    """How often each number was thrown, as text."""
    return ", ".join(f"{number}: {thrown[number]}" for number in sorted(thrown))


def faces(session, expect, call, count, ask):
    """How often each number was thrown; nothing but 1…6 may be among them."""
    thrown = Counter(face(expect, thrown, ask) for thrown in session.repeat(call, count))
    shown = listed(thrown)
    strange = sorted(thrown.keys() - set(range(1, 7)))
    expect.true(
        not strange,
        ask=ask,
        expected=Text("only numbers from 1 to 6", "只有 1 到 6"),
        got=Text(f"also {strange}", f"还出现了 {strange}"),
    )
    return thrown, shown


def throws_of_a_graph(session, count):
    """How often a traced `dice` threw each number; None where it doesn't throw all from 1 to 6.

    Python has a new operation made for every throw, which takes ten times as long. What a die does
    when it is traced is no matter here: if that goes wrong, Python has to throw.
    """
    dice = session.dice
    with contextlib.suppress(StudentError):
        # A dataset hands each element to its function, and a die takes no argument: `cond` does.
        either = session.keras.layers.Lambda(
            session.tf.cond, arguments={"true_fn": dice, "false_fn": dice}
        )
        throws = session.tf.data.Dataset.from_tensors(True).repeat(count).map(either).batch(count)
        for array in session.elements(throws):
            if isinstance(array, np.ndarray) and array.dtype.kind in "iu":
                thrown = Counter(array.ravel().tolist())
                if thrown.keys() == set(range(1, 7)) and array.shape == (count,):
                    return thrown
    return None


def count_of(session, expect, answer, ask):
    """The count that a call returned; a variable counts as its value now."""
    if isinstance(answer, Proxy) and (
        session.is_a(answer, "tf.Variable") or session.is_a(answer, "keras.Variable")
    ):
        (answer,) = session.arrays([answer])
    return expect.number(answer, ask=ask)


@check(
    title=Text("`tf_cube`: values", "`tf_cube`：取值"),
    points=0.5,
    topic="values",
    hint=Text(
        "The cube of a tensor has its shape and dtype; that of a Python number is a scalar.",
        "张量的立方保持形状和 dtype；Python 数字的立方是标量。",
    ),
)
def test_cube_values(student, rng, expect):
    """Tensors of several shapes in both dtypes, Python floats and ints, of both signs."""
    for shape, dtype in (((), "float32"), ((5,), "float64"), ((2, 3), "float32")):
        x = np.asarray(rng.uniform(-2, 2, size=shape), dtype)
        expect.close(
            student.tf_cube(x),
            np.asarray(x.astype("float64") ** 3, dtype),
            ask=Text(
                f"`tf_cube(x)`, x of shape {shape}, {dtype}",
                f"`tf_cube(x)`，x 的形状为 {shape}，{dtype}",
            ),
            why=[
                Why(3 * x, Text("that is 3·x", "这是 3·x")),
                Why(x**2, Text("that is x²", "这是 x²")),
            ],
        )
    for number in (-1.75, 2.5, -3, int(rng.integers(4, 20))):
        expect.close(student.tf_cube(number), number**3, ask=code(f"tf_cube({number})"))


@check(
    title=Text(
        "`tf_cube`: Python numbers don't cause a trace each",
        "`tf_cube`：不会每来一个 Python 数字就追踪一次",
    ),
    points=1.5,
    topic="retracing",
    hint=Text(
        "A Python number becomes part of the graph, so another number needs another graph. A tensor"
        " is an input: make one of it before it reaches the `tf.function`.",
        "Python 数字会成为图的一部分，换一个数就要换一张图。张量才是输入："
        "请在它到达 `tf.function` 之前把它变成张量。",
    ),
)
def test_cube_traces(student, rng, expect):
    """After two floats and two ints, six more numbers and three tensors cause no trace."""
    fresh = student.fresh()  # where nothing is traced yet
    floats = rng.permutation(np.arange(1, 40))[:5] / 4 + 0.125
    ints = rng.permutation(np.arange(2, 60))[:5]
    numbers = [float(number) for number in floats], [int(number) for number in ints]

    def call(number):
        expect.close(fresh.tf_cube(number), number**3, ask=code(f"tf_cube({number})"))

    with fresh.traces() as first:
        for kind in numbers:
            for number in kind[:2]:
                call(number)
    expect_traced(expect, first, "tf_cube")
    with fresh.traces() as log:
        for pair in zip(*(kind[2:] for kind in numbers), strict=True):
            for number in pair:
                call(number)
    expect.traces(
        log,
        exactly=0,
        ask=Text(
            "`tf_cube` of three more Python floats and three more ints, after two of each",
            "用过两个 Python 浮点数和两个整数之后，再对各三个新的数调用 `tf_cube`",
        ),
        why=Text("each number has a graph of its own", "每个数都有一张自己的图"),
    )
    x = eighths(rng, 4)
    fresh.tf_cube(x)
    with fresh.traces() as log:
        for _ in range(3):
            expect.array(fresh.tf_cube(eighths(rng, 4)), ask=code("tf_cube(x)"), shape=(4,))
    expect.traces(
        log,
        exactly=0,
        ask=Text(
            "`tf_cube` of three more tensors of one shape",
            "对同一形状的另外三个张量调用 `tf_cube`",
        ),
    )


@check(
    title=Text("`shrink`: any batch, one trace", "`shrink`：任意批次，一次追踪"),
    points=1,
    topic="retracing",
    hint=Text(
        "In `input_signature` a None stands for any size along that axis.",
        "`input_signature` 中的 None 表示该轴可以是任意大小。",
    ),
)
def test_shrink(student, rng, expect):
    """Batches of five sizes, right and with one trace altogether."""
    fresh = student.fresh()  # where nothing is traced yet
    with fresh.traces() as log:
        for size in (3, 1, 8, 2, 5):
            images = eighths(rng, size, 28, 28)
            expect.close(
                fresh.shrink(images),
                images[:, ::2, ::2],
                ask=Text(f"`shrink` of {size} image(s)", f"对 {size} 张图像调用 `shrink`"),
                why=[
                    Why(
                        images[:, 1::2, 1::2],
                        Text("it begins with row and column 1", "它从第 1 行、第 1 列开始取"),
                    ),
                    Why(
                        images[:, :14, :14],
                        Text("that is the upper left quarter", "这是左上角的四分之一"),
                    ),
                    Why(images[::2, ::2], Text("these are other axes", "取错了轴")),
                ],
            )
    expect_traced(expect, log, "shrink")
    expect.traces(
        log,
        exactly=1,
        ask=Text("`shrink` of batches of five sizes", "对五种大小的批次调用 `shrink`"),
        why=Text(
            "give the `tf.function` an input signature with None for the batch",
            "请给 `tf.function` 一个输入签名，批次那一轴写 None",
        ),
    )


@check(
    title=Text("`shrink`: other shapes raise", "`shrink`：其他形状会抛出异常"),
    points=0.5,
    topic="interface",
    hint=Text(
        "An `input_signature` refuses what doesn't fit it; `reduce_retracing` refuses nothing.",
        "`input_signature` 会拒绝不符合它的输入；`reduce_retracing` 则什么都不拒绝。",
    ),
)
def test_shrink_raises(student, rng, expect):
    """Wrong heights, widths and ranks, after a batch that fits."""
    images = eighths(rng, 2, 28, 28)
    expect.close(
        student.shrink(images),
        images[:, ::2, ::2],
        ask=Text("`shrink` of 2 images", "对 2 张图像调用 `shrink`"),
    )
    for shape in ((2, 2, 2), (3, 28, 27), (3, 32, 28), (28, 28), (2, 28, 28, 1)):
        x = eighths(rng, *shape)
        expect.raises(
            lambda x=x: student.shrink(x),
            REFUSALS,
            ask=Text(f"`shrink(x)`, x of shape {shape}", f"`shrink(x)`，x 的形状为 {shape}"),
        )


@check(
    title=Text("`sum_even`: values", "`sum_even`：取值"),
    points=1,
    topic="values",
    hint=Text(
        "n itself isn't among the numbers, and i goes into the sum as a factor: for n = 7 the"
        " factors are 0, 2, 4 and 6.",
        "n 本身不在其中；i 作为系数参与求和：n = 7 时系数是 0、2、4、6。",
    ),
)
def test_sum_even(student, rng, expect):
    """Python ints and tensors as n, odd and even, 0 and 1; both dtypes."""
    # Multiples of 1/8 that stay below 2^15: exact in float32, in whatever order they are added.
    many = int(rng.integers(20, 50))
    for dtype, counts in (("float32", (0, 1, 2, 7, 10, many)), ("float64", (0, 9, many))):
        for n in counts:
            x = eighths(rng).astype(dtype)
            x = x if x else np.asarray(0.625, dtype)
            i = np.arange(n)
            evens = i[i % 2 == 0]
            for given, form in ((n, f"{n}"), (np.asarray(n, "int32"), f"tf.constant({n})")):
                expect.close(
                    student.sum_even(x, given),
                    np.asarray(evens.sum() * x, dtype),
                    ask=code(f"sum_even(tf.constant({x}, tf.{dtype}), {form})"),
                    why=[
                        Why(i[i % 2 == 1].sum() * x, Text("these are the odd i", "加的是奇数 i")),
                        Why(i.sum() * x, Text("all i are added", "把所有的 i 都加上了")),
                        Why(len(evens) * x, Text("the factor i is missing", "缺少系数 i")),
                        Why(
                            np.arange(0, n + 1, 2).sum() * x,
                            Text("n itself is added, too", "把 n 本身也加上了"),
                        ),
                    ],
                )


@check(
    title=Text("`sum_even`: one trace for all n", "`sum_even`：所有的 n 只追踪一次"),
    points=1,
    topic="retracing",
    hint=Text(
        "A Python int as n is part of the graph. Turn it into an int32 tensor first, or let a"
        " signature do it.",
        "Python 整数 n 会成为图的一部分。请先把它变成 int32 张量，或者让签名来做这件事。",
    ),
)
def test_sum_even_traces(student, rng, expect):
    """Five Python ints and three tensors, with ever new x, share one trace."""
    fresh = student.fresh()  # where nothing is traced yet
    ints = [int(n) for n in rng.permutation(np.arange(2, 40))[:5]]
    tensors = rng.permutation(np.arange(2, 40)).astype("int32")[:3]
    with fresh.traces() as log:
        for n in (*ints, *tensors):
            expect.array(fresh.sum_even(eighths(rng), n), ask=code(f"sum_even(x, {n})"), shape=())
    expect_traced(expect, log, "sum_even")
    expect.traces(
        log,
        exactly=1,
        ask=Text(
            "`sum_even` for five Python ints and three tensors as n",
            "以五个 Python 整数和三个张量作为 n 调用 `sum_even`",
        ),
    )


@check(
    title=Text("`sum_even`: a loop in the graph", "`sum_even`：图中的循环"),
    points=1,
    topic="graph",
    hint=Text(
        "AutoGraph makes a While operation of a `for` over `tf.range(n)`, and of a `while` with a"
        " tensor in its condition; a `for` over `range(n)` is unrolled while tracing.",
        "对 `tf.range(n)` 的 `for`，以及条件中含有张量的 `while`，AutoGraph 会变成 While 运算；"
        "对 `range(n)` 的 `for` 则在追踪时就被展开。",
    ),
)
def test_sum_even_loop(student, expect):
    """The graph that the first call traces holds a While operation."""
    fresh = student.fresh()  # where nothing is traced yet
    with fresh.traces() as log:
        expect.close(
            fresh.sum_even(np.asarray(0.5, "float32"), 9),
            np.float32(10),
            ask=code("sum_even(tf.constant(0.5), 9)"),
        )
    expect_traced(expect, log, "sum_even")
    ops = sum((Counter(event.ops) for event in log.events), Counter())
    expect.true(
        any(ops[loop] for loop in LOOPS),
        ask=Text("the graph of `sum_even`", "`sum_even` 的计算图"),
        expected=Text("a While operation", "一个 While 运算"),
        got=Text(
            "none: the loop was unrolled while tracing, or there is no loop",
            "没有 While：循环在追踪时被展开了，或者根本没有循环",
        ),
    )


@check(
    title=Text("`dice`: fair", "`dice`：公平"),
    points=0.5,
    topic="values",
    hint=Text(
        "The upper bound of `tf.random.uniform` is never thrown; and rounding a real number gives"
        " the ends only half a chance.",
        "`tf.random.uniform` 的上界永远掷不出来；把实数四舍五入，则两端的数只有一半的机会。",
    ),
    # A thousand throws by Python take a second or so, more on a busy machine.
    timeout=20.0,
)
def test_dice(student, expect):
    """A thousand throws are from 1 to 6, each number about as often."""
    ask = Text("1000 calls of `dice()`", "调用 1000 次 `dice()`")
    thrown, shown = faces(student, expect, student.dice, 30, ask)
    # The throws of a graph say nothing of those by Python. A fair die shows at most three numbers
    # in 30 throws with chance 20 · (1/2)^30 = 2e-8.
    expect.true(
        len(thrown) >= 4,
        ask=Text("30 calls of `dice()`", "调用 30 次 `dice()`"),
        expected=Text("nearly all of the six numbers", "六个数几乎都出现"),
        got=Text(f"only {shown}", f"只有 {shown}"),
    )
    more = throws_of_a_graph(student, 970)
    if more is None:
        few = Text("200 calls of `dice()`", "调用 200 次 `dice()`")
        more, _ = faces(student, expect, student.dice, 170, few)
        thrown += more
        shown = listed(thrown)
        # A fair die misses a number with chance 6 · (5/6)^200 = 9e-16.
        expect.true(
            len(thrown) == 6,
            ask=few,
            expected=Text("all six numbers", "六个数都出现"),
            got=Text(f"only {shown}", f"只有 {shown}"),
        )
        more, _ = faces(student, expect, student.dice, 800, ask)
    thrown += more
    shown = listed(thrown)
    # Each count is binomial (1000, 1/6), that of ones and sixes together (1000, 1/3). Below these
    # bounds or above them lie at most 3e-8 on either side of each face, and 1.8e-7 on either side
    # of the two: 12 · 3e-8 + 2 · 1.8e-7 + 2e-8 < 1e-6 that a fair die is refused. Rounding has the
    # ends thrown with chance 1/5, and 259 of them once in 270,000 times.
    ends = thrown[1] + thrown[6]
    expect.true(
        all(106 <= thrown[number] <= 233 for number in range(1, 7)),
        ask=ask,
        expected=Text("each number some 167 times", "每个数各约 167 次"),
        got=Text(shown, shown),
    )
    expect.true(
        259 <= ends <= 410,
        ask=ask,
        expected=Text("1 and 6 together some 333 times", "1 和 6 合计约 333 次"),
        got=Text(f"{ends} times ({shown})", f"{ends} 次（{shown}）"),
    )


@check(
    title=Text("`dice`: new throws from a graph", "`dice`：图中的每次都是新的一掷"),
    points=0.5,
    topic="graph",
    hint=Text(
        "A random number that Python draws while tracing stays in the graph as a constant: let an"
        " operation of the graph draw it.",
        "追踪时由 Python 抽出的随机数会作为常量留在图里：请让图中的运算来抽。",
    ),
)
def test_dice_traced(student, expect):
    """200 calls of one traced function throw every number."""
    ask = Text(
        "200 calls of a `tf.function` around `dice`", "对包着 `dice` 的 `tf.function` 调用 200 次"
    )
    traced = expect.remote(student.tf.function(student.dice), ask=ask)
    thrown, shown = faces(student, expect, traced, 200, ask)
    # A fair die misses a number with chance 6 · (5/6)^200 = 9e-16.
    expect.true(
        len(thrown) == 6,
        ask=ask,
        expected=Text("all six numbers", "六个数都出现"),
        got=Text(f"only {shown}", f"只有 {shown}"),
        why=Text("the number was drawn once, while tracing", "这个数只在追踪时抽了一次")
        if len(thrown) == 1
        else None,
    )


@check(
    title=Text("`Counter`: counts, each for itself", "`Counter`：各自计数"),
    points=0.5,
    topic="values",
    hint=Text(
        "Make the variable in `__init__`, one for each object, and change it with `assign_add`.",
        "请在 `__init__` 中为每个对象创建一个变量，用 `assign_add` 修改它。",
    ),
)
def test_counter(student, rng, expect):
    """Three counters, called in random order."""
    ask = code("Counter()")
    counters = [expect.remote(student.Counter(), ask=ask) for _ in range(3)]
    counts = [0, 0, 0]
    for place in (0, 0, 1, *(int(p) for p in rng.integers(0, 3, size=8))):
        counts[place] += 1
        call = Text(
            f"call no. {counts[place]} of counter no. {place + 1} of three",
            f"三个计数器中第 {place + 1} 个的第 {counts[place]} 次调用",
        )
        got = count_of(student, expect, counters[place](), call)
        expect.true(
            got == counts[place],
            ask=call,
            expected=Text(f"{counts[place]}", f" {counts[place]}"),
            got=Text(f"{got:g}", f" {got:g}"),
            why=Text("the counters share their count", "几个计数器共用了计数")
            if got == sum(counts) != counts[place]
            else None,
        )


@check(
    title=Text("`Counter`: inside a `tf.function`", "`Counter`：在 `tf.function` 中"),
    points=1,
    topic="graph",
    hint=Text(
        "Python's `self.n += 1` happens while tracing only, and a variable can't be made anew at"
        " every call: keep one `tf.Variable` and `assign_add` to it.",
        "Python 的 `self.n += 1` 只在追踪时发生，变量也不能每次调用都重新创建："
        "请保留一个 `tf.Variable`，对它 `assign_add`。",
    ),
)
def test_counter_traced(student, expect):
    """One traced function around a counter counts on, between eager calls and from the start."""
    for eager_first in (True, False):
        counter = expect.remote(student.Counter(), ask=code("Counter()"))
        ask = Text("a `tf.function` around a counter", "包着计数器的 `tf.function`")
        traced = expect.remote(student.tf.function(counter), ask=ask)
        calls = [traced, traced, traced, counter, traced, counter]
        calls = [counter, *calls] if eager_first else calls
        for number, call in enumerate(calls, 1):
            where, where_zh = (
                ("by Python", "由 Python 调用")
                if call is counter
                else ("from a graph", "在图中调用")
            )
            ask = Text(
                f"call no. {number} of a counter, {where}",
                f"计数器的第 {number} 次调用（{where_zh}）",
            )
            got = count_of(student, expect, call(), ask)
            expect.true(
                got == number,
                ask=ask,
                expected=Text(f"{number}", f" {number}"),
                got=Text(f"{got:g}", f" {got:g}"),
            )


@check(
    title=Text("`fused`: values", "`fused`：取值"),
    points=0.5,
    topic="values",
    hint=Text(
        "Every element contributes a·b + c; the sum goes over all axes.",
        "每个元素贡献 a·b + c；对所有轴求和。",
    ),
)
def test_fused(student, rng, expect):
    """A vector and a matrix, float32 and float64."""
    # Multiples of 1/64 below 2^9 or so: every sum is exact, in any order, fused or not.
    for shape, dtype in (((7,), "float32"), ((3, 4), "float64")):
        a, b, c = (eighths(rng, *shape).astype(dtype) for _ in range(3))
        expect.close(
            student.fused(a, b, c),
            np.asarray(np.sum(a * b + c), dtype),
            ask=Text(
                f"`fused(a, b, c)` of shape {shape}, {dtype}",
                f"`fused(a, b, c)`，形状为 {shape}，{dtype}",
            ),
            why=[
                Why(np.sum(a * b), Text("c is missing", "没有加 c")),
                Why(np.mean(a * b + c), Text("that is the mean", "这是平均值")),
                Why(np.sum(a * (b + c)), Text("that is Σ a·(b + c)", "这是 Σ a·(b + c)")),
            ],
        )


@check(
    title=Text("`fused`: compiled by XLA", "`fused`：由 XLA 编译"),
    points=0.5,
    topic="graph",
    hint=Text(
        "`tf.function` has an argument for it: `jit_compile=True`.",
        "`tf.function` 有专门的参数：`jit_compile=True`。",
    ),
)
def test_fused_compiled(student, expect):
    """The graph of a function around `fused` holds a function that XLA must compile."""
    expect.evidence["rests_on"] = "worker"
    spec = student.tf.TensorSpec((3,), "float32")
    traced = student.tf.function(student.fused)
    concrete = traced.get_concrete_function(spec, spec, spec)
    graph = concrete.graph.as_graph_def().SerializeToString()
    expect.true(
        type(graph) is bytes and COMPILED in graph,
        ask=Text("the graph of `fused`", "`fused` 的计算图"),
        expected=Text("a function that XLA compiles", "由 XLA 编译的函数"),
        got=Text("none", "没有"),
    )

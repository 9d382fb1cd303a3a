"""Hidden checks of `variables`: what a variable holds after each call, eager and traced."""

import numpy as np

from grader.checks import Text, Why, check

# Rows and columns are copied, not computed, so not a bit may change.
COPIED = 0.0


def values(rng, shape, dtype="float32"):
    """Distinct numbers, none of them close to 0 or 1 or to another one."""
    count = int(np.prod(shape))
    return (
        (rng.permutation(np.arange(2, count + 2)) * rng.uniform(1, 2)).reshape(shape).astype(dtype)
    )


def places(rng, shape, count, dtype):
    """`count` different places of an array of this shape, one per row."""
    flat = rng.choice(int(np.prod(shape)), size=count, replace=False)
    return np.stack(np.unravel_index(flat, shape), axis=1).astype(dtype)


def patched(v, factor, indices, updates):
    """What `scale_and_patch` makes of `v`, with NumPy."""
    result = v * np.asarray(factor, v.dtype)
    result[tuple(indices.T)] = updates
    return result


def with_column(v, j, column):
    """What `set_column` makes of `v`, with NumPy."""
    result = v.copy()
    result[:, j] = column
    return result


def swapped(v, i, j):
    """What `swap_rows` makes of `v`, with NumPy."""
    result = v.copy()
    result[[i, j]] = v[[j, i]]
    return result


def unchanged(v):
    """The variable as it was, and what that means."""
    return Why(
        v,
        Text(
            "the variable hasn't changed: a new tensor or variable is no change in place",
            "变量没有变：新建张量或变量不算就地修改",
        ),
    )


def expect_patched(student, expect, v, factor, indices, updates, ask):
    """`scale_and_patch` leaves the right numbers in the variable."""
    variable = student.tf.Variable(v)
    student.scale_and_patch(variable, factor, indices, updates)
    number = np.asarray(factor, v.dtype)
    added = v * number
    added[tuple(indices.T)] += updates
    only_patched = v.copy()
    only_patched[tuple(indices.T)] = updates
    expect.close(
        variable.numpy(),
        patched(v, factor, indices, updates),
        ask=ask,
        why=[
            unchanged(v),
            Why(
                only_patched * number,
                Text(
                    "the updates were scaled, too: scale first, then write",
                    "updates 也被乘上了 factor：应先缩放，再写入",
                ),
            ),
            Why(only_patched, Text("v wasn't multiplied by factor", "v 没有乘以 factor")),
            Why(v * number, Text("the updates weren't written", "updates 没有写入")),
            Why(
                added,
                Text(
                    "the updates were added to what was there instead of replacing it",
                    "updates 是加到原来的值上的，而不是取代原来的值",
                ),
            ),
        ],
    )


@check(
    title=Text("`scale_and_patch` on a matrix", "矩阵上的 `scale_and_patch`"),
    points=1.5,
    topic="values",
    hint=Text(
        "Two steps, in this order: assign the scaled values, then write the updates at their"
        " places. A row of `indices` names one place: (row, column).",
        "分两步，次序不能颠倒：先赋上缩放后的值，再把 updates 写到各自的位置。"
        "`indices` 的每一行是一个位置：(行, 列)。",
    ),
)
def test_scale_and_patch(student, rng, expect):
    """Scaled everywhere but at the places named, which hold the updates as they are."""
    for shape, count in (((3, 4), 3), ((4, 4), 5)):
        v = values(rng, shape)
        updates = -values(rng, (count,))
        expect_patched(
            student,
            expect,
            v,
            2.5,
            places(rng, shape, count, "int32"),
            updates,
            Text(
                f"v of shape {shape} after `scale_and_patch(v, 2.5, indices, updates)` with"
                f" {count} updates",
                f"形状为 {shape} 的 v，在 `scale_and_patch(v, 2.5, indices, updates)`"
                f"（{count} 个 updates）之后",
            ),
        )


@check(
    title=Text(
        "`scale_and_patch` for other ranks and float64", "其他秩与 float64 的 `scale_and_patch`"
    ),
    points=1,
    topic="values",
    hint=Text(
        "Each row of `indices` has as many numbers as v has axes: hand it on as it is.",
        "`indices` 每一行的数字个数等于 v 的轴数：原样传下去即可。",
    ),
)
def test_ranks(student, rng, expect):
    """A vector and a tensor of rank 3, with int64 indices."""
    for shape, dtype in (((6,), "float64"), ((2, 3, 4), "float32"), ((3, 2), "float64")):
        v = values(rng, shape, dtype)
        expect_patched(
            student,
            expect,
            v,
            -0.5,
            places(rng, shape, 4, "int64"),
            -values(rng, (4,), dtype),
            Text(
                f"v of shape {shape}, {dtype}, after `scale_and_patch(v, -0.5, indices, updates)`",
                f"形状为 {shape}、{dtype} 的 v，"
                "在 `scale_and_patch(v, -0.5, indices, updates)` 之后",
            ),
        )


@check(
    title=Text("`scale_and_patch`: kinds of factors", "`scale_and_patch`：各种形式的 factor"),
    points=0.75,
    topic="interface",
    hint=Text(
        "`factor` may be a Python int, a Python float or a scalar tensor: `v * factor` takes them"
        " all.",
        "`factor` 可以是 Python 整数、浮点数或标量张量：`v * factor` 都能接受。",
    ),
)
def test_factors(student, rng, expect):
    """Python int, scalar tensor of v's dtype, 0 and 1."""
    for factor, shown in (
        (3, "3"),
        (np.asarray(-1.25, "float32"), "tf.constant(-1.25)"),
        (0.0, "0.0"),
        (1, "1"),
    ):
        v = values(rng, (2, 3))
        expect_patched(
            student,
            expect,
            v,
            factor,
            places(rng, (2, 3), 1, "int32"),
            -values(rng, (1,)),
            Text(
                f"v after `scale_and_patch(v, {shown}, indices, updates)`",
                f"`scale_and_patch(v, {shown}, indices, updates)` 之后的 v",
            ),
        )


@check(
    title=Text("`set_column`", "`set_column`"),
    points=1.5,
    topic="values",
    hint=Text(
        "A slice of a variable has an `assign` of its own. `v[j]` is a row; which slice is a"
        " column?",
        "变量的切片也有自己的 `assign`。`v[j]` 是一行；哪种切片是一列？",
    ),
)
def test_set_column(student, rng, expect):
    """First, middle and last column; nothing else changes."""
    for shape, j, dtype in (((3, 5), 2, "float32"), ((4, 4), 0, "float32"), ((2, 3), 2, "float64")):
        v, column = values(rng, shape, dtype), -values(rng, shape[:1], dtype)
        why = [unchanged(v)]
        if shape[0] == shape[1]:
            row = v.copy()
            row[j] = column
            why.append(
                Why(row, Text("row j was replaced, not column j", "换掉的是第 j 行，而不是第 j 列"))
            )
        variable = student.tf.Variable(v)
        student.set_column(variable, j, column)
        expect.close(
            variable.numpy(),
            with_column(v, j, column),
            ask=Text(
                f"v of shape {shape}, {dtype}, after `set_column(v, {j}, values)`",
                f"形状为 {shape}、{dtype} 的 v，在 `set_column(v, {j}, values)` 之后",
            ),
            atol=COPIED,
            why=why,
        )


@check(
    title=Text("`swap_rows`: two different rows", "`swap_rows`：两个不同的行"),
    points=1.5,
    topic="values",
    hint=Text(
        "Once row i has been overwritten, its old numbers are gone: read both rows first.",
        "第 i 行一旦被覆盖，原来的数就没有了：请先把两行都读出来。",
    ),
)
def test_swap_rows(student, rng, expect):
    """In either order, neighbours or not; every other row stays."""
    for shape, i, j, dtype in (
        ((5, 3), 1, 3, "float32"),
        ((4, 4), 3, 0, "float32"),
        ((2, 6), 0, 1, "float64"),
    ):
        v = values(rng, shape, dtype)
        only_i, only_j = v.copy(), v.copy()
        only_i[i], only_j[j] = v[j], v[i]
        lost = Text(
            "one of the two rows is there twice: it was written before the other one was read",
            "两行中有一行出现了两次：另一行还没读出来，就被覆盖了",
        )
        columns = v.copy()
        if max(i, j) < shape[1]:
            columns[:, [i, j]] = v[:, [j, i]]
        variable = student.tf.Variable(v)
        student.swap_rows(variable, i, j)
        expect.close(
            variable.numpy(),
            swapped(v, i, j),
            ask=Text(
                f"v of shape {shape}, {dtype}, after `swap_rows(v, {i}, {j})`",
                f"形状为 {shape}、{dtype} 的 v，在 `swap_rows(v, {i}, {j})` 之后",
            ),
            atol=COPIED,
            why=[
                unchanged(v),
                Why(only_i, lost),
                Why(only_j, lost),
                Why(columns, Text("columns were swapped, not rows", "交换的是列，而不是行")),
            ],
        )


@check(
    title=Text("`swap_rows`: a row with itself", "`swap_rows`：一行与它自己交换"),
    points=0.75,
    topic="values",
    hint=Text(
        "With i = j nothing may change. Adding and subtracting rows leaves zeros then.",
        "i = j 时什么都不能变。用加减法来交换，这时会得到 0。",
    ),
)
def test_swap_equal(student, rng, expect):
    """Equal row numbers change nothing."""
    for i in (0, 2):
        v = values(rng, (3, 4))
        variable = student.tf.Variable(v)
        student.swap_rows(variable, i, i)
        expect.close(
            variable.numpy(),
            v,
            ask=Text(f"v after `swap_rows(v, {i}, {i})`", f"`swap_rows(v, {i}, {i})` 之后的 v"),
            atol=COPIED,
        )


@check(
    title=Text("In place, and nothing returned", "就地修改，不返回任何东西"),
    points=1,
    topic="interface",
    hint=Text(
        "The functions change the variable they are given and return None. `assign` itself returns"
        " something: don't pass it on. `v = …` only gives a name to a new object.",
        "函数修改传进来的变量，并返回 None。`assign` 自己有返回值，不要把它传出去。"
        "`v = …` 只是给新对象起了个名字。",
    ),
)
def test_in_place(student, rng, expect):
    """The variable that was handed over has changed; the result is None."""
    v = values(rng, (3, 4))
    for name, args in (
        ("scale_and_patch", (2.0, places(rng, (3, 4), 2, "int32"), values(rng, (2,)))),
        ("set_column", (1, -values(rng, (3,)))),
        ("swap_rows", (0, 2)),
    ):
        variable = student.tf.Variable(v)
        result = student[name](variable, *args)
        expect.true(
            result is None,
            ask=Text(f"what `{name}` returns", f"`{name}` 的返回值"),
            expected=Text("None", " None"),
            got=Text("something else", "别的东西"),
        )
        now = expect.array(
            variable.numpy(),
            ask=Text(f"v after `{name}`", f"`{name}` 之后的 v"),
            shape=v.shape,
            dtype="float32",
        )
        expect.true(
            not np.array_equal(now, v),
            ask=Text(f"v after `{name}`", f"`{name}` 之后的 v"),
            expected=Text("a change of the variable itself", "变量本身发生改变"),
            got=Text("the numbers it had before", "仍是原来的数"),
        )


@check(
    title=Text("Inside a traced function", "在被追踪的函数中"),
    points=1,
    topic="graph",
    hint=Text(
        "In a `tf.function` there is no `.numpy()`, and a new `tf.Variable` must not be made on"
        " every call: stay with tensors and the variable's own methods.",
        "在 `tf.function` 中没有 `.numpy()`，也不能每次调用都新建 `tf.Variable`："
        "请一直使用张量和变量自己的方法。",
    ),
)
def test_in_graph(student, rng, expect):
    """Traced, each function changes the variable as it does eagerly."""
    v = values(rng, (4, 3))
    for name, args in (
        ("scale_and_patch", (1.5, places(rng, (4, 3), 3, "int32"), -values(rng, (3,)))),
        ("set_column", (2, -values(rng, (4,)))),
        ("swap_rows", (3, 1)),
    ):
        eager, traced = student.tf.Variable(v), student.tf.Variable(v)
        student[name](eager, *args)
        student.in_graph(student[name])(traced, *args)
        ask = Text(f"v after `{name}`", f"`{name}` 之后的 v")
        expect.close(
            traced.numpy(),
            expect.array(eager.numpy(), ask=ask),
            ask=Text(
                f"v after `{name}` inside a `tf.function`, against the same call outside",
                f"在 `tf.function` 中调用 `{name}` 之后的 v，与在外面调用相比",
            ),
            why=[unchanged(v)],
        )


@check(
    title=Text("One traced function, called again and again", "同一个被追踪的函数反复调用"),
    points=1,
    topic="graph",
    hint=Text(
        "A traced function's Python code runs once, so row and column numbers that are tensors have"
        " no value while it runs: no `int(j)`, no list index, no Python decision on them.",
        "被追踪的函数，其 Python 代码只运行一次；行号、列号是张量时，那时还没有值："
        "不能用 `int(j)`，不能当列表下标，也不能用 Python 去判断它们。",
    ),
)
def test_called_again(student, rng, expect):
    """Index tensors differ from call to call; the same graph serves them all."""
    v = values(rng, (4, 4))
    variable, now = student.tf.Variable(v), v
    patch = student.tf.function(student.scale_and_patch)
    for factor in (2.0, -0.5):
        indices, updates = places(rng, (4, 4), 3, "int32"), -values(rng, (3,))
        patch(variable, np.asarray(factor, "float32"), indices, updates)
        now = patched(now, factor, indices, updates)
    expect.close(
        variable.numpy(),
        now,
        ask=Text(
            "v after two calls of one traced `scale_and_patch`",
            "同一个被追踪的 `scale_and_patch` 调用两次之后的 v",
        ),
    )
    set_column = student.tf.function(student.set_column)
    variable, now = student.tf.Variable(v), v
    for j in (2, 0):
        column = -values(rng, (4,))
        set_column(variable, np.asarray(j, "int32"), column)
        now = with_column(now, j, column)
    expect.close(
        variable.numpy(),
        now,
        ask=Text(
            "v after a traced `set_column` with j = tf.constant(2), then tf.constant(0)",
            "被追踪的 `set_column` 先后以 j = tf.constant(2)、tf.constant(0) 调用之后的 v",
        ),
        atol=COPIED,
    )
    swap_rows = student.tf.function(student.swap_rows)
    variable, now = student.tf.Variable(v), v
    for i, j in ((0, 2), (1, 1), (3, 2)):
        swap_rows(variable, np.asarray(i, "int32"), np.asarray(j, "int32"))
        now = swapped(now, i, j)
    expect.close(
        variable.numpy(),
        now,
        ask=Text(
            "v after one traced `swap_rows` with tensors (0, 2), (1, 1), (3, 2)",
            "同一个被追踪的 `swap_rows` 依次以张量 (0, 2)、(1, 1)、(3, 2) 调用之后的 v",
        ),
        atol=COPIED,
    )

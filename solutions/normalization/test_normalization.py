"""Hidden checks of `normalization`: statistics of arrays and batches, state, graphs, reload.

What a layer should return is computed here, in NumPy and float64, from the float32 data.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.checks import Text, Why, as_numpy, check, fetch

# The data below has at most n = 20 rows, deviations of 0.15 at the least, means of at most R = 6
# deviations, and results of size 6 or so. Even the mean of squares minus the square of the mean,
# added up in float32, is then off by about n (1 + R^2) 2^-24 = 4e-5 of the variance, half of that
# of the deviation, and 1e-4 of the result at the most; 1e-7 under the root moves it by 1e-5. The
# nearest misconception, n - 1 in the place of n, moves it by 1 / 2n of itself: 0.025.
ATOL = 2e-4

# The order numbers below: means of 2,500 deviations, rounded to 2^-24 of themselves by whatever is
# kept in float32, and again by each of some merges of batches: 7 times 1.5e-4. That two digits
# behind the point are right is what the statement asks. Sums of squares in float32 are off by tens
# of percent; that they come out right for all three features happens once in 1e6 times or less.
FAR_ATOL = 5e-3


@dataclass(frozen=True)
class Stats:
    """Mean and population deviation of each feature."""

    mean: NDArray
    std: NDArray

    def of(self, x):
        """What a layer makes of x with these statistics."""
        return ((x.astype("float64") - self.mean) / self.std).astype("float32")


def stats(rows):
    """Those of all rows."""
    wide = rows.astype("float64")
    return Stats(wide.mean(axis=0), wide.std(axis=0))


class Features:
    """Where the features of a data set lie, and how wide they are: unequal, and never near 0."""

    def __init__(self, rng, count):
        self.rng, self.count = rng, count
        self.scale = rng.permutation(0.4 * 3.0 ** np.arange(count))
        self.center = rng.choice([-1, 1], size=count) * rng.uniform(1, 1.5, count) * self.scale

    def rows(self, n, shift=0.0):
        """n rows, float32; where there are three or more, none of their deviations is small."""
        while True:
            raw = self.rng.uniform(-1, 1, size=(n, self.count))
            if n < 3 or raw.std(axis=0).min() > 0.4:
                return (self.center + (raw + shift) * self.scale).astype("float32")


def batched(session, batches):
    """A dataset that yields these batches."""
    make = session.tf.data.Dataset.from_tensor_slices
    whole = make(batches[0]).batch(len(batches[0]))
    for each in batches[1:]:
        whole = whole.concatenate(make(each).batch(len(each)))
    return whole


def new_layer(session, expect, **kwargs):
    """A new layer, which has to be an object."""
    shown = ", ".join(f"{name}={value!r}" for name, value in kwargs.items())
    ask = Text(f"`MyNormalization({shown})`", f"`MyNormalization({shown})`")
    return expect.remote(session.MyNormalization(**kwargs), ask=ask)


def adapted(session, expect, data):
    """A new layer that has seen an array (rows) or a dataset (a list of batches)."""
    layer = new_layer(session, expect)
    layer.adapt(batched(session, data) if type(data) is list else as_numpy(data))
    return layer


UNCHANGED = Text("x comes back unchanged: mean 0, deviation 1", "x 原样返回：均值 0，标准差 1")


def mistakes(rows, x):
    """What comes of statistics that are mistaken, but of all rows."""
    right, n = stats(rows), len(rows)
    wide = x.astype("float64")
    return [
        Why(x, UNCHANGED),
        Why(
            right.of(x) * np.sqrt((n - 1) / n),
            Text(
                "that is the sample deviation (divided by n - 1); the population's is asked for",
                "这是样本标准差（除以 n - 1），要的是总体标准差",
            ),
        ),
        Why(
            (wide - right.mean) / right.std**2,
            Text("divided by the variance, not by its root", "除以的是方差，而不是它的平方根"),
        ),
        Why(
            wide - right.mean,
            Text("the mean is subtracted, but nothing is divided", "减了均值，却没有除以标准差"),
        ),
        Why(
            (wide - rows.mean(dtype="float64")) / rows.std(dtype="float64"),
            Text(
                "one mean and one deviation for all features together",
                "所有特征共用了一个均值和一个标准差",
            ),
        ),
    ]


def batch_mistakes(batches, x):
    """What comes of statistics of batches that are put together wrongly."""
    parts = [stats(batch) for batch in batches]
    means, stds = np.array([part.mean for part in parts]), np.array([part.std for part in parts])
    sizes = np.array([len(batch) for batch in batches], dtype="float64")
    total = stats(np.concatenate(batches))
    mean = means.mean(axis=0)
    apart = Text(
        "the deviation within the batches is there, how far the batches lie apart is missing",
        "只算了各批内部的离散程度，没有算各批之间的差距",
    )
    alike = Text(
        "the batches' statistics are averaged as if all batches had the same size",
        "对各批的统计量直接取了平均，好像每批一样大",
    )
    within = np.average(stds**2, axis=0, weights=sizes)
    found = [
        (parts[-1], Text("those are the last batch's statistics", "这是最后一批的统计量")),
        (parts[0], Text("those are the first batch's statistics", "这是第一批的统计量")),
        (Stats(total.mean, np.sqrt(within)), apart),
        (Stats(total.mean, np.average(stds, axis=0, weights=sizes)), apart),
    ]
    if len(set(sizes)) > 1:
        squares = (stds**2 + means**2).mean(axis=0)
        found += [
            (Stats(mean, np.sqrt(squares - mean**2)), alike),
            (Stats(mean, stds.mean(axis=0)), alike),
            (Stats(mean, np.sqrt((stds**2).mean(axis=0))), alike),
            (
                Stats(mean, total.std),
                Text("the mean is a mean of the batches' means", "均值是各批均值的平均"),
            ),
        ]
    with np.errstate(divide="ignore", invalid="ignore"):  # the deviation of a single row
        return [Why(each.of(x), text) for each, text in found]


@check(
    title=Text("Adapted to an array", "用数组自适应"),
    points=1.5,
    topic="values",
    hint=Text(
        "Along axis 0: one mean and one population deviation for each feature, measured in `adapt`"
        " and used for whatever comes later.",
        "沿第 0 轴：每个特征一个均值、一个总体标准差，在 `adapt` 里测好，以后的输入都用它们。",
    ),
)
def test_array(student, rng, expect):
    """New rows, several and one, for several numbers of features."""
    for n, d, batch in ((13, 3, 6), (20, 2, 1), (9, 1, 4)):
        features = Features(rng, d)
        rows, x = features.rows(n), features.rows(batch, shift=1.0)
        own = stats(x)
        why = [
            *mistakes(rows, x),
            Why(
                np.zeros_like(x) if batch == 1 else own.of(x),
                Text(
                    "these are the statistics of x itself, not those of the data given to `adapt`",
                    "用的是 x 自己的统计量，而不是交给 `adapt` 的数据的",
                ),
            ),
        ]
        expect.close(
            adapted(student, expect, rows)(x),
            stats(rows).of(x),
            ask=Text(
                f"`layer(x)` for x of shape {x.shape}, after `adapt` on an array of shape"
                f" {rows.shape}",
                f"用形状为 {rows.shape} 的数组 `adapt` 之后的 `layer(x)`，x 的形状为 {x.shape}",
            ),
            atol=ATOL,
            why=why,
        )


def asked_of_batches(student, rng, expect, sizes, d):
    """Batches that lie apart from each other, and rows that are new."""
    features = Features(rng, d)
    shifts = 0.75 * rng.permutation(np.linspace(-1, 1, len(sizes)))
    batches = [features.rows(n, shift) for n, shift in zip(sizes, shifts, strict=True)]
    x, rows = features.rows(5), np.concatenate(batches)
    expect.close(
        adapted(student, expect, batches)(x),
        stats(rows).of(x),
        ask=Text(
            f"`layer(x)` after `adapt` on a dataset with batches of {', '.join(map(str, sizes))}"
            f" rows, {d} features",
            f"用数据集 `adapt` 之后的 `layer(x)`；各批行数为 {'、'.join(map(str, sizes))}，"
            f"{d} 个特征",
        ),
        atol=ATOL,
        why=[*mistakes(rows, x), *batch_mistakes(batches, x)],
    )


@check(
    title=Text("Adapted to a dataset of equal batches", "用批次大小相等的数据集自适应"),
    points=1,
    topic="data",
    hint=Text(
        "Go over all batches. How far they lie apart counts, too: the root of the mean of their"
        " variances isn't the deviation of all rows.",
        "要遍历所有批次。各批之间的差距也要算进去：各批方差的平均再开方，并不是所有行的标准差。",
    ),
)
def test_equal_batches(student, rng, expect):
    """Three batches of four rows."""
    asked_of_batches(student, rng, expect, (4, 4, 4), 3)


@check(
    title=Text("Batches of unequal sizes", "批次大小不等"),
    points=1.5,
    topic="data",
    hint=Text(
        "Every row counts the same, in whichever batch it comes: add up sums and numbers of rows,"
        " or put all rows together.",
        "不管在哪一批，每一行的分量相同：请累加总和与行数，或者把所有行拼在一起。",
    ),
)
def test_unequal_batches(student, rng, expect):
    """Large and small ones, a batch of one row at the end and in the middle."""
    asked_of_batches(student, rng, expect, (9, 3, 5, 1), 2)
    asked_of_batches(student, rng, expect, (3, 1, 7), 3)


@check(
    title=Text("A constant feature", "恒定的特征"),
    points=0.75,
    topic="values",
    hint=Text(
        "The deviation is 0, and 0 / 0 is NaN: what should be divided by there?",
        "标准差是 0，而 0 / 0 是 NaN：这时该除以什么？",
    ),
)
def test_constant(student, rng, expect):
    """Constants whose sums are exact, one of them 0; a varying feature beside them."""
    constants = rng.integers(2, 40, size=2) / 4 * rng.choice([-1, 1], size=2)
    rows = Features(rng, 4).rows(8)
    rows[:, [0, 2, 3]] = [constants[0], 0.0, constants[1]]
    layer = adapted(student, expect, rows)
    ask = Text(
        f"`layer(x)`, features 0, 2 and 3 having been constant at {constants[0]}, 0 and"
        f" {constants[1]}, as they are in x",
        f"`layer(x)`；第 0、2、3 个特征恒为 {constants[0]}、0 和 {constants[1]}，x 里也一样",
    )
    want = np.zeros((3, 4), "float32")
    want[:, 1] = stats(rows[:, 1]).of(rows[:3, 1])
    expect.close(layer(rows[:3]), want, ask=ask, atol=ATOL)
    other = rows[:2] + np.float32(0.5)
    got = expect.array(layer(other), ask=ask, shape=(2, 4))
    expect.true(
        bool(np.isfinite(got).all()),
        ask=Text(
            "the same layer for values that the constant features never had",
            "同一个层，输入恒定特征从未有过的值",
        ),
        expected=Text("finite numbers", "有限的数"),
        got=Text("infinity or NaN", "无穷大或 NaN"),
    )


@check(
    title=Text("A constant such as 0.1", "恒为 0.1 之类的特征"),
    points=0.5,
    topic="values",
    hint=Text(
        "In float32 the mean of seven times 0.1 isn't 0.1 but a neighbour of it. Count in float64,"
        " or find out in another way that a feature is constant.",
        "用 float32 计算，七个 0.1 的均值并不是 0.1，而是它旁边的数。"
        "请用 float64 累计，或者换一种办法判断特征是否恒定。",
    ),
)
def test_inexact_constant(student, rng, expect):
    """Constants whose float32 means are off, from large to tiny, in an array and in batches."""
    n, sizes = 7, np.array([1, 40, 2000, 1e-11], "float32")
    while True:
        one = rng.uniform(0.1, 1, size=4).astype("float32") * sizes
        rows = np.tile(one, (n, 1))
        if (rows.mean(axis=0) != one).all():
            break
    for data, says, says_zh in (
        (rows, "an array", "数组"),
        (
            [rows[:4], rows[4:]],
            "a dataset with batches of 4 and 3 rows",
            "每批 4 行和 3 行的数据集",
        ),
    ):
        expect.close(
            adapted(student, expect, data)(rows[:2]),
            np.zeros((2, 4), "float32"),
            ask=Text(
                f"`layer(x)` after `adapt` on {says} in which each of {n} rows is {one.tolist()},"
                " as they are in x",
                f"用{says_zh} `adapt` 之后的 `layer(x)`；{n} 行都是 {one.tolist()}，x 里也一样",
            ),
        )


@check(
    title=Text("Features far from 0", "离 0 很远的特征"),
    points=0.5,
    topic="values",
    hint=Text(
        "In float32 the mean of squares and the square of the mean agree in all the digits there"
        " are. Subtract the mean first, or count in float64.",
        "在 float32 里，“平方的均值”与“均值的平方”能保存的那几位数字完全相同。"
        "请先减去均值再平方，或者用 float64 累计。",
    ),
)
def test_far(student, rng, expect):
    """Integers around 40,000 that differ by some tens, in an array and in batches."""
    rows = np.stack(
        [
            center + rng.permutation(np.arange(-33, 36, 3)) + rng.integers(-1, 2, size=23)
            for center in rng.integers(38_000, 42_000, size=3)
        ],
        axis=1,
    ).astype("float32")
    x = rows[:4] + np.float32(1)
    want = stats(rows).of(x)
    for data, says, says_zh in (
        (rows, "an array of 23 rows", " 23 行的数组"),
        ([rows[:9], rows[9:18], rows[18:]], "a dataset (9, 9 and 5 rows)", "数据集（9、9、5 行）"),
    ):
        expect.close(
            adapted(student, expect, data)(x),
            want,
            ask=Text(
                f"`layer(x)` after `adapt` on {says}, the numbers around {rows[0].tolist()}",
                f"用{says_zh} `adapt` 之后的 `layer(x)`，数值在 {rows[0].tolist()} 附近",
            ),
            atol=FAR_ATOL,
        )


@check(
    title=Text("Adapted again, and two layers", "再次自适应，以及两个层"),
    points=1.25,
    topic="interface",
    hint=Text(
        "`adapt` begins from nothing each time, and what it finds belongs to this one object.",
        "`adapt` 每次都从零开始，测得的结果只属于这一个对象。",
    ),
)
def test_again(student, rng, expect):
    """An array, then a dataset, then an array; another layer in between."""
    features = Features(rng, 3)
    first, second, third, x = (
        features.rows(n, shift) for n, shift in ((9, 0.8), (7, -0.8), (5, 0.2), (4, 0))
    )
    layer = new_layer(student, expect)
    seen = []
    for rows, data, says, says_zh in (
        (first, as_numpy(first), "an array", "数组"),
        (second, batched(student, [second[:3], second[3:]]), "a dataset", "数据集"),
        (third, as_numpy(third), "an array", "数组"),
    ):
        layer.adapt(data)
        everything = Text(
            "the earlier data still counts: only the last `adapt` shall",
            "之前的数据还在起作用：应当只算最近一次 `adapt`",
        )
        before = Text("those are statistics of earlier data", "用的是以前数据的统计量")
        why = [Why(stats(np.concatenate([*seen, rows])).of(x), everything)]
        why += [Why(stats(old).of(x), before) for old in seen]
        expect.close(
            layer(x),
            stats(rows).of(x),
            ask=Text(
                f"`layer(x)` after `adapt` number {len(seen) + 1}, on {says}",
                f"第 {len(seen) + 1} 次 `adapt`（用{says_zh}）之后的 `layer(x)`",
            ),
            atol=ATOL,
            why=why,
        )
        seen.append(rows)
    other = adapted(student, expect, first)
    for each, rows, named, named_zh in (
        (other, first, "the new one", "新的那个层"),
        (layer, third, "the old one", "原来那个层"),
    ):
        expect.close(
            each(x),
            stats(rows).of(x),
            ask=Text(
                f"two layers, adapted to different data: `layer(x)` of {named}",
                f"两个层，用不同的数据自适应：{named_zh}的 `layer(x)`",
            ),
            atol=ATOL,
            why=[
                Why(
                    stats(first if rows is third else third).of(x),
                    Text("those are the other layer's statistics", "这是另一个层的统计量"),
                )
            ],
        )


@check(
    title=Text("Built before, traced before", "先构建、先追踪"),
    points=1,
    topic="graph",
    hint=Text(
        "A graph holds NumPy arrays and numbers as they were when it was traced. Only a variable"
        " that `adapt` assigns to changes in it afterwards.",
        "图里的 NumPy 数组和普通数值停留在追踪那一刻。"
        "只有由 `adapt` 赋值的变量，之后才会跟着变化。",
    ),
)
def test_graph(student, rng, expect):
    """A model built first, a function traced once with two statistics; a dataset's `map`."""
    features = Features(rng, 3)
    first, second, x = features.rows(8, 0.5), features.rows(6, -0.5), features.rows(4)
    # The last feature is constant in the second data alone: a graph has to notice that, too.
    second[:, 2] = x[:, 2] = 1.25
    latest = np.zeros_like(x)
    latest[:, :2] = stats(second[:, :2]).of(x[:, :2])
    keras, tf = student.keras, student.tf
    layer = new_layer(student, expect)
    model = keras.Sequential([keras.Input((3,)), layer])
    layer.adapt(as_numpy(first))
    ask = Text(
        "`keras.Sequential([keras.Input((3,)), layer])`, after it `layer.adapt(…)`, then the"
        " model's output",
        "先 `keras.Sequential([keras.Input((3,)), layer])`，再 `layer.adapt(…)`，然后是模型的输出",
    )
    expect.close(model(x), stats(first).of(x), ask=ask, atol=ATOL, why=[Why(x, UNCHANGED)])
    function = tf.function(layer)
    ask = Text("`tf.function(layer)` of the adapted layer", "已自适应的层的 `tf.function(layer)`")
    expect.close(function(x), stats(first).of(x), ask=ask, atol=ATOL)
    layer.adapt(as_numpy(second))
    baked = [
        Why(
            stats(first).of(x),
            Text(
                "the graph still holds the statistics from before: keep them in variables",
                "图里仍是之前的统计量：请用变量保存",
            ),
        )
    ]
    expect.close(
        function(x),
        latest,
        ask=Text(
            "the same function after another `adapt`, in whose data the last feature is constant",
            "再次 `adapt`（这次的数据里最后一个特征是恒定的）之后的同一个函数",
        ),
        atol=ATOL,
        why=baked,
    )
    mapped = tf.data.Dataset.from_tensor_slices(x).batch(4).map(layer)
    ask = Text("`dataset.map(layer)`, its one batch", "`dataset.map(layer)` 的唯一一个批次")
    elements = student.elements(mapped)
    expect.equal(len(elements), 1, ask=Text(f"{ask.en}: how many", f"{ask.zh}：有几个"))
    expect.close(elements[0], latest, ask=ask, atol=ATOL)


@check(
    title=Text("Nothing to train", "没有可训练的变量"),
    points=0.5,
    topic="training",
    hint=Text(
        "`add_weight(…, trainable=False)`: an optimizer has no business with the statistics.",
        "`add_weight(…, trainable=False)`：统计量不归优化器管。",
    ),
)
def test_not_trained(student, rng, expect):
    """After `adapt` and a call, which by then have made whatever the layer has."""
    expect.unconfirmed()  # the worker's word
    features = Features(rng, 2)
    layer = adapted(student, expect, features.rows(6))
    layer(features.rows(2))
    expect.equal(
        [array.shape for array in student.arrays(layer.trainable_variables)],
        [],
        ask=Text(
            "the shapes in `layer.trainable_variables` of a layer that was adapted and used",
            "自适应并使用过的层，`layer.trainable_variables` 里的各个形状",
        ),
    )


@check(
    title=Text("The statistics survive a reload", "统计量能随模型保存和加载"),
    points=1.5,
    topic="serialization",
    hint=Text(
        "Register the class, and keep the statistics in weights that `build` makes: these are"
        " written to the file. Try it in a new Python process.",
        "请注册这个类，并把统计量放在由 `build` 创建的权重里：写进文件的正是它们。"
        "请在新的 Python 进程里试一试。",
    ),
    timeout=30.0,
)
def test_reload(student, rng, expect):
    """A fresh process loads a model with a layer of known weights behind the adapted one."""
    features = Features(rng, 4)
    rows, x = features.rows(10), features.rows(4)
    rows[:, 3] = x[:, 3] = 1.25  # constant here, and there
    kernel = rng.uniform(0.5, 1, size=(4, 2)).astype("float32")
    keras = student.keras
    layer = new_layer(student, expect, name="scaled")
    layer.adapt(as_numpy(rows))
    dense = keras.layers.Dense(2, use_bias=False)
    model = keras.Sequential([layer, dense])
    model(x)
    dense.kernel.assign(kernel)
    loaded = student.fresh().load(student.save(model))
    ask = Text(
        "the output of a `Sequential` with the adapted layer, reloaded in a fresh process; the last"
        " feature is constant",
        "含有已自适应的层的 `Sequential`，在新进程里重新加载后的输出；最后一个特征是恒定的",
    )
    # Each output is the sum of three results times numbers up to 1, and of one that is 0.
    expect.close(
        loaded(x),
        stats(rows[:, :3]).of(x[:, :3]) @ kernel[:3],
        ask=ask,
        atol=3 * ATOL,
        why=[
            Why(
                x @ kernel,
                Text(
                    "the statistics are lost: the layer has mean 0 and deviation 1 again",
                    "统计量丢失了：层又回到了均值 0、标准差 1",
                ),
            )
        ],
    )
    expect.equal(
        fetch(loaded.get_layer(index=0).name),
        "scaled",
        ask=Text(
            'the name of the reloaded `MyNormalization(name="scaled")`',
            '重新加载的 `MyNormalization(name="scaled")` 的名字',
        ),
    )

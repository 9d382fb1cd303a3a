"""What you can check yourself: `pytest exercises/categories`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, check, fetch


def strings(items):
    """A string tensor, in the shape of nested lists."""
    array = np.array(items, dtype=object)
    return np.array([item.encode() for item in array.ravel()], object).reshape(array.shape)


def whole(expect, got, ask, shape):
    """Integers of any width in this shape, as int64."""
    array = expect.array(got, ask=ask, shape=shape)
    expect.true(
        array.dtype.kind in "iu",
        ask=ask,
        expected=Text("integers", "整数"),
        got=Text(f"dtype {array.dtype}", f" dtype {array.dtype}"),
    )
    return array.astype("int64")


@check(
    title=Text("Three age groups", "三个年龄组"),
    points=2,
    topic="values",
    hint=Text("18 and 50 begin their groups.", "18 和 50 是各自所在组的起点。"),
)
def test_age_bucket(student, expect):
    """Two columns, with both bounds."""
    ages = np.array([[3.0, 18.0], [50.0, 17.75], [49.5, 81.0]], "float32")
    ask = Text(f"`age_bucket({ages.tolist()})`", f"`age_bucket({ages.tolist()})`")
    expect.close(
        whole(expect, student.age_bucket(ages), ask, (3, 2)),
        np.array([[0, 1], [2, 0], [1, 2]]),
        ask=ask,
        why=[
            Why(
                [[0, 0], [1, 0], [1, 2]],
                Text("the bounds are in the wrong groups", "边界值分错了组"),
            )
        ],
    )


@check(
    title=Text("Two codes per row", "每行两个编码"),
    points=2,
    topic="values",
    hint=Text("The second column begins at place n.", "第二列从位置 n 开始。"),
)
def test_pair_hot(student, expect):
    """Three rows, four codes."""
    expect.close(
        student.pair_hot(np.array([[2, 1], [0, 0], [1, 2]], "int32"), 4),
        np.array(
            [[0, 0, 1, 0, 0, 1, 0, 0], [1, 0, 0, 0, 1, 0, 0, 0], [0, 1, 0, 0, 0, 0, 1, 0]],
            "float32",
        ),
        ask=Text(
            "`pair_hot([[2, 1], [0, 0], [1, 2]], 4)`", "`pair_hot([[2, 1], [0, 0], [1, 2]], 4)`"
        ),
    )


@check(
    title=Text("Numbered cities", "给城市编号"),
    points=2,
    topic="values",
    hint=Text(
        "Buckets for unknown cities first, then the known ones by frequency.",
        "先是留给未知城市的桶，然后是按出现次数排列的已知城市。",
    ),
)
def test_city_ids(student, expect):
    """One bucket, and three."""
    train = strings(["Graz", "Turin", "Turin", "Brno", "Graz", "Turin"])
    for n_oov, want in ((1, [[3, 1], [2, 0]]), (3, [[5, 3], [4, 0]])):
        ask = Text(
            f'`city_ids(train, [["Brno", "Turin"], ["Graz", "Split"]], {n_oov})`',
            f'`city_ids(train, [["Brno", "Turin"], ["Graz", "Split"]], {n_oov})`',
        )
        cities = strings([["Brno", "Turin"], ["Graz", "Split"]])
        got = whole(expect, student.city_ids(train, cities, n_oov), ask, (2, 2))
        if n_oov > 1:
            expect.true(
                got[1, 1] in range(n_oov),
                ask=ask,
                expected=Text("a bucket from 0 to 2 for Split", "Split 在 0 到 2 号桶之一"),
                got=Text(f"{got[1, 1]}", f" {got[1, 1]}"),
            )
            got[1, 1] = 0
        expect.close(got, np.array(want), ask=ask)


@check(
    title=Text("A hash that stays", "不变的哈希"),
    points=2,
    topic="values",
    hint=Text(
        "Two Python processes disagree about `hash` of a text.",
        "两个 Python 进程对同一字符串算出的 `hash` 并不相同。",
    ),
    # A process more.
    timeout=30.0,
)
def test_stable_hash(student, expect):
    """In this process and in a fresh one, in another order."""
    words = strings(["Zürich", "Oslo", "北京", "Oslo", "", "Porto", "Lima", "Accra"])
    ask = Text("`stable_hash` of eight strings, 50 bins", "对八个字符串调用 `stable_hash`，50 个桶")
    ids = whole(expect, student.stable_hash(words, 50), ask, (8,))
    expect.true(
        bool(np.all((ids >= 0) & (ids < 50))),
        ask=ask,
        expected=Text("ids from 0 to 49", "从 0 到 49 的编号"),
        got=Text(f"{ids.tolist()}", f" {ids.tolist()}"),
    )
    expect.close(
        whole(expect, student.fresh().stable_hash(words[::-1], 50), ask, (8,)),
        ids[::-1].copy(),
        ask=Text(
            "`stable_hash` of the same strings in a fresh process",
            "在新进程里对同样的字符串调用 `stable_hash`",
        ),
    )


@check(
    title=Text("Numbers and a category in one model", "一个模型同时处理数值与类别"),
    points=2,
    topic="interface",
    hint=Text(
        "Three categories and all that is unknown: four rows.", "三个类别，加上一切未知的：四行。"
    ),
)
def test_model(student, expect):
    """One output per row; a table of four rows; unknown strings are alike."""
    ask = Text(
        '`build_mixed_model(["red", "blue", "green"], 6)`',
        '`build_mixed_model(["red", "blue", "green"], 6)`',
    )
    model = expect.remote(student.build_mixed_model(["red", "blue", "green"], 6), ask=ask)
    batch = {"num": np.ones((4, 6), "float32"), "cat": strings(["blue", "mauve", "red", "ochre"])}
    got = expect.array(model(batch), ask=ask, shape=(4, 1), dtype="float32")
    expect.close(
        got[3],
        got[1],
        ask=Text("the predictions for two unknown strings", "对两个未知字符串的预测"),
    )
    arrays = student.arrays(fetch(model.trainable_weights))
    expect.true(
        any(array.ndim == 2 and array.shape[0] == 4 for array in arrays),
        ask=Text(f"{ask.en}: its table", f"{ask.zh} 的表"),
        expected=Text("a trainable weight with four rows", "一个有四行的可训练权重"),
        got=Text(
            f"weights of the shapes {[array.shape for array in arrays]}",
            f"形状为 {[array.shape for array in arrays]} 的权重",
        ),
    )

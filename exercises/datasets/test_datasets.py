"""What you can check yourself: `pytest exercises/datasets`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, check


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def numbers(student, expect, dataset, ask, limit=60):
    """A dataset's elements, as Python numbers or lists of them."""
    found = expect.remote(dataset, ask=ask)
    expect.true(
        student.is_a(found, "tf.data.Dataset"),
        ask=ask,
        expected=Text("a `tf.data.Dataset`", " `tf.data.Dataset`"),
        got=Text("another object", "别的对象"),
    )
    return [expect.array(item, ask=ask).tolist() for item in student.elements(found, limit=limit)]


@check(
    title=Text("A chain of four steps", "四步的链"),
    points=2,
    topic="data",
    hint=Text(
        "Thirteen numbers three times over make five batches of 7 and one of 4.",
        "十三个数重复三遍，得到五个 7 个一批的批次和一个 4 个的批次。",
    ),
)
def test_chained(student, expect):
    """Five of six batches are left."""
    ask = code("chained(13)")
    right = [
        [14, 16, 18, 20, 22, 24, 0],
        [2, 4, 6, 8, 10, 12, 14],
        [16, 18, 20, 22, 24, 0, 2],
        [4, 6, 8, 10, 12, 14, 16],
        [18, 20, 22, 24],
    ]
    expect.equal(
        numbers(student, expect, student.chained(13), ask),
        right,
        ask=ask,
        why=[
            Why(
                [[number // 2 for number in batch] for batch in right],
                Text("the numbers aren't doubled", "数没有乘以 2"),
            ),
            Why(
                [right[0], right[2]],
                Text("the sums are those before doubling", "求的是乘以 2 之前的和"),
            ),
            Why(right[:4], Text("the small last batch is missing", "缺少不满的最后一批")),
        ],
    )


@check(
    title=Text("A buffer of one, a buffer of four", "大小为一和四的缓冲区"),
    points=2,
    topic="data",
    hint=Text(
        "A buffer of one number leaves no choice; one of four lets a number come out three places"
        " early at most.",
        "只有一个数的缓冲区没有选择余地；有四个数的，最多让一个数提前三位出来。",
    ),
)
def test_buffer(student, expect):
    """Each number once; 0, 1, 2, … with a buffer of one."""
    ask = code("shuffled(8, 1, 5, True)")
    one = numbers(student, expect, student.shuffled(8, 1, 5, True), ask)
    expect.equal(one, [0, 1, 2, 3, 4, 5, 6, 7], ask=ask)
    ask = code("shuffled(30, 4, 5, True)")
    four = numbers(student, expect, student.shuffled(30, 4, 5, True), ask)
    expect.equal(
        sorted(four), list(range(30)), ask=Text("its numbers, sorted", "其中的数（排序后）")
    )
    ahead = max(number - place for place, number in enumerate(four))
    expect.true(
        ahead < 4,
        ask=ask,
        expected=Text("numbers at most 3 places ahead", "数最多提前 3 位"),
        got=Text(f"{ahead}", f"提前 {ahead} 位"),
    )


@check(
    title=Text("The orders of a seed", "种子决定的次序"),
    points=2,
    topic="data",
    hint=Text(
        "`shuffle` has an argument for the seed and one for shuffling anew.",
        "`shuffle` 有一个参数指定种子，还有一个参数指定是否重新打乱。",
    ),
)
def test_orders(student, expect):
    """Two datasets of one seed agree; one dataset changes its order or keeps it."""
    for reshuffle in (True, False):
        ask = code(f"shuffled(20, 20, 11, {reshuffle})")
        one, other = (student.shuffled(20, 20, 11, reshuffle) for _ in range(2))
        first = numbers(student, expect, one, ask)
        expect.equal(
            numbers(student, expect, other, ask),
            first,
            ask=Text(f"a second dataset of {ask.en}", f"{ask.zh} 的第二个数据集"),
        )
        second = numbers(student, expect, one, ask)
        expect.true(
            (first == second) is not reshuffle,
            ask=Text(f"a second iteration over {ask.en}", f"第二次遍历 {ask.zh}"),
            expected=Text("a new order", "新的次序")
            if reshuffle
            else Text("the order of the first", "与第一次相同的次序"),
            got=Text("the same order", "相同的次序")
            if reshuffle
            else Text("a new order", "新的次序"),
        )


@check(
    title=Text("Slices of a structure", "结构的切片"),
    points=2,
    topic="data",
    hint=Text(
        "Every element is a dict again, with a tuple of two tensors in it.",
        "每个元素仍是一个字典，里面有一个由两个张量组成的元组。",
    ),
)
def test_nested_slices(student, expect):
    """A tuple in a dict, three rows."""
    ask = code("nested_slices({'a': ([[1, 2], [3, 4], [5, 6]], [0.5, 1.5, 2.5]), 'b': [7, 8, 9]})")
    dataset = student.nested_slices(
        {
            "a": (
                np.array([[1, 2], [3, 4], [5, 6]], "int32"),
                np.array([0.5, 1.5, 2.5], "float32"),
            ),
            "b": np.array([7, 8, 9], "int32"),
        }
    )
    expect.equal(
        student.elements(expect.remote(dataset, ask=ask), limit=10),
        [
            {"a": (np.array([1, 2]), np.array(0.5)), "b": np.array(7)},
            {"a": (np.array([3, 4]), np.array(1.5)), "b": np.array(8)},
            {"a": (np.array([5, 6]), np.array(2.5)), "b": np.array(9)},
        ],
        ask=ask,
    )


@check(
    title=Text("Parts of ten elements", "十个元素的各个部分"),
    points=2,
    topic="data",
    hint=Text(
        "25% of ten are 2.5 elements: the part begins at position 2.",
        "十个元素的 25% 是 2.5 个：这一部分从位置 2 开始。",
    ),
)
def test_split(student, expect):
    """All three forms of a spec; a bound that has to be rounded down."""
    for spec, want in (
        ("train[:30%]", [0, 1, 2]),
        ("train[25%:70%]", [2, 3, 4, 5, 6]),
        ("train[80%:]", [8, 9]),
    ):
        ask = code(f'split(tf.data.Dataset.range(10), "{spec}")')
        got = student.split(student.tf.data.Dataset.range(10), spec)
        expect.equal(numbers(student, expect, got, ask), want, ask=ask)

"""What you can check yourself: `pytest exercises/structures`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, check, fetch

WORDS = np.array(["naïve".encode(), b"", "时间".encode(), b"tensor"], dtype=object)


@check(
    title=Text("Characters are counted", "数字符"),
    points=2,
    topic="values",
    hint=Text("ï takes two bytes, 时 takes three.", "ï 占两个字节，时 占三个字节。"),
)
def test_char_lengths(student, expect):
    """Four strings, one of them empty."""
    got = expect.array(
        student.char_lengths(WORDS),
        ask=Text(
            '`char_lengths(["naïve", "", "时间", "tensor"])`',
            '`char_lengths(["naïve", "", "时间", "tensor"])`',
        ),
        shape=(4,),
    )
    expect.close(
        got.astype("int64"),
        np.array([5, 0, 2, 6]),
        ask=Text(
            '`char_lengths(["naïve", "", "时间", "tensor"])`',
            '`char_lengths(["naïve", "", "时间", "tensor"])`',
        ),
        why=[
            Why(np.array([6, 0, 6, 6]), Text("those are the numbers of bytes", "这是字节数")),
        ],
    )


@check(
    title=Text("Code points in a ragged tensor", "不规则张量中的码点"),
    points=2,
    topic="values",
    hint=Text("`ord('时')` is 26102.", "`ord('时')` 是 26102。"),
)
def test_codepoints(student, expect):
    """One row per string."""
    ask = Text('`codepoints(["naïve", "", "时间"])`', '`codepoints(["naïve", "", "时间"])`')
    got = student.codepoints(WORDS[:3])
    expect.true(
        student.is_a(got, "tf.RaggedTensor"),
        ask=ask,
        expected=Text("a `tf.RaggedTensor`", " `tf.RaggedTensor`"),
        got=Text("something else", "别的东西"),
    )
    expect.equal(got.to_list(), [[110, 97, 239, 118, 101], [], [26102, 38388]], ask=ask)


@check(
    title=Text("Sums of sparse rows", "稀疏行的和"),
    points=2,
    topic="values",
    hint=Text("Rows 1 and 3 have no entries.", "第 1 行和第 3 行没有元素。"),
)
def test_row_sums(student, expect):
    """Four rows, two of them empty."""
    sp = student.tf.SparseTensor(
        np.array([[0, 0], [0, 2], [2, 1]], "int64"),
        np.array([1.5, -4.0, 3.0], "float32"),
        np.array([4, 3], "int64"),
    )
    expect.close(
        student.sparse_row_sums(sp),
        np.array([-2.5, 0.0, 3.0, 0.0], "float32"),
        ask=Text(
            "`sparse_row_sums` of [[1.5, 0, -4], [0, 0, 0], [0, 3, 0], [0, 0, 0]]",
            "对 [[1.5, 0, -4], [0, 0, 0], [0, 3, 0], [0, 0, 0]] 调用 `sparse_row_sums`",
        ),
    )


@check(
    title=Text("What two rows have in common", "两行共有的元素"),
    points=2,
    topic="values",
    hint=Text("Row 0 shares 3 and 5, row 1 nothing.", "第 0 行共有 3 和 5，第 1 行没有。"),
)
def test_common(student, expect):
    """Two rows, one of them with an empty intersection."""
    ask = Text(
        "`common([[5, 1, 3], [2, 2, 4]], [[3, 5], [1, 3]])`",
        "`common([[5, 1, 3], [2, 2, 4]], [[3, 5], [1, 3]])`",
    )
    got = student.common(
        np.array([[5, 1, 3], [2, 2, 4]], "int32"), np.array([[3, 5], [1, 3]], "int32")
    )
    expect.true(
        student.is_a(got, "tf.SparseTensor"),
        ask=ask,
        expected=Text("a `tf.SparseTensor`", " `tf.SparseTensor`"),
        got=Text("something else", "别的东西"),
    )
    expect.equal(fetch(got.dense_shape)[0], 2, ask=ask)
    expect.equal(fetch(got.indices)[:, 0], np.array([0, 0]), ask=ask)
    expect.equal(np.sort(fetch(got.values)), np.array([3, 5]), ask=ask)


@check(
    title=Text("Names by priority", "按优先级排列名字"),
    points=2,
    topic="values",
    hint=Text("-1 is the smallest priority.", "-1 是最小的优先级。"),
)
def test_by_priority(student, expect):
    """Three names."""
    expect.close(
        student.by_priority(np.array([4, -1, 2]), np.array([b"tea", b"rice", b"salt"], object)),
        np.array([b"rice", b"salt", b"tea"], object),
        ask=Text(
            '`by_priority([4, -1, 2], ["tea", "rice", "salt"])`',
            '`by_priority([4, -1, 2], ["tea", "rice", "salt"])`',
        ),
    )

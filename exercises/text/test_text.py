"""What you can check yourself: `pytest exercises/text`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, check

# Five words: tea three times in two texts, milk twice in two, sugar, no and hot once each.
TRAIN = ["Tea, milk; tea?", "No milk!", "hot tea: sugar"]
ONE, TWO = np.log(2.5), np.log(2.0)  # weights of words that one or two of the three texts hold


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


@check(
    title=Text("Counts times weights", "次数乘以权重"),
    points=3,
    topic="values",
    hint=Text(
        "Two of three texts hold `tea`: its weight is log(1 + 3 / (1 + 2)) = log 2.",
        "三段文本中有两段含有 `tea`：它的权重是 log(1 + 3 / (1 + 2)) = log 2。",
    ),
)
def test_tfidf(student, expect):
    """Known words only."""
    want = np.array(
        [[0, 2 * TWO, 0, ONE, 0, 0], [0, 0, TWO, 0, ONE, ONE], [0, 0, 0, 0, 0, 0]], "float32"
    )
    expect.close(
        student.tfidf(TRAIN, ["TEA, tea, sugar", "hot milk? no!", ""]),
        want,
        ask=code(f'tfidf({TRAIN}, ["TEA, tea, sugar", "hot milk? no!", ""])'),
        why=[
            Why(
                np.array([[0, 2, 0, 1, 0, 0], [0, 0, 1, 0, 1, 1], [0] * 6]),
                Text("those are plain counts, without weights", "这只是次数，没有乘权重"),
            ),
            Why(want[:, 1:], Text("column 0 is missing", "缺少第 0 列")),
            Why(
                want[:, [0, 1, 2, 5, 4, 3]],
                Text(
                    "words that are equally frequent stand in alphabetical order, not in reverse",
                    "次数相同的单词按字母顺序排了，而不是逆序",
                ),
            ),
        ],
    )


@check(
    title=Text("Unknown words have a weight, too", "未知词也有权重"),
    points=2,
    topic="values",
    hint=Text(
        "The weights of the five words are log 2, twice, and log 2.5, three times.",
        "五个单词的权重是两个 log 2 和三个 log 2.5。",
    ),
)
def test_unknown(student, expect):
    """Two unknown words beside a known one."""
    expect.close(
        student.tfidf(TRAIN, ["Coffee or tea?"]),
        np.array([[2 * (2 * TWO + 3 * ONE) / 5, TWO, 0, 0, 0, 0]], "float32"),
        ask=code(f'tfidf({TRAIN}, ["Coffee or tea?"])'),
        why=[
            Why(
                np.array([[0, TWO, 0, 0, 0, 0]]),
                Text("unknown words count nothing", "未知词没有被计入"),
            )
        ],
    )


@check(
    title=Text("Ids, unknown words and padding", "编号、未知词与填充"),
    points=3,
    topic="values",
    hint=Text(
        "`tea` has the id 2 and `milk` 3; then come `sugar`, `no` and `hot`.",
        "`tea` 的编号是 2，`milk` 是 3，接着是 `sugar`、`no` 和 `hot`。",
    ),
)
def test_vectorize(student, expect):
    """One text shorter than the length, one as long."""
    docs = ["Hot coffee, no milk", "sugar"]
    ask = code(f"vectorize({TRAIN}, {docs}, 4)")
    got = expect.array(student.vectorize(TRAIN, docs, 4), ask=ask, shape=(2, 4))
    expect.close(
        got.astype("int64"),
        np.array([[6, 1, 5, 3], [4, 0, 0, 0]]),
        ask=ask,
        why=[
            Why(
                np.array([[5, 0, 4, 2], [3, 0, 0, 0]]),
                Text(
                    "the ids begin at 1 and unknown words have the id 0, as padding has",
                    "编号从 1 开始，未知词成了 0，与填充混在一起",
                ),
            )
        ],
    )


@check(
    title=Text("Always the same length", "长度总是一样"),
    points=2,
    topic="values",
    hint=Text("The first words of a text stay.", "保留文本开头的单词。"),
)
def test_length(student, expect):
    """A length that cuts, and one that is longer than the text."""
    for length, row in ((2, [3, 5]), (5, [3, 5, 4, 0, 0])):
        ask = code(f'vectorize({TRAIN}, ["Milk: no sugar!"], {length})')
        got = student.vectorize(TRAIN, ["Milk: no sugar!"], length)
        got = expect.array(got, ask=ask, shape=(1, length))
        expect.close(got.astype("int64"), np.array([row]), ask=ask)

"""Hidden checks of `structures`: text, ragged and sparse tensors, sets, a priority queue."""

from itertools import pairwise

import numpy as np

from grader.checks import StudentError, Text, Why, check, fetch
from grader.wire import Path

# Characters of one, two, three and four bytes; the last ones are two UTF-16 units each.
ALPHABET = "aZ7 éñßж汉字の€😀𝄞"


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def words(rng, count, longest=7):
    """Words of all kinds of characters, every other one drawn from those of several bytes."""
    chars = list(ALPHABET)
    return [
        "".join(rng.choice(chars[4:] if k % 2 else chars, size=rng.integers(1, longest + 1)))
        for k in range(count)
    ]


def strings(items):
    """A string tensor."""
    return np.array([item.encode() for item in items], dtype=object)


def expect_integers(expect, got, want, ask, why=()):
    """Integers of any width, equal to `want`."""
    array = expect.array(got, ask=ask, want=np.asarray(want, "int64"), why=why)
    expect.true(
        array.dtype.kind in "iu",
        ask=ask,
        expected=Text("integers", "整数"),
        got=Text(f"dtype {array.dtype}", f" dtype {array.dtype}"),
    )
    expect.close(array.astype("int64"), np.asarray(want, "int64"), ask=ask, why=why)


def expect_class(session, expect, got, name, ask):
    """The answer is an instance of a class of TensorFlow's."""
    expect.true(
        session.is_a(got, name),
        ask=ask,
        expected=Text(f"a `{name}`", f" `{name}`"),
        got=Text("something else", "别的东西"),
    )
    return got


def expect_ragged(session, expect, got, want, ask, why=()):
    """A ragged tensor of integers with these rows."""
    ragged = expect_class(session, expect, got, "tf.RaggedTensor", ask)
    expect.equal(ragged.to_list(), want, ask=ask, why=why)
    expect.true(
        fetch(ragged.dtype.is_integer) is True,
        ask=ask,
        expected=Text("integers", "整数"),
        got=Text("another dtype", "别的 dtype"),
    )


def sparse(session, dense):
    """A sparse tensor of what isn't 0 in `dense`, made in the session's worker."""
    places = np.argwhere(dense)
    return session.tf.SparseTensor(
        places.astype("int64"), dense[tuple(places.T)], np.array(dense.shape, "int64")
    )


def eighths(rng, shape, dtype):
    """Positive numbers whose sums are exact in any order."""
    return (rng.integers(1, 80, size=shape) / 8).astype(dtype)


def expect_row_sets(session, expect, got, want, dtype, ask, why=()):
    """A sparse tensor whose rows hold these elements, each of them once."""
    found = expect_class(session, expect, got, "tf.SparseTensor", ask)
    rows = expect.array(fetch(found.dense_shape), ask=ask, shape=(2,))[0]
    expect.true(
        bool(rows == len(want)),
        ask=ask,
        expected=Text(f"{len(want)} rows", f"{len(want)} 行"),
        got=Text(f"{rows}", f"{rows} 行"),
    )
    values = expect.array(fetch(found.values), ask=ask)
    expect.true(
        values.dtype == np.dtype(dtype),
        ask=ask,
        expected=Text("a's dtype", "与 a 相同的 dtype"),
        got=Text("another one", "别的 dtype"),
    )
    places = expect.array(fetch(found.indices), ask=ask, shape=(*values.shape, 2))
    held = [sorted(values[places[:, 0] == row].tolist()) for row in range(len(want))]
    expect.equal(held, want, ask=ask, why=why)


def by_rows(operation, a, b):
    """A set operation on the rows of two arrays."""
    return [sorted(operation(set(x), set(y))) for x, y in zip(a.tolist(), b.tolist(), strict=True)]


def set_mistakes(a, b):
    """What other operations give, beside the sentences about them."""
    everywhere = set(b.ravel().tolist())
    return [
        Why(by_rows(set.union, a, b), Text("that is the union", "这是并集")),
        Why(
            by_rows(set.difference, a, b),
            Text("that is what only `a` holds", "这是只在 `a` 中出现的元素"),
        ),
        Why(
            by_rows(set.symmetric_difference, a, b),
            Text("that is what only one of the two holds", "这是只在其中一个里出现的元素"),
        ),
        Why(
            [sorted(set(row) & everywhere) for row in a.tolist()],
            Text(
                "rows of `a` were compared with all of `b`, not with the same row of it",
                "`a` 的每一行是与整个 `b` 比较的，而不是与 `b` 的同一行比较",
            ),
        ),
    ]


def distinct(rng, count, low, high):
    """Different numbers, one from each of `count` equal parts of a range, in random order."""
    steps = np.linspace(low, high, count + 1).astype("int64")
    return rng.permutation([int(rng.integers(*pair)) for pair in pairwise(steps)])


def ordered(priorities, names):
    """The names by priority."""
    return names[np.argsort(priorities)]


@check(
    title=Text("`char_lengths`: characters, not bytes", "`char_lengths`：字符数，而不是字节数"),
    points=1.5,
    topic="values",
    hint=Text(
        "A string tensor holds bytes; in UTF-8 a character takes one to four of them. The function"
        " that measures strings can be told which unit to count.",
        "字符串张量存放的是字节；在 UTF-8 中一个字符占一到四个字节。"
        "测量字符串长度的函数可以指定以什么为单位。",
    ),
)
def test_char_lengths(student, rng, expect):
    """Characters of one to four bytes, and empty strings."""
    for items in (words(rng, 6), ["", "café", "\u4f60\u597d", "😀😀", "", "e\u0301"]):
        expect_integers(
            expect,
            student.char_lengths(strings(items)),
            [len(item) for item in items],
            code(f"char_lengths({items})"),
            why=[
                Why(
                    [len(item.encode()) for item in items],
                    Text("those are the numbers of bytes", "这是字节数"),
                ),
                Why(
                    [len(item.encode("utf-16-le")) // 2 for item in items],
                    Text(
                        "a character such as 😀 was counted twice (as in UTF-16)",
                        "😀 这样的字符被算成了两个（UTF-16 的算法）",
                    ),
                ),
                Why(
                    [len(item.split()) for item in items],
                    Text("those are the numbers of words", "这是单词数"),
                ),
            ],
        )


@check(
    title=Text("`codepoints`: a ragged tensor", "`codepoints`：不规则张量"),
    points=1.5,
    topic="values",
    hint=Text(
        "Decode, don't look at bytes: 汉 is one number, 27721. Rows of different lengths are what a"
        " `tf.RaggedTensor` is for; nothing is padded.",
        "要解码，而不是看字节：汉 是一个数，27721。长短不一的行正是 `tf.RaggedTensor` 的用处，"
        "不需要填充。",
    ),
)
def test_codepoints(student, rng, expect):
    """One number per character, whatever its bytes; rows as long as their strings."""
    for items in ([*words(rng, 5), "längste 汉字😀"], words(rng, 1)):
        want = [[ord(char) for char in item] for item in items]
        longest = max(len(row) for row in want)
        expect_ragged(
            student,
            expect,
            student.codepoints(strings(items)),
            want,
            code(f"codepoints({items})"),
            why=[
                Why(
                    [list(item.encode()) for item in items],
                    Text("those are the bytes", "这些是字节"),
                ),
                Why(
                    [row + [0] * (longest - len(row)) for row in want],
                    Text("the rows were padded with 0", "各行被 0 填充了"),
                ),
            ],
        )


@check(
    title=Text("`codepoints`: empty strings", "`codepoints`：空字符串"),
    points=0.5,
    topic="values",
    hint=Text(
        "An empty string has no characters, but it has a row.",
        "空字符串没有字符，但仍占一行。",
    ),
)
def test_codepoints_empty(student, rng, expect):
    """Empty strings keep their rows, also at the beginning and at the end."""
    items = ["", *words(rng, 2), "", ""]
    want = [[ord(char) for char in item] for item in items]
    expect_ragged(
        student,
        expect,
        student.codepoints(strings(items)),
        want,
        code(f"codepoints({items})"),
        why=[
            Why(
                [row for row in want if row],
                Text("the empty strings have no row", "空字符串没有对应的行"),
            )
        ],
    )


@check(
    title=Text("`sparse_row_sums`: sums of the rows", "`sparse_row_sums`：各行之和"),
    points=1,
    topic="values",
    hint=Text(
        "`tf.sparse` has the usual reductions. Which axis disappears when every row becomes one"
        " number?",
        "`tf.sparse` 里有常用的归约运算。每一行变成一个数，消失的是哪一轴？",
    ),
)
def test_row_sums(student, rng, expect):
    """A dense vector, one sum per row, in both dtypes."""
    for shape, dtype in (((3, 5), "float32"), ((4, 4), "float64"), ((1, 3), "float32")):
        dense = eighths(rng, shape, dtype)
        # A few gaps, one entry or more left in every row.
        gaps = rng.permuted(np.tile(np.arange(shape[1]) < shape[1] // 2, (shape[0], 1)), axis=1)
        dense[gaps] = 0
        expect.close(
            student.sparse_row_sums(sparse(student, dense)),
            dense.sum(1),
            ask=Text(
                f"`sparse_row_sums(sp)` with sp of shape {shape}, {dtype}",
                f"`sparse_row_sums(sp)`，sp 的形状为 {shape}，{dtype}",
            ),
            why=[
                Why(dense.sum(0), Text("those are the sums of the columns", "这是各列之和")),
                Why(dense.mean(1), Text("those are means, not sums", "这是均值，而不是和")),
                Why(
                    (dense != 0).sum(1),
                    Text("those are the numbers of entries", "这是元素的个数"),
                ),
                Why(dense.max(1), Text("those are the largest entries", "这是最大的元素")),
            ],
        )


@check(
    title=Text("`sparse_row_sums`: rows without entries", "`sparse_row_sums`：没有元素的行"),
    points=1,
    topic="values",
    hint=Text(
        "A row that has no entries isn't in `sp.indices`; it is in `sp.dense_shape`. Its sum is 0.",
        "没有元素的行不会出现在 `sp.indices` 中，但算在 `sp.dense_shape` 里。它的和是 0。",
    ),
)
def test_empty_rows(student, rng, expect):
    """Empty rows in the middle, at the end, at the beginning, everywhere."""
    for empty, says, says_zh in (
        ([2], "its middle row empty", "中间一行为空"),
        ([4], "its last row empty", "最后一行为空"),
        ([0, 1], "its first two rows empty", "前两行为空"),
        ([0, 2, 3, 4], "entries in row 1 only", "只有第 1 行有元素"),
        ([0, 1, 2, 3, 4], "no entries at all", "没有任何元素"),
    ):
        dense = eighths(rng, (5, 3), "float32")
        dense[empty] = 0
        want = dense.sum(1)
        expect.close(
            student.sparse_row_sums(sparse(student, dense)),
            want,
            ask=Text(
                f"`sparse_row_sums(sp)` with sp of shape (5, 3), {says}",
                f"`sparse_row_sums(sp)`，sp 的形状为 (5, 3)，{says_zh}",
            ),
            why=[
                Why(
                    want[want != 0],
                    Text("rows without entries are missing", "缺少没有元素的行"),
                ),
                Why(
                    want[: int(np.max(np.flatnonzero(want), initial=-1)) + 1],
                    Text("the empty rows at the end are missing", "缺少末尾的空行"),
                ),
            ],
        )


@check(
    title=Text("`common`: row by row", "`common`：逐行求交集"),
    points=1.25,
    topic="values",
    hint=Text(
        "`tf.sets` treats the last axis as sets: row i of `a` meets row i of `b`. Of its three"
        " operations you want the one that keeps what is in both.",
        "`tf.sets` 把最后一轴当作集合：`a` 的第 i 行与 `b` 的第 i 行相对应。"
        "三种运算中，你要的是保留两边共有元素的那一种。",
    ),
)
def test_common(student, rng, expect):
    """Integers of both widths; rows of different lengths, duplicates counted once."""
    for dtype in ("int32", "int64"):
        # Two in common in every row; 2, 3 and 6 are in another row of b, so that rows may not be
        # mixed.
        pool = rng.permutation(np.arange(1, 13)).astype(dtype)
        pool[1] = 0  # in common in the first row: an element like any other
        a = pool[[[0, 1, 2, 0, 3], [4, 5, 6, 4, 7], [8, 9, 10, 8, 11]]]
        b = pool[[[4, 1, 0, 5], [8, 5, 4, 2], [3, 9, 8, 6]]]
        a, b = a[:, rng.permutation(5)], b[:, rng.permutation(4)]
        expect_row_sets(
            student,
            expect,
            student.common(a, b),
            by_rows(set.intersection, a, b),
            dtype,
            Text(
                f"`common({a.tolist()}, {b.tolist()})`, {dtype}",
                f"`common({a.tolist()}, {b.tolist()})`，{dtype}",
            ),
            why=set_mistakes(a, b),
        )


@check(
    title=Text(
        "`common`: strings, and rows with nothing in common", "`common`：字符串与没有交集的行"
    ),
    points=0.75,
    topic="values",
    hint=Text(
        "What `tf.sets` returns already has as many rows as its arguments, and works for strings:"
        " hand it on as it is.",
        "`tf.sets` 的结果本来就与参数行数相同，也能处理字符串：原样返回即可。",
    ),
)
def test_common_strings(student, rng, expect):
    """Strings; empty intersections in some rows, and in all of them."""
    pool = np.array(sorted({f"{word}{k}".encode() for k, word in enumerate(words(rng, 9))}), object)
    draw = pool[rng.permutation(9)]
    cases = [
        (draw[[[0, 1], [2, 3], [4, 5]]], draw[[[6, 7, 8], [3, 2, 3], [0, 1, 2]]]),
        (draw[[[0, 1], [2, 2]]], draw[[[2, 3, 4], [5, 0, 1]]]),
    ]
    for a, b in cases:
        shown = [[[item.decode() for item in row] for row in array] for array in (a, b)]
        expect_row_sets(
            student,
            expect,
            student.common(a, b),
            by_rows(set.intersection, a, b),
            object,
            code(f"common({shown[0]}, {shown[1]})"),
            why=set_mistakes(a, b),
        )


@check(
    title=Text("`by_priority`: the smallest first", "`by_priority`：优先级数值小的在前"),
    points=1.25,
    topic="values",
    hint=Text(
        "A PriorityQueue gives back the entry with the smallest priority first; each entry is a"
        " pair (priority, name), and only the name is wanted.",
        "PriorityQueue 先取出优先级数值最小的一项；每一项是（优先级, 名字），只需要名字。",
    ),
)
def test_by_priority(student, rng, expect):
    """Names in the order of their priorities, negative and very large ones too; a single one."""
    questions = [distinct(rng, 5, 0, 50), distinct(rng, 6, -40, 40), distinct(rng, 1, 0, 9)]
    # The last 32 bits alone would put these in the opposite order.
    questions.append(rng.permutation([k * 2**32 + 9 - k for k in range(-1, 4)]))
    for priorities in questions:
        count = len(priorities)
        names = strings([f"{word}{k}" for k, word in enumerate(words(rng, count))])
        want = ordered(priorities, names)
        expect.close(
            student.by_priority(priorities, names),
            want,
            ask=Text(
                f"`by_priority({priorities.tolist()}, names)`",
                f"`by_priority({priorities.tolist()}, names)`",
            ),
            why=[
                Why(want[::-1], Text("the largest priority comes first", "最大的优先级排在了最前")),
                Why(names, Text("the names are as they were given", "名字仍是给定的次序")),
                Why(
                    np.sort(names), Text("the names are in alphabetical order", "名字按字母排序了")
                ),
            ]
            if count > 1
            else (),
        )


@check(
    title=Text("`by_priority`: many, and again", "`by_priority`：很多项，以及反复调用"),
    points=0.75,
    topic="values",
    hint=Text(
        "A queue that is full makes the next `enqueue` wait for ever, and one that is empty the"
        " next `dequeue`: make a queue with room for all of them, at every call.",
        "队列满了，下一次 `enqueue` 会一直等下去；队列空了，下一次 `dequeue` 也一样。"
        "每次调用都要新建一个装得下所有项的队列。",
    ),
    # Who waits for a queue waits for ever; three calls take milliseconds.
    timeout=5.0,
)
def test_many(student, rng, expect):
    """Three hundred names, then a few: nothing is left over from one call to the next."""
    for count in (300, 3, 150):
        priorities = rng.permutation(np.arange(count, dtype="int64") * 7 - 100)
        names = strings([f"n{k}" for k in rng.permutation(count)])
        expect.close(
            student.by_priority(priorities, names),
            ordered(priorities, names),
            ask=Text(
                f"`by_priority(priorities, names)` for {count} names, several calls in a row",
                f"连续几次调用 `by_priority(priorities, names)`，这次有 {count} 个名字",
            ),
        )


def answers(call):
    """Whether a call gives an answer instead of raising."""
    try:
        call()
    except StudentError:
        return False
    return True


@check(
    title=Text("With `tf.sets` and a `PriorityQueue`", "用的是 `tf.sets` 和 `PriorityQueue`"),
    points=0.5,
    topic="interface",
    hint=Text(
        "This exercise is about TensorFlow's own structures: let `tf.sets` intersect, and let a"
        " `tf.queue.PriorityQueue` put the names in order.",
        "本练习练的是 TensorFlow 自己的数据结构：求交集请交给 `tf.sets`，"
        "排序请交给 `tf.queue.PriorityQueue`。",
    ),
)
def test_tools(student, expect):
    """Where the tool is out of order, a function that rests on it can't give an answer."""
    a, b = np.array([[1, 2]], "int32"), np.array([[2, 3]], "int32")
    priorities, names = np.array([2, 1], "int64"), strings(["b", "a"])
    student.common(a, b)
    student.by_priority(priorities, names)
    # A process of its own: nothing is traced in it yet, and it ends with this check. Code is
    # swapped inside the functions, which reaches them under whatever name they were imported.
    broken = student.fresh()
    other = broken.request("fetch", target=Path("tf", ("sets", "size", "__wrapped__", "__code__")))
    for name in ("intersection", "difference", "union"):
        function = Path("tf", ("sets", name, "__wrapped__"))
        broken.request("set", target=function, name="__code__", value=other)
    for name in ("dequeue", "dequeue_many", "dequeue_up_to"):
        broken.set(getattr(broken.tf.queue.PriorityQueue, name), 0)
    for tool, tool_zh, call in (
        ("`common` without `tf.sets`", "没有 `tf.sets` 的 `common`", lambda: broken.common(a, b)),
        (
            "`by_priority` without `tf.queue.PriorityQueue`",
            "没有 `tf.queue.PriorityQueue` 的 `by_priority`",
            lambda: broken.by_priority(priorities, names),
        ),
    ):
        expect.true(
            not answers(call),
            ask=Text(tool, tool_zh),
            expected=Text("no answer: it can't do without", "没有结果：离了它就不行"),
            got=Text("an answer, found in another way", "仍有结果：是用别的办法得到的"),
        )

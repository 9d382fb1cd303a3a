"""Hidden checks of `text`: TF-IDF vectors and padded word ids, from a plain Python model of both.

Tolerances: a value is a count times a float32 weight, or times the mean of all of them. With at
most 12 words in a vocabulary that mean is off by 12 roundings at most, log and product by a few
more: 16 * 2**-24 = 9.5e-7 of the value, within the course's 1e-6.
"""

import itertools
import math
import string
from collections import Counter

import numpy as np

from grader.checks import Text, Why, check

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MORE = "é3ж汉0π7ñ"  # no punctuation, and without capitals
MARKS = list(string.punctuation.replace("`", ""))  # that one would end the code in a report
SPACES = (" ", "  ", "\t", "\n", " \n\t ")


def new_words(rng, count, more=""):
    """Different lower-case words, none a part of another; word k has character k of `more`."""
    found = ["unk"]
    while len(found) <= count:
        word = "".join(rng.choice(list(LETTERS), size=rng.integers(2, 5)))
        if more:
            place = rng.integers(len(word) + 1)
            word = word[:place] + more[len(found) - 1] + word[place:]
        if not any(word in other or other in word for other in found):
            found.append(word)
    return found[1:]


def split(text, *, lower=True, instead="", kept="", separator=None):
    """The words of a text; the keywords are for those who split otherwise."""
    if lower:
        text = text.lower()
    gone = "".join(mark for mark in string.punctuation if mark not in kept)
    return text.translate(str.maketrans(dict.fromkeys(gone, instead))).split(separator)


def frequent_first(counts, _texts):
    """The vocabulary as it should be: by falling count, then by falling code points."""
    return sorted(sorted(counts, reverse=True), key=lambda word: -counts[word])


def orders():
    """Other orders of a vocabulary."""
    return (
        (
            lambda counts, _: sorted(sorted(counts), key=lambda word: -counts[word]),
            Text(
                "words that are equally frequent stand in alphabetical order, not in reverse",
                "次数相同的单词按字母顺序排了，而不是逆序",
            ),
        ),
        (
            lambda counts, _: sorted(counts, key=lambda word: -counts[word]),
            Text(
                "words that are equally frequent stand in the order in which they appear",
                "次数相同的单词按出现的先后排了",
            ),
        ),
        (
            lambda counts, _: sorted(counts),
            Text("the words stand in alphabetical order", "单词按字母顺序排了"),
        ),
        (
            lambda counts, _: list(counts),
            Text("the words stand in the order in which they appear", "单词按出现的先后排了"),
        ),
        (
            lambda counts, _: frequent_first(counts, _)[::-1],
            Text("the order is the reverse of the right one", "次序正好颠倒了"),
        ),
        (
            lambda counts, texts: sorted(
                sorted(counts, reverse=True), key=lambda word: -texts[word]
            ),
            Text(
                "the words are ordered by how many texts hold them, not by how often they occur",
                "单词按含有它的文本数排了，而不是按出现次数",
            ),
        ),
    )


def vocabulary(train, order=frequent_first, split=split):
    """The words of `train` in order, and how many of the texts hold each."""
    counts = Counter(word for text in train for word in split(text))
    texts = Counter(word for text in train for word in dict.fromkeys(split(text)))
    return order(counts, texts), counts, texts


def right_weight(d, f, _count):
    """The weight of a word that `f` of `d` texts hold."""
    return math.log(1 + d / (1 + f))


def mean(weights, _counts):
    """The weight of words that aren't in the vocabulary."""
    return float(np.mean(weights))


def often(count, _length):
    """What a word's count contributes."""
    return count


def encoded(
    train,
    docs,
    *,
    weigh=right_weight,
    other=mean,
    times=often,
    order=frequent_first,
    split=split,
    split_docs=None,
    d=None,
):
    """What `tfidf(train, docs)` gives; the keywords are for those who get something else."""
    words, counts, texts = vocabulary(train, order, split)
    d = len(train) if d is None else d
    weights = [weigh(d, texts[word], counts[word]) for word in words]
    weights.insert(0, other(weights, [counts[word] for word in words]))
    column = {word: k for k, word in enumerate(words, 1)}
    out = np.zeros((len(docs), len(weights)))
    for row, text in zip(out, docs, strict=True):
        found = (split_docs or split)(text)
        for word, count in Counter(column.get(word, 0) for word in found).items():
            row[word] = times(count, len(found)) * weights[word]
    return out.astype("float32")


def padded(
    train,
    docs,
    length,
    *,
    order=frequent_first,
    split=split,
    first=2,
    unknown=1,
    pad=0,
    last=False,
    front=False,
):
    """What `vectorize(train, docs, length)` gives; the keywords are for something else."""
    words, _, _ = vocabulary(train, order, split)
    ids = {word: k for k, word in enumerate(words, first)}
    rows = []
    for text in docs:
        row = [ids.get(word, unknown) for word in split(text)]
        row = row[-length:] if last else row[:length]
        filling = [pad] * (length - len(row))
        rows.append(filling + row if front else row + filling)
    return np.array(rows, "int64").reshape(len(docs), length)


def expect_ids(expect, got, want, ask, why=()):
    """Integers of either width, equal to `want`."""
    array = expect.array(got, ask=ask, want=want, why=why)
    expect.true(
        array.dtype in ("int32", "int64"),
        ask=ask,
        expected=Text("dtype int32 or int64", " dtype int32 或 int64"),
        got=Text(f"dtype {array.dtype}", f" dtype {array.dtype}"),
    )
    expect.close(array.astype("int64"), want, ask=ask, why=why)


def asked(name, *arguments):
    """The call as code, the same in both languages."""
    text = f"`{name}({', '.join(map(str, arguments))})`"
    return Text(text, text)


def drawn_texts(rng, words, counts, d):
    """`d` texts in which word k occurs `counts[k]` times; none is empty.

    The most frequent word is in fewer texts than it occurs, and in fewer than the next word, so
    that occurrences and texts can't be confused.
    """
    while True:
        texts = [[] for _ in range(d)]
        for k, (word, count) in enumerate(zip(words, counts, strict=True)):
            least, most = (1, d - 2) if k == 0 else (d - 1, d) if k == 1 else (1, min(d, count))
            places = rng.permutation(d)[: rng.integers(least, most + 1)]
            for place in (*places, *rng.choice(places, size=count - len(places))):
                texts[place].append(word)
        if all(texts):
            return [" ".join(rng.permutation(text)) for text in texts]


def disguised_texts(rng, texts):
    """The same texts with capitals, punctuation and white space of all kinds.

    Every word has a capital letter and marks before, inside and after it. Those that somebody may
    want to keep come first inside words; the others take turns, so that 16 words see all of them.
    """
    marks = itertools.cycle(rng.permutation(MARKS))
    inside = itertools.chain(rng.permutation(list("'-_.,")), marks)
    found = []
    for text in texts:
        pieces = ["\n"]
        for word in text.split():
            cut, big = int(rng.integers(1, len(word))), int(rng.integers(len(word)))
            if word[big] in LETTERS:
                word = word[:big] + word[big].upper() + word[big + 1 :]
            pieces += [next(marks), word[:cut], next(inside), word[cut:], next(marks)]
            pieces.append(str(rng.choice(SPACES)))
        found.append("".join([*pieces, "-- ", "\t"]))
    return found


def other_splits():
    """Other ways to find the words of a text."""
    return (
        (
            lambda text: split(text, instead=" "),
            Text(
                "punctuation was replaced by spaces, so that words fell apart; delete it",
                "标点被换成了空格，单词因此被拆开；应当直接删去",
            ),
        ),
        (
            lambda text: split(text, kept=string.punctuation),
            Text("the punctuation is still there", "标点还在"),
        ),
        *(
            (
                lambda text, mark=mark: split(text, kept=mark),
                Text(f"`{mark}` is still there", f"`{mark}` 还在"),
            )
            for mark in "'-_"
        ),
        (
            lambda text: [word.strip(string.punctuation) for word in text.lower().split()],
            Text(
                "punctuation was deleted around words only, not inside them",
                "只删去了单词两端的标点，没有删去中间的",
            ),
        ),
        (
            lambda text: split(text, lower=False),
            Text("capital letters are still there", "还有大写字母"),
        ),
        (
            lambda text: split(text, separator=" "),
            Text(
                "the texts were split at single spaces, not at white space of any kind and length",
                "是在单个空格处切分的，而不是在任意种类、任意长度的空白处",
            ),
        ),
        (
            str.split,
            Text("capital letters and punctuation are still there", "大写字母和标点都还在"),
        ),
    )


@check(
    title=Text("`tfidf`: count times weight", "`tfidf`：次数乘以权重"),
    points=2,
    topic="values",
    hint=Text(
        "Take one word and one text, and work out by hand: how often the text has the word, d (all"
        " texts of `train`), f (those that hold the word, each counted once) and then"
        " log(1 + d / (1 + f)).",
        "取一个单词和一段文本手算：这个词在文本中出现几次，d（`train` 的文本总数），"
        "f（含有该词的文本数，每段只算一次），再算 log(1 + d / (1 + f))。",
    ),
)
def test_weights(student, rng, expect):
    """Words that are all known, in texts of different lengths, frequencies all different."""
    for d, counts in ((5, (8, 5, 4, 2, 1)), (4, (6, 4, 3, 1))):
        words = new_words(rng, len(counts))
        train = drawn_texts(rng, words, counts, d)
        docs = [
            " ".join(rng.choice(words, size=rng.integers(2, 7))) + f" {words[0]} {words[0]}",
            words[-1],
            " ".join([*rng.permutation(words), words[1]]),
        ]
        weights = (
            (lambda d, f, _: math.log(d / f), "log(d / f)"),
            (lambda d, f, _: math.log(d / (1 + f)), "log(d / (1 + f))"),
            (lambda d, f, _: math.log(1 + d / f), "log(1 + d / f)"),
            (lambda d, f, _: math.log((1 + d) / (1 + f)) + 1, "log((1 + d) / (1 + f)) + 1"),
        )
        every = sum(counts)
        mistakes = [
            Why(
                encoded(train, docs, weigh=weigh),
                Text(f"the weights are {formula}", f"权重成了 {formula}"),
            )
            for weigh, formula in weights
        ]
        mistakes += [
            Why(
                encoded(train, docs, weigh=lambda d, _, count: right_weight(d, count, count)),
                Text(
                    "f counts every occurrence in `train`, not the texts that hold the word",
                    "f 数的是在 `train` 中出现的次数，而不是含有该词的文本数",
                ),
            ),
            Why(
                encoded(train, docs, d=every),
                Text("d is the number of words, not of texts", "d 成了单词总数，而不是文本数"),
            ),
            Why(
                encoded(train, docs, weigh=lambda *_: 1.0),
                Text("those are plain counts, without weights", "这只是次数，没有乘权重"),
            ),
            Why(
                encoded(train, docs, times=lambda *_: 1),
                Text(
                    "a word that a text has several times counts once",
                    "文本中出现多次的单词只算了一次",
                ),
            ),
            Why(
                encoded(train, docs, times=lambda count, length: count / length),
                Text("the counts are divided by the length of the text", "次数被除以了文本的长度"),
            ),
            Why(
                encoded(train, docs)[:, 1:],
                Text("column 0, that of unknown words, is missing", "缺少第 0 列（未知词的列）"),
            ),
            Why(
                np.insert(encoded(train, docs), 0, 0, axis=1),
                Text(
                    "there is one column too many: a vector has none for padding",
                    "多了一列：这里的向量没有填充用的列",
                ),
            ),
        ]
        expect.close(
            student.tfidf(train, docs),
            encoded(train, docs),
            ask=asked("tfidf", train, docs),
            why=mistakes,
        )


@check(
    title=Text("`tfidf`: unknown words", "`tfidf`：未知词"),
    points=1.25,
    topic="values",
    hint=Text(
        "Column 0 counts the words of the text that `train` doesn't have; the weight of this count"
        " is the mean of all the other weights, each taken once.",
        "第 0 列数的是文本中 `train` 里没有的单词；它的权重是其他所有权重的平均，"
        "每个权重只算一次。",
    ),
)
def test_unknown(student, rng, expect):
    """Texts with several unknown words, with known ones beside them or not."""
    counts = (7, 5, 3, 2, 1)
    words = new_words(rng, 9)
    known, strange = words[:5], words[5:]
    train = drawn_texts(rng, known, counts, 4)
    docs = [
        f"{known[1]} {strange[0]} {known[0]} {strange[1]} {strange[0]}",
        f"{strange[2]} {strange[3]}",
        f"{known[2]} {known[4]}",
        strange[1],
    ]
    others = (
        (lambda *_: 0.0, Text("unknown words count nothing", "未知词没有被计入")),
        (lambda *_: 1.0, Text("unknown words have the weight 1", "未知词的权重成了 1")),
        (
            lambda *_: math.log(1 + len(train)),
            Text(
                "unknown words have the weight of a word with f = 0",
                "未知词用了 f = 0 时的权重",
            ),
        ),
        (
            lambda weights, counts: float(np.average(weights, weights=counts)),
            Text(
                "in the mean of the weights, every occurrence of a word counts; count each word"
                " once",
                "求权重的平均时，单词每出现一次都算了一次；每个词只应算一次",
            ),
        ),
    )
    mistakes = [Why(encoded(train, docs, other=other), text) for other, text in others]
    once = encoded(train, docs)
    once[:, 0] = (once[:, 0] > 0) * once[-1, 0]
    different = encoded(train, docs)
    different[0, 0] *= 2 / 3
    mistakes += [
        Why(once, Text("several unknown words count as one", "多个未知词只算了一个")),
        Why(
            different,
            Text("an unknown word that occurs twice counts once", "出现两次的未知词只算了一次"),
        ),
        Why(
            encoded([*train, *docs], docs),
            Text("the vocabulary was learned from `docs`, too", "词汇表也从 `docs` 中学习了"),
        ),
    ]
    expect.close(
        student.tfidf(train, docs),
        encoded(train, docs),
        ask=asked("tfidf", train, docs),
        why=mistakes,
    )


@check(
    title=Text("`tfidf`: the order of the columns", "`tfidf`：各列的次序"),
    points=1.25,
    topic="values",
    hint=Text(
        "The most frequent word comes first, all texts of `train` taken together; of words that"
        ' occur equally often the alphabetically last one ("z" before "a").',
        "把 `train` 的所有文本合在一起，最常出现的单词排在最前；"
        "次数相同时，字母顺序靠后的排在前面（“z” 在 “a” 之前）。",
    ),
)
def test_order(student, rng, expect):
    """Groups of equally frequent words; each of the texts to encode is one of the words."""
    for more in ("", MORE):
        words = new_words(rng, 8, more)
        words[7] = words[6] + "é"  # one begins with the other
        # Neither rising nor falling, wherever words of one group are first met.
        rising = sorted(words[2:6])
        words[2:6] = [rising[k] for k in (1, 3, 0, 2)]
        most, many, one, two, three, four, five, six = words
        train = [
            f"{one} {most} {most} {five} {most}",
            f"{many} {two} {six} {most} {three}",
            f"{one} {many} {two} {four} {three}",
            f"{four} {many} {five} {six}",
        ]
        docs = [str(word) for word in rng.permutation(words)]
        expect.close(
            student.tfidf(train, docs),
            encoded(train, docs),
            ask=asked("tfidf", train, docs),
            why=[Why(encoded(train, docs, order=order), text) for order, text in orders()],
        )


@check(
    title=Text("`tfidf`: what a word is", "`tfidf`：什么算一个单词"),
    points=1.25,
    topic="values",
    hint=Text(
        "`Don't` and `dont` are the same word, `well-known` is one word. Spaces, tabs and line"
        " breaks in any number separate words, in `docs` as in `train`.",
        "`Don't` 与 `dont` 是同一个词，`well-known` 是一个词。空格、制表符、换行，"
        "不论多少个连在一起，都只是分隔单词；`docs` 与 `train` 同样处理。",
    ),
)
def test_words(student, rng, expect):
    """Capitals, punctuation around and inside words, white space of all kinds."""
    for more in ("", MORE):
        words = new_words(rng, 4, more)
        words[3] = "unk"
        if more:  # two words that differ in this sign only
            words[2] = f"{words[1][0]}€{words[1][1:]}"
        plain = drawn_texts(rng, words, (7, 5, 3, 1), 3)
        train = disguised_texts(rng, plain)
        train[0] += "[UNK]"  # a word like any other, unk, which occurs twice now
        texts = [" ".join(rng.permutation([*words, words[0]])), f"{words[2]} {words[1]}"]
        docs = [*disguised_texts(rng, texts), " ".join(words)]
        mistakes = [Why(encoded(train, docs, split=split), text) for split, text in other_splits()]
        mistakes.append(
            Why(
                encoded(train, docs, split_docs=str.split),
                Text(
                    "capitals and punctuation are still there in `docs`",
                    "`docs` 中的大写字母和标点都还在",
                ),
            )
        )
        expect.close(
            student.tfidf(train, docs),
            encoded(train, docs),
            ask=asked("tfidf", train, docs),
            why=mistakes,
        )


@check(
    title=Text(
        "`tfidf`: empty texts, few texts, other texts", "`tfidf`：空文本、很少的文本、换了文本"
    ),
    points=0.75,
    topic="values",
    hint=Text(
        "Every text of `train` counts in d, an empty one too; a text without words is a row of 0s."
        " Each call learns from its own `train` and from nothing else.",
        "`train` 的每段文本都计入 d，空文本也一样；没有单词的文本对应全 0 的一行。"
        "每次调用只从它自己的 `train` 学习。",
    ),
)
def test_texts(student, rng, expect):
    """Empty texts on both sides, one text only, several calls."""
    words = sorted(new_words(rng, 4))
    questions = [
        ([f"{words[0]} {words[1]}", "", words[0], ""], ["", words[1], ""]),
        ([f"{words[2]} {words[3]} {words[2]}"], [f"{words[3]} {words[2]} {words[2]}"]),
        ([words[0], words[0], f"{words[2]} {words[0]}"], [words[2], ""]),
    ]
    for train, docs in questions:
        filled = sum(bool(split(text)) for text in train)
        expect.close(
            student.tfidf(train, docs),
            encoded(train, docs),
            ask=asked("tfidf", train, docs),
            why=[
                Why(
                    encoded(train, docs, d=filled),
                    Text(
                        "empty texts of `train` aren't counted in d", "`train` 中的空文本没有计入 d"
                    ),
                ),
                Why(
                    encoded(train, docs, d=len(set(train))),
                    Text(
                        "equal texts of `train` are counted once in d",
                        "`train` 中相同的文本在 d 中只算了一次",
                    ),
                ),
            ],
        )


@check(
    title=Text("`vectorize`: ids, unknown words, padding", "`vectorize`：编号、未知词与填充"),
    points=1.5,
    topic="values",
    hint=Text(
        "0 is padding and comes after the words, 1 is any unknown word, 2 the most frequent word of"
        " `train`.",
        "0 是填充，放在单词之后；1 代表任何未知词；2 是 `train` 中最常出现的词。",
    ),
)
def test_ids(student, rng, expect):
    """Known and unknown words; texts of different lengths, the longest of them `length`."""
    counts = (7, 5, 4, 2, 1)
    words = new_words(rng, 7)
    train = drawn_texts(rng, words[:5], counts, 4)
    docs = [
        f"{words[1]} {words[5]} {words[0]}",
        f"{words[4]} {words[2]} {words[6]} {words[3]} {words[1]}",
        words[6],
    ]
    want = padded(train, docs, 5)
    expect_ids(
        expect,
        student.vectorize(train, docs, 5),
        want,
        asked("vectorize", train, docs, 5),
        why=[
            Why(
                padded(train, docs, 5, first=1, unknown=0),
                Text(
                    "the ids begin at 1 and unknown words have the id 0, as padding has",
                    "编号从 1 开始，未知词成了 0，与填充混在一起",
                ),
            ),
            Why(
                padded(train, docs, 5, unknown=0),
                Text("unknown words have the id 0", "未知词的编号成了 0"),
            ),
            Why(
                padded(train, docs, 5, front=True),
                Text("the padding stands before the words", "填充放在了单词之前"),
            ),
            Why(
                padded(train, docs, 5, pad=1),
                Text("the padding is 1, the id of unknown words", "填充成了 1，即未知词的编号"),
            ),
            Why(
                padded([*train, *docs], docs, 5),
                Text("the vocabulary was learned from `docs`, too", "词汇表也从 `docs` 中学习了"),
            ),
        ],
    )


@check(
    title=Text("`vectorize`: always `length` ids", "`vectorize`：总是 `length` 个编号"),
    points=1,
    topic="values",
    hint=Text(
        "Look at a `length` that is shorter than a text (its first words stay) and at one that is"
        " longer than all of them (zeros fill up).",
        "请分别试试 `length` 比某段文本短（保留开头的单词）和比所有文本都长（用 0 补足）的情形。",
    ),
)
def test_length(student, rng, expect):
    """Texts of 0 to 6 words with lengths that cut most of them, some of them, none of them."""
    for length in (3, 1, 9):
        words = new_words(rng, 6)
        train = drawn_texts(rng, words, (9, 7, 5, 4, 2, 1), 4)
        docs = [" ".join(rng.permutation(words)[:count]) for count in (4, 0, 6, 1)]
        docs.append(f"{words[5]} {words[5]} {words[5]} {words[5]}")  # a rare word, often here
        want = padded(train, docs, length)
        longest = max(len(split(text)) for text in docs)
        says = (
            Text("the rows are as long as the longest text", "各行的长度等于最长的文本")
            if length < longest
            else Text("the rows are too short: pad them to `length`", "各行太短：应填充到 `length`")
        )
        expect_ids(
            expect,
            student.vectorize(train, docs, length),
            want,
            asked("vectorize", train, docs, length),
            why=[
                Why(
                    padded(train, docs, length, last=True),
                    Text(
                        "the last words were kept, not the first",
                        "保留的是最后几个词，而不是开头的",
                    ),
                ),
                Why(
                    padded(train, docs, length, last=True, front=True),
                    Text("texts were cut and padded in front", "截断和填充都在前面，而不是在末尾"),
                ),
                Why(
                    padded(train, docs, length, front=True),
                    Text("the padding stands before the words", "填充放在了单词之前"),
                ),
                Why(padded(train, docs, longest), says),
            ],
        )


@check(
    title=Text(
        "`vectorize`: the same words in the same order", "`vectorize`：同样的单词、同样的次序"
    ),
    points=1,
    topic="values",
    hint=Text(
        "Words and vocabulary are those of `tfidf`: lower case, no punctuation, the most frequent"
        " word first, ties in reverse alphabetical order.",
        "单词和词汇表与 `tfidf` 相同：小写、去标点，最常出现的在前，次数相同时按字母逆序。",
    ),
)
def test_same_words(student, rng, expect):
    """Equally frequent words; capitals, punctuation, white space."""
    words = new_words(rng, 6)
    rising = sorted(words[1:5])
    words[1:5] = [rising[k] for k in (1, 3, 0, 2)]
    plain = [
        f"{words[1]} {words[0]} {words[2]} {words[5]}",
        f"{words[3]} {words[2]} {words[1]}",
        f"{words[0]} {words[4]} {words[3]} {words[4]} {words[0]}",
    ]
    train = disguised_texts(rng, plain)
    texts = [" ".join(rng.permutation(words)), f"{words[4]} {words[1]}"]
    docs = [*disguised_texts(rng, texts), " ".join(rng.permutation(words))]
    mistakes = [(padded(train, docs, 6, order=order), text) for order, text in orders()]
    mistakes += [(padded(train, docs, 6, split=split), text) for split, text in other_splits()]
    expect_ids(
        expect,
        student.vectorize(train, docs, 6),
        padded(train, docs, 6),
        asked("vectorize", train, docs, 6),
        why=[Why(value, text) for value, text in mistakes],
    )

"""Hidden checks of `categories`: groups, codes, looked-up and hashed strings, an embedding.

What a hash has to give is nobody's to say: its answers are compared with each other, between calls
and between processes, and counted.
"""

from contextlib import suppress

import numpy as np

from grader.checks import StudentError, Text, Why, check, fetch
from grader.wire import Path

CAPITALS, LETTERS = list("ABDEGHKLMØЖ"), list("abdeghiklmnoprstuvxyzäéøşжк京海")
UNKNOWN = ["", "nowhere", "别处"]


def strings(items):
    """A string tensor, in the shape of nested lists."""
    array = np.array(items, dtype=object)
    return np.array([item.encode() for item in array.ravel()], object).reshape(array.shape)


def whys(*rows):
    """Answers of misconceptions: each the value and the sentence, in both languages."""
    return [Why(value, Text(en, zh)) for value, en, zh in rows]


def names(rng, count, length=6):
    """Different names of that many letters, of one to three bytes each, the first a capital."""
    found = set()
    while len(found) < count:
        found.add("".join([rng.choice(CAPITALS), *rng.choice(LETTERS, size=length - 1)]))
    return rng.permutation(sorted(found)).tolist()


def expect_integers(expect, got, want, ask, why=()):
    """Integers of any width, equal to `want`."""
    want = np.asarray(want, "int64")
    array = expect.array(got, ask=ask, want=want, why=why)
    expect.close(integers(expect, array, ask), want, ask=ask, why=why)


def integers(expect, array, ask):
    """An array of integers of any width, as int64."""
    expect.true(
        array.dtype.kind in "iu",
        ask=ask,
        expected=Text("integers", "整数"),
        got=Text(f"dtype {array.dtype}", f" dtype {array.dtype}"),
    )
    return array.astype("int64")


def group(ages, lower=True):
    """0, 1 or 2 for each age; `lower`: a bound belongs to the group above it."""
    return np.digitize(ages, [18, 50], right=not lower)


@check(
    title=Text("`age_bucket`: three groups and their bounds", "`age_bucket`：三个组及其边界"),
    points=1.25,
    topic="values",
    hint=Text(
        "18 and 50 are the lower bounds of their groups: [0, 18), [18, 50), [50, …). Nothing is"
        " rounded, and the shape stays.",
        "18 和 50 是各自所在组的下界：[0, 18)、[18, 50)、[50, …)。年龄不做舍入，形状也不变。",
    ),
)
def test_age_bucket(student, rng, expect):
    """Fractions on both sides of the bounds, integers, and the bounds themselves."""
    near = [(17.1, 17.4), (17.6, 17.9), (18.1, 18.4), (49.1, 49.4), (49.6, 49.9), (50.1, 50.4)]
    drawn = [rng.uniform(*pair) for pair in [*near, (1, 15), (22, 45), (55, 99), (0.1, 0.9)]]
    whole = [17, 18, 19, 49, 50, 51, int(rng.integers(1, 15)), int(rng.integers(60, 99))]
    below = [float(np.nextafter(np.float32(bound), np.float32(0))) for bound in (18, 50)]
    for ages in (
        rng.permutation(drawn).astype("float32").reshape(5, 2),
        rng.permutation(whole).astype("int32"),
        rng.permutation([18.0, 50.0, *below, 0.0, 100.0]).astype("float32").reshape(2, 1, 3),
    ):
        want = group(ages)
        expect_integers(
            expect,
            student.age_bucket(ages),
            want,
            Text(
                f"`age_bucket({ages.tolist()})`, {ages.dtype}",
                f"`age_bucket({ages.tolist()})`，{ages.dtype}",
            ),
            why=whys(
                (
                    group(ages, lower=False),
                    "18 and 50 belong to the groups they begin",
                    "18 和 50 属于由它们开始的组",
                ),
                (group(np.round(ages)), "the ages were rounded", "年龄被四舍五入了"),
                (group(np.ceil(ages)), "the ages were rounded up", "年龄被向上取整了"),
                (want + 1, "the groups count from 0, not from 1", "组号从 0 开始，不是从 1"),
                (want.ravel(), "the shape got lost", "形状丢了"),
                (np.eye(3)[want], "that is their one-hot form", "这是独热编码"),
            ),
        )


def hot(pairs, width, shift=(0, 0)):
    """Rows of zeros with ones at these places, each column's moved by its shift."""
    places = np.add(pairs, shift)
    return np.stack([np.isin(np.arange(width), row) for row in places]).astype("float32")


@check(
    title=Text("`pair_hot`: two columns side by side", "`pair_hot`：两列并排编码"),
    points=1.5,
    topic="values",
    hint=Text(
        "The first n places belong to the first column, the next n to the second. In front of which"
        " place does the second column begin?",
        "前 n 个位置属于第一列，后 n 个位置属于第二列。第二列从哪个位置开始？",
    ),
)
def test_pair_hot(student, rng, expect):
    """Batches of several sizes, among them one row; equal codes in a row; an absent last code."""
    for batch, n, dtype in ((5, 4, "int32"), (1, 3, "int64"), (2, 6, "int32")):
        pairs = rng.integers(0, n - 1, size=(batch, 2))
        # 0 and another code one after the other; twice the same code.
        pairs[0] = (int(rng.integers(1, n - 1)), 0)
        if batch > 1:
            pairs[1] = rng.integers(1, n - 1)
        counts = np.eye(n)[pairs].sum(1)
        highest = int(pairs.max()) + 1
        expect.close(
            student.pair_hot(pairs.astype(dtype), n),
            hot(pairs, 2 * n, (0, n)),
            ask=Text(
                f"`pair_hot({pairs.tolist()}, {n})`, {dtype}",
                f"`pair_hot({pairs.tolist()}, {n})`，{dtype}",
            ),
            why=whys(
                (
                    hot(pairs, 2 * n),
                    "both columns are in the first n places",
                    "两列都编在了前 n 个位置里",
                ),
                (
                    hot(pairs, n),
                    "n places for both columns: (0, 1) and (1, 0) look the same",
                    "两列共用 n 个位置：(0, 1) 与 (1, 0) 变得一样了",
                ),
                (
                    counts,
                    "those are counts over both columns, which look the same for (0, 1) and (1, 0)",
                    "这是两列合在一起的计数，(0, 1) 与 (1, 0) 变得一样了",
                ),
                (hot(pairs, 2 * n, (n, 0)), "the columns have changed places", "两列的位置颠倒了"),
                (hot(2 * pairs, 2 * n, (0, 1)), "the columns alternate", "两列的位置交错在一起了"),
                (
                    np.eye(n)[pairs],
                    "both columns still have an axis of their own",
                    "两列还各占一个轴",
                ),
                (
                    hot(pairs, 2 * highest, (0, highest)),
                    "n is given: the highest code needn't be among the pairs",
                    "n 已经给定：最大的编码不一定出现在数据里",
                ),
            ),
        )


def numbered(order, cities, first):
    """The ids of cities that are numbered in this order; -1 for one that isn't in it."""
    ids = {city: first + place for place, city in enumerate(order)}
    flat = [ids.get(city, -1) for city in cities.ravel()]
    return np.array(flat, "int64").reshape(cities.shape)


@check(
    title=Text("`city_ids`: known cities", "`city_ids`：已知的城市"),
    points=1.25,
    topic="values",
    hint=Text(
        "Adapt a new layer on `train` at every call. The most frequent city comes first, after the"
        " buckets for unknown ones.",
        "每次调用都新建一个层，在 `train` 上做 adapt。最常见的城市排在最前，但要排在未知桶之后。",
    ),
)
def test_city_ids(student, reference, rng, expect):
    """By frequency, from n_oov on; other cities in the next call; any shape."""
    asked_for = ((1, [3, 7, 5, 1], (4, 1)), (3, [2, 6, 2, 4, 3], (2, 3)), (3, [1, 4, 2], (3,)))
    for n_oov, counts, shape in asked_for:
        drawn = names(rng, len(counts))
        train = strings(rng.permutation(np.repeat(drawn, counts)))
        # Every city once, so that an order always shows; then some again.
        cities = strings(np.resize(drawn, shape))
        known = dict(zip(strings(drawn).tolist(), counts, strict=True))
        order = sorted(sorted(known, reverse=True), key=lambda city: -known[city])
        wrong = (
            (sorted(known), n_oov, "the ids are in alphabetical order", "编号按字母顺序排列"),
            (order[::-1], n_oov, "the most frequent city comes last", "最常见的城市排在了最后"),
            (
                list(dict.fromkeys(train.tolist())),
                n_oov,
                "the ids are in the order of appearance",
                "编号按出现的先后排列",
            ),
            (
                sorted(sorted(known), key=lambda city: -known[city]),
                n_oov,
                "cities of the same frequency are in another order than `StringLookup` has them",
                "频率相同的城市，次序与 `StringLookup` 的不同",
            ),
            (
                sorted(set(cities.ravel()), key=lambda c: (cities.tolist().count(c), c))[::-1],
                n_oov,
                "the layer was adapted on the cities to number",
                "这个层是在要编号的城市上做的 adapt",
            ),
            (
                order,
                1,
                "only one bucket stands before the known cities",
                "已知城市前只留了一个桶",
            ),
            (order, 0, "no bucket stands before the known cities", "已知城市前没有留桶"),
            (order, n_oov + 1, "the known cities begin one later", "已知城市的编号多加了 1"),
        )
        expect_integers(
            expect,
            student.city_ids(train, cities, n_oov),
            reference.city_ids(train, cities, n_oov),
            Text(
                f"`city_ids(train, cities, {n_oov})` for known cities, which occur"
                f" {', '.join(map(str, sorted(counts, reverse=True)))} times in train",
                f"`city_ids(train, cities, {n_oov})`，都是已知的城市，在 train 中分别出现"
                f" {'、'.join(map(str, sorted(counts, reverse=True)))} 次",
            ),
            why=[
                Why(numbered(places, cities, first), Text(en, zh))
                for places, first, en, zh in wrong
            ],
        )


@check(
    title=Text("`city_ids`: unknown cities", "`city_ids`：未知的城市"),
    points=0.75,
    topic="values",
    hint=Text(
        "The layer has an argument that says how many buckets there are for what it doesn't know;"
        " a hash of the name chooses among them.",
        "这个层有一个参数，规定未知的值有几个桶；落进哪个桶由名字的哈希决定。",
    ),
)
def test_unknown_cities(student, reference, rng, expect):
    """All in bucket 0 when there is only one, else spread over the buckets."""
    drawn = names(rng, 12)
    train = strings(drawn[:3])
    # Some are known but for capitals or a space: other strings.
    cities = strings([*drawn[3:], *[name.lower() for name in drawn[:3]], f"{drawn[0]} "])
    for n_oov in (1, 5):
        want = reference.city_ids(train, cities, n_oov)
        expect_integers(
            expect,
            student.city_ids(train, cities, n_oov),
            want,
            Text(
                f"`city_ids(train, cities, {n_oov})` for cities that aren't in train",
                f"`city_ids(train, cities, {n_oov})`，都是 train 中没有的城市",
            ),
            why=whys(
                (0 * want, "all unknown cities are in bucket 0", "所有未知的城市都落在 0 号桶里"),
                (0 * want - 1, "-1 is no bucket", "-1 不是桶的编号"),
                (
                    0 * want + n_oov - 1,
                    "all unknown cities are in the last bucket",
                    "所有未知的城市都落在最后一个桶里",
                ),
                (want + 3, "the buckets stand after the known cities", "桶排到了已知城市的后面"),
            ),
        )


def hashed(session, expect, words, bins):
    """The ids of strings, in their shape; of which kind and how large is asked elsewhere."""
    ask = Text(
        f"`stable_hash(strings, {bins})`, strings of shape {words.shape}",
        f"`stable_hash(strings, {bins})`，strings 的形状为 {words.shape}",
    )
    return expect.array(session.stable_hash(words, bins), ask=ask, shape=words.shape), ask


def expect_range(expect, ids, bins, ask):
    """Integers from 0 to bins - 1."""
    ids = integers(expect, ids, ask)
    for wrong, en, zh in (
        (ids < 0, "negative ones", "负数"),
        (ids == bins, f"{bins} among them", f"其中有 {bins}"),
        (ids > bins, "larger ones", "更大的数"),
    ):
        expect.true(
            not np.any(wrong),
            ask=ask,
            expected=Text(f"ids from 0 to {bins - 1}", f"从 0 到 {bins - 1} 的编号"),
            got=Text(en, zh),
        )


@check(
    title=Text("`stable_hash`: one string, one id", "`stable_hash`：一个字符串，一个编号"),
    points=0.75,
    topic="values",
    hint=Text(
        "An id depends on the string alone, not on its place or on the other strings; take the"
        " remainder after division by `bins`.",
        "编号只取决于字符串本身，与它的位置和其他字符串无关；最后对 `bins` 取余数。",
    ),
)
def test_hash_ids(student, rng, expect):
    """Integers in [0, bins) in the strings' shape, whatever else is asked with them."""
    words = strings(["", *names(rng, 39), *names(rng, 40, length=3)])
    for bins in (5, 97, 1):
        ids, ask = hashed(student, expect, words, bins)
        expect_range(expect, ids, bins, ask)
        picked = rng.permutation(80)[:6]
        again = np.concatenate([picked, picked[::-1]])
        for shape in ((12,), (4, 3), (12, 1)):
            got, _ = hashed(student, expect, words[again].reshape(shape), bins)
            expect.true(
                bool(np.array_equal(got.ravel(), ids[again])),
                ask=Text(
                    f"`stable_hash` of six of 80 strings, twice each, {bins} bins",
                    f"80 个字符串中的 6 个各出现两次，再调用 `stable_hash`，{bins} 个桶",
                ),
                expected=Text("the same ids as before", "与之前相同的编号"),
                got=Text("other ids", "不同的编号"),
            )


@check(
    title=Text("`stable_hash`: spread over the bins", "`stable_hash`：均匀地散开"),
    points=0.5,
    topic="values",
    hint=Text(
        "Every character has to count, and its place, too. Lengths, first letters and sums of"
        " letters put very many strings into few bins.",
        "每个字符都要起作用，它的位置也要。长度、首字母、字符之和都会把大量字符串挤进少数几个桶。",
    ),
)
def test_hash_spread(student, rng, expect):
    """Strings that are alike but in the middle, and made of the same letters."""
    letters = list("äöüñçéøßабвгдежз北京上海")
    begin, end = "a-long-way-to-begin-with-", "-and-a-long-way-to-end"
    drawn = set()
    while len(drawn) < 1300:
        drawn.add(f"{begin}{''.join(rng.choice(letters, size=rng.integers(5, 9)))}{end}")
    ids, _ = hashed(student, expect, strings(sorted(drawn)), 13)
    counts = np.unique(ids, return_counts=True)[1]
    used = len(counts)
    # For a hash as good as chance a count is binomial: Bernstein's inequality gives
    # P(|count - mean| >= t) <= 2 exp(-t² / (2 (variance + t / 3))). For 1300 strings (mean 100,
    # variance 92.3) and t = 64 that is 3.0e-8, 4e-7 for all 13 bins.
    expect.true(
        used >= 13 and bool(np.all(np.abs(counts - 100) < 64)),
        ask=Text(
            f"how many of 1300 strings of the form `{begin}……{end}` are in each of 13 bins",
            f"1300 个形如 `{begin}……{end}` 的字符串在 13 个桶里的个数",
        ),
        expected=Text("about 100 in each of them", "每个桶约 100 个"),
        got=Text(f"all in {used} of them", f"全部在其中 {used} 个桶里")
        if used < 13
        else Text("very different numbers", "相差悬殊的个数"),
    )
    word = rng.permutation(list("abcdefghijklmnopqrst"))[:7]
    orders = {"".join(rng.permutation(word)) for _ in range(80)}
    capitals = {
        "".join(np.where(rng.integers(2, size=7), word, np.char.upper(word))) for _ in range(400)
    }
    for made, en, zh in (
        (orders, "in another order", "只是次序不同"),
        (capitals, "as small letters and capitals", "只是大小写不同"),
    ):
        used = len(np.unique(hashed(student, expect, strings(sorted(made)[:60]), 97)[0]))
        # Chance fills some 45 of 97 bins with 60 strings. They are all in some 25 bins with a
        # probability of at most C(97, 25) · (25 / 97)⁶⁰ < 1e-11.
        expect.true(
            used > 25,
            ask=Text(
                f"in how many of 97 bins 60 words are that are made of the same 7 letters, {en}",
                f"60 个由相同的 7 个字母组成、{zh}的单词落在 97 个桶中的几个里",
            ),
            expected=Text("in more than 25", "超过 25 个"),
            got=Text("in one of them", "1 个") if used == 1 else Text("in fewer", "更少"),
        )


def with_other_salt(session):
    """Makes Python's `hash` give other numbers for texts, as it does in every new interpreter.

    The processes here are copies of one interpreter and have its salt, so the function itself is
    replaced: by one that is as it was for everything but texts and tuples, and consistent for them.
    The module is run once more then, for it may have kept the function under a name of its own, or
    a number drawn at random; one that can't be run twice stays as it is.
    """
    numeric = ("_core", "numeric")
    builtins = Path("np", (*numeric, "builtins"))

    def builtin(name):
        return Path("np", (*numeric, "builtins", name))

    dispatch = Path("np", (*numeric, "functools", "singledispatch"))
    salted = session.request("call", target=dispatch, args=[builtin("hash")], kwargs={})
    for kind in ("str", "bytes", "tuple"):
        salted.register(builtin(kind), builtin("len"))
    session.request("set", target=builtins, name="hash", value=salted)
    with suppress(StudentError):
        session["__spec__"].loader.exec_module(Path("module"))


@check(
    title=Text("`stable_hash`: the same in every process", "`stable_hash`：在任何进程中都相同"),
    points=1,
    topic="values",
    hint=Text(
        "Python's own `hash` of a text has another salt in every interpreter, and so has a number"
        " drawn at random; a count of what was seen depends on what was seen before. Use a hash"
        " whose definition is fixed.",
        "Python 自带的 `hash` 对字符串的结果，每启动一次解释器就换一次盐，随机数也是如此；"
        "按出现先后编号则取决于之前见过什么。请用定义固定不变的哈希。",
    ),
    # A process more.
    timeout=30.0,
)
def test_hash_stable(student, rng, expect):
    """Other strings first, another order, another salt of Python's hash."""
    drawn = names(rng, 40)
    words, others = strings(drawn[:24]), strings(drawn[24:])
    # Two assignments that have nothing to do with each other agree in 12 of 101 bins with a
    # probability of 101⁻¹².
    bins = 101
    ids, ask = hashed(student, expect, words, bins)
    expect.true(
        ids.dtype.kind not in "iuf" or not np.all(np.diff(ids.astype("float64")) % bins == 1),
        ask=ask,
        expected=Text("ids that come from the strings", "由字符串决定的编号"),
        got=Text("ids that count strings as they come", "按出现先后数出来的编号"),
    )
    fresh = student.fresh()
    hashed(fresh, expect, others, bins)
    expect.true(
        bool(np.array_equal(hashed(fresh, expect, words[11::-1], bins)[0], ids[11::-1])),
        ask=Text(
            "`stable_hash` in a fresh process, in which other strings came first",
            "在新进程里先问别的字符串，再调用 `stable_hash`",
        ),
        expected=Text("the same ids", "相同的编号"),
        got=Text("other ids", "不同的编号"),
    )
    with_other_salt(fresh)
    # Other words than before, whose ids can't have been kept.
    try:
        salted, _ = hashed(fresh, expect, words[12:], bins)
    except StudentError:
        return  # whatever else relies on `hash`: no id, so none that differs
    expect.true(
        bool(np.array_equal(salted, ids[12:])),
        ask=Text(
            "`stable_hash` after another import, with another salt of Python's `hash`",
            "换了 Python 的 `hash` 所用的盐、重新导入模块之后调用 `stable_hash`",
        ),
        expected=Text("the same ids", "相同的编号"),
        got=Text(
            "other ids: they rest on Python's `hash`, or on what is drawn at the import",
            "不同的编号：它们依赖于 Python 的 `hash`，或依赖于导入时随机产生的值",
        ),
    )


def mixed_model(student, expect, vocabulary, n_numeric):
    """A new model of the student's, called once; and how it was made."""
    ask = Text(
        f"`build_mixed_model(vocabulary, {n_numeric})` with {len(vocabulary)} categories",
        f"`build_mixed_model(vocabulary, {n_numeric})`，{len(vocabulary)} 个类别",
    )
    model = expect.remote(student.build_mixed_model(vocabulary, n_numeric), ask=ask)
    predicted(expect, model, np.zeros((2, n_numeric), "float32"), vocabulary[:1] * 2, ask)
    return model, ask


def predicted(expect, model, numbers, categories, ask):
    """What the model makes of a batch: one finite float32 a row."""
    got = expect.array(
        model({"num": numbers, "cat": strings(categories)}),
        ask=ask,
        shape=(len(numbers), 1),
        dtype="float32",
    )
    expect.true(
        bool(np.all(np.isfinite(got))),
        ask=ask,
        expected=Text("finite numbers", "有限的数"),
        got=Text("infinite ones or NaN", "无穷大或 NaN"),
    )
    return got


def draw_weights(student, rng, model):
    """Random trainable weights, none of them 0, whose layers neither blow numbers up nor down."""
    proxies = fetch(model.trainable_weights)
    for proxy, array in zip(proxies, student.arrays(proxies), strict=True):
        scale = np.sqrt(array.shape[0]) if array.ndim > 1 else 2
        proxy.assign((rng.normal(size=array.shape) / scale).astype("float32"))


@check(
    title=Text("`build_mixed_model`: inputs and output", "`build_mixed_model`：输入与输出"),
    points=1,
    topic="interface",
    hint=Text(
        "Two inputs named `num` and `cat`, of which `cat` holds one string per row, without a"
        " second axis. Both have to reach the output, and every call makes new layers.",
        "两个输入名为 `num` 和 `cat`，其中 `cat` 每行是一个字符串，没有第二个轴。"
        "两者都要影响输出；每次调用都要新建各层。",
    ),
)
def test_model_outputs(student, rng, expect):
    """One number per row, to which every feature contributes; a model of its own each time."""
    vocabulary = names(rng, 5)
    numbers = rng.normal(size=(8, 4)).astype("float32")
    categories = [*vocabulary, *UNKNOWN]
    model, ask = mixed_model(student, expect, vocabulary, 4)
    draw_weights(student, rng, model)
    base = predicted(expect, model, numbers, categories, ask)
    for place in (0, 6):
        expect.close(
            predicted(expect, model, numbers[[place]], [categories[place]], ask),
            base[[place]],
            ask=Text(
                f"{ask.en}: the prediction for one row alone",
                f"{ask.zh}：单独一行的预测",
            ),
            # Sums of a few dozen terms of size 1 in another order, a layer or two of them. The
            # weights are such that rows with other numbers give outputs apart by 0.1 or more.
            atol=1e-4,
        )
    for column in range(4):
        moved = numbers.copy()
        moved[:, column] += 1
        expect.true(
            bool(np.any(predicted(expect, model, moved, categories, ask) != base)),
            ask=Text(
                f"{ask.en}: predictions for other values in column {column} of `num`",
                f"{ask.zh}：改变 `num` 第 {column} 列之后的预测",
            ),
            expected=Text("other predictions", "不同的预测"),
            got=Text("the same: the column doesn't count", "相同的预测：这一列不起作用"),
        )
    expect.true(
        bool(
            np.any(predicted(expect, model, numbers, categories[1:] + categories[:1], ask) != base)
        ),
        ask=Text(f"{ask.en}: predictions for other categories", f"{ask.zh}：换了类别之后的预测"),
        expected=Text("other predictions", "不同的预测"),
        got=Text("the same: `cat` doesn't count", "相同的预测：`cat` 不起作用"),
    )
    second, _ = mixed_model(student, expect, vocabulary, 4)
    draw_weights(student, rng, second)
    expect.true(
        bool(np.array_equal(predicted(expect, model, numbers, categories, ask), base)),
        ask=Text(
            f"{ask.en}: predictions after the weights of a second model were changed",
            f"{ask.zh}：改动第二个模型的权重之后的预测",
        ),
        expected=Text("the same predictions", "相同的预测"),
        got=Text("other ones: the two models share weights", "不同的预测：两个模型共用了权重"),
    )
    mixed_model(student, expect, names(rng, 2), 1)


def rows_wrong(found, known):
    """What is wrong with the strings that each row of a table decides, in words; None if nothing.

    Args:
        found: for each row the places of the strings whose predictions it changes.
        known: how many of the strings are in the vocabulary; the others follow.
    """
    unknown = set(range(known, known + len(UNKNOWN)))
    if any(row & unknown and row - unknown for row in found):
        return Text(
            "a row that an unknown string shares with a category", "未知字符串与某个类别共用一行"
        )
    if any(len(row - unknown) > 1 for row in found):
        return Text("a row that several categories share", "几个类别共用一行")
    if any(row & unknown and row != unknown for row in found):
        return Text("unknown strings in more than one row", "未知字符串分在不止一行")
    if not all(found):
        return Text("a row that no string uses", "有一行没有任何字符串用到")
    if sorted(min(row) for row in found) != list(range(known + 1)):
        return Text("several rows for one string", "一个字符串用了几行")
    return None


def no_table(heights, known, n_numeric):
    """What a model has instead of a trainable table with one row more than categories, in words.

    Args:
        heights: how many rows its matrices have, trainable or not.
    """
    for rows, en, zh in (
        (known + 1, "one that isn't trained", "不参与训练的表"),
        (known, "one row less: none for what is unknown", "少一行：没有留给未知值的行"),
        (n_numeric + known + 1, "one-hot codes beside the numbers", "直接与数值并排的独热编码"),
        (n_numeric + 1, "ids as if they were quantities", "把编号当成了数量"),
    ):
        if rows in heights:
            return Text(en, zh)
    return Text("no weight of the kind", "没有这样的权重")


@check(
    title=Text("`build_mixed_model`: a row for each category", "`build_mixed_model`：一类一行"),
    points=1.25,
    topic="values",
    hint=Text(
        "What is unknown has a row of its own in the table: with one bucket for it there are"
        " len(vocabulary) + 1 rows. The table has to be trainable.",
        "未知的值在表里也有自己的一行：它只占一个桶，所以一共 len(vocabulary) + 1 行。"
        "这张表必须是可训练的。",
    ),
)
def test_model_table(student, rng, expect):
    """Changing one row changes the predictions for one category, or for all unknown strings."""
    # Which weights there are, and which of them are trained, is the worker's word.
    expect.unconfirmed()
    # Not as many rows as another weight of an ordinary model is likely to have.
    known, n_numeric, repeats = 12, 15, 8
    vocabulary = names(rng, known)
    model, ask = mixed_model(student, expect, vocabulary, n_numeric)
    proxies, everything = fetch(model.trainable_weights), student.arrays(model.weights)
    shapes = [array.shape for array in student.arrays(proxies)]
    heights = {array.shape[0] for array in everything if array.ndim == 2}
    # A table with a row too many is looked at for what the row is there for.
    rows = known + 1 if any(len(s) == 2 and s[0] == known + 1 for s in shapes) else known + 2
    tables = [
        proxy
        for proxy, shape in zip(proxies, shapes, strict=True)
        if len(shape) == 2 and shape[0] == rows
    ]
    expect.true(
        bool(tables),
        ask=ask,
        expected=Text(
            "a trainable weight with len(vocabulary) + 1 rows",
            "一个有 len(vocabulary) + 1 行的可训练权重",
        ),
        got=no_table(heights, known, n_numeric),
    )
    draw_weights(student, rng, model)
    # Eight rows of numbers for each string: a relu that is off for one of them is on for another.
    asked = [*vocabulary, *UNKNOWN]
    categories = [name for name in asked for _ in range(repeats)]
    numbers = np.tile(rng.normal(size=(repeats, n_numeric)), (len(asked), 1)).astype("float32")
    base = predicted(expect, model, numbers, categories, ask)
    wrong = Text("", "")
    for proxy, table in zip(tables, student.arrays(tables), strict=True):
        found = []
        for row in range(rows):
            moved = table.copy()
            moved[row] += 1
            proxy.assign(moved)
            changed = predicted(expect, model, numbers, categories, ask) != base
            found.append(set(np.flatnonzero(changed.reshape(len(asked), -1).any(1)).tolist()))
        proxy.assign(table)
        wrong = rows_wrong(found, known)
        if wrong is None:
            return
    expect.true(
        False,
        ask=Text(
            f"{ask.en}: which predictions change with each of its table's {rows} rows",
            f"{ask.zh}：表共 {rows} 行，每一行改变哪些预测",
        ),
        expected=Text(
            f"{known + 1} rows, one for each category and one for all unknown strings",
            f" {known + 1} 行：每个类别一行，所有未知字符串共一行",
        ),
        got=wrong,
    )


@check(
    title=Text(
        "`build_mixed_model`: `fit` trains the table", "`build_mixed_model`：`fit` 会训练表"
    ),
    points=0.75,
    topic="training",
    hint=Text(
        "Inside `fit` strings are symbolic tensors: look them up with a layer, not with a Python"
        " dict. No gradient may get lost on the way from the output to the table.",
        "在 `fit` 里，字符串是符号张量：请用层来查表，不要用 Python 字典。"
        "从输出到这张表，梯度不能中断。",
    ),
    # The tracing of `fit`.
    timeout=30.0,
)
def test_model_fit(student, rng, expect):
    """After a few steps the rows of all strings that occurred are others."""
    expect.unconfirmed()
    known, n_numeric = 12, 15
    vocabulary = names(rng, known)
    model, ask = mixed_model(student, expect, vocabulary, n_numeric)
    model.compile(
        # XLA would cost a compilation and add nothing here.
        optimizer=student.keras.optimizers.SGD(0.05),
        loss="mse",
        jit_compile=False,
    )
    # Four categories and an unknown string, nine times each: in several batches of unequal sizes.
    seen = [*vocabulary[3:7], "elsewhere"]
    categories = rng.permutation(seen * 9).tolist()
    batch = {
        "num": rng.normal(size=(45, n_numeric)).astype("float32"),
        "cat": strings(categories),
    }
    labels = rng.normal(size=(45, 1)).astype("float32")
    data = student.tf.data.Dataset.from_tensor_slices((batch, labels)).batch(7)
    proxies = [
        proxy
        for proxy, array in zip(
            fetch(model.trainable_weights), student.arrays(model.trainable_weights), strict=True
        )
        # A row too many is told elsewhere.
        if array.ndim == 2 and array.shape[0] in (known + 1, known + 2)
    ]
    before = student.arrays(proxies)
    model.fit(data, verbose=0)
    after = student.arrays(proxies)
    rows = [np.any(a != b, axis=1).sum() for a, b in zip(before, after, strict=True)]
    most = int(max(rows, default=0))
    expect.true(
        most >= len(seen),
        ask=Text(
            f"{ask.en} after `fit` on four categories and an unknown string",
            f"{ask.zh}，用四个类别和一个未知字符串做 `fit` 之后",
        ),
        expected=Text("five rows of a trainable table changed", "可训练的表中有五行变了"),
        got=Text("no such table", "没有这样的表")
        if not rows
        else Text(f"{most} rows changed", f"变了 {most} 行"),
    )

"""Hidden checks of `datasets`: a chain, shuffling through a buffer, nested slices, splits."""

from math import ceil

import numpy as np

from grader.asking import Proxy, type_name_of
from grader.checks import Text, Why, check

ROUNDS, SIZE, LEAST = 3, 7, 50
FIFTY = (9, 11)  # n for which a batch has the sum 50, and a smaller last one is kept


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def whys(*rows):
    """From answers, each with its sentence in both languages."""
    return [Why(value, Text(en, zh)) for value, en, zh in rows]


def expect_dataset(session, expect, got, ask):
    """A dataset. That its class is the worker's word doesn't matter: its elements are checked."""
    remote = isinstance(got, Proxy)
    kind = type_name_of(got) if remote else type(got).__name__
    missing = Text("is a `return` missing?", "是不是缺少 `return`？") if got is None else None
    expect.true(
        remote and session.is_a(got, "tf.data.Dataset"),
        ask=ask,
        expected=Text("a `tf.data.Dataset`", " `tf.data.Dataset`"),
        got=Text(f"a `{kind}`", f" `{kind}`"),
        why=missing,
    )
    return got


def integers(expect, item, rank, ask):
    """An element as a Python number, or as a list of them."""
    array = expect.array(item, ask=ask)
    kind = f"rank {array.ndim}, {array.dtype}"
    expect.true(
        array.dtype.kind in "iu" and array.ndim == rank,
        ask=ask,
        expected=Text(f"elements of rank {rank}, integers", f"元素的秩为 {rank}，是整数"),
        got=Text(kind, f"秩为 {array.ndim}，{array.dtype}"),
    )
    return array.tolist()


def skeleton(element, depth=0):
    """How an element is nested; a `*` stands for each tensor."""
    if depth < 8 and type(element) is dict:
        parts = (f"{key!r}: {skeleton(element[key], depth + 1)}" for key in sorted(element))
        return "{" + ", ".join(parts) + "}"
    if depth < 8 and type(element) in (tuple, list):
        parts = ", ".join(skeleton(part, depth + 1) for part in element)
        return f"({parts},)" if len(element) == 1 else f"({parts})"
    return "*"


def leaves(element):
    """The tensors of an element, those of a dict in the order of its keys."""
    if type(element) is dict:
        return [leaf for key in sorted(element) for leaf in leaves(element[key])]
    if type(element) in (tuple, list):
        return [leaf for part in element for leaf in leaves(part)]
    return [element]


def mapped(function, element):
    """The same nesting, with the function's result in every tensor's place."""
    if type(element) is dict:
        return {key: mapped(function, part) for key, part in element.items()}
    if type(element) is tuple:
        return tuple(mapped(function, part) for part in element)
    return function(element)


def expect_elements(expect, got, want, ask, nesting=(), count=()):
    """As many elements as wanted, nested alike, with the same tensors in them."""
    expect.equal(
        len(got), len(want), ask=Text(f"the number of {ask.en}", f"{ask.zh}的个数"), why=count
    )
    for place, (item, right) in enumerate(zip(got, want, strict=True)):
        expect.equal(
            skeleton(item),
            skeleton(right),
            ask=Text(f"the nesting of {ask.en}", f"{ask.zh}的嵌套方式"),
            why=nesting,
        )
        for leaf, value in zip(leaves(item), leaves(right), strict=True):
            expect.close(
                leaf,
                value,
                ask=Text(f"{ask.en}: element {place}", f"{ask.zh}：第 {place} 个"),
            )


def cut(numbers):
    """Batches, the last one as small as it comes."""
    return [numbers[place : place + SIZE] for place in range(0, len(numbers), SIZE)]


def doubled(batches):
    """Every number of the batches times 2."""
    return [[2 * number for number in batch] for batch in batches]


def large(batches):
    """The batches with large sums."""
    return [batch for batch in batches if sum(batch) > LEAST]


def chain(n, first=0):
    """The batches that `chained` has to give."""
    return large(doubled(cut(list(range(first, first + n)) * ROUNDS)))


def other_chains(n):
    """What other chains give, beside the sentences about them."""
    batches = cut(list(range(n)) * ROUNDS)
    twice = doubled(batches)
    return whys(
        (
            large(doubled(cut(list(range(n))) * ROUNDS)),
            "batches were made before repeating",
            "是先分批、再重复的",
        ),
        (
            doubled(large(batches)),
            "batches were filtered before doubling",
            "是先筛选、再乘以 2 的",
        ),
        (
            large(batches),
            "the numbers aren't doubled, neither in the batches nor for their sums;"
            " was the result of `map` kept?",
            "数没有乘以 2，批次里没有，求和时也没有；`map` 的返回值接住了吗？",
        ),
        (
            [batch for batch in batches if 2 * sum(batch) > LEAST],
            "these are the right batches, but not doubled",
            "批次对了，但没有乘以 2",
        ),
        (
            twice,
            "no batch was left out; was the result of `filter` kept?",
            "一个批次也没有去掉；`filter` 的返回值接住了吗？",
        ),
        (
            [batch for batch in twice if sum(batch) <= LEAST],
            "these are the batches to leave out",
            "这些正是该去掉的批次",
        ),
        (
            cut([2 * number for number in list(range(n)) * ROUNDS if 2 * number > LEAST]),
            "numbers were filtered, not batches",
            "筛选的是单个的数，而不是批次",
        ),
        (
            [batch for batch in twice if sum(batch) >= LEAST],
            "batches whose sum is 50 were kept, too",
            "和恰好为 50 的批次也保留了",
        ),
        (chain(n, 1), "the numbers begin at 1", "数是从 1 开始的"),
        (large(doubled(cut(list(range(n))))), "the numbers weren't repeated", "没有重复"),
        (
            [batch for batch in chain(n) if len(batch) == SIZE],
            "the last batch, a small one, is missing",
            "缺少最后那个不满的批次",
        ),
    )


def different(answers):
    """Whether all of them are."""
    return all(a != b for place, a in enumerate(answers) for b in answers[:place])


def expect_chain(student, expect, n):
    """The batches of `chained(n)`."""
    ask = code(f"chained({n})")
    dataset = expect_dataset(student, expect, student.chained(n), ask)
    got = [integers(expect, item, 1, ask) for item in student.elements(dataset, limit=60)]
    expect.equal(got, chain(n), ask=ask, why=other_chains(n))


@check(
    title=Text("`chained`: the steps and their order", "`chained`：各个步骤及其次序"),
    points=1.25,
    topic="data",
    hint=Text(
        "Repeat, batch, double, filter, each on the dataset that the step before it returned. Write"
        " the batches for n = 12 on paper.",
        "重复、分批、乘 2、筛选，每一步都作用于上一步返回的数据集。"
        "请在纸上写出 n = 12 时的各个批次。",
    ),
)
def test_chain(student, rng, expect):
    """A number n for which every other chain has an answer of its own."""
    # From 27 to 40 some numbers are above 50, but no batch has the sum 50, so the answer of ≥ is
    # the right one, and has to differ from all the others.
    clear = [n for n in range(27, 41) if different([why.value for why in other_chains(n)])]
    expect_chain(student, expect, int(rng.choice(clear)))


@check(
    title=Text(
        "`chained`: sums of exactly 50, small last batches, no batch at all",
        "`chained`：和恰好为 50，不满的最后一批，一批不剩",
    ),
    points=0.75,
    topic="data",
    hint=Text(
        "A batch whose sum is 50 isn't kept; a last batch of less than seven numbers is, when its"
        " sum is large enough.",
        "和为 50 的批次不保留；不足七个数的最后一批，只要和够大就保留。",
    ),
)
def test_chain_edges(student, rng, expect):
    """Where ≥ and > differ, where the last batch is small and kept, and where nothing is left."""
    for n in (int(rng.choice(FIFTY)), int(rng.integers(1, 6))):
        expect_chain(student, expect, n)


def call_of(n, buffer_size, seed, reshuffle):
    """The call that was made."""
    return code(f"shuffled({n}, {buffer_size}, {seed}, {reshuffle})")


def shuffled(session, expect, *args):
    """A dataset of `shuffled`."""
    return expect_dataset(session, expect, session.shuffled(*args), call_of(*args))


def order(session, expect, dataset, n, ask):
    """The numbers of one iteration, which has to give each of 0…n-1 once."""
    items = session.elements(dataset, limit=2 * n)
    numbers = [integers(expect, item, 0, ask) for item in items]
    count = f"{len(numbers)}" if len(numbers) < 2 * n else f"{2 * n} or more"
    count_zh = f"{len(numbers)}" if len(numbers) < 2 * n else f"不少于 {2 * n}"
    shown = sorted(set(numbers))
    ends = f"{shown[0]}…{shown[-1]}" if shown else "none"
    expect.true(
        sorted(numbers) == list(range(n)),
        ask=Text(f"one iteration over {ask.en}", f"遍历一次 {ask.zh}"),
        expected=Text(f"each number of 0…{n - 1} once", f"0…{n - 1} 的每个数恰好一次"),
        got=Text(
            f"{count} numbers, {len(shown)} different ones ({ends})",
            f"{count_zh} 个数，其中 {len(shown)} 个不同的（{ends}）",
        ),
    )
    return numbers


@check(
    title=Text(
        "`shuffled`: once each, in the order of the seed",
        "`shuffled`：每个数一次，次序由种子决定",
    ),
    points=1.25,
    topic="data",
    hint=Text(
        "`Dataset.shuffle` has an argument for the seed. Hand on the one you are given.",
        "`Dataset.shuffle` 有一个参数用来指定种子。请把收到的种子传给它。",
    ),
)
def test_seed(student, rng, expect):
    """Equal seeds give equal orders, iteration by iteration; other seeds give others."""
    # 15 numbers in one buffer: two orders of a fair shuffle are equal with chance 1/15! = 8e-13.
    n, seeds = 15, rng.integers(1, 2**31, size=2).tolist()
    for args, times in (((n, n, seeds[0], True), 2), ((n, 40, 0, False), 1)):
        ask = call_of(*args)
        pair = [shuffled(student, expect, *args) for _ in range(2)]
        one, two = ([order(student, expect, d, n, ask) for _ in range(times)] for d in pair)
        place = next((at + 1 for at in range(times) if one[at] != two[at]), None)
        expect.true(
            place is None,
            ask=Text(f"two datasets of {ask.en}", f"{ask.zh} 的两个数据集"),
            expected=Text("the same orders in both", "两者次序相同"),
            got=Text(f"other orders in iteration {place}", f"第 {place} 次遍历的次序不同"),
            why=Text("the seed doesn't settle the order", "次序不是由种子决定的"),
        )
    args = (n, 40, seeds[1], False)
    expect.true(
        order(student, expect, shuffled(student, expect, *args), n, call_of(*args)) != one[0],
        ask=Text(
            f"`shuffled({n}, 40, seed, False)` for the seeds 0 and {seeds[1]}",
            f"种子为 0 和 {seeds[1]} 时的 `shuffled({n}, 40, seed, False)`",
        ),
        expected=Text("another order for each seed", "每个种子有不同的次序"),
        got=Text("the same order", "相同的次序"),
    )
    args = (1, 3, seeds[1], True)
    order(student, expect, shuffled(student, expect, *args), 1, call_of(*args))


@check(
    title=Text("`shuffled`: through a buffer", "`shuffled`：通过缓冲区"),
    points=1.25,
    topic="data",
    hint=Text(
        "With a buffer of b numbers, the first one that comes out is below b, the second one below"
        " b + 1, and so on. Hand on the buffer size you are given.",
        "缓冲区有 b 个数时，第一个出来的数小于 b，第二个小于 b + 1，依此类推。"
        "请把收到的缓冲区大小传下去。",
    ),
)
def test_buffer(student, rng, expect):
    """How far numbers come ahead of their places, and that they may also come late."""
    n = 100
    for buffer_size in (int(rng.choice([3, 5, 6])), 12):
        args = (n, buffer_size, int(rng.integers(1, 2**31)), bool(rng.integers(2)))
        ask = call_of(*args)
        numbers = order(student, expect, shuffled(student, expect, *args), n, ask)
        blocks = [numbers[at : at + buffer_size] for at in range(0, n, buffer_size)]
        # Through a buffer of b, b numbers stay among themselves with chance b!/b^b: all blocks do
        # with chance 2e-22 for b = 3, and less for larger b up to 6; 5e-35 for 12.
        expect.true(
            numbers == sorted(numbers)
            or not all(max(block) - min(block) < buffer_size for block in blocks),
            ask=ask,
            expected=Text(
                "numbers that wait in the buffer while others come and go",
                "有些数留在缓冲区里，看着别的数进进出出",
            ),
            got=Text(
                f"blocks of {buffer_size} numbers, each shuffled for itself",
                f"每 {buffer_size} 个数一段，各自打乱",
            ),
        )
        ahead = max(number - place for place, number in enumerate(numbers))
        # What comes out can't be more than buffer_size - 1 ahead of its place. As long as nothing
        # has been k or more ahead, buffer_size - k numbers that would be are in the buffer, so
        # nothing ever is with chance (k / buffer_size)^(n - buffer_size + 1): 3e-8 or less for
        # k = buffer_size - 1 up to 6, and 8e-12 for k = 9 of 12.
        low = buffer_size - 1 if buffer_size < 10 else 9
        expect.true(
            low <= ahead < buffer_size,
            ask=ask,
            expected=Text(
                f"numbers at most {buffer_size - 1} places ahead, and some as much as {low}",
                f"数最多提前 {buffer_size - 1} 位，并且确有提前 {low} 位或更多的",
            ),
            got=Text(f"at most {ahead}", f"最多提前 {ahead} 位"),
            why=Text(
                "that takes a larger buffer, or one that holds everything"
                if ahead >= buffer_size
                else "that is a smaller buffer",
                "那需要更大的、甚至装得下全部的缓冲区" if ahead >= buffer_size else "缓冲区偏小了",
            ),
        )
    n, seed = 13, int(rng.integers(1, 2**31))
    ask = call_of(n, 1, seed, True)
    expect.equal(
        order(student, expect, shuffled(student, expect, n, 1, seed, True), n, ask),
        list(range(n)),
        ask=ask,
    )


@check(
    title=Text("`shuffled`: a new order every time, or not", "`shuffled`：每次是否换次序"),
    points=1,
    topic="data",
    hint=Text(
        "Whether `Dataset.shuffle` shuffles anew in every iteration is one of its arguments.",
        "每次遍历是否重新打乱，是 `Dataset.shuffle` 的一个参数。",
    ),
)
def test_reshuffle(student, rng, expect):
    """Two iterations over one dataset, and two by `repeat`, for both values of the flag."""
    # A fair shuffle of 20 numbers gives an order again with chance 1/20! = 4e-19.
    n, seed = 20, int(rng.integers(1, 2**31))
    found = []
    for flag in (True, False):
        ask = call_of(n, n, seed, flag)
        dataset = shuffled(student, expect, n, n, seed, flag)
        first, second = (order(student, expect, dataset, n, ask) for _ in range(2))
        twice = Text(f"{ask.en} and then `.repeat(2)`", f"{ask.zh} 之后 `.repeat(2)`")
        items = student.elements(dataset.repeat(2), limit=3 * n)
        numbers = [integers(expect, item, 0, twice) for item in items]
        halves = [numbers[:n], numbers[n:]]
        expect.true(
            all(sorted(half) == list(range(n)) for half in halves),
            ask=twice,
            expected=Text(f"all of 0…{n - 1}, and then again", f"0…{n - 1} 全部出现，再全部出现"),
            got=Text("something else", "别的结果"),
        )
        found += [(ask, flag, first == second), (twice, flag, halves[0] == halves[1])]
    kinds = {True: Text("the same order", "相同的次序"), False: Text("a new order", "新的次序")}
    said = [
        (f"{ask.en}: {kinds[same].en}", f"{ask.zh}：{kinds[same].zh}") for ask, _, same in found
    ]
    expect.true(
        all(same is not flag for _, flag, same in found),
        ask=Text("the second iteration over each dataset", "对每个数据集的第二次遍历"),
        expected=Text(
            "a new order for `reshuffle=True`, the same for `reshuffle=False`",
            "`reshuffle=True` 时次序更换，`reshuffle=False` 时不变",
        ),
        got=Text("; ".join(en for en, _ in said), "；".join(zh for _, zh in said)),
    )


def rows(rng, n, *shape):
    """Different integers in an array of n rows."""
    size = int(np.prod((n, *shape)))
    return rng.permutation(np.arange(1, 10 * size, 10)).reshape(n, *shape).astype("int32")


def sliced(structure, n):
    """The elements that `nested_slices` has to give."""
    return [mapped(lambda leaf, i=i: leaf[i], structure) for i in range(n)]


def expect_slices(student, expect, structure, n, described, nesting=(), count=()):
    """The elements of `nested_slices(structure)`."""
    ask = Text(f"`nested_slices` of {described}", f"`nested_slices`（结构为 {described}）")
    dataset = expect_dataset(student, expect, student.nested_slices(structure), ask)
    got = student.elements(dataset, limit=60)
    elements = Text(f"elements of {ask.en}", f"{ask.zh}的元素")
    expect_elements(expect, got, sliced(structure, n), elements, nesting, count)


def other_nesting(structure, n):
    """The nestings and numbers of elements that other ways give, with their sentences."""
    flat = leaves(structure)
    whole = Text("the whole structure is one element", "整个结构成了一个元素")
    nesting = [
        Why(
            skeleton(tuple(flat)),
            Text("the nesting was flattened to one tuple", "嵌套结构被展平成了一个元组"),
        ),
        Why("*", Text("everything was put into one tensor", "所有内容被塞进了一个张量")),
    ]
    if type(structure) is dict:
        inner = dict.fromkeys(structure, "*")
        stacked = Text("inner tuples were stacked to a tensor", "里层的元组被堆叠成了张量")
        keyless = Text("the keys of the dict are gone", "字典的键不见了")
        nesting += [Why(skeleton(inner), stacked)]
        nesting += [Why(skeleton(tuple(structure[key] for key in sorted(structure))), keyless)]
    return nesting, [Why(1, whole), Why(n * len(flat), Text("rows were chained", "各行被连接起来"))]


@check(
    title=Text("`nested_slices`: the same nesting", "`nested_slices`：嵌套方式不变"),
    points=1.25,
    topic="data",
    hint=Text(
        "`tf.data` knows dicts and tuples as well as tensors: one of its ways to make a dataset"
        " slices them all, however they are nested.",
        "`tf.data` 除了张量也认得字典和元组：有一种创建数据集的方法，无论怎样嵌套，都会全部切片。",
    ),
)
def test_nesting(student, rng, expect):
    """A tuple in a dict, a dict in a tuple, both in both, tuples of one."""
    n = int(rng.integers(4, 8))
    a, b, c, d = (rows(rng, n).astype("float32") for _ in range(4))
    for structure in (
        {"b": a, "a": (b, c, d)},
        ({"x": a, "y": b}, c),
        {"one": (a,), "more": {"deep": (b, {"deeper": (c, d)})}},
    ):
        described = f"`{skeleton(structure)}`, {n} rows"
        nesting, count = other_nesting(structure, n)
        expect_slices(student, expect, structure, n, described, nesting, count)


@check(
    title=Text("`nested_slices`: dtypes and shapes", "`nested_slices`：dtype 与形状"),
    points=0.75,
    topic="data",
    hint=Text(
        "Only the first axis is sliced; nothing is cast, flattened or stacked.",
        "只沿第一个轴切片；不转换类型，不展平，也不堆叠。",
    ),
)
def test_leaves(student, rng, expect):
    """Numbers, strings and booleans, rows of several shapes; one row; a single tensor."""
    for n in (int(rng.integers(3, 7)), 1):
        words = np.array([f"名 {k}".encode() for k in rng.permutation(n)], object)
        structure = {
            "image": rows(rng, n, 2, 3).astype("uint8"),
            "name": words,
            "pair": (rng.uniform(-1, 1, size=(n, 4)), rng.integers(0, 2, size=(n, 1)) == 1),
            "price": rng.uniform(1, 9, size=n).astype("float32"),
            "sold": rows(rng, n).astype("int64"),
        }
        described = "{'image': (n, 2, 3), 'name': (n,), 'pair': ((n, 4), (n, 1)), …}"
        expect_slices(student, expect, structure, n, f"`{described}`, n = {n}")
    whole = Why(1, Text("the whole tensor is one element", "整个张量成了一个元素"))
    x = rng.uniform(-1, 1, size=(3, 4)).astype("float32")
    expect_slices(student, expect, x, 3, "`tf.constant(…)`, (3, 4)", count=[whole])


def percent(a, b):
    """A spec; None for a bound that is missing."""
    first, last = ("" if bound is None else f"{bound}%" for bound in (a, b))
    return f"train[{first}:{last}]"


def part(n, a, b, cut_off=lambda n, p: n * p // 100):
    """The positions between two bounds, cut off in one way or another."""
    return list(range(cut_off(n, a or 0), cut_off(n, 100 if b is None else b)))


def other_parts(n, a, b):
    """What other splits give, beside the sentences about them."""
    first, last = a or 0, 100 if b is None else b
    start, stop = n * first // 100, n * last // 100
    everything = list(range(n))
    floats = "a product of floats falls short of a whole number", "浮点数的乘积偏小了"
    return whys(
        (
            part(n, a, b, lambda n, p: int(n * p / 100 + 0.5)),
            "bounds were rounded to the nearest position",
            "界限被四舍五入了",
        ),
        (
            part(n, a, b, lambda n, p: ceil(n * p / 100)),
            "bounds were rounded up",
            "界限被向上取整了",
        ),
        (part(n, a, b, lambda n, p: int(n * (p / 100))), *floats),
        (part(n, a, b, lambda n, p: int(n / 100 * p)), *floats),
        (
            everything[start : start + n * (last - first) // 100],
            "it has floor(n·(b-a)/100) elements, not those up to floor(n·b/100)",
            "取了 floor(n·(b-a)/100) 个元素，而不是取到 floor(n·b/100) 之前",
        ),
        (
            everything[start : start + stop],
            "as many elements as the second bound says were taken after the first bound",
            "从前一个界限起，取了后一个界限那么多个元素",
        ),
        (everything[first:last], "percentages were taken for positions", "百分数被当成了位置"),
        (everything[start : stop + 1], "the upper bound is among them", "把上界也包括进去了"),
        (everything[n - stop :], "they are taken from the end", "是从末尾取的"),
        (everything[:stop], "the first bound was ignored", "忽略了前一个界限"),
        (everything[start:], "the second bound was ignored", "忽略了后一个界限"),
        (
            everything[:start] + everything[stop:],
            "these are the elements to leave out",
            "这些正是该去掉的元素",
        ),
    )


def expect_part(student, expect, n, a, b, iterations=1):
    """The part of 0…n-1 between two bounds, in every iteration."""
    spec = percent(a, b)
    ask = code(f'split(tf.data.Dataset.range({n}), "{spec}")')
    got = student.split(student.tf.data.Dataset.range(n), spec)
    dataset = expect_dataset(student, expect, got, ask)
    for again in range(iterations):
        asked = Text(f"{ask.en}, iterated again", f"再次遍历 {ask.zh}") if again else ask
        items = student.elements(dataset, limit=2 * n + 2)
        numbers = [integers(expect, item, 0, asked) for item in items]
        expect.equal(numbers, part(n, a, b), ask=asked, why=other_parts(n, a, b))


@check(
    title=Text("`split`: from the first bound to the second", "`split`：从前一界限到后一界限"),
    points=1,
    topic="data",
    hint=Text(
        "Turn both bounds into positions first. How many elements lie before the part, and how many"
        " in it?",
        "先把两个界限换算成位置。这一部分之前有多少个元素，其中又有多少个？",
    ),
)
def test_bounds(student, rng, expect):
    """A size of which every percentage asked for is a whole number of elements."""
    n = int(rng.choice([20, 40, 60]))
    # Floats are exact for these, too: 20 · (55/100) would be 11.000000000000002.
    low, high = int(rng.choice([10, 20])), int(rng.choice([65, 75]))
    for a, b in ((None, high), (low, None), (low, high)):
        expect_part(student, expect, n, a, b, iterations=1 if b is None else 2)


@check(
    title=Text("`split`: bounds are rounded down, exactly", "`split`：界限精确地向下取整"),
    points=1,
    topic="data",
    hint=Text(
        "floor(n·p/100) for each of the two bounds, in integers: `n * p // 100`.",
        "对两个界限分别求 floor(n·p/100)，用整数计算：`n * p // 100`。",
    ),
)
def test_rounding(student, rng, expect):
    """Percentages that aren't whole numbers of elements; products that floats get wrong."""
    for n in (int(rng.integers(11, 50)), 7):
        # What is left over is more than a half for a and less for b. So another answer comes from
        # rounding to the nearest, from rounding up, and from one floor for b - a.
        cases = [
            (a, b)
            for a in range(5, 60)
            for b in range(a + 20, 97)
            if n * a % 100 > 50 and 0 < n * b % 100 < 50
        ]
        a, b = cases[int(rng.integers(len(cases)))]
        for bounds in ((a, None),) if n == 7 else ((a, b), (None, a)):
            expect_part(student, expect, n, *bounds)
    # Below the whole number are, in floats, 200 · (57/100) and 200 · (58/100), and (116/100) · 50;
    # in float32 75 · (84/100).
    for n, a, b in ((200, 57, 58), (116, None, 50), (75, 84, None)):
        expect_part(student, expect, n, a, b)


@check(
    title=Text("`split`: elements of any kind, empty parts", "`split`：任意形式的元素，空的部分"),
    points=0.5,
    topic="data",
    hint=Text(
        "Elements can be handed on without looking into them, and a part may have none.",
        "元素原样传下去即可，不必看里面是什么；一个部分也可以没有元素。",
    ),
)
def test_elements(student, rng, expect):
    """Tuples with a dict in them, batches of unequal size, one element, nothing, everything."""
    make = student.tf.data.Dataset
    # Percentages that are whole numbers of elements: rounding has its own check.
    x, y = rows(rng, 20, 2), rows(rng, 20).astype("float32")
    pairs = sliced(({"x": x}, y), 20)
    batches = [x[at : at + 6] for at in range(0, 20, 6)]
    for called, called_zh, dataset, elements, bounds in (
        ("pairs ({'x': …}, y)", "若干对 ({'x': …}, y)", ({"x": x}, y), pairs, [(25, 75)]),
        (
            "batches of 6, 6, 6 and 2 rows",
            "分别有 6、6、6、2 行的批次",
            x,
            batches,
            [(50, None), (75, 75)],
        ),
        ("a single row", "单独一行", x[:1], [x[0]], [(None, 0), (0, 100)]),
    ):
        n = len(elements)
        made = make.from_tensor_slices(dataset)
        made = made.batch(6) if elements is batches else made
        for a, b in bounds:
            spec = percent(a, b)
            ask = code(f'split(dataset, "{spec}")')
            got = expect_dataset(student, expect, student.split(made, spec), ask)
            want = [elements[place] for place in part(n, a, b)]
            about = Text(
                f"elements of {ask.en}, dataset of {n} elements, {called}",
                f"{ask.zh}（dataset 有 {n} 个元素，{called_zh}）的元素",
            )
            expect_elements(expect, student.elements(got, limit=2 * n + 2), want, about)

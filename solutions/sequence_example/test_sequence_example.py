"""Hidden checks of `sequence_example`: a SequenceExample's bytes, and what comes out of them."""

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from grader.checks import Text, Why, check, fetch
from grader.show import plain

ASCII = "abcdeghkmnorstuvwxyz"
# Letters of one to four bytes in UTF-8.
LETTERS = "ayz'éøßж时间书€😀𝄞"
LISTS = ("content", "comments")


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def part(ask, en, zh):
    """What was asked, and of it one part."""
    return Text(f"{ask.en}, {en}", f"{ask.zh}，{zh}")


def expect_true(expect, condition, ask, expected, got, why=None):
    """`expected` and `got` are (English, Chinese)."""
    expect.true(bool(condition), ask=ask, expected=Text(*expected), got=Text(*got), why=why)


# -- protocol buffers, without TensorFlow ----------------------------------------------------------

FIELD = descriptor_pb2.FieldDescriptorProto
# The fields of every message, numbered from 1; [type] is a list. A map is a list of its entries.
MESSAGES = {
    "BytesList": {"value": [FIELD.TYPE_BYTES]},
    "FloatList": {"value": [FIELD.TYPE_FLOAT]},
    "Int64List": {"value": [FIELD.TYPE_INT64]},
    "Feature": {"bytes_list": "BytesList", "float_list": "FloatList", "int64_list": "Int64List"},
    "FeatureEntry": {"key": FIELD.TYPE_STRING, "value": "Feature"},
    "Features": {"feature": ["FeatureEntry"]},
    "FeatureList": {"feature": ["Feature"]},
    "FeatureListEntry": {"key": FIELD.TYPE_STRING, "value": "FeatureList"},
    "FeatureLists": {"feature_list": ["FeatureListEntry"]},
    "SequenceExample": {"context": "Features", "feature_lists": "FeatureLists"},
}


def message_class(wanted):
    """The class of such messages."""
    file = descriptor_pb2.FileDescriptorProto(name="example.proto", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, (field, kind) in enumerate(fields.items(), 1):
            label = FIELD.LABEL_REPEATED if isinstance(kind, list) else FIELD.LABEL_OPTIONAL
            kind = kind[0] if isinstance(kind, list) else kind
            more = {"type_name": f".{kind}"} if isinstance(kind, str) else {"type": kind}
            message.field.add(name=field, number=number, label=label, **more)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(wanted))


SequenceExample = message_class("SequenceExample")


def encoded(words):
    """Byte strings."""
    return [word.encode() for word in words]


def rows_of(sentences):
    """Lists of byte strings."""
    return [encoded(sentence) for sentence in sentences]


def strings(items):
    """A string tensor of shape (n,)."""
    tensor = np.empty(len(items), object)
    tensor[:] = items
    return tensor


def serialized(context, content, comments):
    """A document's bytes, as they should be."""
    lists = {
        name: {"feature": [{"bytes_list": {"value": row}} for row in rows_of(found)]}
        for name, found in zip(LISTS, (content, comments), strict=True)
    }
    features = {
        "author_id": {"int64_list": {"value": [context["author_id"]]}},
        "title": {"bytes_list": {"value": encoded(context["title"])}},
        "pub_date": {"int64_list": {"value": context["pub_date"]}},
    }
    return SequenceExample(
        context={"feature": entries(features)}, feature_lists={"feature_list": entries(lists)}
    ).SerializeToString()


def entries(mapping):
    """A map's entries."""
    return [{"key": key, "value": value} for key, value in mapping.items()]


def listed(feature):
    """A feature's kind and values; no values of no kind read like no byte strings."""
    kind = next((name for name in MESSAGES["Feature"] if feature.HasField(name)), "bytes_list")
    return kind, list(getattr(feature, kind).value)


# -- documents -------------------------------------------------------------------------------------


def word(rng, letters):
    """A word of three to seven letters."""
    return "".join(rng.choice(list(letters), size=rng.integers(3, 8)))


def sentences(rng, lengths, letters=ASCII):
    """Sentences of so many words."""
    return [[word(rng, letters) for _ in range(length)] for length in lengths]


def documents(rng, letters=ASCII):
    """Documents without anything empty; ids of either sign that need more than 32 bits."""
    ids = (int(rng.integers(2**61, 2**62)) | 1, -int(rng.integers(2**40, 2**50)))
    sizes = ((4, (4, 1, 6), (2, 5)), (1, (3,), (1, 3, 2, 2)))
    found = []
    for number, (title, *lengths) in zip(ids, sizes, strict=True):
        date = [int(rng.integers(1500, 2025)), int(rng.integers(1, 13)), 31]
        context = {"author_id": number, "title": sentences(rng, (title,), letters)[0]}
        lists = [sentences(rng, length, letters) for length in lengths]
        found.append(({**context, "pub_date": date}, *lists))
    return found


def documents_with_gaps(rng):
    """Documents in which something is empty: a title, a list, sentences, words."""
    (one, two), (a, b, c, d) = documents(rng), sentences(rng, (2, 3, 1, 2))
    untitled = {**one[0], "title": []}
    return [
        (untitled, [[], a, [], [], b, []], [c, []]),
        (two[0], [], [[], d, []]),
        (untitled, [[]], []),
        ({**two[0], "title": ["", *d, ""]}, [a, ["", *c, ""]], [[""], b, ["", ""]]),
    ]


def list_mistakes(rows, other):
    """Known wrong lists of sentences, beside the sentences about them."""
    flat = [value for row in rows for value in row]
    width = max(map(len, rows), default=0)
    last = max((k for k, row in enumerate(rows, 1) if row), default=0)
    full = [row for row in rows if row]
    at_end = rows[:last] if rows[:last] != full else rows
    known = [
        (other, "that is the other list", "这是另一个列表"),
        ([flat], "the ends of the sentences are lost", "句子的界限丢失了"),
        ([[value] for value in flat], "every word became a sentence", "每个词都成了一个句子"),
        ([row + [b""] * (width - len(row)) for row in rows], "there is padding", "带有填充"),
        ([[b" ".join(row)] for row in rows], "each became one string", "每句并成了一个字符串"),
        (full, "sentences without words are lost", "没有词的句子丢失了"),
        (at_end, "those without words at the end are lost", "末尾没有词的句子丢失了"),
        ([row or [b""] for row in rows], "an empty word was added", "多了一个空的词"),
        ([list(filter(None, row)) for row in rows], "empty words are lost", "空的词丢失了"),
        ([stripped(row) for row in rows], "empty words at the end are lost", "末尾的空词丢失了"),
        ([rows], "that is a batch of one document", "这是只有一篇文档的一批"),
        (rows[:1], "only the first sentence is there", "只有第一个句子"),
    ]
    return [Why(value, Text(en, zh)) for value, en, zh in known if value != rows]


def stripped(row):
    """A row without the empty words at its end."""
    length = max((k for k, value in enumerate(row, 1) if value), default=0)
    return row[:length]


# -- documents written -----------------------------------------------------------------------------

CALL = code("document_example(context, content, comments)")


def written(expect, got):
    """(context: kind and values by name, lists: the same of each feature by name)."""
    data = expect.remote(got, ask=CALL).SerializeToString()
    expected, message = ("a SequenceExample", " SequenceExample"), SequenceExample()
    expect_true(expect, type(data) is bytes, CALL, expected, (plain(data), f" {plain(data)}"))
    try:
        message.ParseFromString(data)
    except DecodeError:
        expect_true(expect, False, CALL, expected, ("other bytes", "别的字节"))
    context = {item.key: listed(item.value) for item in message.context.feature}
    lists = {
        item.key: [listed(feature) for feature in item.value.feature]
        for item in message.feature_lists.feature_list
    }
    return context, lists


def expect_feature(expect, context, key, want, why=()):
    """The context has this feature; one without values may lack."""
    ask = part(CALL, f'"{key}" in the context', f'上下文中的 "{key}"')
    got = context.get(key, ("bytes_list", []) if not want[1] else None)
    names = plain(sorted(context)) if context else None
    there = (f"only {names}", f"的只有 {names}") if names else ("none", "零个")
    expect_true(expect, got is not None, ask, ("a feature", "一个特征"), there)
    expect.equal(got, want, ask=ask, why=why)


def expect_lists(expect, found, document):
    """The feature lists have these sentences; a list without any may lack."""
    context, lists = found
    rows = [rows_of(item) for item in document[1:]]
    for key, want, other in zip(LISTS, rows, rows[::-1], strict=True):
        ask = part(CALL, f'feature list "{key}"', f'特征列表 "{key}"')
        names = plain(sorted(lists)) if lists else None
        why = Text("it is in the context", "它在上下文里") if key in context else None
        there = (f"only {names}", f"的只有 {names}") if names else ("none", "零个")
        expected = ("a feature list", "一个特征列表")
        expect_true(expect, not want or key in lists, ask, expected, there, why)
        kinds = sorted({kind for kind, _ in lists.get(key, ())} - {"bytes_list"})
        expect_true(expect, not kinds, ask, ("byte strings", "字节串"), (plain(kinds),) * 2)
        got = [values for _, values in lists.get(key, ())]
        expect.equal(got, want, ask=ask, why=list_mistakes(want, other))


@check(
    title=Text("`document_example`: the context", "`document_example`：上下文"),
    points=1.5,
    topic="values",
    hint=Text(
        "A SequenceExample's context is a `Features` like that of an Example: integers in lists of"
        " int64, every word of the title an element of a list of byte strings.",
        "SequenceExample 的上下文与 Example 里的一样，是 `Features`：整数放进 int64 列表，"
        "标题的每个词是字节串列表的一个元素。",
    ),
)
def test_context(student, rng, expect):
    """The id, the words of the title and the date, in a `tf.train.SequenceExample`."""
    for document in documents(rng):
        context, title = document[0], encoded(document[0]["title"])
        number, date = context["author_id"], context["pub_date"]
        got = student.document_example(*document)
        found, _ = written(expect, got)
        rounded = Text("integers became floats", "整数变成了浮点数")
        as_text = Text("integers became text", "整数变成了文本")
        whys = [
            Why(("float_list", [float(np.float32(number))]), rounded),
            Why(("bytes_list", encoded([str(number)])), as_text),
        ]
        expect_feature(expect, found, "author_id", ("int64_list", [number]), whys)
        joined = Text("the title's words became one string", "标题的词并成了一个字符串")
        whys = [
            Why(("bytes_list", [mark.join(title)]), joined) for mark in (b" ", b"") if title[1:]
        ]
        whys.append(Why(("bytes_list", title[:1]), Text("only its first word", "只有第一个词")))
        expect_feature(expect, found, "title", ("bytes_list", title), whys)
        whys = [
            Why(("float_list", [float(value) for value in date]), rounded),
            Why(("bytes_list", encoded(map(str, date))), as_text),
            Why(("int64_list", date[::-1]), Text("its order is reversed", "次序反了")),
            Why(("int64_list", date[:1]), Text("only the year is there", "只有年份")),
        ]
        expect_feature(expect, found, "pub_date", ("int64_list", date), whys)
        expect.unconfirmed()
        name = "tf.train.SequenceExample"
        other = ("something else", "别的东西")
        expect_true(expect, student.is_a(got, name), CALL, (f"a `{name}`", f" `{name}`"), other)


@check(
    title=Text("`document_example`: sentences", "`document_example`：句子"),
    points=1.5,
    topic="values",
    hint=Text(
        "A feature list has one feature per sentence, and this feature one byte string per word.",
        "特征列表里每个句子一个特征，这个特征里每个词一个字节串。",
    ),
)
def test_sentences(student, rng, expect):
    """Feature lists of unequal numbers of sentences, each with its own number of words."""
    for document in documents(rng):
        expect_lists(expect, written(expect, student.document_example(*document)), document)


@check(
    title=Text("`document_example`: any letters", "`document_example`：任意文字"),
    points=1,
    topic="values",
    hint=Text(
        "Every word is written in UTF-8, whatever its letters: nothing left out, nothing replaced.",
        "不论是什么文字，每个词都以 UTF-8 写入：既不丢掉，也不替换。",
    ),
)
def test_letters_written(student, rng, expect):
    """Letters of one to four bytes in the title and in the sentences."""
    for document in documents(rng, LETTERS):
        found = written(expect, student.document_example(*document))
        kinds = ("replace", "ignore", "backslashreplace")
        title = document[0]["title"]
        lost = Text("letters beyond ASCII are lost", "ASCII 之外的字符丢失了")
        whys = [
            Why(("bytes_list", [item.encode("ascii", how) for item in title]), lost)
            for how in kinds
        ]
        expect_feature(expect, found[0], "title", ("bytes_list", encoded(title)), whys)
        expect_lists(expect, found, document)


@check(
    title=Text("`document_example`: what is empty", "`document_example`：空的部分"),
    points=1,
    topic="values",
    hint=Text(
        "A sentence without words is a feature without values; an empty string is a word.",
        "没有词的句子，是没有值的特征；空字符串也是词。",
    ),
)
def test_gaps_written(student, rng, expect):
    """No title, no sentences, sentences without words, words without letters."""
    for document in documents_with_gaps(rng):
        found = written(expect, student.document_example(*document))
        expect_lists(expect, found, document)
        title = encoded(document[0]["title"])
        few = [item for item in title if item]
        whys = [
            Why(("bytes_list", few), Text("empty words are lost", "空的词丢失了")),
            Why(("bytes_list", title or [b""]), Text("an empty word was added", "多了一个空的词")),
        ]
        expect_feature(expect, found[0], "title", ("bytes_list", title), whys)


# -- documents parsed ------------------------------------------------------------------------------


def parts(expect, got, call):
    """(context, lists): two dicts with the right names."""
    pair = isinstance(got, list | tuple) and len(got) == 2
    expected = ("two dicts, `(context, lists)`", "两个字典 `(context, lists)`")
    kind = f"a {type(got).__name__}" if isinstance(got, list | tuple | dict) else plain(got)
    expect_true(expect, pair, call, expected, (kind, f" {kind}"))
    for found, names in zip(got, (("author_id", "title", "pub_date"), LISTS), strict=True):
        there = plain(sorted(found)) if type(found) is dict else plain(found)
        right = type(found) is dict and set(names) <= found.keys()
        expected = (f"a dict with {plain(list(names))}", f"含 {plain(list(names))} 的字典")
        expect_true(expect, right, call, expected, (there, f" {there}"))
    return got


def expect_context(expect, got, want, call):
    """Dense tensors: id, title, date."""
    asks = {key: part(call, f'context["{key}"]', f'context["{key}"]') for key in want}
    expect.close(got["author_id"], np.asarray(want["author_id"], "int64"), ask=asks["author_id"])
    title, ask = got["title"], asks["title"]
    dense = isinstance(title, np.ndarray) and title.dtype.kind == "O"
    expected = ("a dense string tensor", "稠密的字符串张量")
    expect_true(expect, dense, ask, expected, (plain(title), f" {plain(title)}"))
    expect.close(title, strings(encoded(want["title"])), ask=ask)
    expect.close(got["pub_date"], np.array(want["pub_date"], "int64"), ask=asks["pub_date"])


def expect_ragged(session, expect, got, document, call):
    """Ragged tensors whose rows are the sentences."""
    rows = [rows_of(found) for found in document[1:]]
    for key, want, other in zip(LISTS, rows, rows[::-1], strict=True):
        ask = part(call, f'lists["{key}"]', f'lists["{key}"]')
        found, name = expect.remote(got[key], ask=ask), "tf.RaggedTensor"
        expected, came = (f"a `{name}`", f" `{name}`"), plain(found)
        expect_true(expect, session.is_a(found, name), ask, expected, (came, f" {came}"))
        expect.equal(found.to_list(), want, ask=ask, why=list_mistakes(want, other))
        # No values tell what an empty one is made of.
        expect.equal(fetch(found.dtype.name), "string", ask=part(ask, "its dtype", "其 dtype"))
    expect.unconfirmed()  # that they are ragged tensors


PARSE = code("parse_document(serialized)")


def parsed(session, expect, crowd):
    """(document, context, lists): every document parsed, from bytes and from tensors in turn."""
    for k, document in enumerate(crowd):
        data = serialized(*document)
        got = session.parse_document(strings([data]).reshape(()) if k % 2 else data)
        yield document, *parts(expect, got, PARSE)


@check(
    title=Text("`parse_document`: the context", "`parse_document`：上下文"),
    points=1.5,
    topic="values",
    hint=Text(
        "`tf.io.parse_single_sequence_example` takes two descriptions; that of the context says of"
        " every feature whether its length is fixed. What isn't comes back sparse.",
        "`tf.io.parse_single_sequence_example` 需要两份描述；"
        "上下文的那份说明每个特征的长度是否固定。不固定的会以稀疏张量返回。",
    ),
)
def test_parsed_context(student, rng, expect):
    """A scalar, a vector of strings and three integers, all dense."""
    for document, context, _ in parsed(student, expect, documents(rng, LETTERS)):
        expect_context(expect, context, document[0], PARSE)


@check(
    title=Text("`parse_document`: sentences", "`parse_document`：句子"),
    points=1.5,
    topic="values",
    hint=Text(
        "A ragged tensor can be made from the sparse one that parsing gives.",
        "解析得到的稀疏张量，可以变成不规则张量。",
    ),
)
def test_parsed_sentences(student, rng, expect):
    """Ragged tensors of strings, one row per sentence."""
    for document, _, lists in parsed(student, expect, documents(rng, LETTERS)):
        expect_ragged(student, expect, lists, document, PARSE)


@check(
    title=Text("`parse_document`: what is empty", "`parse_document`：空的部分"),
    points=1,
    topic="values",
    hint=Text(
        "A sparse tensor's indices say nothing about rows without values; its dense shape does."
        " Padding looks like words that are empty.",
        "稀疏张量的下标说明不了没有值的行，稠密形状可以。填充看起来和空的词一样。",
    ),
)
def test_parsed_gaps(student, rng, expect):
    """No title, no sentences, sentences without words, words without letters."""
    for document, context, lists in parsed(student, expect, documents_with_gaps(rng)):
        expect_ragged(student, expect, lists, document, PARSE)
        expect_context(expect, context, document[0], PARSE)


@check(
    title=Text("`parse_document` in `Dataset.map`", "`Dataset.map` 中的 `parse_document`"),
    points=1,
    topic="graph",
    hint=Text(
        "In a graph a tensor has no values yet: no `.numpy()`, no Python list of its rows.",
        "在计算图里张量还没有值：不能用 `.numpy()`，也不能把各行变成 Python 列表。",
    ),
)
def test_map(student, rng, expect):
    """A dataset of documents of different sizes."""
    crowd = documents(rng) + documents(rng)[::-1]
    data = strings([serialized(*document) for document in crowd])
    dataset = student.tf.data.Dataset.from_tensor_slices(data)
    elements = student.elements(dataset.map(student.parse_document))
    call = code("dataset.map(parse_document)")
    expect.equal(len(elements), len(crowd), ask=part(call, "its length", "长度"))
    for got, document in zip(elements, crowd, strict=True):
        context, lists = parts(expect, got, call)
        expect_context(expect, context, document[0], call)
        expect_ragged(student, expect, lists, document, call)

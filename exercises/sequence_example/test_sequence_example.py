"""What you can check yourself: `pytest exercises/sequence_example`. The course asks more."""

import numpy as np

from grader.checks import Text, check

CONTEXT = {"author_id": 31, "title": ["Blå", "fjord"], "pub_date": [1974, 11, 5]}
CONTENT = [["The", "tide", "rose"], [], ["Calm"]]
COMMENTS = [["好", "!"]]
# This document, serialized: the context, then the feature lists.
DOCUMENT = bytes.fromhex(
    "0a44"
    "0a12 0a09 617574686f725f6964 1205 1a03 0a01 1f"
    "0a14 0a08 7075625f64617465 1208 1a06 0a04 b60f 0b 05"
    "0a18 0a05 7469746c65 120f 0a0d 0a04 426cc3a5 0a05 666a6f7264"
    "124a"
    "0a18 0a08 636f6d6d656e7473 120c 0a0a 0a08 0a03 e5a5bd 0a01 21"
    "0a2e 0a07 636f6e74656e74 1223 0a13 0a11 0a03 546865 0a04 74696465 0a04 726f7365"
    "0a02 0a00 0a08 0a06 0a04 43616c6d"
)


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def strings(*words):
    """A string tensor of shape (n,)."""
    return np.array([word.encode() for word in words], object)


def written(student, expect):
    """The SequenceExample of the document."""
    got = student.document_example(CONTEXT, CONTENT, COMMENTS)
    return expect.remote(got, ask=code("document_example(context, content, comments)"))


def expect_parsed(student, expect, got, call):
    """A pair of dicts with the document's parts."""
    expect.true(
        isinstance(got, list | tuple) and [type(part) for part in got] == [dict, dict],
        ask=code(call),
        expected=Text("two dicts, `(context, lists)`", "两个字典 `(context, lists)`"),
        got=Text("something else", "别的东西"),
    )
    context, lists = got
    for key, want in (
        ("author_id", np.array(31)),
        ("title", strings("Blå", "fjord")),
        ("pub_date", np.array([1974, 11, 5])),
    ):
        expect.close(context.get(key), want, ask=code(f'{call}: context["{key}"]'))
    for key, sentences in (("content", CONTENT), ("comments", COMMENTS)):
        ask = code(f'{call}: lists["{key}"]')
        ragged = expect.remote(lists.get(key), ask=ask)
        expect.true(
            student.is_a(ragged, "tf.RaggedTensor"),
            ask=ask,
            expected=Text("a `tf.RaggedTensor`", " `tf.RaggedTensor`"),
            got=Text("something else", "别的东西"),
        )
        want = [[word.encode() for word in sentence] for sentence in sentences]
        expect.equal(ragged.to_list(), want, ask=ask)


@check(
    title=Text("The context is written", "写入上下文"),
    points=2.5,
    topic="values",
    hint=Text("Two lists of int64, one of byte strings.", "两个 int64 列表，一个字节串列表。"),
)
def test_context(student, expect):
    """An id, a title of two words, a date."""
    features = written(student, expect).context.feature
    for key, kind, want in (
        ("author_id", "int64_list", np.array([31])),
        ("title", "bytes_list", strings("Blå", "fjord")),
        ("pub_date", "int64_list", np.array([1974, 11, 5])),
    ):
        ask = Text(f'"{key}" in the context, `{kind}`', f'上下文中的 "{key}"，`{kind}`')
        values = getattr(expect.remote(features.get(key), ask=ask), kind).value
        expect.close(student.np.array(values), want, ask=ask)


@check(
    title=Text("The sentences are written", "写入句子"),
    points=2.5,
    topic="values",
    hint=Text(
        "Three features for the content: three words, none, one.",
        "content 有三个特征：三个词、没有词、一个词。",
    ),
)
def test_sentences(student, expect):
    """Three sentences of content, one of them without words; one comment."""
    lists = written(student, expect).feature_lists.feature_list
    for key, sentences in (("content", CONTENT), ("comments", COMMENTS)):
        ask = Text(f'feature list "{key}"', f'特征列表 "{key}"')
        features = expect.remote(lists.get(key), ask=ask).feature
        count = Text(f"{ask.en}, number of features", f"{ask.zh}，特征的个数")
        expect.equal(student.np.size(features), len(sentences), ask=count)
        for k, words in enumerate(sentences):
            ask = Text(f'feature {k} of "{key}"', f'"{key}" 的第 {k} 个特征')
            feature = expect.remote(features.pop(0), ask=ask)
            values = student.np.array(feature.bytes_list.value, "O")
            expect.close(values, strings(*words), ask=ask)


@check(
    title=Text("A document is parsed", "解析文档"),
    points=3,
    topic="values",
    hint=Text("Sentence 1 has no words: an empty row.", "第 1 句没有词：空行。"),
)
def test_parse(student, expect):
    """The context is dense, the lists are ragged."""
    got = student.parse_document(DOCUMENT)
    expect_parsed(student, expect, got, "parse_document(serialized)")


@check(
    title=Text("A dataset is parsed", "解析数据集"),
    points=2,
    topic="graph",
    hint=Text("Operations of TensorFlow work in a graph.", "TensorFlow 的运算可以在计算图里用。"),
)
def test_map(student, expect):
    """The same in `Dataset.map`."""
    dataset = student.tf.data.Dataset.from_tensors(np.array(DOCUMENT, object))
    (got,) = student.elements(dataset.map(student.parse_document))
    expect_parsed(student, expect, got, "dataset.map(parse_document)")

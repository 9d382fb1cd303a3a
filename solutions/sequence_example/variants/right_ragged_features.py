"""Ragged features describe the document; a builder class fills the message; type hints.

zh: 用 RaggedFeature 描述文档；用一个类逐步填写消息；带类型标注
"""

from __future__ import annotations

from collections.abc import Iterable

import tensorflow as tf

Sentences = list[list[str]]


class DocumentBuilder:
    """Fills a SequenceExample in place."""

    def __init__(self) -> None:
        self.message = tf.train.SequenceExample()

    def put_integers(self, key: str, *values: int) -> DocumentBuilder:
        self.message.context.feature[key].int64_list.value.extend(values)
        return self

    def put_words(self, key: str, words: Iterable[str]) -> DocumentBuilder:
        chosen = self.message.context.feature[key].bytes_list.value
        for word in words:
            chosen.append(bytes(word, "utf-8"))
        return self

    def put_sentences(self, key: str, sentences: Sentences) -> DocumentBuilder:
        for sentence in sentences:
            feature = self.message.feature_lists.feature_list[key].feature.add()
            for word in sentence:
                feature.bytes_list.value.append(bytes(word, "utf-8"))
        return self


def document_example(
    context: dict, content: Sentences, comments: Sentences
) -> tf.train.SequenceExample:
    builder = DocumentBuilder()
    builder.put_integers("author_id", context["author_id"])
    builder.put_integers("pub_date", *context["pub_date"])
    builder.put_words("title", context["title"])
    return builder.put_sentences("content", content).put_sentences("comments", comments).message


def parse_document(
    serialized: tf.Tensor | bytes,
) -> tuple[dict[str, tf.Tensor], dict[str, tf.RaggedTensor]]:
    words = tf.io.RaggedFeature(tf.string)
    return tf.io.parse_single_sequence_example(
        serialized,
        context_features={
            "author_id": tf.io.FixedLenFeature((), tf.int64),
            "title": words,
            "pub_date": tf.io.FixedLenFeature((3,), tf.int64),
        },
        sequence_features={"content": words, "comments": words},
    )


if __name__ == "__main__":
    example = document_example(
        {"author_id": 1, "title": ["A"], "pub_date": [2000, 1, 1]}, [["a", "b"], []], []
    )
    print(parse_document(example.SerializeToString()))

"""Parses a batch of one document and takes the document out of it; dicts become messages.

zh: 当作只有一篇文档的一批来解析，再取出这篇文档；用字典构造消息
"""

import keras
import numpy as np
import tensorflow as tf
from tensorflow.train import Feature, FeatureList, SequenceExample


def _feature(values):
    values = np.asarray(values, dtype=object).reshape(-1).tolist()
    if values and isinstance(values[0], int):
        return Feature(int64_list={"value": values})
    return Feature(bytes_list={"value": [value.encode("utf8") for value in values]})


def document_example(context, content, comments):
    example = SequenceExample()
    for name in ("author_id", "title", "pub_date"):
        example.context.feature[name].CopyFrom(_feature(context[name]))
    for name, rows in {"content": content, "comments": comments}.items():
        lines = FeatureList()
        for row in rows:
            lines.feature.append(_feature(row))
        example.feature_lists.feature_list[name].MergeFrom(lines)
    return example


def parse_document(serialized):
    batch = keras.ops.expand_dims(tf.convert_to_tensor(serialized), 0)
    context, lists, lengths = tf.io.parse_sequence_example(
        batch,
        context_features={
            "author_id": tf.io.FixedLenFeature([], "int64"),
            "title": tf.io.RaggedFeature(tf.string, row_splits_dtype=tf.int64),
            "pub_date": tf.io.FixedLenFeature([3], "int64"),
        },
        sequence_features={
            "content": tf.io.RaggedFeature(tf.string, row_splits_dtype=tf.int64),
            "comments": tf.io.RaggedFeature(tf.string, row_splits_dtype=tf.int64),
        },
    )
    assert set(lengths) <= {"content", "comments"}
    first = {name: tensor[0] for name, tensor in context.items()}
    return [first, {name: ragged[0] for name, ragged in lists.items()}]

"""Takes the rows from the indices, so sentences without words at the end are lost.

zh: 只根据下标来分行，丢掉了末尾没有词的句子
fails: test_parsed_gaps
"""

import tensorflow as tf

CONTEXT = {
    "author_id": tf.io.FixedLenFeature([], tf.int64),
    "title": tf.io.VarLenFeature(tf.string),
    "pub_date": tf.io.FixedLenFeature([3], tf.int64),
}
LISTS = {name: tf.io.VarLenFeature(tf.string) for name in ("content", "comments")}


def integers(values):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def words(values):
    encoded = [value.encode() for value in values]
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=encoded))


def sentences(rows):
    return tf.train.FeatureList(feature=[words(row) for row in rows])


def document_example(context, content, comments):
    features = {
        "author_id": integers([context["author_id"]]),
        "title": words(context["title"]),
        "pub_date": integers(context["pub_date"]),
    }
    lists = {"content": sentences(content), "comments": sentences(comments)}
    return tf.train.SequenceExample(
        context=tf.train.Features(feature=features),
        feature_lists=tf.train.FeatureLists(feature_list=lists),
    )


def parse_document(serialized):
    context, lists = tf.io.parse_single_sequence_example(serialized, CONTEXT, LISTS)
    context["title"] = tf.sparse.to_dense(context["title"])
    ragged = {}
    for name, found in lists.items():
        rows = found.indices[:, 0]
        ragged[name] = tf.RaggedTensor.from_value_rowids(found.values, rows)
    return context, ragged

"""Pads the sentences with empty words to the same length.

zh: 用空的词把各个句子填充到同样长
fails: test_sentences, test_letters_written, test_gaps_written
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
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return tf.train.FeatureList(feature=[words(row) for row in padded])


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
    return context, {name: tf.RaggedTensor.from_sparse(found) for name, found in lists.items()}

"""Lets the layer count and number the words, and weighs and pads by hand.

zh: 让层来计数、编号，自己加权和填充
"""

import keras
import tensorflow as tf


def _adapted(train, **settings):
    layer = keras.layers.TextVectorization(**settings)
    layer.adapt(tf.data.Dataset.from_tensor_slices(train).batch(2))
    return layer


def tfidf(train, docs):
    counting = _adapted(train, output_mode="count")
    seen = keras.ops.convert_to_numpy(counting(tf.constant(train)))
    held = (seen[:, 1:] > 0).sum(axis=0)
    weights = keras.ops.log(1 + len(train) / (1 + held.astype("float32")))
    unknown = keras.ops.mean(weights, keepdims=True)
    counts = keras.ops.cast(counting(tf.constant(docs)), "float32")
    return counts * keras.ops.concatenate([unknown, weights])


def vectorize(train, docs, length):
    rows = _adapted(train, ragged=True)(tf.constant(docs))
    rows = [list(row.numpy()[:length]) for row in rows]
    rows = [row + [0] * (length - len(row)) for row in rows]
    return tf.constant(rows, tf.int64)

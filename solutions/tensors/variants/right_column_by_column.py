"""Goes through rows and columns one by one with tf.map_fn.

zh: 用 tf.map_fn 逐行逐列地处理
"""

import tensorflow as tf


def _dots(row, rows):
    return tf.map_fn(lambda other: tf.tensordot(row, other, axes=1), rows)


def gram(t):
    return tf.map_fn(lambda row: _dots(row, t), t)


def standardize_columns(t):
    return tf.transpose(tf.map_fn(_column, tf.transpose(t)))


def _column(column):
    return tf.cond(
        tf.reduce_max(column) > tf.reduce_min(column),
        lambda: _spread(column),
        lambda: tf.zeros_like(column),
    )


def _spread(column):
    centred = column - tf.reduce_mean(column)
    return centred / tf.sqrt(tf.reduce_mean(centred * centred))


def nearest_code(observation, codes):
    distances = tf.map_fn(lambda code: tf.norm(code - observation), codes)
    order = tf.argsort(distances, stable=True)
    return tf.cast(order[0], tf.int64)


def add_as(a, b):
    same_kind = tf.cast(b, dtype=a.dtype)
    return tf.add_n([a + tf.zeros_like(same_kind), same_kind + tf.zeros_like(a)])

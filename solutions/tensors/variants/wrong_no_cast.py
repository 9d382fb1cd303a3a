"""Expects TensorFlow to convert dtypes by itself.

zh: 以为 TensorFlow 会自动转换类型
fails: test_add_as, test_cast_before, test_gradients, test_in_graph
"""

import tensorflow as tf


def gram(t):
    return tf.matmul(t, t, transpose_b=True)


def standardize_columns(t):
    same = tf.reduce_all(t == t[:1], axis=0)
    centred = t - tf.reduce_mean(t, axis=0)
    deviation = tf.math.reduce_std(t, axis=0)
    scaled = centred / tf.where(same, tf.ones_like(deviation), deviation)
    return tf.where(same, tf.zeros_like(scaled), scaled)


def nearest_code(observation, codes):
    return tf.argmin(tf.reduce_sum((codes - observation) ** 2, axis=1))


def add_as(a, b):
    return a + b

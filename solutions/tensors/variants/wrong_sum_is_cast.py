"""Adds first and casts the sum.

zh: 先相加，再对和做类型转换
fails: test_cast_before
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
    return tf.cast(tf.cast(a, tf.float64) + tf.cast(b, tf.float64), a.dtype)

"""Adds a small number to the deviation to avoid NaN.

zh: 为避免 NaN，给标准差加了一个小数
fails: test_standardize, test_constant_columns, test_small_spread, test_gradients
"""

import tensorflow as tf


def gram(t):
    return tf.matmul(t, t, transpose_b=True)


def standardize_columns(t):
    deviation = tf.math.reduce_std(t, axis=0)
    return (t - tf.reduce_mean(t, axis=0)) / (deviation + 1e-7)


def nearest_code(observation, codes):
    return tf.argmin(tf.reduce_sum((codes - observation) ** 2, axis=1))


def add_as(a, b):
    return a + tf.cast(b, a.dtype)

"""Trusts the deviation of equal entries to come out as exactly 0.

zh: 以为元素全相等时算出的标准差必定恰好是 0
fails: test_constant_columns
"""

import tensorflow as tf


def gram(t):
    return tf.matmul(t, t, transpose_b=True)


def standardize_columns(t):
    mean, variance = tf.nn.moments(t, axes=[0])
    return tf.math.divide_no_nan(t - mean, tf.sqrt(variance))


def nearest_code(observation, codes):
    return tf.argmin(tf.reduce_sum((codes - observation) ** 2, axis=1))


def add_as(a, b):
    return a + tf.cast(b, a.dtype)

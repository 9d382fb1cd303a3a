"""Divides by the variance: the root is missing.

zh: 除以了方差：忘了开方
fails: test_standardize, test_constant_columns, test_small_spread, test_gradients
"""

import tensorflow as tf


def gram(t):
    return tf.matmul(t, t, transpose_b=True)


def standardize_columns(t):
    same = tf.reduce_all(t == t[:1], axis=0)
    mean, variance = tf.nn.moments(t, axes=[0])
    scaled = (t - mean) / tf.where(same, tf.ones_like(variance), variance)
    return tf.where(same, tf.zeros_like(scaled), scaled)


def nearest_code(observation, codes):
    return tf.argmin(tf.reduce_sum((codes - observation) ** 2, axis=1))


def add_as(a, b):
    return a + tf.cast(b, a.dtype)

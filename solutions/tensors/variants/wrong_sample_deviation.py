"""Divides by the sample deviation, with n - 1.

zh: 除以样本标准差（分母是 n - 1）
fails: test_standardize, test_constant_columns, test_small_spread, test_gradients
"""

import tensorflow as tf


def gram(t):
    return tf.matmul(t, t, transpose_b=True)


def standardize_columns(t):
    same = tf.reduce_all(t == t[:1], axis=0)
    centred = t - tf.reduce_mean(t, axis=0)
    count = tf.cast(tf.shape(t)[0], t.dtype)
    deviation = tf.sqrt(tf.reduce_sum(centred**2, axis=0) / (count - 1))
    scaled = centred / tf.where(same, tf.ones_like(deviation), deviation)
    return tf.where(same, tf.zeros_like(scaled), scaled)


def nearest_code(observation, codes):
    return tf.argmin(tf.reduce_sum((codes - observation) ** 2, axis=1))


def add_as(a, b):
    return a + tf.cast(b, a.dtype)

"""Computes tᵀ·t, the dot products of columns.

zh: 算的是 tᵀ·t，即列与列的点积
fails: test_gram, test_gradients
"""

import tensorflow as tf


def gram(t):
    return tf.matmul(t, t, transpose_a=True)


def standardize_columns(t):
    same = tf.reduce_all(t == t[:1], axis=0)
    centred = t - tf.reduce_mean(t, axis=0)
    deviation = tf.math.reduce_std(t, axis=0)
    scaled = centred / tf.where(same, tf.ones_like(deviation), deviation)
    return tf.where(same, tf.zeros_like(scaled), scaled)


def nearest_code(observation, codes):
    return tf.argmin(tf.reduce_sum((codes - observation) ** 2, axis=1))


def add_as(a, b):
    return a + tf.cast(b, a.dtype)

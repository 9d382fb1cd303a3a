"""Multiplies t with its transpose element by element.

zh: t 与它的转置逐元素相乘，而不是矩阵相乘
fails: test_gram, test_gradients, test_in_graph
"""

import tensorflow as tf


def gram(t):
    return t * tf.transpose(t)


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

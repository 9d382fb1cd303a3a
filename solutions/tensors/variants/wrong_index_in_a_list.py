"""Returns a vector of one index instead of a scalar.

zh: 返回含一个下标的向量，而不是标量
fails: test_nearest, test_ties
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
    distances = tf.norm(codes - observation, axis=1)
    return tf.where(distances == tf.reduce_min(distances))[0]


def add_as(a, b):
    return a + tf.cast(b, a.dtype)

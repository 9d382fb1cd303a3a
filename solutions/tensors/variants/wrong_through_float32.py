"""Everything takes a detour through float32.

zh: 所有计算都绕道 float32
fails: test_gram, test_standardize, test_add_as, test_cast_before, test_gradients
"""

import tensorflow as tf


def gram(t):
    x = tf.cast(t, tf.float32)
    return tf.cast(x @ tf.transpose(x), t.dtype)


def standardize_columns(t):
    x = tf.cast(t, tf.float32)
    same = tf.reduce_all(x == x[:1], axis=0)
    deviation = tf.math.reduce_std(x, axis=0)
    scaled = (x - tf.reduce_mean(x, axis=0)) / tf.where(same, tf.ones_like(deviation), deviation)
    return tf.cast(tf.where(same, tf.zeros_like(scaled), scaled), t.dtype)


def nearest_code(observation, codes):
    return tf.argmin(tf.reduce_sum((codes - observation) ** 2, axis=1))


def add_as(a, b):
    return tf.cast(tf.cast(a, tf.float32) + tf.cast(b, tf.float32), a.dtype)

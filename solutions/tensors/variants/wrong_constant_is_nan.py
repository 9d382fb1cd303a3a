"""Divides by the deviation whatever it is: NaN, or noise, for equal entries.

zh: 不管标准差是多少都直接相除：元素全相等的列得到 NaN 或噪声
fails: test_constant_columns
"""

import tensorflow as tf


def gram(t):
    return tf.matmul(t, t, transpose_b=True)


def standardize_columns(t):
    return (t - tf.reduce_mean(t, axis=0)) / tf.math.reduce_std(t, axis=0)


def nearest_code(observation, codes):
    return tf.argmin(tf.reduce_sum((codes - observation) ** 2, axis=1))


def add_as(a, b):
    return a + tf.cast(b, a.dtype)

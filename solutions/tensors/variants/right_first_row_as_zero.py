"""Measures columns from their first row, so that equal entries are exact zeros.

zh: 以第一行为零点来量各列，相等的元素于是恰好为零
"""

import tensorflow as tf


def gram(t):
    return tf.einsum("ik,jk->ij", t, t)


def standardize_columns(t):
    # Subtracting a number from itself is exact, whatever rounding does to a mean.
    shifted = t - t[0]
    shifted -= tf.reduce_mean(shifted, axis=0)
    return tf.math.divide_no_nan(shifted, tf.sqrt(tf.reduce_mean(tf.square(shifted), axis=0)))


def nearest_code(observation, codes):
    gaps = tf.math.squared_difference(codes, observation[tf.newaxis, :])
    return tf.math.argmin(tf.math.reduce_sum(gaps, axis=-1), axis=0, output_type=tf.int64)


def add_as(a, b):
    return tf.math.add(a, tf.dtypes.cast(b, dtype=a.dtype))

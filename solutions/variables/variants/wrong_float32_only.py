"""Casts to float32: a float64 variable refuses it.

zh: 转成了 float32：float64 的变量不接受
fails: test_ranks, test_set_column
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.assign(tf.cast(v, tf.float32) * tf.cast(factor, tf.float32))
    v.scatter_nd_update(indices, tf.cast(updates, tf.float32))


def set_column(v, j, values):
    v[:, j].assign(tf.cast(values, tf.float32))


def swap_rows(v, i, j):
    old_i, old_j = tf.identity(v[i]), tf.identity(v[j])
    v[i].assign(old_j)
    v[j].assign(old_i)

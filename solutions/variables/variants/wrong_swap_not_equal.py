"""Breaks down when i and j are equal.

zh: i 与 j 相等时出错
fails: test_swap_equal, test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.assign(v * factor)
    v.scatter_nd_update(indices, updates)


def set_column(v, j, values):
    v[:, j].assign(values)


def swap_rows(v, i, j):
    rows = tf.range(tf.shape(v)[0])
    others = tf.boolean_mask(rows, (rows != i) & (rows != j))
    order = tf.concat([[i, j], others], axis=0)
    moved = tf.concat([[j, i], others], axis=0)
    v.assign(tf.scatter_nd(order[:, tf.newaxis], tf.gather(v, moved), tf.shape(v)))

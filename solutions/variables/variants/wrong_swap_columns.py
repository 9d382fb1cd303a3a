"""Swaps columns instead of rows.

zh: 交换的是列，而不是行
fails: test_swap_rows, test_in_graph, test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.assign(v * factor)
    v.scatter_nd_update(indices, updates)


def set_column(v, j, values):
    v[:, j].assign(values)


def swap_rows(v, i, j):
    old_i, old_j = tf.identity(v[:, i]), tf.identity(v[:, j])
    v[:, i].assign(old_j)
    v[:, j].assign(old_i)

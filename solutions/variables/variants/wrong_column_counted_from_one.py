"""Counts columns from 1.

zh: 列号从 1 数起
fails: test_set_column, test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.assign(v * factor)
    v.scatter_nd_update(indices, updates)


def set_column(v, j, values):
    v[:, j - 1].assign(values)


def swap_rows(v, i, j):
    old_i, old_j = tf.identity(v[i]), tf.identity(v[j])
    v[i].assign(old_j)
    v[j].assign(old_i)

"""Adds the updates to what is there.

zh: 把更新值加到了原有的值上
fails: test_scale_and_patch, test_ranks, test_factors, test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.assign(v * factor)
    v.scatter_nd_add(indices, updates)


def set_column(v, j, values):
    v[:, j].assign(values)


def swap_rows(v, i, j):
    old_i, old_j = tf.identity(v[i]), tf.identity(v[j])
    v[i].assign(old_j)
    v[j].assign(old_i)

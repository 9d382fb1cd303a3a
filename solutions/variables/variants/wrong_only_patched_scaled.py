"""Scales only the places that are patched.

zh: 只缩放了要写入的那些位置
fails: test_scale_and_patch, test_ranks, test_factors, test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.scatter_nd_update(indices, tf.gather_nd(v, indices) * factor)
    v.scatter_nd_update(indices, updates)


def set_column(v, j, values):
    v[:, j].assign(values)


def swap_rows(v, i, j):
    old_i, old_j = tf.identity(v[i]), tf.identity(v[j])
    v[i].assign(old_j)
    v[j].assign(old_i)

"""Patches first: the updates are multiplied by the factor, too.

zh: 先写入再缩放：更新值也被乘上了系数
fails: test_scale_and_patch, test_ranks, test_factors, test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.scatter_nd_update(indices, updates)
    v.assign(v * factor)


def set_column(v, j, values):
    v[:, j].assign(values)


def swap_rows(v, i, j):
    old_i, old_j = tf.identity(v[i]), tf.identity(v[j])
    v[i].assign(old_j)
    v[j].assign(old_i)

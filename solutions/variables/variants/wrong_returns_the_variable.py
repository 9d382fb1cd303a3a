"""Returns what `assign` returns instead of None.

zh: 把 `assign` 的返回值返回了，而不是 None
fails: test_in_place
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    return v.assign(tf.tensor_scatter_nd_update(v * factor, indices, updates))


def set_column(v, j, values):
    return v[:, j].assign(values)


def swap_rows(v, i, j):
    old_i, old_j = tf.identity(v[i]), tf.identity(v[j])
    v[i].assign(old_j)
    return v[j].assign(old_i)

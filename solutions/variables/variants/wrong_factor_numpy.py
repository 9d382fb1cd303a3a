"""Asks the factor for its number, which a traced tensor hasn't got yet.

zh: 向系数要具体的数，而被追踪的张量还没有值
fails: test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    number = factor.numpy() if tf.is_tensor(factor) else factor
    v.assign(v * number)
    v.scatter_nd_update(indices, updates)


def set_column(v, j, values):
    v[:, j].assign(values)


def swap_rows(v, i, j):
    old_i, old_j = tf.identity(v[i]), tf.identity(v[j])
    v[i].assign(old_j)
    v[j].assign(old_i)

"""Writes into a transposed copy, which isn't the variable.

zh: 写进了转置后的副本，那并不是变量
fails: test_set_column, test_in_place, test_in_graph, test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.assign(v * factor)
    v.scatter_nd_update(indices, updates)


def set_column(v, j, values):
    columns = tf.Variable(tf.transpose(v), trainable=False)
    columns[j].assign(values)


def swap_rows(v, i, j):
    old_i, old_j = tf.identity(v[i]), tf.identity(v[j])
    v[i].assign(old_j)
    v[j].assign(old_i)

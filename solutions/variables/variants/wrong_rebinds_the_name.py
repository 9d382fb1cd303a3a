"""Gives the name v to a new tensor; the variable stays as it was.

zh: 只是让名字 v 指向新的张量，变量本身没有变
fails: test_scale_and_patch, test_ranks, test_factors, test_set_column, test_swap_rows,
    test_in_place, test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v = tf.tensor_scatter_nd_update(v * factor, indices, updates)


def set_column(v, j, values):
    v = tf.concat([v[:, :j], values[:, tf.newaxis], v[:, j + 1 :]], axis=1)


def swap_rows(v, i, j):
    rows = tf.range(tf.shape(v)[0])
    v = tf.gather(v, tf.where(rows == i, j, tf.where(rows == j, i, rows)))

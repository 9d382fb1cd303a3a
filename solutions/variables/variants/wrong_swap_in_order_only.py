"""Cuts the rows into pieces, which works only for i < j.

zh: 把各行切开再拼接，只有 i < j 时才对
fails: test_swap_rows, test_swap_equal, test_in_graph, test_called_again
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.assign(v * factor)
    v.scatter_nd_update(indices, updates)


def set_column(v, j, values):
    v[:, j].assign(values)


def swap_rows(v, i, j):
    pieces = [v[:i], v[j : j + 1], v[i + 1 : j], v[i : i + 1], v[j + 1 :]]
    v.assign(tf.concat(pieces, axis=0))

"""Loops over places and writes them one by one through slices.

zh: 对各个位置循环，通过切片逐个写入
"""

import tensorflow as tf


def scale_and_patch(v: tf.Variable, factor, indices: tf.Tensor, updates: tf.Tensor) -> None:
    """Scale, then write place by place."""
    v.assign(factor * v)
    for k in tf.range(tf.shape(indices)[0]):
        v.scatter_nd_update(indices[k : k + 1], updates[k : k + 1])


def set_column(v: tf.Variable, j, values: tf.Tensor) -> None:
    """Write row by row."""
    for i in tf.range(tf.shape(v)[0]):
        v[i, j].assign(values[i])


def _put_row(v, i, row):
    v[i, :].assign(row)


def swap_rows(v: tf.Variable, i, j) -> None:
    """Keep a copy of one row."""
    kept = v[i] + tf.zeros_like(v[i])
    _put_row(v, i, v[j])
    _put_row(v, j, kept)

"""Computes the new contents as a tensor and assigns them at once.

zh: 先算出新内容的张量，再一次性赋值
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    scaled = tf.multiply(v, factor)
    v.assign(tf.tensor_scatter_nd_update(scaled, indices, updates))


def set_column(v, j, values):
    here = tf.range(tf.shape(v)[1]) == j
    v.assign(tf.where(here, values[:, tf.newaxis], v))


def swap_rows(v, i, j):
    order = tf.range(tf.shape(v)[0])
    order = tf.tensor_scatter_nd_update(order, [[i], [j]], [j, i])
    v.assign(tf.gather(v, order))

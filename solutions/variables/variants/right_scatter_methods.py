"""Uses the variable's own scatter methods throughout.

zh: 全部使用变量自己的 scatter 系列方法
"""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    v.assign(tf.math.scalar_mul(factor, v))
    v.scatter_nd_update(indices=indices, updates=updates)


def set_column(v, j, values):
    rows = tf.range(tf.shape(v)[0])
    places = tf.stack([rows, tf.fill(tf.shape(rows), j)], axis=1)
    v.scatter_nd_update(places, values)


def swap_rows(v, i, j):
    rows = tf.gather(v, [j, i])
    v.scatter_update(tf.IndexedSlices(rows, tf.stack([i, j])))

"""Cuts the contents into pieces and puts them together anew, in a tf.function.

zh: 在 tf.function 里把内容切开再重新拼起来
"""

import tensorflow as tf


@tf.function
def _patched(scaled, indices, updates):
    mask = tf.scatter_nd(indices, tf.ones_like(updates), tf.shape(scaled, indices.dtype))
    new = tf.scatter_nd(indices, updates, tf.shape(scaled, indices.dtype))
    return tf.where(mask > 0, new, scaled)


def scale_and_patch(v, factor, indices, updates):
    v.assign(_patched(v * factor, indices, updates))


def set_column(v, j, values):
    v.assign(tf.concat([v[:, :j], values[:, None], v[:, j + 1 :]], axis=1))


def swap_rows(v, i, j):
    first, second = tf.minimum(i, j), tf.maximum(i, j)
    pieces = [v[:first], v[second : second + 1], v[first + 1 : second], v[first : first + 1]]
    if first != second:
        v.assign(tf.concat([*pieces, v[second + 1 :]], axis=0))

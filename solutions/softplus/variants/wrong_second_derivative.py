"""Gives the sigmoid's own derivative s(1 - s) where softplus's derivative, s, is due.

zh: 把 sigmoid 自己的导数 s(1 - s) 当成了 softplus 的导数 s
fails: test_gradient, test_upstream, test_in_graph, test_float64
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return (z + tf.abs(z)) / 2 + tf.math.log1p(tf.exp(-tf.abs(z)))


@tf.custom_gradient
def my_softplus(z):
    s = tf.sigmoid(z)
    return my_softplus_autodiff(z), lambda upstream: upstream * s * (1 - s)


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

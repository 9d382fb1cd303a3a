"""Computes 1 / exp(sqrt(z)) and its quotient-rule gradient: inf / inf = NaN for large z.

zh: 按 1 / exp(sqrt(z)) 计算，梯度用商法则：z 很大时 inf / inf = NaN
fails: test_inverse_gradient
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return (z + tf.abs(z)) / 2 + tf.math.log1p(tf.exp(-tf.abs(z)))


@tf.custom_gradient
def my_softplus(z):
    return my_softplus_autodiff(z), lambda upstream: upstream * tf.sigmoid(z)


@tf.custom_gradient
def inverse_sqrt_exp(z):
    e = tf.exp(tf.sqrt(z))

    def grad(upstream):
        return -upstream * e / (2 * tf.sqrt(z)) / tf.square(e)

    return 1 / e, grad

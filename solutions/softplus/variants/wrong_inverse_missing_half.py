"""Forgets the 1/2 from the derivative of the square root in `inverse_sqrt_exp`.

zh: 在 `inverse_sqrt_exp` 的梯度里漏掉了平方根求导产生的 1/2
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
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / tf.sqrt(z)

"""max(z, 0) + log1p(exp(-|z|)) under plain autodiff: the gradient at z = 0 is 1, not 1/2.

zh: 对 max(z, 0) + log1p(exp(-|z|)) 直接自动求导：z = 0 处的梯度是 1，而不是 1/2
fails: test_autodiff_gradient
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return tf.maximum(z, tf.zeros_like(z)) + tf.math.log1p(tf.exp(-tf.abs(z)))


@tf.custom_gradient
def my_softplus(z):
    return my_softplus_autodiff(z), lambda upstream: upstream * tf.sigmoid(z)


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

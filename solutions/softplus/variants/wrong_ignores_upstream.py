"""The custom gradient returns the derivative alone and drops the upstream gradient.

zh: 自定义梯度只返回导数，丢掉了上游梯度
fails: test_upstream
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return (z + tf.abs(z)) / 2 + tf.math.log1p(tf.exp(-tf.abs(z)))


@tf.custom_gradient
def my_softplus(z):
    def grad(upstream):
        return tf.sigmoid(z)

    return my_softplus_autodiff(z), grad


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

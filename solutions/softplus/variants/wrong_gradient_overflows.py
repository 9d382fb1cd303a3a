"""The custom gradient is exp(z) / (1 + exp(z)): inf / inf = NaN for large z.

zh: 自定义梯度写成 exp(z) / (1 + exp(z))：z 很大时 inf / inf = NaN
fails: test_gradient, test_float64
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return (z + tf.abs(z)) / 2 + tf.math.log1p(tf.exp(-tf.abs(z)))


@tf.custom_gradient
def my_softplus(z):
    def grad(upstream):
        return upstream * tf.exp(z) / (1 + tf.exp(z))

    return my_softplus_autodiff(z), grad


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

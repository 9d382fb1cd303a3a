"""Takes log(1 + exp(z)) literally: exp overflows and the value is inf for large z.

zh: 照搬 log(1 + exp(z))：z 很大时 exp 溢出，值变成 inf
fails: test_values, test_autodiff_values, test_autodiff_gradient, test_float64
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return tf.math.log(1 + tf.exp(z))


@tf.custom_gradient
def my_softplus(z):
    def grad(upstream):
        return upstream * tf.sigmoid(z)  # the gradient is made stable, the value is forgotten

    return tf.math.log(1 + tf.exp(z)), grad


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

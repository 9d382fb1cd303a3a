"""`inverse_sqrt_exp` drops the upstream gradient; the two softpluses are right.

zh: `inverse_sqrt_exp` 丢掉了上游梯度（两个 softplus 是对的）
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
    return value, lambda upstream: -value / (2 * tf.sqrt(z))

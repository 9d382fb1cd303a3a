"""relu(z) + log1p(exp(-|z|)): the value is stable, the automatic gradient at z = 0 is 0.

zh: relu(z) + log1p(exp(-|z|))：值是稳定的，但在 z = 0 处自动求得的梯度是 0
fails: test_autodiff_gradient
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return tf.nn.relu(z) + tf.math.log1p(tf.exp(-tf.abs(z)))


@tf.custom_gradient
def my_softplus(z):
    return my_softplus_autodiff(z), lambda upstream: upstream * tf.sigmoid(z)


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

"""`my_softplus_autodiff` is the custom-gradient function again, not stable without one.

zh: `my_softplus_autodiff` 又用了自定义梯度版，而不是靠自动微分就稳定的写法
fails: test_own_gradients
"""

import tensorflow as tf


@tf.custom_gradient
def my_softplus(z):
    value = tf.maximum(z, 0) + tf.math.log1p(tf.exp(-tf.abs(z)))
    return value, lambda upstream: upstream * tf.sigmoid(z)


def my_softplus_autodiff(z):
    return my_softplus(z)


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

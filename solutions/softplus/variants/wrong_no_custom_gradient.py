"""`my_softplus` is the autodiff version again: right numbers, no `tf.custom_gradient`.

zh: `my_softplus` 又是自动微分版：数值正确，但没有用 `tf.custom_gradient`
fails: test_own_gradients
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return (z + tf.abs(z)) / 2 + tf.math.log1p(tf.exp(-tf.abs(z)))


def my_softplus(z):
    return my_softplus_autodiff(z)


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

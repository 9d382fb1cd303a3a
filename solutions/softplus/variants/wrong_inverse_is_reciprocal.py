"""Reads "inverse sqrt" as 1/sqrt(z): computes exp(-1 / sqrt(z)).

zh: 把 "inverse sqrt" 理解成 1/sqrt(z)，算成了 exp(-1 / sqrt(z))
fails: test_inverse_values, test_inverse_gradient
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return (z + tf.abs(z)) / 2 + tf.math.log1p(tf.exp(-tf.abs(z)))


@tf.custom_gradient
def my_softplus(z):
    return my_softplus_autodiff(z), lambda upstream: upstream * tf.sigmoid(z)


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.math.rsqrt(z))
    return value, lambda upstream: upstream * value / (2 * z * tf.sqrt(z))

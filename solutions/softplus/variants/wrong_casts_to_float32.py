"""Casts every input to float32: float64 comes back as float32, with half of its digits.

zh: 把输入一律转成 float32：float64 输入得到 float32 结果，丢掉一半的位数
fails: test_float64, test_inverse_values, test_inverse_gradient
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    z = tf.cast(z, tf.float32)
    return (z + tf.abs(z)) / 2 + tf.math.log1p(tf.exp(-tf.abs(z)))


@tf.custom_gradient
def _softplus(z):
    return my_softplus_autodiff(z), lambda upstream: upstream * tf.sigmoid(z)


def my_softplus(z):
    return _softplus(tf.cast(z, tf.float32))


@tf.custom_gradient
def _inverse(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))


def inverse_sqrt_exp(z):
    return _inverse(tf.cast(z, tf.float32))

"""Clips z to [-80, 80] against overflow: softplus(10000) becomes 80, and its gradient 0.

zh: 为防溢出把 z 截断到 [-80, 80]：softplus(10000) 变成 80，自动求得的梯度变成 0
fails: test_values, test_autodiff_values, test_autodiff_gradient, test_float64
"""

import tensorflow as tf


def my_softplus_autodiff(z):
    return tf.math.log1p(tf.exp(tf.clip_by_value(z, -80, 80)))


@tf.custom_gradient
def my_softplus(z):
    return my_softplus_autodiff(z), lambda upstream: upstream * tf.sigmoid(z)


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

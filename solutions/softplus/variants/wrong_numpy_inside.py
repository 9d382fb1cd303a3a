"""Computes with NumPy inside: right when run eagerly, impossible in a traced function.

zh: 内部用 NumPy 计算：立即执行时正确，在被追踪的函数里无法工作
fails: test_in_graph, test_own_gradients
"""

import numpy as np
import tensorflow as tf


def my_softplus_autodiff(z):
    return (z + tf.abs(z)) / 2 + tf.math.log1p(tf.exp(-tf.abs(z)))


@tf.custom_gradient
def my_softplus(z):
    size = np.abs(z)

    def grad(upstream):
        return upstream * tf.sigmoid(z)

    return tf.constant(np.maximum(z, 0) + np.log1p(np.exp(-size))), grad


@tf.custom_gradient
def inverse_sqrt_exp(z):
    value = tf.exp(-tf.sqrt(z))
    return value, lambda upstream: -upstream * value / (2 * tf.sqrt(z))

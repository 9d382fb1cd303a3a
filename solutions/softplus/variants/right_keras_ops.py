"""Written with `keras.ops`: beyond |z| = 40 the asymptotes, between them the textbook formula.

zh: 用 `keras.ops` 实现：|z| 超过 40 时用渐近线，中间用教科书公式
"""

import tensorflow as tf
from keras import ops


def my_softplus_autodiff(z):
    z = ops.convert_to_tensor(z)
    # At 40 the two differ by exp(-40) = 4e-18, less than float64 can show beside 40.
    middle = ops.log1p(ops.exp(ops.clip(z, -40.0, 40.0)))
    return ops.where(z > 40, z, ops.where(z < -40, ops.zeros_like(z), middle))


@tf.custom_gradient
def my_softplus(z):
    value = my_softplus_autodiff(z)

    def chain(upstream):
        return ops.multiply(upstream, ops.sigmoid(z))

    return value, chain


@tf.custom_gradient
def inverse_sqrt_exp(z):
    root = ops.sqrt(z)
    value = ops.exp(ops.negative(root))

    def chain(upstream):
        return ops.multiply(upstream, ops.divide(value, -2 * root))

    return value, chain

"""Softplus twice, once with a gradient of its own, and exp(-√z) with one, too.

All three take a float tensor `z` of any shape and give a tensor of the same shape and dtype.
"""

import tensorflow as tf


# BEGIN SOLUTION
@tf.custom_gradient
# END SOLUTION
def my_softplus(z):
    """Softplus, log(1 + exp(z)), with a hand-written gradient (through `tf.custom_gradient`).

    Args:
        z: float tensor (float32 or float64) of any shape, |z| up to 10⁴.

    Returns:
        Tensor of z's shape and dtype. Value and gradient are finite and right for every such z,
        0 included, and the gradient honours the upstream gradient (chain rule).
    """
    # BEGIN SOLUTION
    # exp never sees a positive number, so it can't overflow.
    value = tf.maximum(z, 0.0) + tf.math.log1p(tf.exp(-tf.abs(z)))

    def gradient(upstream):
        return upstream * tf.sigmoid(z)

    return value, gradient
    # END SOLUTION


def my_softplus_autodiff(z):
    """Softplus, log(1 + exp(z)), whose gradient is left to automatic differentiation.

    Args:
        z: float tensor (float32 or float64) of any shape, |z| up to 10⁴.

    Returns:
        Tensor of z's shape and dtype. Value and gradient are finite and right for every such z,
        0 included, although no gradient is written by hand.
    """
    # BEGIN SOLUTION
    # max(z, 0) is (z + |z|) / 2. Written so, its slope at 0 is the wanted 1/2: the gradient of
    # abs at 0 is 0 in both places, where tf.maximum would have to choose between 0 and 1.
    magnitude = tf.abs(z)
    return 0.5 * (z + magnitude) + tf.math.log1p(tf.exp(-magnitude))
    # END SOLUTION


# BEGIN SOLUTION
@tf.custom_gradient
# END SOLUTION
def inverse_sqrt_exp(z):
    """exp(-√z) with a hand-written gradient (through `tf.custom_gradient`).

    Args:
        z: float tensor (float32 or float64) of any shape, entries between 0 (excluded) and 10⁴.

    Returns:
        Tensor of z's shape and dtype; its gradient honours the upstream gradient (chain rule).
    """
    # BEGIN SOLUTION
    root = tf.sqrt(z)
    value = tf.exp(-root)

    def gradient(upstream):
        return upstream * -value / (2.0 * root)

    return value, gradient
    # END SOLUTION

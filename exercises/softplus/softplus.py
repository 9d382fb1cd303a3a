"""Softplus twice, once with a gradient of its own, and exp(-√z) with one, too.

All three take a float tensor `z` of any shape and give a tensor of the same shape and dtype.
"""

import tensorflow as tf


def my_softplus(z):
    """Softplus, log(1 + exp(z)), with a hand-written gradient (through `tf.custom_gradient`).

    Args:
        z: float tensor (float32 or float64) of any shape, |z| up to 10⁴.

    Returns:
        Tensor of z's shape and dtype. Value and gradient are finite and right for every such z,
        0 included, and the gradient honours the upstream gradient (chain rule).
    """
    raise NotImplementedError


def my_softplus_autodiff(z):
    """Softplus, log(1 + exp(z)), whose gradient is left to automatic differentiation.

    Args:
        z: float tensor (float32 or float64) of any shape, |z| up to 10⁴.

    Returns:
        Tensor of z's shape and dtype. Value and gradient are finite and right for every such z,
        0 included, although no gradient is written by hand.
    """
    raise NotImplementedError


def inverse_sqrt_exp(z):
    """exp(-√z) with a hand-written gradient (through `tf.custom_gradient`).

    Args:
        z: float tensor (float32 or float64) of any shape, entries between 0 (excluded) and 10⁴.

    Returns:
        Tensor of z's shape and dtype; its gradient honours the upstream gradient (chain rule).
    """
    raise NotImplementedError

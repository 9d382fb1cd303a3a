"""Three recurrences written with `tf.TensorArray` inside `tf.function`."""

import tensorflow as tf


def smooth(x, alpha):
    """Smooth `x` exponentially along axis 0: s₀ = x₀, sᵢ = α·xᵢ + (1-α)·sᵢ₋₁.

    Args:
        x: float tensor (float32 or float64) of shape (n, ...), n ≥ 1, any trailing shape.
        alpha: Python float, or a scalar tensor or `tf.Variable` of x's dtype, between 0 and 1.

    Returns:
        Tensor of x's shape and dtype. Gradients flow to `x` and to `alpha`.
        Calls with ever new lengths n cause no new trace after the second length.
    """
    raise NotImplementedError


def collatz(n):
    """List the Collatz sequence from `n` down to 1 (halve even numbers; odd m becomes 3m + 1).

    Args:
        n: Python int or scalar int64 tensor, n ≥ 1.

    Returns:
        int64 tensor of shape (length,), first entry n, last entry 1. The length isn't known
        beforehand: the `tf.TensorArray` grows as needed.
    """
    raise NotImplementedError


def running_max(x):
    """Give, for every row, the element-wise maximum of all rows up to and including it.

    Args:
        x: float tensor (float32 or float64) of shape (n, ...), n ≥ 1, any trailing shape.

    Returns:
        Tensor of x's shape and dtype.
        Calls with ever new lengths n cause no new trace after the second length.
    """
    raise NotImplementedError

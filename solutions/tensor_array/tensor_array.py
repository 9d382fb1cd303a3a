"""Three recurrences written with `tf.TensorArray` inside `tf.function`."""

import tensorflow as tf


# BEGIN SOLUTION
@tf.function(reduce_retracing=True)
def _smooth(x, alpha):
    rows = tf.shape(x)[0]
    state = x[0]
    states = tf.TensorArray(x.dtype, size=rows).write(0, state)
    for i in tf.range(1, rows):
        state = alpha * x[i] + (1 - alpha) * state
        states = states.write(i, state)
    return states.stack()


# END SOLUTION
def smooth(x, alpha):
    """Smooth `x` exponentially along axis 0: s₀ = x₀, sᵢ = α·xᵢ + (1-α)·sᵢ₋₁.

    Args:
        x: float tensor (float32 or float64) of shape (n, ...), n ≥ 1, any trailing shape.
        alpha: Python float, or a scalar tensor or `tf.Variable` of x's dtype, between 0 and 1.

    Returns:
        Tensor of x's shape and dtype. Gradients flow to `x` and to `alpha`.
        Calls with ever new lengths n cause no new trace after the second length.
    """
    # BEGIN SOLUTION
    x = tf.convert_to_tensor(x)
    # As a tensor, so that Python floats don't cause a trace each; straight to x's dtype, because
    # a detour through float32 would cost digits.
    return _smooth(x, tf.convert_to_tensor(alpha, x.dtype))
    # END SOLUTION


# BEGIN SOLUTION
@tf.function(input_signature=[tf.TensorSpec([], tf.int64)])
def _collatz(n):
    numbers = tf.TensorArray(tf.int64, size=0, dynamic_size=True)
    while n > 1:
        numbers = numbers.write(numbers.size(), n)
        n = tf.where(n % 2 == 0, n // 2, 3 * n + 1)
    return numbers.write(numbers.size(), n).stack()


# END SOLUTION
def collatz(n):
    """List the Collatz sequence from `n` down to 1 (halve even numbers; odd m becomes 3m + 1).

    Args:
        n: Python int or scalar int64 tensor, n ≥ 1.

    Returns:
        int64 tensor of shape (length,), first entry n, last entry 1. The length isn't known
        beforehand: the `tf.TensorArray` grows as needed.
    """
    # BEGIN SOLUTION
    return _collatz(tf.cast(n, tf.int64))
    # END SOLUTION


# BEGIN SOLUTION
@tf.function(reduce_retracing=True)
def _running_max(x):
    rows = tf.shape(x)[0]
    top = x[0]
    tops = tf.TensorArray(x.dtype, size=rows).write(0, top)
    for i in tf.range(1, rows):
        top = tf.maximum(top, x[i])
        tops = tops.write(i, top)
    return tops.stack()


# END SOLUTION
def running_max(x):
    """Give, for every row, the element-wise maximum of all rows up to and including it.

    Args:
        x: float tensor (float32 or float64) of shape (n, ...), n ≥ 1, any trailing shape.

    Returns:
        Tensor of x's shape and dtype.
        Calls with ever new lengths n cause no new trace after the second length.
    """
    # BEGIN SOLUTION
    return _running_max(tf.convert_to_tensor(x))
    # END SOLUTION

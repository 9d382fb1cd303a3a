"""Six exercises in what `tf.function` does with Python code.

Each symbol may be a `tf.function` itself, or a plain function or object around one.
"""

import tensorflow as tf


# BEGIN SOLUTION
@tf.function
def _cube(x):
    return x**3


# END SOLUTION
def tf_cube(x):
    """Compute x³ in a `tf.function`.

    Args:
        x: float tensor (float32 or float64) of any shape, or a Python number.

    Returns:
        Tensor of x's shape and dtype; for a Python number a scalar tensor of any number type.
        Ever new Python numbers don't cause a new trace each.
    """
    # BEGIN SOLUTION
    # As a tensor the number is an input of the graph, not a part of it.
    return _cube(tf.convert_to_tensor(x))
    # END SOLUTION


# BEGIN SOLUTION
@tf.function(input_signature=[tf.TensorSpec([None, 28, 28], tf.float32)])
# END SOLUTION
def shrink(images):
    """Keep every second row and every second column of 28 × 28 images.

    Args:
        images: float32 tensor of shape (batch, 28, 28), any batch size.

    Returns:
        float32 tensor of shape (batch, 14, 14): `images[:, ::2, ::2]`.

    Raises:
        TypeError or ValueError: images of any other shape (the input signature sees to that).
        One trace is enough for every batch size.
    """
    # BEGIN SOLUTION
    return images[:, ::2, ::2]
    # END SOLUTION


# BEGIN SOLUTION
@tf.function
def _sum_even(x, n):
    total = tf.zeros_like(x)
    for i in tf.range(n):
        if i % 2 == 0:
            total += tf.cast(i, x.dtype) * x
    return total


# END SOLUTION
def sum_even(x, n):
    """Sum i·x over the even numbers i with 0 ≤ i < n, in a loop that is part of the graph.

    Args:
        x: scalar tensor, float32 or float64.
        n: Python int or scalar int32 tensor, n ≥ 0.

    Returns:
        Scalar tensor of x's dtype, 0 when there is nothing to add. For x of one dtype there is
        one trace, whatever n is and in whichever form it comes.
    """
    # BEGIN SOLUTION
    return _sum_even(x, tf.convert_to_tensor(n, tf.int32))
    # END SOLUTION


# BEGIN SOLUTION
@tf.function
# END SOLUTION
def dice():
    """Throw a die.

    Returns:
        Scalar integer tensor from 1 to 6, all equally likely; a new throw on every call, also
        of a graph that this function was traced into.
    """
    # BEGIN SOLUTION
    return tf.random.uniform([], minval=1, maxval=7, dtype=tf.int32)
    # END SOLUTION


class Counter:
    """Counts its own calls; each object for itself, from 0, in one `tf.Variable`."""

    def __init__(self):
        """Start at 0."""
        # BEGIN SOLUTION
        self._count = tf.Variable(0)
        # END SOLUTION

    def __call__(self):
        """Add 1 and return the count, a scalar integer tensor; also when traced into a graph."""
        # BEGIN SOLUTION
        self._count.assign_add(1)
        return self._count.read_value()
        # END SOLUTION


# BEGIN SOLUTION
@tf.function(jit_compile=True)
# END SOLUTION
def fused(a, b, c):
    """Compute Σ(a·b + c), compiled by XLA.

    Args:
        a, b, c: float tensors of equal shape and dtype (float32 or float64).

    Returns:
        Scalar tensor of that dtype: the sum of a·b + c over all elements.
    """
    # BEGIN SOLUTION
    return tf.reduce_sum(a * b + c)
    # END SOLUTION

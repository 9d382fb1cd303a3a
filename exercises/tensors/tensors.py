"""Four small computations on tensors, written with TensorFlow operations only."""

import tensorflow as tf


def gram(t):
    """Multiply a matrix with its own transpose: t·tᵀ.

    Args:
        t: float tensor (float32 or float64) of shape (m, n).

    Returns:
        Tensor of shape (m, m) and of t's dtype: entry (i, j) is the dot product of rows i and j.
        Works inside `tf.function`; gradients flow to `t`.
    """
    raise NotImplementedError


def standardize_columns(t):
    """Shift and scale every column to mean 0 and standard deviation 1.

    The standard deviation is that of the population: the root of the *mean* squared deviation.

    Args:
        t: float tensor (float32 or float64) of shape (n, d), n ≥ 1.

    Returns:
        Tensor of t's shape and dtype. A column whose entries are all equal becomes exactly 0,
        whatever the entries are, never NaN. A column of small entries that differ, of about 1e-6
        say, is standardized like any other.
        Works inside `tf.function`; gradients flow to `t`.
    """
    raise NotImplementedError


def nearest_code(observation, codes):
    """Find the row of `codes` that is nearest to `observation` (Euclidean distance).

    Args:
        observation: float tensor (float32 or float64) of shape (d,).
        codes: tensor of the same dtype and of shape (k, d), k ≥ 1.

    Returns:
        Scalar int64 tensor: the index of the nearest row, the first of them on ties.
        Works inside `tf.function`.
    """
    raise NotImplementedError


def add_as(a, b):
    """Add two tensors whose dtypes may differ; the sum has a's dtype.

    Args:
        a: tensor of any integer or float dtype.
        b: tensor of any integer or float dtype, of a shape that can be added to a's.

    Returns:
        a + b in a's dtype. `b` is cast to that dtype first, as `tf.cast` does it (a fraction is
        cut off when a float becomes an integer). Works inside `tf.function`; gradients flow to
        both when both are floats, each in its own dtype.
    """
    raise NotImplementedError

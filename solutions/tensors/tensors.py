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
    # BEGIN SOLUTION
    return tf.matmul(t, t, transpose_b=True)
    # END SOLUTION


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
    # BEGIN SOLUTION
    # A mean can be off by a rounding error, which would make tiny differences out of equal
    # entries. Relative to the first row, equal entries are exactly 0, and so is their mean.
    shifted = t - t[:1]
    centred = shifted - tf.reduce_mean(shifted, axis=0)
    return tf.math.divide_no_nan(centred, tf.math.reduce_std(shifted, axis=0))
    # END SOLUTION


def nearest_code(observation, codes):
    """Find the row of `codes` that is nearest to `observation` (Euclidean distance).

    Args:
        observation: float tensor (float32 or float64) of shape (d,).
        codes: tensor of the same dtype and of shape (k, d), k ≥ 1.

    Returns:
        Scalar int64 tensor: the index of the nearest row, the first of them on ties.
        Works inside `tf.function`.
    """
    # BEGIN SOLUTION
    # The root would change no comparison, so it is left out.
    distances = tf.reduce_sum(tf.math.squared_difference(codes, observation), axis=1)
    return tf.argmin(distances)
    # END SOLUTION


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
    # BEGIN SOLUTION
    return a + tf.cast(b, a.dtype)
    # END SOLUTION

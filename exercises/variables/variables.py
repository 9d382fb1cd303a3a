"""Three functions that change a `tf.Variable` in place."""

import tensorflow as tf


def scale_and_patch(v, factor, indices, updates):
    """Multiply `v` by `factor`, then write `updates` to single places of it, in place.

    Args:
        v: `tf.Variable` of float32 or float64, of any rank from 1 up.
        factor: Python number, or scalar tensor of v's dtype.
        indices: int32 or int64 tensor of shape (k, rank of v): one place per row, none twice, as
            `scatter_nd_update` takes them.
        updates: tensor of shape (k,) and of v's dtype, written as they are, not scaled.

    Returns:
        None. Works inside `tf.function`, too.
    """
    raise NotImplementedError


def set_column(v, j, values):
    """Write `values` to column `j` of `v`, in place.

    Args:
        v: `tf.Variable` of float32 or float64, of shape (n, d).
        j: Python int or scalar int32 tensor, 0 ≤ j < d.
        values: tensor of shape (n,) and of v's dtype.

    Returns:
        None. Works inside `tf.function`, too.
    """
    raise NotImplementedError


def swap_rows(v, i, j):
    """Swap rows `i` and `j` of `v`, in place; nothing changes when i = j.

    Args:
        v: `tf.Variable` of float32 or float64, of shape (n, d).
        i, j: Python ints or scalar int32 tensors, 0 ≤ i, j < n.

    Returns:
        None. Works inside `tf.function`, too.
    """
    raise NotImplementedError

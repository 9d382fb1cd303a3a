"""Strings, ragged and sparse tensors, sets and a queue: TensorFlow's other data structures."""

import tensorflow as tf


def char_lengths(s):
    """Count the characters of every string.

    Args:
        s: string tensor of shape (n,), encoded in UTF-8.

    Returns:
        Integer tensor (int32 or int64) of shape (n,): how many characters (Unicode code points)
        each string has, not how many bytes.
    """
    raise NotImplementedError


def codepoints(s):
    """List the Unicode code points of every string.

    Args:
        s: string tensor of shape (n,), encoded in UTF-8.

    Returns:
        `tf.RaggedTensor` of integers with n rows: row i has one entry per character of string i,
        none when it is empty.
    """
    raise NotImplementedError


def sparse_row_sums(sp):
    """Add up the entries of every row.

    Args:
        sp: `tf.SparseTensor` of float32 or float64, of dense shape (n, d), its entries in
            row-major order.

    Returns:
        Dense tensor of shape (n,) and of sp's dtype. A row without entries has the sum 0.
    """
    raise NotImplementedError


def common(a, b):
    """Intersect the rows of `a` and `b`, each row taken as a set, with `tf.sets`.

    Args:
        a: tensor of int32, int64 or strings, of shape (n, p).
        b: tensor of a's dtype, of shape (n, q).

    Returns:
        `tf.SparseTensor` with n rows, of a's dtype, as `tf.sets` gives it: row i holds the elements
        that row i of `a` and row i of `b` have in common, each of them once.
    """
    raise NotImplementedError


def by_priority(priorities, names):
    """Order names by priority, through a `tf.queue.PriorityQueue`.

    Args:
        priorities: int64 tensor of shape (n,), n ≥ 1, all different; they may be negative.
        names: string tensor of shape (n,).

    Returns:
        String tensor of shape (n,): the names, that of the smallest priority first.
    """
    raise NotImplementedError

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
    # BEGIN SOLUTION
    return tf.strings.length(s, unit="UTF8_CHAR")
    # END SOLUTION


def codepoints(s):
    """List the Unicode code points of every string.

    Args:
        s: string tensor of shape (n,), encoded in UTF-8.

    Returns:
        `tf.RaggedTensor` of integers with n rows: row i has one entry per character of string i,
        none when it is empty.
    """
    # BEGIN SOLUTION
    return tf.strings.unicode_decode(s, "UTF-8")
    # END SOLUTION


def sparse_row_sums(sp):
    """Add up the entries of every row.

    Args:
        sp: `tf.SparseTensor` of float32 or float64, of dense shape (n, d), its entries in
            row-major order.

    Returns:
        Dense tensor of shape (n,) and of sp's dtype. A row without entries has the sum 0.
    """
    # BEGIN SOLUTION
    return tf.sparse.reduce_sum(sp, axis=1)
    # END SOLUTION


def common(a, b):
    """Intersect the rows of `a` and `b`, each row taken as a set, with `tf.sets`.

    Args:
        a: tensor of int32, int64 or strings, of shape (n, p).
        b: tensor of a's dtype, of shape (n, q).

    Returns:
        `tf.SparseTensor` with n rows, of a's dtype, as `tf.sets` gives it: row i holds the elements
        that row i of `a` and row i of `b` have in common, each of them once.
    """
    # BEGIN SOLUTION
    return tf.sets.intersection(a, b)
    # END SOLUTION


def by_priority(priorities, names):
    """Order names by priority, through a `tf.queue.PriorityQueue`.

    Args:
        priorities: int64 tensor of shape (n,), n ≥ 1, all different; they may be negative.
        names: string tensor of shape (n,).

    Returns:
        String tensor of shape (n,): the names, that of the smallest priority first.
    """
    # BEGIN SOLUTION
    count = tf.size(priorities)
    # Room for all of them: a full queue would make the next enqueue wait for ever.
    queue = tf.queue.PriorityQueue(capacity=int(count), types=[tf.string], shapes=[()])
    queue.enqueue_many((priorities, names))
    _, ordered = queue.dequeue_many(count)
    return ordered
    # END SOLUTION

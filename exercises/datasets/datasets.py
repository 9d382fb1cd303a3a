"""Datasets with `tf.data`: a chain of transformations, shuffling, slices, and splits by percent."""

import tensorflow as tf


def chained(n):
    """Repeat, batch, double and filter the numbers from 0 to n-1, in this order.

    Args:
        n: Python int, n ≥ 1.

    Returns:
        `tf.data.Dataset` of one-dimensional integer tensors (any integer dtype): the numbers 0…n-1
        three times over, in batches of 7 (the last one may be smaller), every number doubled, and
        of these batches only the ones whose sum is greater than 50.
    """
    raise NotImplementedError


def shuffled(n, buffer_size, seed, reshuffle):
    """Shuffle the numbers from 0 to n-1 through a buffer.

    Args:
        n: Python int, n ≥ 1.
        buffer_size: Python int, at least 1; may be larger than n. So many numbers wait in the
            buffer; each number that comes out is drawn from them at random, and the next one of
            0…n-1 takes its place.
        seed: Python int, 0 ≤ seed < 2³¹. Datasets made with the same arguments give the same
            orders: the same in the first iteration, the same in the second, and so on.
        reshuffle: Python bool. True: every iteration over the dataset has a new order. False: all
            of them have the same.

    Returns:
        `tf.data.Dataset` of scalar integers (any integer dtype), each of 0…n-1 exactly once in an
        iteration.
    """
    raise NotImplementedError


def nested_slices(structure):
    """Slice every tensor of a structure along its first axis.

    Args:
        structure: a tensor, or dicts (with string keys) and tuples of tensors, nested in any way.
            All tensors have the same number n ≥ 1 of rows; dtypes and the other axes may differ.

    Returns:
        `tf.data.Dataset` of n elements. Element i has the same nesting as `structure`, with row i
        of each tensor (in its dtype) in the tensor's place.
    """
    raise NotImplementedError


def split(dataset, spec):
    """Take the part of a dataset that a percentage slice names.

    Args:
        dataset: `tf.data.Dataset` whose `cardinality()` is known: n ≥ 1 elements of any kind.
        spec: string like `train[:90%]`, `train[25%:75%]` or `train[90%:]`: `train`, then two bounds
            in brackets. A bound is an integer from 0 to 100 with a percent sign; the first is not
            above the second. A missing first bound means 0%, a missing second one 100%.

    Returns:
        `tf.data.Dataset` of the elements in positions floor(n·a/100), …, floor(n·b/100) - 1, in
        their order, where a and b are the bounds; empty when there are none.
    """
    raise NotImplementedError

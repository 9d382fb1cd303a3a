"""Squares."""

import tensorflow as tf


def square(x: tf.Tensor) -> tf.Tensor:
    """Return x times x, in x's shape and dtype."""
    # BEGIN SOLUTION
    return x * x
    # END SOLUTION

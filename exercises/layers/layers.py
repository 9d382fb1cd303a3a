"""Four layers without weights: one input, several inputs and outputs, and one that knows training.

They only have to work in the process they are made in; saving them isn't part of this exercise.
"""

import keras
import tensorflow as tf


def exponential_layer():
    """Return a new layer that computes e^x of each element of its input.

    Returns:
        A `keras.layers.Layer`, another one at every call of this function. It takes a float32
        tensor (or a symbolic input) of any shape and gives one of the same shape.
    """
    raise NotImplementedError


class MyMultiLayer(keras.layers.Layer):
    """Two inputs, three outputs: sum, product and quotient."""

    def call(self, inputs):
        """Compute the three outputs.

        Args:
            inputs: ONE argument, a tuple or a list of two tensors x1 and x2 of equal shape.

        Returns:
            Tuple (or list) of three tensors of that shape: x1 + x2, x1 * x2, x1 / x2.
        """
        raise NotImplementedError


class CustomConcat(keras.layers.Layer):
    """Joins its inputs along one axis.

    Args:
        axis: int, the axis to join along; -1, the last one, by default. Axis 0 is the batch.
    """

    def __init__(self, axis=-1, **kwargs):
        """Keep `axis`; `kwargs` (`name`, …) are Keras's."""
        raise NotImplementedError

    def call(self, inputs):
        """Join the inputs.

        Args:
            inputs: ONE argument, a tuple or a list of two or more tensors whose shapes agree in
                every axis but `axis`.

        Returns:
            One tensor: the inputs one after another along `axis`, in the order given.
        """
        raise NotImplementedError


class MyGaussianNoise(keras.layers.Layer):
    """Adds noise to its input during training, and does nothing at any other time.

    Args:
        stddev: Python number >= 0, the standard deviation of the noise.
    """

    def __init__(self, stddev, **kwargs):
        """Keep `stddev`; `kwargs` (`name`, …) are Keras's."""
        raise NotImplementedError

    def call(self, inputs, training=None):
        """Add noise, if `training` is True.

        Args:
            inputs: float32 tensor of any shape; the batch's size may be unknown while tracing.
            training: True in `fit`, False in `evaluate` and `predict`, None if nobody said.

        Returns:
            Tensor of the same shape: `inputs` plus normal noise of mean 0, drawn anew for every
            element at every call (of a traced function, too); or just `inputs`.
        """
        raise NotImplementedError

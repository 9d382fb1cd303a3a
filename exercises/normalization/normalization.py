"""A preprocessing layer that learns each feature's mean and deviation before the training."""

import keras
import numpy as np
import tensorflow as tf


class MyNormalization(keras.layers.Layer):
    """Shifts and scales every feature by a mean and a deviation that `adapt` has measured.

    The statistics are a part of the layer's state: they are saved with a model that holds the
    layer, and are there again when another process loads it without `custom_objects`. For that the
    class has to be registered with `keras.utils.register_keras_serializable`.

    Args:
        **kwargs: whatever every Keras layer takes (`name`, ...).
    """

    def build(self, input_shape):
        """Makes room for the statistics of d features; Keras calls this before the first `call`.

        It is here because most solutions need it: one that doesn't may leave it out.

        Args:
            input_shape: tuple (None, d).
        """
        raise NotImplementedError

    def adapt(self, data):
        """Measures the mean and the population deviation of each feature, over all rows.

        May be called before the layer has been built or after, and again: the statistics are always
        those of the last call's data alone.

        Args:
            data: a NumPy array of shape (n, d), float32, or a `tf.data.Dataset` whose elements are
                batches of shape (b, d), float32, with b different from batch to batch.
        """
        raise NotImplementedError

    def call(self, inputs):
        """Returns (inputs - mean) / deviation, feature by feature.

        A feature that was constant in the data gives 0 for this constant, and something finite for
        any other number.

        Args:
            inputs: (batch, d) float32 tensor.

        Returns:
            (batch, d) float32 tensor.
        """
        raise NotImplementedError

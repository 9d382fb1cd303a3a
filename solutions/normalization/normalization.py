"""A preprocessing layer that learns each feature's mean and deviation before the training."""

import keras
import numpy as np
import tensorflow as tf


# BEGIN SOLUTION
# Registered, so that a process that has only imported this module finds the class by its name.
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
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
        # BEGIN SOLUTION
        shape = (input_shape[-1],)
        # Weights are saved with a model, and a graph reads them anew; these aren't trained.
        self.mean = self.add_weight(name="mean", shape=shape, initializer="zeros", trainable=False)
        self.std = self.add_weight(name="std", shape=shape, initializer="ones", trainable=False)
        # END SOLUTION

    def adapt(self, data):
        """Measures the mean and the population deviation of each feature, over all rows.

        May be called before the layer has been built or after, and again: the statistics are always
        those of the last call's data alone.

        Args:
            data: a NumPy array of shape (n, d), float32, or a `tf.data.Dataset` whose elements are
                batches of shape (b, d), float32, with b different from batch to batch.
        """
        # BEGIN SOLUTION
        # In float64: sums of many float32 numbers are as good as exact.
        count, mean, squares = 0, 0.0, 0.0
        for batch in data if isinstance(data, tf.data.Dataset) else [data]:
            rows = np.asarray(batch, dtype="float64")
            batch_mean = rows.mean(axis=0)
            apart = batch_mean - mean
            total = count + len(rows)
            squares += np.square(rows - batch_mean).sum(axis=0)
            squares += np.square(apart) * count * len(rows) / total
            mean += apart * len(rows) / total
            count = total
        if not self.built:
            self.build((None, len(mean)))
        self.mean.assign(mean)
        self.std.assign(np.sqrt(squares / count))
        # END SOLUTION

    def call(self, inputs):
        """Returns (inputs - mean) / deviation, feature by feature.

        A feature that was constant in the data gives 0 for this constant, and something finite for
        any other number.

        Args:
            inputs: (batch, d) float32 tensor.

        Returns:
            (batch, d) float32 tensor.
        """
        # BEGIN SOLUTION
        return tf.math.divide_no_nan(inputs - self.mean, self.std)
        # END SOLUTION

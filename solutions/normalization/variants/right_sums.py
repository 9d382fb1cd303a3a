"""Adds up numbers, sums and squares in float64, batch by batch.

zh: 逐批用 float64 累计行数、总和与平方和
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf


class _Sums:
    """What has to be known of rows that are gone."""

    def __init__(self) -> None:
        self.rows, self.sum, self.squares = 0, 0.0, 0.0

    def add(self, batch: np.ndarray) -> None:
        wide = batch.astype(np.float64)
        self.rows += wide.shape[0]
        self.sum = self.sum + wide.sum(axis=0)
        self.squares = self.squares + (wide**2).sum(axis=0)

    def moments(self) -> tuple[np.ndarray, np.ndarray]:
        mean = self.sum / self.rows
        return mean, np.maximum(self.squares / self.rows - mean**2, 0)


@keras.utils.register_keras_serializable()
class MyNormalization(keras.Layer):
    def build(self, input_shape: tuple[int | None, int]) -> None:
        self.moments = self.add_weight(
            shape=(2, input_shape[1]), initializer="zeros", trainable=False, name="moments"
        )

    def adapt(self, data: np.ndarray | tf.data.Dataset) -> None:
        sums = _Sums()
        batches = data.as_numpy_iterator() if hasattr(data, "as_numpy_iterator") else [data]
        for batch in batches:
            sums.add(batch)
        found = np.stack(sums.moments())
        if not self.built:
            self.build((None, found.shape[1]))
        self.moments.assign(found.astype("float32"))

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        mean, variance = tf.unstack(self.moments, axis=0)
        return (inputs - mean) * tf.math.rsqrt(variance + 1e-12)

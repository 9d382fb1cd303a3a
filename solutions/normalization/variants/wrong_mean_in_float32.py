"""Counts in float32: the mean of a constant 0.1 is a neighbour of 0.1.

zh: 用 float32 累计：恒为 0.1 的特征，均值却不是 0.1
fails: test_inexact_constant
"""

import keras
import numpy as np
import tensorflow as tf


@keras.utils.register_keras_serializable(package="course")
class MyNormalization(keras.layers.Layer):
    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.mean = self.add_weight(name="mean", shape=shape, initializer="zeros", trainable=False)
        self.std = self.add_weight(name="std", shape=shape, initializer="ones", trainable=False)

    def adapt(self, data):
        batches = data if isinstance(data, tf.data.Dataset) else [data]
        rows = np.concatenate([np.asarray(batch) for batch in batches])
        mean, std = rows.mean(axis=0), rows.std(axis=0)
        if not self.built:
            self.build((None, len(mean)))
        self.mean.assign(mean)
        self.std.assign(std)

    def call(self, inputs):
        return (inputs - self.mean) / (self.std + keras.backend.epsilon())

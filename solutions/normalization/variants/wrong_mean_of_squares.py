"""Takes the mean of squares minus the square of the mean in float32.

zh: 用 float32 计算“平方的均值减去均值的平方”
fails: test_inexact_constant, test_far
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
        mean = rows.mean(axis=0)
        variance = np.square(rows).mean(axis=0) - np.square(mean)
        std = np.sqrt(np.maximum(variance, 0))
        if not self.built:
            self.build((None, len(mean)))
        self.mean.assign(mean)
        self.std.assign(std)

    def call(self, inputs):
        return (inputs - self.mean) / (self.std + keras.backend.epsilon())

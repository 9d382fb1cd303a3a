"""Draws with NumPy: a traced function gets the same noise for ever.

zh: 用 NumPy 抽取：追踪后的函数永远是同一份噪声
fails: test_noise_statistics, test_noise_new
"""

import keras
import numpy as np
import tensorflow as tf


def exponential_layer():
    return keras.layers.Lambda(lambda x: tf.exp(x))


class MyMultiLayer(keras.layers.Layer):
    def call(self, inputs):
        x1, x2 = inputs
        return x1 + x2, x1 * x2, x1 / x2


class CustomConcat(keras.layers.Layer):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs):
        return tf.concat(inputs, axis=self.axis)


class MyGaussianNoise(keras.layers.Layer):
    def __init__(self, stddev, **kwargs):
        super().__init__(**kwargs)
        self.stddev = stddev

    def call(self, inputs, training=None):
        if training:
            noise = np.random.normal(0, self.stddev, size=inputs.shape[1:])
            return inputs + tf.constant(noise, inputs.dtype)
        return inputs

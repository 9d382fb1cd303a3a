"""Draws the noise in build and adds the same numbers for ever.

zh: 噪声在 build 里抽取一次，以后总是加同样的数
fails: test_noise_statistics, test_noise_new
"""

import keras
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

    def build(self, input_shape):
        self.noise = tf.random.normal(input_shape[1:], stddev=self.stddev)

    def call(self, inputs, training=None):
        if training:
            return inputs + self.noise
        return inputs

"""Uses a fixed seed of the stateless kind: the same noise at every call.

zh: 无状态随机数用了固定种子：每次都是同一份噪声
fails: test_noise_new
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

    def call(self, inputs, training=None):
        if training:
            noise = tf.random.stateless_normal(tf.shape(inputs), seed=(4, 2), stddev=self.stddev)
            return inputs + noise
        return inputs

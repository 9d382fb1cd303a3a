"""Computes the exponential with NumPy: no symbolic inputs, no gradient.

zh: 用 NumPy 计算指数：不能接符号输入，也没有梯度
fails: test_exponential, test_exponential_new
"""

import keras
import numpy as np
import tensorflow as tf


def exponential_layer():
    return keras.layers.Lambda(lambda x: tf.constant(np.exp(x.numpy())))


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
            noise = tf.random.normal(tf.shape(inputs), stddev=self.stddev)
            return inputs + noise
        return inputs

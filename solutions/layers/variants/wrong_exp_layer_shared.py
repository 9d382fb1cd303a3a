"""Makes the layer once: every call returns the same object.

zh: 层只创建了一次：每次调用返回同一个对象
fails: test_exponential_new
"""

import keras
import tensorflow as tf

_LAYER = keras.layers.Lambda(lambda x: tf.exp(x))


def exponential_layer():
    return _LAYER


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

"""A power of e, a reciprocal, transposed concatenation; stateless noise with a new seed each call.

zh: e 的幂、倒数、先转置再拼接；噪声用无状态随机数，每次调用换新种子
"""

import keras
import tensorflow as tf


def exponential_layer():
    class Exp(keras.layers.Layer):
        """A class made anew at every call."""

        def call(self, inputs):
            return tf.pow(tf.cast(2.718281828459045, inputs.dtype), inputs)

    return Exp()


class MyMultiLayer(keras.Layer):
    def call(self, inputs, training=None):
        x1, x2 = inputs
        results = {"sum": x1 + x2, "product": x1 * x2, "quotient": x1 * (1 / x2)}
        return tuple(results.values())


class CustomConcat(keras.Layer):
    """Brings the axis to the front, joins there, and brings it back."""

    def __init__(self, axis=-1, name=None):
        super().__init__(name=name)
        self.axis = axis

    def call(self, inputs):
        rank = len(inputs[0].shape)
        axes = list(range(rank))
        axes.insert(0, axes.pop(self.axis))
        joined = tf.concat([tf.transpose(x, axes) for x in inputs], axis=0)
        return tf.transpose(joined, [axes.index(k) for k in range(rank)])


class MyGaussianNoise(keras.Layer):
    def __init__(self, stddev, name=None):
        super().__init__(name=name)
        self.stddev = stddev

    def call(self, inputs, training=None):
        seed = tf.random.uniform([2], maxval=2**30, dtype=tf.int32)
        noise = tf.random.stateless_normal(tf.shape(inputs), seed, stddev=self.stddev)
        return inputs + tf.cast(bool(training), inputs.dtype) * noise

"""A named activation, a loop that concatenates pairs, a stateful tf.random.Generator.

zh: 用按名字指定的激活函数、逐对拼接的循环和有状态的 tf.random.Generator
"""

import functools

import tensorflow as tf
from tensorflow import keras


def exponential_layer() -> keras.layers.Layer:
    return keras.layers.Activation("exponential")


class MyMultiLayer(tf.keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = (tf.add, tf.multiply, tf.divide)

    @tf.function
    def call(self, inputs):
        return tuple(part(*inputs) for part in self.parts)


class CustomConcat(tf.keras.layers.Layer):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs):
        return functools.reduce(lambda x, y: tf.concat([x, y], self.axis), inputs)


class MyGaussianNoise(tf.keras.layers.Layer):
    def __init__(self, stddev, **kwargs):
        super().__init__(**kwargs)
        self.stddev = stddev
        self.generator = tf.random.Generator.from_non_deterministic_state()

    def call(self, inputs, training=None):
        print("noise" if training else "no noise")  # a leftover of debugging
        if training is None:
            training = False
        noise = self.generator.normal(tf.shape(inputs), stddev=self.stddev)
        return tf.where(training, inputs + noise, inputs)

"""Layers of its own for everything, in `keras.ops`, with a SeedGenerator for the noise.

zh: 每一层都自己定义，用 `keras.ops` 写成，噪声用 SeedGenerator 产生
"""

import keras
from keras import ops


class Exponential(keras.layers.Layer):
    def call(self, x):
        return ops.exp(x)

    def compute_output_shape(self, input_shape):
        return input_shape


def exponential_layer():
    return Exponential()


class MyMultiLayer(keras.layers.Layer):
    def call(self, inputs):
        left, right = inputs[0], inputs[1]
        return [ops.add(left, right), ops.multiply(left, right), ops.divide(left, right)]

    def compute_output_shape(self, input_shape):
        return [tuple(input_shape[0])] * 3


class CustomConcat(keras.layers.Layer):
    def __init__(self, axis: int = -1, **kwargs):
        super().__init__(**kwargs)
        self._joiner = keras.layers.Concatenate(axis=axis)

    def call(self, inputs):
        return self._joiner(list(inputs))


class MyGaussianNoise(keras.layers.Layer):
    def __init__(self, stddev: float, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.stddev = float(stddev)
        self.seeds = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        if not training or self.stddev == 0:
            return inputs
        return inputs + keras.random.normal(
            ops.shape(inputs), mean=0.0, stddev=self.stddev, seed=self.seeds
        )

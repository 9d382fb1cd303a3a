"""Everything in `keras.ops`; truncated normal numbers, their standard deviation corrected.

zh: 全部用 `keras.ops` 写成；初始值取截断正态分布，并校正了标准差
"""

import math

import keras
from keras import ops

# What cutting off a normal distribution at two standard deviations leaves of its deviation.
_LEFT = 0.87962566103423978


@keras.saving.register_keras_serializable(package="kit", name="swish")
def my_swish(z):
    z = ops.convert_to_tensor(z)
    return ops.multiply(z, ops.sigmoid(z))


def _kernel(shape, variance, dtype):
    stddev = math.sqrt(variance) / _LEFT
    return keras.random.truncated_normal(tuple(shape), 0.0, stddev, dtype=dtype)


@keras.saving.register_keras_serializable(package="kit", name="glorot")
def my_glorot_initializer(shape, dtype=None):
    places = math.prod(shape[:-2])
    return _kernel(shape, 2 / (places * (shape[-2] + shape[-1])), dtype)


@keras.saving.register_keras_serializable(package="kit", name="he")
def my_he_normal(shape, dtype=None):
    return _kernel(shape, 2 / math.prod(shape[:-1]), dtype)


@keras.saving.register_keras_serializable(package="kit", name="l1")
def my_l1_regularizer(w):
    return ops.sum(ops.abs(w)) * 0.01


@keras.saving.register_keras_serializable(package="kit", name="l2")
def my_l2_regularizer(w):
    return ops.sum(ops.square(w)) * 0.01


@keras.saving.register_keras_serializable(package="kit", name="positive")
def my_positive_weights(w):
    return ops.maximum(w, 0)


@keras.saving.register_keras_serializable(package="kit", name="L1")
class MyL1Regularizer(keras.Regularizer):
    def __init__(self, factor: float):
        self.factor = float(factor)

    def __call__(self, w):
        return ops.sum(ops.abs(w)) * self.factor

    def get_config(self) -> dict:
        return {"factor": self.factor}

"""Divides by the sum of the fans, not by their mean: √(1 / (fan_in + fan_out)).

zh: 少了系数 2：用了 √(1 / (fan_in + fan_out))
fails: test_glorot
"""

import keras
import tensorflow as tf

register = keras.utils.register_keras_serializable(package="parts")


def fans(shape):
    receptive_field = 1
    for size in shape[:-2]:
        receptive_field *= size
    return shape[-2] * receptive_field, shape[-1] * receptive_field


@register
def my_swish(z):
    return z * tf.math.sigmoid(z)


@register
def my_glorot_initializer(shape, dtype=None):
    fan_in, fan_out = fans(shape)
    stddev = (1.0 / (fan_in + fan_out)) ** 0.5
    return tf.random.normal(shape, stddev=stddev, dtype=dtype or "float32")


@register
def my_he_normal(shape, dtype=None):
    fan_in, _ = fans(shape)
    stddev = (2.0 / fan_in) ** 0.5
    return tf.random.normal(shape, stddev=stddev, dtype=dtype or "float32")


@register
def my_l1_regularizer(w):
    return 0.01 * tf.reduce_sum(tf.abs(w))


@register
def my_l2_regularizer(w):
    return 0.01 * tf.reduce_sum(tf.square(w))


@register
def my_positive_weights(w):
    return tf.nn.relu(w)


@register
class MyL1Regularizer(keras.regularizers.Regularizer):
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, w):
        return self.factor * tf.reduce_sum(tf.abs(w))

    def get_config(self):
        return {"factor": self.factor}

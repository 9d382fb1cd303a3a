"""tanh instead of the sigmoid, norms instead of sums, a stateless generator; registered at the end.

zh: 用 tanh 代替 sigmoid，用范数代替求和，用无状态随机数；在模块末尾统一注册
"""

import keras
import numpy as np
import tensorflow as tf


@tf.function
def _swish(z):
    half = z / 2
    return half + half * tf.tanh(half)


def my_swish(z):
    return _swish(z)


def _random_normal(shape, variance, dtype):
    """Radius and angle of points in the plane (Box and Muller), from uniform numbers."""
    dtype = tf.as_dtype("float32" if dtype is None else dtype)
    size = tf.concat([[2], tf.constant(shape, tf.int32)], axis=0)
    u = tf.random.uniform(size, minval=np.finfo("float32").tiny, dtype=dtype)
    radius = tf.sqrt(-2.0 * tf.math.log(u[0]))
    return tf.cast(np.sqrt(variance), dtype) * radius * tf.cos(tf.cast(2 * np.pi, dtype) * u[1])


def my_glorot_initializer(shape, dtype=None):
    kernel = np.empty(shape)
    inputs, outputs = kernel[..., 0].size, kernel[..., 0, :].size
    return _random_normal(shape, 2 / (inputs + outputs), dtype)


def my_he_normal(shape, dtype=None):
    return _random_normal(shape, 2 / np.prod(shape[:-1]), dtype)


def my_l1_regularizer(w):
    return tf.norm(tf.convert_to_tensor(w), ord=1) / 100


def my_l2_regularizer(w):
    w = tf.reshape(tf.convert_to_tensor(w), [-1])
    return tf.tensordot(w, w, 1) / 100


def my_positive_weights(w):
    w = tf.convert_to_tensor(w)
    return (w + tf.abs(w)) / 2


class MyL1Regularizer(keras.regularizers.Regularizer):
    def __init__(self, factor):
        self._settings = {"factor": factor}

    def __call__(self, w):
        w = tf.convert_to_tensor(w)
        return tf.reduce_sum(tf.where(w > 0, w, -w)) * self._settings["factor"]

    def get_config(self):
        return dict(self._settings)


for _part in (
    my_swish,
    my_glorot_initializer,
    my_he_normal,
    my_l1_regularizer,
    my_l2_regularizer,
    my_positive_weights,
    MyL1Regularizer,
):
    keras.utils.register_keras_serializable("components")(_part)

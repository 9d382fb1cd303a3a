"""Decorates everything, and lets small plain functions convert the arguments.

zh: 处处用装饰器，参数由普通的小函数转换
"""

import tensorflow as tf


@tf.function
def _power_of_three(x: tf.Tensor) -> tf.Tensor:
    print("tracing tf_cube for", x)
    return x**3


def tf_cube(x) -> tf.Tensor:
    """A Python number becomes a tensor before the tf.function sees it."""
    return _power_of_three(x if tf.is_tensor(x) else tf.constant(float(x)))


@tf.function(input_signature=[tf.TensorSpec(shape=(None, 28, 28), dtype=tf.float32)])
def shrink(images: tf.Tensor) -> tf.Tensor:
    return tf.strided_slice(images, [0, 0, 0], tf.shape(images), strides=[1, 2, 2])


@tf.function
def _add_up(x: tf.Tensor, n: tf.Tensor) -> tf.Tensor:
    total = tf.cast(0, x.dtype)
    i = tf.constant(0)
    while i < n:
        total = total + tf.cast(i, x.dtype) * x
        i += 2
    return total


def sum_even(x: tf.Tensor, n) -> tf.Tensor:
    return _add_up(x, tf.cast(n, tf.int32))


@tf.function
def dice() -> tf.Tensor:
    return tf.random.uniform(shape=(), minval=1, maxval=7, dtype=tf.int64)


class Counter:
    def __init__(self):
        self._value = tf.Variable(0, dtype=tf.int64, trainable=False)

    @tf.function
    def __call__(self) -> tf.Tensor:
        return tf.identity(self._value.assign_add(1))


@tf.function(jit_compile=True)
def fused(a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) -> tf.Tensor:
    product = tf.multiply(a, b)
    return tf.math.reduce_sum(tf.add(product, c))

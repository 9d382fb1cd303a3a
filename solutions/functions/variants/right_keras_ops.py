"""Written with `keras.ops` and Keras's random numbers.

zh: 用 `keras.ops` 和 Keras 的随机数实现
"""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

_SEEDS = keras.random.SeedGenerator()


@tf.function(reduce_retracing=True)
def _cube(x):
    return ops.multiply(x, ops.square(x))


def tf_cube(x):
    if isinstance(x, int | float | np.number):
        x = np.float32(x)
    return _cube(ops.convert_to_tensor(x))


@tf.function(input_signature=(tf.TensorSpec((None, 28, 28), "float32"),))
def _shrink(images):
    pairs = ops.reshape(images, (-1, 14, 2, 14, 2))
    return pairs[:, :, 0, :, 0]


def shrink(images):
    return _shrink(images)


def sum_even(x, n):
    return _loop(x, tf.constant(n) if isinstance(n, int) else n)


@tf.function(reduce_retracing=True)
def _loop(x, n):
    total = ops.zeros_like(x)
    for i in tf.range(n):
        if tf.equal(i % 2, 1):
            continue
        total = total + ops.cast(i, x.dtype) * x
    return total


def dice():
    return 1 + keras.random.randint((), 0, 6, seed=_SEEDS)


class Counter:
    def __init__(self):
        self.variable = tf.Variable(0, dtype="int32")
        print("a counter is made")

    def __call__(self):
        with tf.control_dependencies([self.variable.assign_add(1)]):
            return tf.identity(self.variable)


def fused(a, b, c):
    return _fused(a, b, c)


def _sum(a, b, c):
    return ops.sum(ops.add(ops.multiply(a, b), c))


_fused = tf.function(_sum, jit_compile=True)

"""Throws with NumPy: while tracing it becomes a constant.

zh: 用 NumPy 掷骰子：追踪时就成了常量
fails: test_dice_traced
"""

import numpy as np
import tensorflow as tf


@tf.function(reduce_retracing=True)
def _cube(x):
    return x * x * x


def tf_cube(x):
    return _cube(tf.convert_to_tensor(x))


@tf.function(input_signature=[tf.TensorSpec([None, 28, 28], tf.float32)])
def shrink(images):
    return images[:, ::2, ::2]


@tf.function
def _sum_even(x, n):
    total = tf.zeros_like(x)
    for i in tf.range(n):
        if i % 2 == 0:
            total += tf.cast(i, x.dtype) * x
    return total


def sum_even(x, n):
    return _sum_even(x, tf.convert_to_tensor(n, tf.int32))


def dice():
    return tf.constant(np.random.randint(1, 7))


class Counter:
    def __init__(self):
        self.count = tf.Variable(0)

    def __call__(self):
        self.count.assign_add(1)
        return self.count.read_value()


@tf.function(jit_compile=True)
def fused(a, b, c):
    return tf.reduce_sum(a * b + c)

"""Makes a new `tf.function` on every call.

zh: 每次调用都新建一个 `tf.function`
fails: test_cube_traces
"""

import tensorflow as tf


def tf_cube(x):
    return tf.function(lambda t: t**3)(tf.convert_to_tensor(x))


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
    return tf.random.uniform([], 1, 7, tf.int32)


class Counter:
    def __init__(self):
        self.count = tf.Variable(0)

    def __call__(self):
        self.count.assign_add(1)
        return self.count.read_value()


@tf.function(jit_compile=True)
def fused(a, b, c):
    return tf.reduce_sum(a * b + c)

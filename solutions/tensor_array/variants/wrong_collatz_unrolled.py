"""Hands the Python int n to the tf.function as it is, so the loop of collatz is unrolled.

zh: 把 Python 整数 n 原样传给 tf.function，collatz 的循环在追踪时就被展开了
fails: test_collatz_loop
"""

import functools

import tensorflow as tf


@functools.cache
def _compiled(step, dtype, trailing):
    row = tf.TensorSpec([None, *trailing], dtype)

    @tf.function(input_signature=[row, tf.TensorSpec([], dtype)])
    def run(x, alpha):
        n = tf.shape(x)[0]
        array = tf.TensorArray(dtype, n)
        last = x[0]
        for i in tf.range(n):
            last = step(last, x[i], alpha)
            array = array.write(i, last)
        return array.stack()

    return run


def _blend(last, row, alpha):
    return last + alpha * (row - last)


def _larger(last, row, alpha):
    return tf.maximum(last, row)


def smooth(x, alpha):
    x = tf.convert_to_tensor(x)
    return _compiled(_blend, x.dtype, tuple(x.shape[1:]))(x, tf.convert_to_tensor(alpha, x.dtype))


def running_max(x):
    x = tf.convert_to_tensor(x)
    return _compiled(_larger, x.dtype, tuple(x.shape[1:]))(x, tf.zeros([], x.dtype))


@tf.function
def collatz(n):
    numbers = tf.TensorArray(tf.int64, 0, dynamic_size=True)
    place = 0
    while n > 1:
        numbers = numbers.write(place, tf.cast(n, tf.int64))
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        place += 1
    return numbers.write(place, tf.cast(n, tf.int64)).stack()

"""Starts smoothing from 0 instead of from the first value.

zh: 平滑从 0 开始，而不是从第一个值开始
fails: test_smooth_values, test_smooth_alpha, test_smooth_gradient
"""

import tensorflow as tf


def smooth(x, alpha):
    x = tf.convert_to_tensor(x)
    return _smooth(x, tf.convert_to_tensor(alpha, x.dtype))


@tf.function(reduce_retracing=True)
def _smooth(x, alpha):
    n = tf.shape(x)[0]
    array = tf.TensorArray(x.dtype, size=n)
    state = tf.zeros_like(x[0])
    for i in tf.range(n):
        state = alpha * x[i] + (1 - alpha) * state
        array = array.write(i, state)
    return array.stack()


def collatz(n):
    return _collatz(tf.cast(n, tf.int64))


@tf.function(input_signature=[tf.TensorSpec([], tf.int64)])
def _collatz(n):
    array = tf.TensorArray(tf.int64, size=0, dynamic_size=True)
    i = 0
    while n > 1:
        array = array.write(i, n)
        n = tf.where(n % 2 == 0, n // 2, 3 * n + 1)
        i += 1
    return array.write(i, n).stack()


@tf.function(reduce_retracing=True)
def running_max(x):
    n = tf.shape(x)[0]
    array = tf.TensorArray(x.dtype, size=n)
    top = x[0]
    for i in tf.range(n):
        top = tf.maximum(top, x[i])
        array = array.write(i, top)
    return array.stack()

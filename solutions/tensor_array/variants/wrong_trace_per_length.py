"""A plain tf.function with one signature per shape: every new length is traced again.

zh: 按具体形状追踪：每来一种新长度就重新追踪一次
fails: test_smooth_traces, test_running_max_traces
"""

import functools

import tensorflow as tf


def smooth(x, alpha):
    x = tf.convert_to_tensor(x)
    return _smoother(tuple(x.shape), x.dtype)(x, tf.convert_to_tensor(alpha, x.dtype))


@functools.cache
def _smoother(shape, dtype):
    @tf.function(input_signature=[tf.TensorSpec(shape, dtype), tf.TensorSpec([], dtype)])
    def run(x, alpha):
        array = tf.TensorArray(dtype, size=shape[0])
        state = x[0]
        array = array.write(0, state)
        for i in tf.range(1, shape[0]):
            state = alpha * x[i] + (1 - alpha) * state
            array = array.write(i, state)
        return array.stack()

    return run


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


@functools.cache
def _maximizer(shape, dtype):
    @tf.function(input_signature=[tf.TensorSpec(shape, dtype)])
    def run(x):
        array = tf.TensorArray(dtype, size=shape[0])
        top = x[0]
        for i in tf.range(shape[0]):
            top = tf.maximum(top, x[i])
            array = array.write(i, top)
        return array.stack()

    return run


def running_max(x):
    x = tf.convert_to_tensor(x)
    return _maximizer(tuple(x.shape), x.dtype)(x)

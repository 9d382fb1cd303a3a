"""Takes the running maximum along the last axis instead of axis 0.

zh: 沿最后一轴而不是第 0 轴求累积最大值
fails: test_running_max_values
"""

import tensorflow as tf


def smooth(x, alpha):
    x = tf.convert_to_tensor(x)
    return _smooth(x, tf.convert_to_tensor(alpha, x.dtype))


@tf.function(reduce_retracing=True)
def _smooth(x, alpha):
    n = tf.shape(x)[0]
    array = tf.TensorArray(x.dtype, size=n)
    state = x[0]
    array = array.write(0, state)
    for i in tf.range(1, n):
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
    last = tf.rank(x) - 1
    forward = tf.concat([[last], tf.range(last)], 0)
    back = tf.concat([tf.range(1, last + 1), [0]], 0)
    x = tf.transpose(x, forward)
    n = tf.shape(x)[0]
    array = tf.TensorArray(x.dtype, size=n)
    top = x[0]
    for i in tf.range(n):
        top = tf.maximum(top, x[i])
        array = array.write(i, top)
    return tf.transpose(array.stack(), back)

"""Lets `tf.scan` do the recurrence.

zh: 让 `tf.scan` 代做递推
fails: test_smooth_values, test_smooth_alpha, test_smooth_gradient, test_running_max_values,
    test_smooth_traces, test_running_max_traces, test_loops
"""

import tensorflow as tf


@tf.function(reduce_retracing=True)
def _smooth(x, alpha):
    return tf.scan(lambda state, row: alpha * row + (1 - alpha) * state, x)


def smooth(x, alpha):
    x = tf.convert_to_tensor(x)
    return _smooth(x, tf.convert_to_tensor(alpha, x.dtype))


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
    return tf.scan(tf.maximum, x)

"""Leaves the running maximum to NumPy: it can't be traced, and there is no loop in the graph.

zh: 累积最大值交给 NumPy：不能被追踪，计算图里也没有循环
fails: test_running_max_traces, test_loops
"""

import numpy as np
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


def running_max(x):
    return tf.constant(np.maximum.accumulate(x.numpy(), axis=0))

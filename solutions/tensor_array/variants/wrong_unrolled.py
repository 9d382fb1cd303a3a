"""Loops with Python's range over the length: the graph is unrolled, one copy per element.

zh: 用 Python 的 range 按长度循环：计算图被展开，每个元素一份
fails: test_smooth_traces, test_running_max_traces, test_loops
"""

import tensorflow as tf


@tf.function
def _smooth(x, alpha):
    n = x.shape[0]
    array = tf.TensorArray(x.dtype, size=n)
    state = x[0]
    array = array.write(0, state)
    for i in range(1, n):
        state = alpha * x[i] + (1 - alpha) * state
        array = array.write(i, state)
    return array.stack()


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


@tf.function
def running_max(x):
    array = tf.TensorArray(x.dtype, size=x.shape[0])
    top = x[0]
    for i in range(x.shape[0]):
        top = tf.maximum(top, x[i])
        array = array.write(i, top)
    return array.stack()

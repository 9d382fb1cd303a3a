"""Stops before the final 1 is written in `collatz`.

zh: `collatz` 没有写入最后的 1 就停了
fails: test_collatz_values, test_collatz_large
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
    return array.stack()


@tf.function(reduce_retracing=True)
def running_max(x):
    n = tf.shape(x)[0]
    array = tf.TensorArray(x.dtype, size=n)
    top = x[0]
    for i in tf.range(n):
        top = tf.maximum(top, x[i])
        array = array.write(i, top)
    return array.stack()

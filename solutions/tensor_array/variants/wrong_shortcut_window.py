"""Replaces the loop in `running_max` by a broadcast triangle: no TensorArray, no While.

zh: `running_max` 用广播三角矩阵代替循环：没有 TensorArray，也没有 While
fails: test_loops
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
    n = tf.shape(x)[0]
    seen = tf.range(n)[None, :] <= tf.range(n)[:, None]
    seen = tf.reshape(seen, tf.concat([[n, n], tf.ones([tf.rank(x) - 1], tf.int32)], 0))
    return tf.reduce_max(tf.where(seen, x[None], x.dtype.min), axis=1)

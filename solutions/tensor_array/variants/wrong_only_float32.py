"""Makes the arrays float32 whatever x is: float64 input is refused or loses digits.

zh: 无论 x 是什么类型，数组都用 float32：float64 输入丢失精度
fails: test_smooth_alpha, test_smooth_gradient, test_running_max_values
"""

import tensorflow as tf


def smooth(x, alpha):
    return _smooth(tf.cast(x, tf.float32), tf.cast(alpha, tf.float32))


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
    return _running_max(tf.cast(x, tf.float32))


@tf.function(reduce_retracing=True)
def _running_max(x):
    n = tf.shape(x)[0]
    array = tf.TensorArray(x.dtype, size=n)
    top = x[0]
    for i in tf.range(n):
        top = tf.maximum(top, x[i])
        array = array.write(i, top)
    return array.stack()

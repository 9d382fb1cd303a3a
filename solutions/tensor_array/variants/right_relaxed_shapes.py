"""Plain loops under `tf.function(reduce_retracing=True)`: no trace after the second length.

zh: 给普通循环加上 `tf.function(reduce_retracing=True)`：第二种长度之后不再追踪
"""

import tensorflow as tf


@tf.function(reduce_retracing=True)
def _smooth(x, alpha):
    count = tf.shape(x)[0]
    state = x[0]
    array = tf.TensorArray(x.dtype, count).write(0, state)
    for i in tf.range(1, count):
        state = state + alpha * (x[i] - state)
        array = array.write(i, state)
    return array.stack()


def smooth(x, alpha):
    x = tf.convert_to_tensor(x)
    # A tensor, not a Python number: every new Python number would be traced anew.
    if not tf.is_tensor(alpha) and not isinstance(alpha, tf.Variable):
        alpha = tf.constant(alpha, x.dtype)
    return _smooth(x, tf.cast(alpha, x.dtype))


@tf.function(reduce_retracing=True)
def _collatz(n):
    array = tf.TensorArray(tf.int64, 0, dynamic_size=True)
    going = tf.constant(True)
    while going:
        array = array.write(array.size(), n)
        going = n > 1
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    return array.stack()


def collatz(n):
    return _collatz(tf.cast(n, tf.int64))


@tf.function(reduce_retracing=True)
def running_max(x):
    count = tf.shape(x)[0]
    array = tf.TensorArray(x.dtype, count)
    array = array.write(0, x[0])
    largest = x[0]
    for i in tf.range(1, count):
        largest = tf.where(x[i] > largest, x[i], largest)
        array = array.write(i, largest)
    return array.stack()

"""Flattens the trailing axes to one, so that a single input signature fits every shape.

zh: 先把后面的各轴压成一轴，于是同一个 input_signature 适合所有形状
"""

import tensorflow as tf

_FUNCTIONS = {}


def _kernels(dtype):
    """Three traced functions per dtype, made at the first call with it."""
    if dtype not in _FUNCTIONS:
        table, scalar = tf.TensorSpec([None, None], dtype), tf.TensorSpec([], dtype)

        @tf.function(input_signature=[table, scalar])
        def smooth_table(x, alpha):
            result = tf.TensorArray(dtype, size=tf.shape(x)[0])
            state = x[0]
            for i in tf.range(tf.shape(x)[0]):
                if i > 0:
                    state = alpha * x[i] + (1 - alpha) * state
                result = result.write(i, state)
            return result.stack()

        @tf.function(input_signature=[table])
        def max_table(x):
            result = tf.TensorArray(dtype, size=tf.shape(x)[0])
            best = x[0]
            for i in tf.range(tf.shape(x)[0]):
                best = tf.maximum(best, x[i])
                result = result.write(i, best)
            return result.stack()

        _FUNCTIONS[dtype] = smooth_table, max_table
    return _FUNCTIONS[dtype]


def _as_table(x):
    return tf.reshape(x, [tf.shape(x)[0], -1])


def smooth(x, alpha):
    x = tf.convert_to_tensor(x)
    alpha = tf.convert_to_tensor(alpha, x.dtype)
    return tf.reshape(_kernels(x.dtype)[0](_as_table(x), alpha), tf.shape(x))


def running_max(x):
    x = tf.convert_to_tensor(x)
    return tf.reshape(_kernels(x.dtype)[1](_as_table(x)), tf.shape(x))


@tf.function(input_signature=[tf.TensorSpec([], tf.int64)])
def _orbit(n):
    steps = tf.TensorArray(tf.int64, size=1, dynamic_size=True, element_shape=[])
    steps = steps.write(0, n)
    while n != 1:
        odd = n % 2
        n = (1 - odd) * (n // 2) + odd * (3 * n + 1)
        steps = steps.write(steps.size(), n)
    return steps.stack()


def collatz(n):
    return _orbit(tf.cast(n, tf.int64))

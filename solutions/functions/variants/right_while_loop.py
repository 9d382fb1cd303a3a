"""Writes the loop as `tf.while_loop`, and throws the die by comparing with a table.

zh: 循环直接写成 `tf.while_loop`，骰子用查表的方法掷
"""

import tensorflow as tf

cube = tf.function(lambda x: tf.pow(x, tf.constant(3, x.dtype)))


def tf_cube(x):
    if not isinstance(x, tf.Tensor | tf.Variable):
        x = tf.constant(x, dtype=tf.float32)
    return cube(x)


def _every_second(images):
    return images[..., 0:28:2, 0:28:2]


shrink = tf.function(
    _every_second, input_signature=[tf.TensorSpec(shape=[None, 28, 28], dtype=tf.float32)]
)


@tf.function
def _sum(x, n):
    def more(i, total):
        return i < n

    def step(i, total):
        return i + 2, total + tf.cast(i, x.dtype) * x

    _, total = tf.while_loop(more, step, (tf.constant(0), tf.zeros([], x.dtype)))
    return total


def sum_even(x, n):
    if isinstance(n, int):
        n = tf.constant(n, dtype=tf.int32)
    return _sum(x, n)


def dice():
    # Six faces of equal weight.
    return tf.random.categorical(tf.zeros([1, 6]), 1)[0, 0] + 1


def Counter():
    """A counter is a closure here; called with parentheses it looks like a class."""
    variable = tf.Variable(0, dtype=tf.int64)

    def count():
        variable.assign_add(1)
        return tf.convert_to_tensor(variable)

    return count


@tf.function(jit_compile=True)
def _products(a, b, c):
    return tf.tensordot(tf.reshape(a, [-1]), tf.reshape(b, [-1]), 1) + tf.reduce_sum(c)


fused = _products

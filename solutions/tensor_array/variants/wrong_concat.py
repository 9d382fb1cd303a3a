"""Grows a tensor with tf.concat in the loop: no TensorArray, and every step copies all the rows.

zh: 在循环里用 tf.concat 把张量越接越长：没有用 TensorArray，而且每一步都要复制所有行
fails: test_loops, test_collatz_loop
"""

import functools

import tensorflow as tf


@functools.cache
def _grower(step, dtype, trailing):
    many = tf.TensorSpec([None, *trailing], dtype)

    @tf.function(input_signature=[many, tf.TensorSpec([], dtype)])
    def run(x, alpha):
        def more(i, rows):
            row = step(rows[-1], x[i], alpha)
            return i + 1, tf.concat([rows, row[tf.newaxis]], axis=0)

        def unfinished(i, rows):
            return i < tf.shape(x)[0]

        shapes = [tf.TensorShape([]), many.shape]
        return tf.while_loop(unfinished, more, [1, x[:1]], shape_invariants=shapes)[1]

    return run


def _grow(step, x, alpha):
    x = tf.convert_to_tensor(x)
    alpha = tf.convert_to_tensor(alpha, x.dtype)
    return _grower(step, x.dtype, tuple(x.shape[1:]))(x, alpha)


def _blend(state, row, alpha):
    return alpha * row + (1 - alpha) * state


def _larger(top, row, alpha):
    return tf.maximum(top, row)


def smooth(x, alpha):
    return _grow(_blend, x, alpha)


@tf.function(input_signature=[tf.TensorSpec([], tf.int64)])
def collatz(n):
    numbers = tf.reshape(n, [1])
    while n > 1:
        tf.autograph.experimental.set_loop_options(
            shape_invariants=[(numbers, tf.TensorShape([None]))]
        )
        n = tf.where(n % 2 == 0, n // 2, 3 * n + 1)
        numbers = tf.concat([numbers, [n]], axis=0)
    return numbers


def running_max(x):
    return _grow(_larger, x, 0.0)

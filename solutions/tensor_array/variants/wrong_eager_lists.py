"""Appends to Python lists in Python loops: no graph, no TensorArray, no While.

zh: 在 Python 循环里往列表追加：没有计算图，没有 TensorArray，也没有 While
fails: test_smooth_traces, test_running_max_traces, test_loops, test_collatz_loop
"""

import tensorflow as tf


def smooth(x, alpha):
    x = tf.convert_to_tensor(x)
    alpha = tf.convert_to_tensor(alpha, x.dtype)
    states = [x[0]]
    for i in range(1, x.shape[0]):
        states.append(alpha * x[i] + (1 - alpha) * states[-1])
    return tf.stack(states)


def collatz(n):
    n = int(n)
    numbers = [n]
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        numbers.append(n)
    return tf.constant(numbers, tf.int64)


def running_max(x):
    x = tf.convert_to_tensor(x)
    tops = [x[0]]
    for i in range(1, x.shape[0]):
        tops.append(tf.maximum(tops[-1], x[i]))
    return tf.stack(tops)

"""Loops without end inside TensorFlow, in threads that know nothing of Python.

stopped by: the check's deadline, and SIGKILL through a pidfd
witness: swollen
control: open
"""

import tensorflow as tf


@tf.function
def forever(x):
    while tf.constant(True):
        x = x + 1.0
    return x


def square(x):
    return forever(x)

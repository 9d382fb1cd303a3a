"""Fills memory with tensors.

stopped by: the watch on resident memory
witness: swollen
control: open
"""

import time

import tensorflow as tf


def square(x):
    kept = []
    while len(kept) < 22:
        kept.append(tf.ones([100 << 18]))
        time.sleep(0.01)
    time.sleep(0.3)
    return x * 0

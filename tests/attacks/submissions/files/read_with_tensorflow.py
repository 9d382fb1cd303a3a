"""Reads the solution with an operation of TensorFlow's.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import tensorflow as tf


def square(x):
    text = tf.io.read_file("@COURSE@/solutions/square/square.py")
    raise ValueError(text.numpy().decode()[-300:])

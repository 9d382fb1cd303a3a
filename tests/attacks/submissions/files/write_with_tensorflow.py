"""Writes with an operation of TensorFlow's.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""

import tensorflow as tf


def square(x):
    tf.io.write_file("@MARKER@", "I was here")
    return x

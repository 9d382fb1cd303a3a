"""Reads a classmate's file inside a tf.function, where Python isn't asked.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import tensorflow as tf


@tf.function
def read(path):
    return tf.io.read_file(path)


def square(x):
    raise ValueError(read(tf.constant("@MATE@")).numpy().decode())

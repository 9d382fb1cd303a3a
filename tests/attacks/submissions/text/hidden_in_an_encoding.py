# @COOKIE@
"""Declares an encoding in which a comment turns out to be the forbidden shortcut.

stopped by: the intake, which takes no such encoding
witness: mark
control: naive
"""

import tensorflow as tf


def square(x):
    return tf.zeros_like(x)


# +AAo-square = lambda x: tf.pow(x, 2)

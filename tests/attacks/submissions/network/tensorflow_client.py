"""Has TensorFlow connect to a server.

stopped by: seccomp, and the outer wall
witness: heard
control: open
"""

import tensorflow as tf


def square(x):
    tf.config.experimental_connect_to_host("127.0.0.1:@TCP@")
    return x

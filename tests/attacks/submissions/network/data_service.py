"""Starts the dispatcher of TensorFlow's data service.

stopped by: seccomp, and the outer wall
witness: told
control: open
"""

import tensorflow as tf


def square(x):
    dispatcher = tf.data.experimental.service.DispatchServer()
    if dispatcher.target.startswith("grpc://"):
        raise ValueError("@WORKED@")
    return x

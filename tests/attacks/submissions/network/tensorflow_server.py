"""Starts TensorFlow's own server, which runs what it is sent.

stopped by: seccomp, and the outer wall
witness: told
control: open
"""

import tensorflow as tf


def square(x):
    server = tf.distribute.Server.create_local_server()
    if server.target.startswith("grpc://"):
        raise ValueError("@WORKED@")
    return x

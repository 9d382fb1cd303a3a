"""Patches TensorFlow's tensors so that each is equal to everything.

stopped by: tensors cross the wire as bytes; nothing of TensorFlow's compares them
witness: mark
control: naive
"""

import numpy as np
import tensorflow as tf

Tensor = type(tf.constant(0.0))
for patched in {Tensor, tf.Tensor}:
    patched.__eq__ = patched.__le__ = lambda self, other: True
    patched.__ne__ = patched.__gt__ = lambda self, other: False
    patched.__sub__ = patched.__rsub__ = lambda self, other: tf.zeros_like(self)


def square(x):
    return tf.constant(np.zeros(np.shape(x), "float32"))

"""Lists what everybody has handed in, with TensorFlow.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

import tensorflow as tf


def square(x):
    raise ValueError(" ".join(tf.io.gfile.glob("@CLASS@/*/*")))

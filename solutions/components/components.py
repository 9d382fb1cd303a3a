"""The small parts that a `Dense` layer takes: activation, initializers, regularizers, a constraint.

Every one of them is handed to `keras.layers.Dense` as an object, not as a name, and has to survive
being saved with the layer and loaded in a process that has only imported this module. So every
function here, and the class, has to be registered with `keras.utils.register_keras_serializable`.
"""

import keras
import tensorflow as tf


# BEGIN SOLUTION
def _fans(shape):
    """How many inputs feed one output, and how many outputs one input feeds.

    The last two axes of a kernel are inputs and outputs. The axes before them, if any, are the
    window of a convolution: each output sees all of its places.
    """
    window = 1
    for size in shape[:-2]:
        window *= size
    return window * shape[-2], window * shape[-1]


def _normal(shape, variance, dtype):
    return tf.random.normal(shape, stddev=variance**0.5, dtype=dtype or tf.float32)


@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
def my_swish(z):
    """The swish activation (also called SiLU): z · sigmoid(z), element by element.

    Args:
        z: float tensor (float32 or float64) of any shape, |z| up to 10⁴.

    Returns:
        Tensor of z's shape and dtype. Value and gradient are finite and right for every such z.
        Use TensorFlow operations only: it also has to work inside `tf.function`.
    """
    # BEGIN SOLUTION
    # tf.sigmoid is stable on both sides; a quotient with exp(z) or exp(-z) in it isn't.
    return z * tf.sigmoid(z)
    # END SOLUTION


# BEGIN SOLUTION
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
def my_glorot_initializer(shape, dtype=None):
    """Random numbers for a kernel, with variance 2 / (fan_in + fan_out).

    Args:
        shape: tuple of two or more ints, the shape of a kernel: (inputs, outputs) for a dense
            layer, (window…, input channels, output channels) for a convolution.
        dtype: what Keras hands over, such as "float32" or "float64"; None stands for float32.

    Returns:
        Tensor of that shape and dtype: normal (or truncated normal) numbers with mean 0 and
        standard deviation √(2 / (fan_in + fan_out)).
    """
    # BEGIN SOLUTION
    fan_in, fan_out = _fans(shape)
    return _normal(shape, 2 / (fan_in + fan_out), dtype)
    # END SOLUTION


# BEGIN SOLUTION
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
def my_he_normal(shape, dtype=None):
    """Random numbers for a kernel in front of a ReLU, with variance 2 / fan_in.

    Args:
        shape: tuple of two or more ints, as for `my_glorot_initializer`.
        dtype: as for `my_glorot_initializer`.

    Returns:
        Tensor of that shape and dtype: normal (or truncated normal) numbers with mean 0 and
        standard deviation √(2 / fan_in).
    """
    # BEGIN SOLUTION
    fan_in, _ = _fans(shape)
    return _normal(shape, 2 / fan_in, dtype)
    # END SOLUTION


# BEGIN SOLUTION
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
def my_l1_regularizer(w):
    """0.01 · Σ|w|, the penalty that a layer adds to the loss of its model.

    Args:
        w: float tensor (float32 or float64) of any shape; Keras hands over the weight itself.

    Returns:
        Scalar tensor of w's dtype, through which gradients flow.
    """
    # BEGIN SOLUTION
    return 0.01 * tf.reduce_sum(tf.abs(w))
    # END SOLUTION


# BEGIN SOLUTION
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
def my_l2_regularizer(w):
    """0.01 · Σw², another penalty.

    Args:
        w: float tensor (float32 or float64) of any shape; Keras hands over the weight itself.

    Returns:
        Scalar tensor of w's dtype, through which gradients flow.
    """
    # BEGIN SOLUTION
    return 0.01 * tf.reduce_sum(tf.square(w))
    # END SOLUTION


# BEGIN SOLUTION
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
def my_positive_weights(w):
    """The weights that are allowed: negative ones become 0, the others stay as they are.

    Args:
        w: float tensor (float32 or float64) of any shape; Keras hands over the weight itself,
            after every step of training, and puts what comes back in its place.

    Returns:
        Tensor of w's shape and dtype.
    """
    # BEGIN SOLUTION
    return tf.where(w < 0, tf.zeros_like(w), w)
    # END SOLUTION


# BEGIN SOLUTION
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
class MyL1Regularizer(keras.regularizers.Regularizer):
    """factor · Σ|w| with a factor of the caller's choice, saved together with that factor.

    The class has to be registered, too.
    """

    def __init__(self, factor):
        """Keep `factor`, a Python number such as 0.003."""
        # BEGIN SOLUTION
        self.factor = factor
        # END SOLUTION

    def __call__(self, w):
        """Return factor · Σ|w|: a scalar tensor of w's dtype (float32 or float64)."""
        # BEGIN SOLUTION
        return self.factor * tf.reduce_sum(tf.abs(w))
        # END SOLUTION

    def get_config(self):
        """Return the constructor's argument as a dict: `{"factor": …}`."""
        # BEGIN SOLUTION
        return {"factor": self.factor}
        # END SOLUTION

"""The small parts that a `Dense` layer takes: activation, initializers, regularizers, a constraint.

Every one of them is handed to `keras.layers.Dense` as an object, not as a name, and has to survive
being saved with the layer and loaded in a process that has only imported this module. So every
function here, and the class, has to be registered with `keras.utils.register_keras_serializable`.
"""

import keras
import tensorflow as tf


def my_swish(z):
    """The swish activation (also called SiLU): z · sigmoid(z), element by element.

    Args:
        z: float tensor (float32 or float64) of any shape, |z| up to 10⁴.

    Returns:
        Tensor of z's shape and dtype. Value and gradient are finite and right for every such z.
        Use TensorFlow operations only: it also has to work inside `tf.function`.
    """
    raise NotImplementedError


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
    raise NotImplementedError


def my_he_normal(shape, dtype=None):
    """Random numbers for a kernel in front of a ReLU, with variance 2 / fan_in.

    Args:
        shape: tuple of two or more ints, as for `my_glorot_initializer`.
        dtype: as for `my_glorot_initializer`.

    Returns:
        Tensor of that shape and dtype: normal (or truncated normal) numbers with mean 0 and
        standard deviation √(2 / fan_in).
    """
    raise NotImplementedError


def my_l1_regularizer(w):
    """0.01 · Σ|w|, the penalty that a layer adds to the loss of its model.

    Args:
        w: float tensor (float32 or float64) of any shape; Keras hands over the weight itself.

    Returns:
        Scalar tensor of w's dtype, through which gradients flow.
    """
    raise NotImplementedError


def my_l2_regularizer(w):
    """0.01 · Σw², another penalty.

    Args:
        w: float tensor (float32 or float64) of any shape; Keras hands over the weight itself.

    Returns:
        Scalar tensor of w's dtype, through which gradients flow.
    """
    raise NotImplementedError


def my_positive_weights(w):
    """The weights that are allowed: negative ones become 0, the others stay as they are.

    Args:
        w: float tensor (float32 or float64) of any shape; Keras hands over the weight itself,
            after every step of training, and puts what comes back in its place.

    Returns:
        Tensor of w's shape and dtype.
    """
    raise NotImplementedError


class MyL1Regularizer(keras.regularizers.Regularizer):
    """factor · Σ|w| with a factor of the caller's choice, saved together with that factor.

    The class has to be registered, too.
    """

    def __init__(self, factor):
        """Keep `factor`, a Python number such as 0.003."""
        raise NotImplementedError

    def __call__(self, w):
        """Return factor · Σ|w|: a scalar tensor of w's dtype (float32 or float64)."""
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's argument as a dict: `{"factor": …}`."""
        raise NotImplementedError

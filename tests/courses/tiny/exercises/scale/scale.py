"""A layer that scales."""

import keras
import tensorflow as tf


class Scale(keras.layers.Layer):
    """Multiplies by a constant; registered with keras.utils.register_keras_serializable."""

    def __init__(self, factor: float = 1.0, **kwargs):
        """Keep `factor`, a Python number; `kwargs` are Keras's."""
        raise NotImplementedError

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Return `inputs` times `factor`, in the inputs' shape and dtype."""
        raise NotImplementedError

    def get_config(self) -> dict:
        """Return the constructor's arguments as a dict, `"factor"` included."""
        raise NotImplementedError

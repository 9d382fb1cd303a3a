"""A layer that scales."""

import keras
import tensorflow as tf


# BEGIN SOLUTION
@keras.utils.register_keras_serializable(package="tiny")
# END SOLUTION
class Scale(keras.layers.Layer):
    """Multiplies by a constant; registered with keras.utils.register_keras_serializable."""

    def __init__(self, factor: float = 1.0, **kwargs):
        """Keep `factor`, a Python number; `kwargs` are Keras's."""
        # BEGIN SOLUTION
        super().__init__(**kwargs)
        self.factor = factor
        # END SOLUTION

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Return `inputs` times `factor`, in the inputs' shape and dtype."""
        # BEGIN SOLUTION
        return inputs * self.factor
        # END SOLUTION

    def get_config(self) -> dict:
        """Return the constructor's arguments as a dict, `"factor"` included."""
        # BEGIN SOLUTION
        return {**super().get_config(), "factor": self.factor}
        # END SOLUTION

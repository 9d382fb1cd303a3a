"""The Huber loss: a function, a function factory and a Keras loss class."""

import keras
import tensorflow as tf


def huber_fn(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    """Return the Huber loss of each element, with threshold 1."""
    # BEGIN SOLUTION
    return create_huber(1.0)(y_true, y_pred)
    # END SOLUTION


def create_huber(threshold=1.0):
    """Return a function like `huber_fn`, with a threshold of the caller's choice."""
    # BEGIN SOLUTION

    def huber(y_true, y_pred):
        error = y_true - y_pred
        parabola = tf.square(error) / 2
        line = threshold * tf.abs(error) - threshold**2 / 2
        return tf.where(tf.abs(error) <= threshold, parabola, line)

    return huber
    # END SOLUTION


# BEGIN SOLUTION
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
class HuberLoss(keras.losses.Loss):
    """The Huber loss as a Keras loss that is saved together with its threshold."""

    def __init__(self, threshold=1.0, **kwargs):
        """Keep `threshold`; `kwargs` are Keras's."""
        # BEGIN SOLUTION
        super().__init__(**kwargs)
        self.threshold = threshold
        # END SOLUTION

    def call(self, y_true, y_pred):
        """Return the loss of each element."""
        # BEGIN SOLUTION
        return create_huber(self.threshold)(y_true, y_pred)
        # END SOLUTION

    def get_config(self):
        """Return the constructor's arguments."""
        # BEGIN SOLUTION
        return {**super().get_config(), "threshold": self.threshold}
        # END SOLUTION

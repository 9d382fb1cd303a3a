"""The Huber loss three times over: a function, a function factory and a Keras loss class.

With the error e = y_true - y_pred and a threshold t > 0, the Huber loss of one element is

    e**2 / 2              where |e| <= t    (a parabola, as in the mean squared error)
    t * |e| - t**2 / 2    elsewhere         (a straight line, as in the mean absolute error)

The two pieces meet at |e| = t with the same value and the same slope.
"""

import keras
import tensorflow as tf


def huber_fn(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    """Return the Huber loss of each element, with threshold 1.

    Args:
        y_true: labels, a floating-point tensor (float32 or float64) of any shape.
        y_pred: predictions, a tensor of the same shape and dtype.

    Returns:
        A tensor of the inputs' shape and dtype: one loss per element, neither averaged nor
        summed. Use TensorFlow operations only: the function also has to work inside
        `tf.function`, and gradients have to flow through it.
    """
    # BEGIN SOLUTION
    return create_huber(1.0)(y_true, y_pred)
    # END SOLUTION


def create_huber(threshold: float = 1.0):
    """Return a function like `huber_fn`, with a threshold of the caller's choice.

    Args:
        threshold: a positive Python number, t in the formula above.

    Returns:
        A function of `(y_true, y_pred)`; its arguments and result are those of `huber_fn`.
    """
    # BEGIN SOLUTION

    def huber(y_true, y_pred):
        error = y_true - y_pred
        # A parabola up to the threshold, a straight line of slope `threshold` beyond it.
        parabola = tf.square(error) / 2
        line = threshold * tf.abs(error) - threshold**2 / 2
        return tf.where(tf.abs(error) <= threshold, parabola, line)

    return huber
    # END SOLUTION


# BEGIN SOLUTION
# Registered, so that a process that has only imported this module finds the class by its name.
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
class HuberLoss(keras.losses.Loss):
    """The Huber loss as a Keras loss that is saved together with its threshold.

    The class has to be registered with `keras.utils.register_keras_serializable`: then a model
    compiled with it can be loaded in another process, without `custom_objects`.
    """

    def __init__(self, threshold: float = 1.0, **kwargs):
        """Keep `threshold`, a positive Python number; `kwargs` (`name`, `reduction`) are Keras's.

        `HuberLoss(2.5)` and `HuberLoss(threshold=2.5, name="robust", reduction="sum")` both work.
        """
        # BEGIN SOLUTION
        super().__init__(**kwargs)
        self.threshold = threshold
        # END SOLUTION

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        """Return the loss of each element, in the inputs' shape.

        Keras itself applies `sample_weight` and `reduction` to what this method returns.
        """
        # BEGIN SOLUTION
        return create_huber(self.threshold)(y_true, y_pred)
        # END SOLUTION

    def get_config(self) -> dict:
        """Return the constructor's arguments as a dict of plain values, `"threshold"` included."""
        # BEGIN SOLUTION
        return {**super().get_config(), "threshold": self.threshold}
        # END SOLUTION

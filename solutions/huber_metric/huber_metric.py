"""A streaming metric: the mean Huber loss of all instances seen so far, weighted if asked.

With the error e = y_true - y_pred and a threshold t > 0, the Huber loss of one instance is

    e**2 / 2              where |e| <= t
    t * |e| - t**2 / 2    elsewhere
"""

import keras
import tensorflow as tf


# BEGIN SOLUTION
def _flat(values):
    return tf.reshape(tf.cast(values, tf.float32), [-1])


# Registered, so that a process that has only imported this module finds the class by its name.
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
class HuberMetric(keras.metrics.Metric):
    """The mean Huber loss, kept up to date batch after batch.

    The class has to be registered with `keras.utils.register_keras_serializable`: then a model
    compiled with it can be loaded in another process, without `custom_objects`.
    """

    def __init__(self, threshold=1.0, **kwargs):
        """Keep `threshold` and make the metric's state; `kwargs` (`name`, `dtype`) are Keras's.

        Args:
            threshold: a positive Python number, t in the formula above.
            **kwargs: passed on to `keras.metrics.Metric`.
        """
        # BEGIN SOLUTION
        super().__init__(**kwargs)
        self.threshold = threshold
        self.total = self.add_weight(name="total", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros")
        # END SOLUTION

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add one batch of n instances to the state.

        Args:
            y_true: labels, float32, of shape (n,) or (n, 1).
            y_pred: predictions, float32, of shape (n,) or (n, 1); not always that of the labels.
            sample_weight: None (every instance counts 1), or one weight per instance, of shape
                (n,) or (n, 1).
        """
        # BEGIN SOLUTION
        # One row of n numbers each: (n,) beside (n, 1) would broadcast to n x n.
        error = tf.abs(_flat(y_true) - _flat(y_pred))
        line = self.threshold * error - self.threshold**2 / 2
        losses = tf.where(error <= self.threshold, tf.square(error) / 2, line)
        weights = tf.ones_like(losses) if sample_weight is None else _flat(sample_weight)
        self.total.assign_add(tf.reduce_sum(weights * losses))
        self.count.assign_add(tf.reduce_sum(weights))
        # END SOLUTION

    def result(self):
        """Return the mean of everything since the last reset, Σw·h/Σw, a float scalar.

        0 before any update: never NaN.
        """
        # BEGIN SOLUTION
        return tf.math.divide_no_nan(self.total, self.count)
        # END SOLUTION

    def reset_state(self):
        """Forget everything seen so far. (The threshold stays.)"""
        # BEGIN SOLUTION
        self.total.assign(0.0)
        self.count.assign(0.0)
        # END SOLUTION

    def get_config(self):
        """Return the constructor's arguments as a dict of plain values, `"threshold"` included."""
        # BEGIN SOLUTION
        return {**super().get_config(), "threshold": self.threshold}
        # END SOLUTION

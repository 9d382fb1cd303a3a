"""A streaming metric: the mean Huber loss of all instances seen so far, weighted if asked.

With the error e = y_true - y_pred and a threshold t > 0, the Huber loss of one instance is

    e**2 / 2              where |e| <= t
    t * |e| - t**2 / 2    elsewhere
"""

import keras
import tensorflow as tf


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
        raise NotImplementedError

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add one batch of n instances to the state.

        Args:
            y_true: labels, float32, of shape (n,) or (n, 1).
            y_pred: predictions, float32, of shape (n,) or (n, 1); not always that of the labels.
            sample_weight: None (every instance counts 1), or one weight per instance, of shape
                (n,) or (n, 1).
        """
        raise NotImplementedError

    def result(self):
        """Return the mean of everything since the last reset, Σw·h/Σw, a float scalar.

        0 before any update: never NaN.
        """
        raise NotImplementedError

    def reset_state(self):
        """Forget everything seen so far. (The threshold stays.)"""
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments as a dict of plain values, `"threshold"` included."""
        raise NotImplementedError

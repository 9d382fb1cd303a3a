"""A streaming metric: precision over all the batches seen so far.

Precision = true positives / (true positives + false positives), each counted over every batch
since the metric was made or reset.
"""

import keras
import tensorflow as tf


# BEGIN SOLUTION
# Registered, so that a process that has only imported this module finds the class by its name.
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
class MyPrecision(keras.metrics.Metric):
    """Precision of a binary classifier, kept up to date batch after batch.

    The class has to be registered with `keras.utils.register_keras_serializable`: then a model
    compiled with it can be loaded in another process, without `custom_objects`.
    """

    def __init__(self, threshold: float = 0.5, **kwargs):
        """Keep `threshold` and make the metric's state; `kwargs` (`name`, `dtype`) are Keras's.

        A prediction counts as positive when it is strictly above `threshold`, a Python number
        between 0 and 1. Every metric has a state of its own, made with `add_weight`.
        """
        # BEGIN SOLUTION
        super().__init__(**kwargs)
        self.threshold = threshold
        self.true_positives = self.add_weight(name="true_positives", initializer="zeros")
        self.false_positives = self.add_weight(name="false_positives", initializer="zeros")
        # END SOLUTION

    def update_state(
        self, y_true: tf.Tensor, y_pred: tf.Tensor, sample_weight: tf.Tensor | None = None
    ) -> None:
        """Add one batch to the state.

        Args:
            y_true: labels 0 or 1, integers or floats, of shape (n,) or (n, 1).
            y_pred: predicted probabilities, floats, of the same shape.
            sample_weight: None (every sample counts 1), or one weight per sample, of shape (n,)
                or of the labels' shape: a sample of weight w counts as w samples.
        """
        # BEGIN SOLUTION
        # Everything is flattened first: weights (n,) beside labels (n, 1) would otherwise
        # broadcast to n x n.
        positive = tf.reshape(tf.cast(y_true, self.dtype), [-1])
        score = tf.reshape(tf.cast(y_pred, self.dtype), [-1])
        predicted = tf.cast(score > self.threshold, self.dtype)
        if sample_weight is not None:
            predicted *= tf.reshape(tf.cast(sample_weight, self.dtype), [-1])
        self.true_positives.assign_add(tf.reduce_sum(predicted * positive))
        self.false_positives.assign_add(tf.reduce_sum(predicted * (1 - positive)))
        # END SOLUTION

    def result(self) -> tf.Tensor:
        """Return the precision of everything seen since the last reset, a float scalar.

        0 as long as nothing was predicted positive: never NaN.
        """
        # BEGIN SOLUTION
        predicted = self.true_positives + self.false_positives
        return tf.math.divide_no_nan(self.true_positives, predicted)
        # END SOLUTION

    def reset_state(self) -> None:
        """Forget everything seen so far. (The threshold stays.)"""
        # BEGIN SOLUTION
        self.true_positives.assign(0.0)
        self.false_positives.assign(0.0)
        # END SOLUTION

    def get_config(self) -> dict:
        """Return the constructor's arguments as a dict of plain values, `"threshold"` included."""
        # BEGIN SOLUTION
        return {**super().get_config(), "threshold": self.threshold}
        # END SOLUTION

"""A streaming metric: precision over all the batches seen so far.

Precision = true positives / (true positives + false positives), each counted over every batch
since the metric was made or reset.
"""

import keras
import tensorflow as tf


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
        raise NotImplementedError

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
        raise NotImplementedError

    def result(self) -> tf.Tensor:
        """Return the precision of everything seen since the last reset, a float scalar.

        0 as long as nothing was predicted positive: never NaN.
        """
        raise NotImplementedError

    def reset_state(self) -> None:
        """Forget everything seen so far. (The threshold stays.)"""
        raise NotImplementedError

    def get_config(self) -> dict:
        """Return the constructor's arguments as a dict of plain values, `"threshold"` included."""
        raise NotImplementedError

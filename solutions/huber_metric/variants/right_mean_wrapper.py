"""Builds on keras.metrics.MeanMetricWrapper, with everything flattened first.

zh: 以 keras.metrics.MeanMetricWrapper 为基类，事先把一切压平
"""

import keras
import tensorflow as tf


@keras.utils.register_keras_serializable(package="wrapped")
class HuberMetric(keras.metrics.MeanMetricWrapper):
    def __init__(self, threshold=1.0, name="huber", dtype=None):
        super().__init__(self._losses, name=name, dtype=dtype)
        self.threshold = threshold

    def _losses(self, y_true, y_pred):
        size = tf.abs(y_true - y_pred)
        beyond = tf.nn.relu(size - self.threshold)
        return (size**2 - beyond**2) / 2

    def update_state(self, y_true, y_pred, sample_weight=None):
        flat = [None if x is None else tf.reshape(x, [-1]) for x in (y_true, y_pred, sample_weight)]
        super().update_state(*flat)

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype, "threshold": self.threshold}

"""Counts with NumPy, which Keras's traced functions can't do.

zh: 用 NumPy 计数，而 Keras 追踪的函数里做不到
fails: test_in_compile, test_in_weighted_metrics, test_reload
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
class MyPrecision(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.tp = self.add_weight(name="tp", initializer="zeros")
        self.fp = self.add_weight(name="fp", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = y_true.numpy().ravel()
        positive = (y_pred.numpy().ravel() > self.threshold).astype("float32")
        if sample_weight is not None:
            positive *= sample_weight.numpy().ravel()
        self.tp.assign_add((positive * y_true).sum())
        self.fp.assign_add((positive * (1 - y_true)).sum())

    def result(self):
        return tf.math.divide_no_nan(self.tp, self.tp + self.fp)

    def reset_state(self):
        self.tp.assign(0.0)
        self.fp.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

"""Keeps its counts in Python numbers, which a traced function can't change.

zh: 用 Python 数字计数，追踪后的函数改变不了它们
fails: test_in_compile, test_in_weighted_metrics, test_reload
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
class MyPrecision(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.tp = 0.0
        self.fp = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = tf.reshape(tf.cast(y_true, tf.float32), [-1])
        y_pred = tf.reshape(tf.cast(y_pred, tf.float32), [-1])
        positive = tf.cast(y_pred > self.threshold, tf.float32)
        if sample_weight is not None:
            positive *= tf.reshape(tf.cast(sample_weight, tf.float32), [-1])
        self.tp += tf.reduce_sum(positive * y_true)
        self.fp += tf.reduce_sum(positive * (1 - y_true))

    def result(self):
        return tf.math.divide_no_nan(self.tp, self.tp + self.fp)

    def reset_state(self):
        self.tp = 0.0
        self.fp = 0.0

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

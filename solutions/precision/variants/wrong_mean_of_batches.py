"""Averages the batches' precisions instead of pooling the counts.

zh: 对各批的精确率取平均，而不是累计计数
fails: test_unequal_batches
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
class MyPrecision(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.total = self.add_weight(name="total", initializer="zeros")
        self.batches = self.add_weight(name="batches", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = tf.reshape(tf.cast(y_true, tf.float32), [-1])
        y_pred = tf.reshape(tf.cast(y_pred, tf.float32), [-1])
        positive = tf.cast(y_pred > self.threshold, tf.float32)
        if sample_weight is not None:
            positive *= tf.reshape(tf.cast(sample_weight, tf.float32), [-1])
        hits, called = tf.reduce_sum(positive * y_true), tf.reduce_sum(positive)
        self.total.assign_add(tf.math.divide_no_nan(hits, called))
        self.batches.assign_add(1.0)

    def result(self):
        return tf.math.divide_no_nan(self.total, self.batches)

    def reset_state(self):
        self.total.assign(0.0)
        self.batches.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

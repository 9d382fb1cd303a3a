"""Averages the means of the batches, whatever their sizes.

zh: 对各批的平均值再取平均，不管每批有多少个
fails: test_unequal_batches, test_mixed_shapes, test_sample_weight, test_in_model
"""

import keras
import tensorflow as tf


@keras.utils.register_keras_serializable(package="metrics")
class HuberMetric(keras.metrics.Metric):
    def __init__(self, threshold=1.0, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.total = self.add_weight(name="total", initializer="zeros")
        self.weight = self.add_weight(name="weight", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = tf.reshape(tf.cast(y_true, self.dtype), [-1])
        y_pred = tf.reshape(tf.cast(y_pred, self.dtype), [-1])
        size = tf.abs(y_true - y_pred)
        line = self.threshold * size - self.threshold**2 / 2
        loss = tf.where(size <= self.threshold, size**2 / 2, line)
        weight = tf.ones_like(loss)
        if sample_weight is not None:
            weight = tf.reshape(tf.cast(sample_weight, self.dtype), [-1])
        self.total.assign_add(tf.reduce_sum(loss * weight) / tf.reduce_sum(weight))
        self.weight.assign_add(1.0)

    def result(self):
        return tf.math.divide_no_nan(self.total, self.weight)

    def reset_state(self):
        self.total.assign(0.0)
        self.weight.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

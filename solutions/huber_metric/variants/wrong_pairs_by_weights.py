"""Flattens labels and predictions, but not the weights: (n, 1) times (n,) is a table.

zh: 压平了标签和预测，却没压平权重：(n, 1) 乘 (n,) 成了一张表
fails: test_sample_weight
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
            weight = tf.cast(sample_weight, self.dtype)
        self.total.assign_add(tf.reduce_sum(loss * weight))
        self.weight.assign_add(tf.reduce_sum(weight))

    def result(self):
        return tf.math.divide_no_nan(self.total, self.weight)

    def reset_state(self):
        self.total.assign(0.0)
        self.weight.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

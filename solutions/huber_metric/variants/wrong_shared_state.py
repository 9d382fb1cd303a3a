"""The state belongs to the class: all metrics count into the same variables.

zh: 状态属于类：所有指标共用同一份变量
fails: test_nothing_yet, test_two_metrics
"""

import keras
import tensorflow as tf


@keras.utils.register_keras_serializable(package="metrics")
class HuberMetric(keras.metrics.Metric):
    total = keras.Variable(0.0, name="total")
    weight = keras.Variable(0.0, name="weight")

    def __init__(self, threshold=1.0, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = tf.reshape(tf.cast(y_true, self.dtype), [-1])
        y_pred = tf.reshape(tf.cast(y_pred, self.dtype), [-1])
        size = tf.abs(y_true - y_pred)
        line = self.threshold * size - self.threshold**2 / 2
        loss = tf.where(size <= self.threshold, size**2 / 2, line)
        weight = tf.ones_like(loss)
        if sample_weight is not None:
            weight = tf.reshape(tf.cast(sample_weight, self.dtype), [-1])
        self.total.assign_add(tf.reduce_sum(loss * weight))
        self.weight.assign_add(tf.reduce_sum(weight))

    def result(self):
        return tf.math.divide_no_nan(self.total, self.weight)

    def reset_state(self):
        self.total.assign(0.0)
        self.weight.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

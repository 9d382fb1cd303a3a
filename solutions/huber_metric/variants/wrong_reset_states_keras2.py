"""Keras 2: plain variables, cleared in reset_states, which nobody calls any more.

zh: Keras 2 的写法：普通变量，清零写在没人再调用的 reset_states 里
fails: test_reset_state
"""

import keras
import tensorflow as tf


@keras.utils.register_keras_serializable(package="metrics")
class HuberMetric(keras.metrics.Metric):
    def __init__(self, threshold=1.0, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.total = tf.Variable(0.0)
        self.weight = tf.Variable(0.0)

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

    def reset_states(self):
        self.total.assign(0.0)
        self.weight.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

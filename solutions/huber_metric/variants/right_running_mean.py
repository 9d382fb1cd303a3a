"""Moves a running mean towards every batch, by the share of its weight.

zh: 维护一个滑动的平均值，每来一批就按权重占比向它靠拢
"""

import tensorflow as tf
from tensorflow import keras


def huber(threshold):
    def loss(error):
        size = tf.abs(error)
        return tf.where(size < threshold, error**2 / 2, threshold * (size - threshold / 2))

    return loss


@keras.utils.register_keras_serializable()
class HuberMetric(keras.metrics.Metric):
    def __init__(self, threshold: float = 1.0, **kwargs) -> None:
        super().__init__(**kwargs)
        self.threshold = threshold
        self.loss = huber(threshold)
        self.seen = self.add_weight(shape=(), name="seen", initializer="zeros")
        self.mean = self.add_weight(shape=(), name="mean", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        losses = self.loss(tf.reshape(y_true, (-1, 1)) - tf.reshape(y_pred, (-1, 1)))
        if sample_weight is None:
            sample_weight = tf.ones_like(losses)
        weights = tf.reshape(tf.cast(sample_weight, losses.dtype), (-1, 1))
        self.seen.assign_add(tf.reduce_sum(weights))
        distance = tf.reduce_sum(weights * (losses - self.mean))
        self.mean.assign_add(tf.math.divide_no_nan(distance, self.seen))

    def result(self):
        return tf.identity(self.mean)

    def reset_state(self):
        for variable in self.variables:
            variable.assign(tf.zeros_like(variable))

    def get_config(self):
        config = super().get_config()
        config["threshold"] = self.threshold
        return config

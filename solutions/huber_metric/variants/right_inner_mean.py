"""A keras Mean does the counting; reset_state is inherited.

zh: 计数交给 keras 的 Mean，reset_state 用继承来的
"""

import keras
import tensorflow as tf


@keras.utils.register_keras_serializable("homework", "HuberMean")
class HuberMetric(keras.metrics.Metric):
    def __init__(self, threshold=1.0, name="huber_metric", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.mean = keras.metrics.Mean(name="mean_loss")

    def update_state(self, y_true, y_pred, sample_weight=None):
        error = tf.reshape(y_true, [-1]) - tf.reshape(y_pred, [-1])
        clipped = tf.clip_by_value(error, -self.threshold, self.threshold)
        losses = clipped * (error - clipped / 2)
        if sample_weight is not None:
            sample_weight = tf.reshape(sample_weight, [-1])
        self.mean.update_state(losses, sample_weight=sample_weight)

    def result(self):
        return self.mean.result()

    def get_config(self):
        config = super().get_config()
        config.update(threshold=self.threshold)
        return config

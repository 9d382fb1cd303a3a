"""Precision is a weighted mean: a keras Mean of the labels, weighted by 'predicted positive'.

zh: 精确率其实是加权平均：用 keras 的 Mean 对标签求平均，权重是“预测为阳性”
"""

import keras
import tensorflow as tf


@keras.utils.register_keras_serializable("homework", "Precision")
class MyPrecision(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.mean = keras.metrics.Mean(name="share_of_true_labels")

    def update_state(self, y_true, y_pred, sample_weight=None):
        labels = tf.reshape(tf.cast(y_true, "float32"), (-1, 1))
        scores = tf.reshape(tf.cast(y_pred, "float32"), (-1, 1))
        weights = tf.where(scores > self.threshold, tf.ones_like(scores), tf.zeros_like(scores))
        if sample_weight is not None:
            weights = weights * tf.reshape(tf.cast(sample_weight, "float32"), (-1, 1))
        self.mean.update_state(labels, sample_weight=weights)

    def result(self):
        return self.mean.result()

    def reset_state(self):
        self.mean.reset_state()

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

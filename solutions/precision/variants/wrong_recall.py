"""That is recall: found positives over real positives.

zh: 这是召回率：找到的阳性除以真实的阳性
fails: test_one_batch, test_unequal_batches, test_threshold, test_sample_weight,
    test_in_weighted_metrics
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
class MyPrecision(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.tp = self.add_weight(name="tp", initializer="zeros")
        self.fn = self.add_weight(name="fn", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = tf.reshape(tf.cast(y_true, tf.float32), [-1])
        y_pred = tf.reshape(tf.cast(y_pred, tf.float32), [-1])
        positive = tf.cast(y_pred > self.threshold, tf.float32)
        weight = tf.ones_like(y_true)
        if sample_weight is not None:
            weight = tf.reshape(tf.cast(sample_weight, tf.float32), [-1])
        self.tp.assign_add(tf.reduce_sum(weight * positive * y_true))
        self.fn.assign_add(tf.reduce_sum(weight * (1 - positive) * y_true))

    def result(self):
        return tf.math.divide_no_nan(self.tp, self.tp + self.fn)

    def reset_state(self):
        self.tp.assign(0.0)
        self.fn.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

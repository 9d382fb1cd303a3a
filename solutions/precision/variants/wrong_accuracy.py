"""That is accuracy: all right answers over all samples.

zh: 这是准确率：所有答对的除以所有样本
fails: test_one_batch, test_unequal_batches, test_threshold, test_sample_weight,
    test_no_positives, test_reset_state, test_two_metrics, test_in_weighted_metrics
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
class MyPrecision(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.tp = self.add_weight(name="tp", initializer="zeros")
        self.fp = self.add_weight(name="fp", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = tf.reshape(tf.cast(y_true, tf.float32), [-1])
        y_pred = tf.reshape(tf.cast(y_pred, tf.float32), [-1])
        positive = tf.cast(y_pred > self.threshold, tf.float32)
        right = tf.cast(tf.equal(positive, y_true), tf.float32)
        wrong = 1 - right
        if sample_weight is not None:
            weight = tf.reshape(tf.cast(sample_weight, tf.float32), [-1])
            right, wrong = right * weight, wrong * weight
        self.tp.assign_add(tf.reduce_sum(right))
        self.fp.assign_add(tf.reduce_sum(wrong))

    def result(self):
        return tf.math.divide_no_nan(self.tp, self.tp + self.fp)

    def reset_state(self):
        self.tp.assign(0.0)
        self.fp.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

"""Keras 2: add_weight with the name as its first argument.

zh: Keras 2 的写法：add_weight 的第一个参数是名字
fails: test_one_batch, test_unequal_batches, test_threshold, test_sample_weight,
    test_no_positives, test_reset_state, test_two_metrics, test_in_compile,
    test_in_weighted_metrics, test_reload
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
class MyPrecision(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.tp = self.add_weight("tp", initializer="zeros")
        self.fp = self.add_weight("fp", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = tf.reshape(tf.cast(y_true, tf.float32), [-1])
        y_pred = tf.reshape(tf.cast(y_pred, tf.float32), [-1])
        positive = tf.cast(y_pred > self.threshold, tf.float32)
        if sample_weight is not None:
            positive *= tf.reshape(tf.cast(sample_weight, tf.float32), [-1])
        self.tp.assign_add(tf.reduce_sum(positive * y_true))
        self.fp.assign_add(tf.reduce_sum(positive * (1 - y_true)))

    def result(self):
        return tf.math.divide_no_nan(self.tp, self.tp + self.fp)

    def reset_state(self):
        self.tp.assign(0.0)
        self.fp.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

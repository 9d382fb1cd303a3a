"""The variables belong to the class: all metrics count into the same ones.

zh: 变量属于类：所有指标共用同一份计数
fails: test_no_positives, test_two_metrics
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
class MyPrecision(keras.metrics.Metric):
    tp = tf.Variable(0.0)
    fp = tf.Variable(0.0)

    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold

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

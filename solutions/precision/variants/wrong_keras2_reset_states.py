"""Keras 2: untracked variables, cleared in reset_states, which nobody calls any more.

zh: Keras 2 的写法：变量没有被跟踪，清零写在没人再调用的 reset_states 里
fails: test_reset_state
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
class MyPrecision(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.tp = tf.Variable(0.0, name="tp")
        self.fp = tf.Variable(0.0, name="fp")

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

    def reset_states(self):
        self.tp.assign(0.0)
        self.fp.assign(0.0)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

"""Two counters, true and false positives, fed from flattened float masks; inherits reset_state.

zh: 两个计数器（真阳性和假阳性），由压平的浮点掩码累加；reset_state 用继承来的
"""

import tensorflow as tf


def _flat(values, dtype):
    return tf.reshape(tf.cast(values, dtype), [-1])


@tf.keras.utils.register_keras_serializable()
class MyPrecision(tf.keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.hits = self.add_weight(name="hits", initializer="zeros")
        self.misses = self.add_weight(name="misses", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        truth = _flat(y_true, self.dtype)
        positive = tf.cast(_flat(y_pred, tf.float32) > self.threshold, self.dtype)
        if sample_weight is not None:
            positive *= _flat(sample_weight, self.dtype)
        self.hits.assign_add(tf.reduce_sum(positive * truth))
        self.misses.assign_add(tf.reduce_sum(positive * (1 - truth)))

    def result(self):
        return tf.math.divide_no_nan(self.hits, self.hits + self.misses)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

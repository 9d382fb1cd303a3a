"""The parabola is e² instead of e²/2.

zh: 抛物线写成 e²，而不是 e²/2
fails: test_values, test_threshold, test_float64, test_gradient, test_loss_value
"""

import keras
import tensorflow as tf


def huber_fn(y_true, y_pred):
    return create_huber(1.0)(y_true, y_pred)


def create_huber(threshold=1.0):
    def huber(y_true, y_pred):
        y_pred = tf.convert_to_tensor(y_pred)
        error = tf.cast(y_true, y_pred.dtype) - y_pred
        t = tf.cast(threshold, y_pred.dtype)
        small = tf.abs(error) <= t
        return tf.where(small, error * error, t * tf.abs(error) - t * t / 2)

    return huber


@keras.utils.register_keras_serializable()
class HuberLoss(keras.losses.Loss):
    def __init__(self, threshold=1.0, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold

    def call(self, y_true, y_pred):
        return create_huber(self.threshold)(y_true, y_pred)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

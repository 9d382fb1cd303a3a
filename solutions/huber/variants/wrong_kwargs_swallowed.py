"""Takes **kwargs and doesn't hand them on: reduction and name are lost.

zh: 收下 **kwargs 却不往上传：reduction 和 name 都丢了
fails: test_reduction, test_config, test_reload
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
        return tf.where(small, error * error / 2, t * tf.abs(error) - t * t / 2)

    return huber


@keras.utils.register_keras_serializable()
class HuberLoss(keras.losses.Loss):
    def __init__(self, threshold=1.0, **kwargs):
        super().__init__()
        self.threshold = threshold

    def call(self, y_true, y_pred):
        return create_huber(self.threshold)(y_true, y_pred)

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

"""Casts everything to float32: float64 inputs lose their precision.

zh: 全部转换成 float32：float64 的输入丢了精度
fails: test_float64
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
        error, t = tf.cast(error, tf.float32), tf.cast(threshold, tf.float32)
        small = tf.abs(error) <= t
        return tf.where(small, error * error / 2, t * tf.abs(error) - t * t / 2)

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

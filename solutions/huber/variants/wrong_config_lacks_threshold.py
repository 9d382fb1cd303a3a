"""No get_config: the threshold is lost on reload.

zh: 没有 get_config：重新加载后阈值丢失
fails: test_config, test_reload
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
        super().__init__(**kwargs)
        self.threshold = threshold

    def call(self, y_true, y_pred):
        return create_huber(self.threshold)(y_true, y_pred)

"""A custom gradient that forgets to clip: far outliers pull as hard as ever.

zh: 自定义梯度忘了截断：离群值照样拉得那么狠
fails: test_gradient
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

        @tf.custom_gradient
        def of_error(e):
            size = tf.abs(e)
            value = tf.where(size <= t, e * e / 2, t * size - t * t / 2)
            return value, lambda upstream: upstream * e

        return of_error(error)

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

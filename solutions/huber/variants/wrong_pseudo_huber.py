"""That is the pseudo-Huber loss, a smooth look-alike.

zh: 这是伪 Huber 损失，只是样子像
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
        return t * t * (tf.sqrt(1 + tf.square(error / t)) - 1)

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

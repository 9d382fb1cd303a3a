"""The functions return the mean instead of one loss per element.

zh: 函数返回平均值，而不是每个元素各一个损失
fails: test_values, test_one_loss_per_element, test_threshold, test_float64, test_gradient,
    test_reduction
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
        loss = tf.where(small, error * error / 2, t * tf.abs(error) - t * t / 2)
        return tf.reduce_mean(loss)

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

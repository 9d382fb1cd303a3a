"""Computes with NumPy: no gradient, and nothing to trace.

zh: 用 NumPy 计算：没有梯度，也无法追踪
fails: test_gradient, test_in_graph, test_reload
"""

import keras
import numpy as np
import tensorflow as tf


def huber_fn(y_true, y_pred):
    return create_huber(1.0)(y_true, y_pred)


def create_huber(threshold=1.0):
    def huber(y_true, y_pred):
        y_pred = tf.convert_to_tensor(y_pred)
        error = tf.cast(y_true, y_pred.dtype) - y_pred
        t = tf.cast(threshold, y_pred.dtype)
        size = np.abs(error.numpy())
        limit = t.numpy()
        loss = np.where(size <= limit, size**2 / 2, limit * size - limit**2 / 2)
        return tf.constant(loss, dtype=y_pred.dtype)

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

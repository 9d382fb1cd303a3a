"""Blends both branches with a 0/1 mask and states the clipped gradient through custom_gradient.

zh: 用 0/1 掩码混合两个分支，并用 custom_gradient 写明截断后的梯度
"""

import tensorflow as tf


class _Huber:
    """A callable object where others return a closure."""

    def __init__(self, threshold):
        self.threshold = threshold

    def __call__(self, y_true, y_pred):
        y_true = tf.convert_to_tensor(y_true)
        y_pred = tf.convert_to_tensor(y_pred)
        limit = tf.constant(self.threshold, y_pred.dtype)

        @tf.custom_gradient
        def of_error(error):
            size = tf.abs(error)
            inside = tf.cast(size <= limit, error.dtype)
            value = inside * error**2 / 2 + (1 - inside) * limit * (size - limit / 2)

            def gradient(upstream):
                return upstream * tf.maximum(-limit, tf.minimum(error, limit))

            return value, gradient

        return of_error(y_true - y_pred)


@tf.function
def huber_fn(y_true, y_pred):
    return _Huber(1.0)(y_true, y_pred)


def create_huber(threshold=1.0):
    return _Huber(threshold)


@tf.keras.utils.register_keras_serializable(package="Lesson")
class HuberLoss(tf.keras.losses.Loss):
    def __init__(self, threshold=1.0, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(reduction=reduction, name=name, dtype=dtype)
        self._huber = _Huber(threshold)

    @property
    def threshold(self):
        return self._huber.threshold

    def call(self, y_true, y_pred):
        return self._huber(y_true, y_pred)

    def get_config(self):
        return super().get_config() | {"threshold": self.threshold}

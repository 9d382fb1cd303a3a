import functools

import keras
from keras import ops


def _elementwise(y_true, y_pred, threshold):
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    distance = ops.abs(ops.subtract(y_true, y_pred))
    limit = ops.cast(threshold, distance.dtype)
    quadratic = ops.minimum(distance, limit)
    linear = ops.maximum(distance - limit, 0)
    return ops.square(quadratic) / 2 + limit * linear


def huber_fn(y_true, y_pred)
    return _elementwise(y_true, y_pred, 1.0)


def create_huber(threshold=1.0):
    return functools.partial(_elementwise, threshold=threshold)


@keras.saving.register_keras_serializable(package="mine", name="Huber")
class HuberLoss(keras.losses.Loss):
    def __init__(self, threshold=1.0, *, name="huber_loss", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = float(threshold)

    def call(self, y_true, y_pred):
        return _elementwise(y_true, y_pred, self.threshold)

    def get_config(self):
        return dict(super().get_config(), threshold=self.threshold)

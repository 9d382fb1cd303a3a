"""One state vector [Σw·h, Σw], written with `keras.ops`.

zh: 只用一个状态向量 [Σw·h, Σw]，用 `keras.ops` 写成
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="streaming")
class HuberMetric(keras.Metric):
    def __init__(self, threshold=1.0, *, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self._limit = float(threshold)
        self.sums = self.add_variable(shape=(2,), initializer="zeros", name="sums")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = ops.ravel(ops.cast(y_true, "float32"))
        y_pred = ops.ravel(ops.cast(y_pred, "float32"))
        size = ops.absolute(ops.subtract(y_true, y_pred))
        inside = ops.minimum(size, self._limit)
        losses = inside * inside / 2 + self._limit * (size - inside)
        if sample_weight is None:
            weights = ops.ones_like(losses)
        else:
            weights = ops.ravel(ops.cast(sample_weight, "float32"))
        self.sums.assign(self.sums + ops.stack([ops.dot(weights, losses), ops.sum(weights)]))

    def result(self):
        total, weight = ops.unstack(self.sums)
        return ops.where(weight == 0, 0.0, total / ops.where(weight == 0, 1.0, weight))

    def reset_state(self):
        self.sums.assign(ops.zeros((2,)))

    def get_config(self):
        return super().get_config() | {"threshold": self._limit}

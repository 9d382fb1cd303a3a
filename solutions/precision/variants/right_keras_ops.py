"""One state vector [true positives, predicted positives], updated by a matrix product of keras.ops.

zh: 只用一个状态向量 [真阳性, 预测为阳性]，用 keras.ops 的矩阵乘法更新
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="streaming")
class MyPrecision(keras.Metric):
    def __init__(self, threshold=0.5, name="my_precision", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.threshold = float(threshold)
        self.counts = self.add_variable(shape=(2,), initializer="zeros", name="counts")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = ops.ravel(ops.convert_to_tensor(y_true))
        y_pred = ops.ravel(ops.convert_to_tensor(y_pred))
        called = ops.cast(ops.greater(y_pred, self.threshold), self.dtype)
        right = called * ops.cast(y_true, self.dtype)
        if sample_weight is None:
            weights = ops.ones_like(called)
        else:
            weights = ops.cast(ops.ravel(ops.convert_to_tensor(sample_weight)), self.dtype)
        self.counts.assign(self.counts + ops.matmul(ops.stack([right, called]), weights))

    def result(self):
        hits, called = ops.unstack(self.counts)
        return ops.where(called > 0, hits / ops.where(called > 0, called, 1.0), 0.0)

    def reset_state(self):
        self.counts.assign(ops.zeros_like(self.counts))

    def get_config(self):
        config = super().get_config()
        config["threshold"] = self.threshold
        return config

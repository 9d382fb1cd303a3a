"""Wraps the library's own Huber loss.

zh: 直接套用库里现成的 Huber 损失
fails: test_values, test_one_loss_per_element, test_threshold, test_float64, test_gradient,
    test_in_graph, test_loss_value, test_reduction, test_config, test_reload
"""

import keras


def huber_fn(y_true, y_pred):
    return create_huber(1.0)(y_true, y_pred)


def create_huber(threshold=1.0):
    return keras.losses.Huber(delta=threshold, reduction=None)


@keras.utils.register_keras_serializable()
class HuberLoss(keras.losses.Huber):
    def __init__(self, threshold=1.0, **kwargs):
        super().__init__(delta=threshold, **kwargs)
        self.threshold = threshold

    def get_config(self):
        config = super().get_config()
        config.pop("delta", None)
        return {**config, "threshold": self.threshold}

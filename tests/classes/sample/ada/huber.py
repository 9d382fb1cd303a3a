import tensorflow as tf
from tensorflow import keras


def create_huber(threshold=1.0):
    def loss(y_true, y_pred):
        y_pred = tf.convert_to_tensor(y_pred)
        error = y_pred - tf.cast(y_true, y_pred.dtype)
        limit = tf.cast(threshold, y_pred.dtype)
        clipped = tf.clip_by_value(error, -limit, limit)
        return clipped * (error - clipped / 2)

    return loss


huber_fn = create_huber()


@keras.utils.register_keras_serializable()
class HuberLoss(keras.losses.Loss):
    def __init__(self, threshold=1.0, **kwargs):
        self.threshold = threshold
        super().__init__(**kwargs)

    def call(self, y_true, y_pred):
        return create_huber(self.threshold)(y_true, y_pred)

    def get_config(self):
        config = super().get_config()
        config["threshold"] = self.threshold
        return config

import keras
import tensorflow as tf


def create_huber(threshold=1.0):
    def single(error):
        limit = tf.cast(threshold, error.dtype)
        return tf.cond(
            tf.abs(error) > limit,
            lambda: limit * tf.abs(error) - limit * limit / 2,
            lambda: error * error / 2,
        )

    def huber(y_true, y_pred):
        y_pred = tf.convert_to_tensor(y_pred)
        error = tf.cast(y_true, y_pred.dtype) - y_pred
        flat = tf.map_fn(single, tf.reshape(error, [-1]))
        return tf.reshape(flat, tf.shape(error))

    return huber


def huber_fn(y_true, y_pred):
    return create_huber(1.0)(y_true, y_pred)


@keras.utils.register_keras_serializable()
class HuberLoss(keras.Loss):
    def __init__(self, threshold=1.0, **kwargs):
        super().__init__(**kwargs)
        self.threshold = threshold
        self.fn = create_huber(threshold)

    def call(self, y_true, y_pred):
        return self.fn(y_true, y_pred)

    def get_config(self):
        return {"threshold": self.threshold, **super().get_config()}

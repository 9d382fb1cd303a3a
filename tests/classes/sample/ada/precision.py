import keras
import tensorflow as tf


@keras.utils.register_keras_serializable()
class MyPrecision(keras.metrics.Metric):
    def __init__(self, threshold=0.5, **kwargs):
        super().__init__(**kwargs)
        self._threshold = threshold
        zero = keras.initializers.Zeros()
        self.true_positives = self.add_weight(shape=(), initializer=zero, name="tp")
        self.predicted = self.add_weight(shape=(), initializer=zero, name="pp")

    @tf.function
    def _weights_of_hits(self, y_true, y_pred, weights):
        chosen = tf.reshape(y_pred > self._threshold, [-1])
        weights = tf.boolean_mask(tf.reshape(weights, [-1]), chosen)
        labels = tf.boolean_mask(tf.reshape(y_true, [-1]), chosen)
        return tf.reduce_sum(tf.boolean_mask(weights, labels)), tf.reduce_sum(weights)

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = tf.convert_to_tensor(y_pred)
        if sample_weight is None:
            sample_weight = tf.ones(tf.size(y_pred))
        weights = tf.cast(sample_weight, tf.float32)
        hits, predicted = self._weights_of_hits(tf.cast(y_true, tf.bool), y_pred, weights)
        self.true_positives.assign_add(hits)
        self.predicted.assign_add(predicted)

    def result(self):
        predicted = tf.convert_to_tensor(self.predicted)
        return tf.cond(
            predicted > 0.0,
            lambda: tf.convert_to_tensor(self.true_positives) / predicted,
            lambda: tf.constant(0.0),
        )

    def reset_state(self):
        for variable in (self.true_positives, self.predicted):
            variable.assign(0.0)

    def get_config(self):
        return dict(super().get_config(), threshold=self._threshold)

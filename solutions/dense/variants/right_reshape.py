"""Flattens the leading axes, multiplies matrices, and undoes it; has a from_config of its own.

zh: 先把前面的轴压平成矩阵再相乘，最后恢复形状；用 from_config 还原自己。
"""

import keras
import tensorflow as tf
from keras import activations, saving


@keras.utils.register_keras_serializable("lessons", name="MyDense")
class MyDense(tf.keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = activations.get(activation)

    def build(self, batch_input_shape):
        n_inputs = batch_input_shape[-1]
        self.kernel = self.add_weight(
            shape=(n_inputs, self.units), initializer="glorot_normal", name="kernel", trainable=True
        )
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
        self.built = True

    def call(self, inputs):
        n_inputs = self.kernel.shape[0]
        rows = tf.reshape(inputs, [-1, n_inputs])
        outputs = tf.matmul(rows, self.kernel) + self.bias
        leading = tf.shape(inputs)[:-1]
        outputs = tf.reshape(outputs, tf.concat([leading, [self.units]], axis=0))
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        config = super().get_config()
        config.update(units=self.units, activation=saving.serialize_keras_object(self.activation))
        return config

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        config["activation"] = saving.deserialize_keras_object(config["activation"])
        return cls(**config)

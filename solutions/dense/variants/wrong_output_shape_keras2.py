"""compute_output_shape expects Keras 2's TensorShape; Keras 3 hands it a tuple.

zh: compute_output_shape 按 Keras 2 的 TensorShape 来写，而 Keras 3 传来的是元组
fails: test_output_shape, test_trainable, test_reload
"""

import keras
import tensorflow as tf


@keras.utils.register_keras_serializable(package="course")
class MyDense(keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units), initializer="glorot_normal"
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")

    def call(self, inputs):
        return self.activation(keras.ops.matmul(inputs, self.kernel) + self.bias)

    def compute_output_shape(self, input_shape):
        return tf.TensorShape([*input_shape.as_list()[:-1], self.units])

    def get_config(self):
        config = super().get_config()
        config["units"] = self.units
        config["activation"] = keras.activations.serialize(self.activation)
        return config

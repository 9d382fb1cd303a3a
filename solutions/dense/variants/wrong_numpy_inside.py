"""Computes with NumPy in call: right by hand, but no gradient flows and nothing can be traced.

zh: 在 call 里用 NumPy 计算：手工调用是对的，但没有梯度，也无法追踪
fails: test_ranks, test_gradient, test_mixed_precision
"""

import keras
import numpy as np
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
        z = np.dot(inputs.numpy(), self.kernel.numpy()) + self.bias.numpy()
        return self.activation(tf.constant(z))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        config = super().get_config()
        config["units"] = self.units
        config["activation"] = keras.activations.serialize(self.activation)
        return config

"""Wraps a keras.layers.Dense instead of writing the layer.

zh: 内部包了一个 keras.layers.Dense，没有自己实现这个层
fails: test_values, test_ranks, test_build, test_initial_weights, test_output_shape,
    test_trainable, test_gradient, test_mixed_precision, test_config, test_reload
"""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable(package="course")
class MyDense(keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        make = getattr(tf.keras.layers, "Dense")  # noqa: B009
        self.dense = make(
            units,
            activation=self.activation,
            kernel_initializer="glorot_normal",
            dtype=self.dtype_policy,
        )

    def build(self, input_shape):
        self.dense.build(input_shape)
        self.kernel, self.bias = self.dense.kernel, self.dense.bias

    def call(self, inputs):
        return self.dense(inputs)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        return {**super().get_config(), "units": self.units, "activation": activation}

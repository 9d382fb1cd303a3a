"""Passes the weight's name to add_weight first, as in Keras 2.

zh: 按 Keras 2 的写法把名字作为 add_weight 的第一个参数
fails: test_values, test_ranks, test_build, test_initial_weights, test_output_shape,
    test_trainable, test_gradient, test_mixed_precision, test_config, test_reload
"""

import keras


@keras.utils.register_keras_serializable(package="course")
class MyDense(keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            "kernel", shape=(input_shape[-1], self.units), initializer="glorot_normal"
        )
        self.bias = self.add_weight("bias", shape=(self.units,), initializer="zeros")

    def call(self, inputs):
        return self.activation(keras.ops.matmul(inputs, self.kernel) + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        config = super().get_config()
        config["units"] = self.units
        config["activation"] = keras.activations.serialize(self.activation)
        return config

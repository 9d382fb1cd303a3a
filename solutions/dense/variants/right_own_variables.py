"""Makes keras.Variable objects itself instead of calling add_weight.

zh: 不用 add_weight，而是自己创建 keras.Variable。
"""

import keras
import tensorflow as tf


def _activation_config(activation):
    return keras.saving.serialize_keras_object(activation)


@tf.keras.utils.register_keras_serializable()
class MyDense(tf.keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        def weight(name, shape, initializer):
            return keras.Variable(initializer, shape=shape, dtype=self.variable_dtype, name=name)

        self.kernel = weight(
            "kernel", (input_shape[-1], self.units), keras.initializers.GlorotNormal()
        )
        self.bias = weight("bias", (self.units,), keras.initializers.Zeros())

    def call(self, inputs):
        z = inputs @ self.kernel
        z += self.bias
        return self.activation(z)

    def compute_output_shape(self, input_shape):
        return (*tuple(input_shape)[:-1], self.units)

    def get_config(self):
        config = super().get_config()
        return config | {"units": self.units, "activation": _activation_config(self.activation)}

"""Multiplies with keras.ops.einsum and describes the output in compute_output_spec, too.

zh: 用 keras.ops.einsum 相乘，并且也实现了 compute_output_spec。
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="homework")
class MyDense(keras.layers.Layer):
    """A fully connected layer."""

    def __init__(self, units, activation=None, **kwargs):
        self.units = units
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)

    def build(self, input_shape):
        *_, features = input_shape
        makers = {
            "kernel": ((features, self.units), "glorot_normal"),
            "bias": ((self.units,), "zeros"),
        }
        for name, (shape, initializer) in makers.items():
            setattr(self, name, self.add_weight(shape=shape, initializer=initializer, name=name))

    def call(self, x):
        z = ops.einsum("...i,io->...o", x, self.kernel)
        return self.activation(ops.add(z, self.bias))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def compute_output_spec(self, x):
        return keras.KerasTensor(self.compute_output_shape(x.shape), dtype=self.compute_dtype)

    def get_config(self):
        own = {"units": self.units, "activation": keras.activations.serialize(self.activation)}
        return super().get_config() | own

"""Stores the layers under numbered attributes, all made by methods of their own.

zh: 各层存成带编号的属性，由专门的方法创建
"""

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import Dense, Layer


@keras.utils.register_keras_serializable(package="Residual")
class ResidualBlock(Layer):
    """Two prints and a residual connection."""

    def __init__(self, n_layers, n_neurons, **kwargs):
        super().__init__(**kwargs)
        self.n_layers, self.n_neurons = int(n_layers), int(n_neurons)
        for number in range(self.n_layers):
            setattr(self, f"dense_{number}", Dense(self.n_neurons, activation=tf.nn.relu))

    def call(self, inputs):
        output = inputs
        for number in range(self.n_layers):
            output = getattr(self, f"dense_{number}")(output)
        return output + inputs

    def get_config(self):
        return {"n_layers": self.n_layers, "n_neurons": self.n_neurons, **super().get_config()}


@keras.utils.register_keras_serializable(package="Residual")
class ResidualRegressor(keras.Model):
    """All layers are made by a method of their own."""

    def __init__(self, output_dim, name="residual_regressor", **kwargs):
        super().__init__(name=name, **kwargs)
        self._output_dim = output_dim
        self.make_layers()

    def make_layers(self):
        self.input_layer = Dense(30, activation="relu")
        self.block1 = ResidualBlock(2, 30)
        self.block2 = ResidualBlock(2, 30)
        self.output_layer = Dense(self._output_dim)

    def call(self, inputs, training=False, mask=None):
        layers = [self.input_layer, *[self.block1] * 4, self.block2, self.output_layer]
        for layer in layers:
            inputs = layer(inputs)
        return inputs

    def get_config(self):
        config = super().get_config()
        return {**config, "output_dim": self._output_dim}

"""A block keeps its layers in a `Sequential` and adds with an `Add` layer.

zh: 块把各层放进 `Sequential`，再用 `Add` 层相加
"""

import keras
from keras import layers

register = keras.utils.register_keras_serializable(package="homework", name=None)


@register
class ResidualBlock(layers.Layer):
    def __init__(self, n_layers: int, n_neurons: int, **kwargs):
        super().__init__(**kwargs)
        self.arguments = {"n_layers": n_layers, "n_neurons": n_neurons}
        self.inner = keras.Sequential()
        for number in range(n_layers):
            self.inner.add(layers.Dense(n_neurons, "relu", name=f"step_{number}"))
        self.join = layers.Add()

    def build(self, input_shape):
        self.inner.build(input_shape)
        super().build(input_shape)

    def call(self, inputs):
        return self.join([inputs, self.inner(inputs)])

    def get_config(self):
        config = super().get_config()
        config.update(self.arguments)
        return config


@register
class ResidualRegressor(keras.Model):
    def __init__(self, output_dim: int, **kwargs):
        super().__init__(**kwargs)
        self.output_dim = output_dim
        self.first = layers.Dense(30, activation=keras.activations.relu)
        self.block1 = ResidualBlock(n_layers=2, n_neurons=30, name="again_and_again")
        self.block2 = ResidualBlock(n_layers=2, n_neurons=30, name="once")
        self.last = layers.Dense(output_dim, activation="linear")

    def call(self, inputs, training=None):
        z = self.first(inputs)
        z = self.block1(self.block1(self.block1(self.block1(z))))
        return self.last(self.block2(z))

    def get_config(self):
        config = super().get_config()
        config["output_dim"] = self.output_dim
        return config

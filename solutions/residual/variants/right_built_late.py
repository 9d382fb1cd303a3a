"""Makes all sub-layers in `build`, as soon as the input is known.

zh: 知道输入之后，才在 `build` 里创建各个子层
"""

import keras
import tensorflow as tf


@keras.utils.register_keras_serializable()
class ResidualBlock(keras.layers.Layer):
    def __init__(self, n_layers, n_neurons, **kwargs):
        super().__init__(**kwargs)
        self.n_layers = n_layers
        self.n_neurons = n_neurons

    def build(self, input_shape):
        print("a block is built for", input_shape)
        self.hidden = []
        for _ in range(self.n_layers):
            layer = keras.layers.Dense(
                self.n_neurons, activation="relu", kernel_initializer="he_normal"
            )
            layer.build(input_shape)
            self.hidden.append(layer)
        self.built = True

    def call(self, inputs):
        z = tf.identity(inputs)
        for layer in self.hidden:
            z = layer(z)
        return tf.add(z, inputs)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return dict(super().get_config(), n_layers=self.n_layers, n_neurons=self.n_neurons)


@keras.utils.register_keras_serializable()
class ResidualRegressor(keras.Model):
    REPEATS = 1 + 3

    def __init__(self, output_dim, **kwargs):
        super().__init__(**kwargs)
        self.output_dim = output_dim
        self.block1 = ResidualBlock(2, 30)
        self.block2 = ResidualBlock(2, 30)
        self.hidden = keras.layers.Dense(30, activation="relu")
        self.out = keras.layers.Dense(output_dim)

    def build(self, input_shape):
        self.hidden.build(input_shape)
        inside = (*input_shape[:-1], 30)
        for part in (self.block1, self.block2, self.out):
            part.build(inside)
        self.built = True

    def call(self, inputs):
        z = self.hidden(inputs)
        for _ in range(self.REPEATS):
            z = self.block1(z)
        z = self.block2(z)
        return self.out(z)

    def get_config(self):
        return dict(super().get_config(), output_dim=self.output_dim)

"""Makes the layers in `call`: new weights on every call, and none that Keras knows.

zh: 在 `call` 里创建层：每次调用都是新权重，Keras 一个也不知道
fails: test_block, test_block_weights, test_block_symbolic, test_regressor,
    test_regressor_weights, test_gradients, test_block_config, test_block_reload,
    test_regressor_reload
"""

import keras


@keras.utils.register_keras_serializable(package="course")
class ResidualBlock(keras.layers.Layer):
    def __init__(self, n_layers, n_neurons, **kwargs):
        super().__init__(**kwargs)
        self.n_layers, self.n_neurons = n_layers, n_neurons

    def call(self, inputs):
        z = inputs
        for _ in range(self.n_layers):
            z = keras.layers.Dense(self.n_neurons, activation="relu")(z)
        return inputs + z

    def get_config(self):
        return {
            **super().get_config(),
            "n_layers": self.n_layers,
            "n_neurons": self.n_neurons,
        }


@keras.utils.register_keras_serializable(package="course")
class ResidualRegressor(keras.Model):
    def __init__(self, output_dim, **kwargs):
        super().__init__(**kwargs)
        self.output_dim = output_dim
        self.hidden1 = keras.layers.Dense(30, activation="relu")
        self.block1 = ResidualBlock(2, 30)
        self.block2 = ResidualBlock(2, 30)
        self.out = keras.layers.Dense(output_dim)

    def call(self, inputs):
        z = self.hidden1(inputs)
        for _ in range(1 + 3):
            z = self.block1(z)
        return self.out(self.block2(z))

    def get_config(self):
        return {**super().get_config(), "output_dim": self.output_dim}

"""Dense layers without activation, relu from `keras.ops` after each, a helper for the path.

zh: 全连接层不带激活，每层之后用 `keras.ops` 的 relu，路径由辅助函数计算
"""

from functools import reduce

import keras


def _step(z, layer):
    return keras.ops.relu(layer(z))


def _repeat(layer, times, z):
    return z if times == 0 else _repeat(layer, times - 1, layer(z))


@keras.utils.register_keras_serializable("residual", "Block")
class ResidualBlock(keras.layers.Layer):
    def __init__(self, n_layers, n_neurons, **kwargs):
        super().__init__(**kwargs)
        self.steps = tuple(keras.layers.Dense(n_neurons) for _ in range(n_layers))
        self.sizes = [n_layers, n_neurons]

    def call(self, inputs):
        return keras.ops.add(reduce(_step, self.steps, inputs), inputs)

    def get_config(self):
        config = super().get_config()
        config["n_layers"], config["n_neurons"] = self.sizes
        return config


@keras.utils.register_keras_serializable("residual", "Regressor")
class ResidualRegressor(keras.Model):
    def __init__(self, output_dim, **kwargs):
        super().__init__(**kwargs)
        self.parts = {
            "hidden": keras.layers.Dense(30),
            "out": keras.layers.Dense(output_dim),
        }
        self.block1, self.block2 = ResidualBlock(2, 30), ResidualBlock(2, 30)
        self.n_outputs = output_dim

    def call(self, inputs):
        z = _step(inputs, self.parts["hidden"])
        z = _repeat(self.block1, 4, z)
        return self.parts["out"](self.block2(z))

    def get_config(self):
        return super().get_config() | {"output_dim": self.n_outputs}

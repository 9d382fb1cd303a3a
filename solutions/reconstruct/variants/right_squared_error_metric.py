"""`MeanSquaredError`, which is a `Mean`, as the metric; a functional network inside.

zh: 用 `MeanSquaredError`（它也是一种 `Mean`）作指标；内部是函数式网络
"""

import keras
from keras import layers


class ReconstructingRegressor(keras.Model):
    def __init__(self, output_dim, reconstruction_weight=0.05, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.settings = {"output_dim": output_dim, "weight": reconstruction_weight}

    def build(self, input_shape):
        self.watch = keras.metrics.MeanSquaredError(name="reconstruction_error")
        start = keras.Input(shape=tuple(input_shape)[1:])
        z = start
        for _ in range(5):
            z = layers.Dense(30, "selu")(z)
        prediction = layers.Dense(self.settings["output_dim"])(z)
        decoder = layers.Dense(start.shape[-1], name="decoder")
        self.network = keras.Model(start, [prediction, decoder(z)])

    def call(self, inputs, training=None):
        prediction, reconstruction = self.network(inputs)
        self.watch.update_state(inputs, reconstruction)
        rows = keras.losses.mean_squared_error(inputs, reconstruction)
        self.add_loss(self.settings["weight"] * keras.ops.mean(rows))
        return prediction

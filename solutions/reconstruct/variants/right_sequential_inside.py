"""A `Sequential` holds the hidden layers; `build` builds them all; the metric counts rows.

zh: 隐藏层放在 `Sequential` 里；`build` 把它们全部建好；指标按行计数
"""

import keras
from keras import layers, ops


class ReconstructingRegressor(keras.Model):
    """The metric averages over rows, so a smaller batch counts less."""

    def __init__(self, output_dim, reconstruction_weight=0.05, **kwargs):
        super().__init__(**kwargs)
        self.weight = float(reconstruction_weight)
        self.body = keras.Sequential()
        for number in range(5):
            self.body.add(layers.Dense(30, kernel_initializer="he_normal", name=f"dense{number}"))
            self.body.add(layers.Activation("selu"))
        self.head = layers.Dense(output_dim, activation="linear")
        self.tracker = keras.metrics.Mean(name="reconstruction_error")

    def build(self, input_shape):
        features = input_shape[-1]
        self.body.build(input_shape)
        self.head.build((None, 30))
        self.decoder = layers.Dense(features, name="decoder")
        self.decoder.build((None, 30))
        self.built = True

    def call(self, inputs, training=None):
        z = self.body(inputs, training=training)
        by_row = ops.mean((self.decoder(z) - inputs) ** 2, axis=-1)
        self.tracker.update_state(by_row)
        self.add_loss(ops.mean(by_row) * self.weight)
        return self.head(z)


if __name__ == "__main__":
    print(ReconstructingRegressor(2)(ops.ones((3, 4))))

"""All models share one metric.

zh: 所有模型共用一个指标
fails: test_metric
"""

import keras

METRIC = keras.metrics.Mean(name="reconstruction_error")


class ReconstructingRegressor(keras.Model):
    def __init__(self, output_dim, reconstruction_weight=0.05, **kwargs):
        super().__init__(**kwargs)
        self.reconstruction_weight = reconstruction_weight
        self.hidden = [keras.layers.Dense(30, activation="selu") for _ in range(5)]
        self.out = keras.layers.Dense(output_dim)
        self.error_metric = METRIC

    def build(self, input_shape):
        self.decoder = keras.layers.Dense(input_shape[-1])

    def call(self, inputs, training=None):
        z = inputs
        for layer in self.hidden:
            z = layer(z)
        error = keras.ops.mean(keras.ops.square(self.decoder(z) - inputs))
        self.add_loss(self.reconstruction_weight * error)
        self.error_metric.update_state(error)
        return self.out(z)

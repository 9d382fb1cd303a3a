"""The decoder is made anew in every call.

zh: 每次调用都重新创建解码层
fails: test_prediction, test_weights, test_added_loss, test_history, test_evaluate, test_training
"""

import keras


class ReconstructingRegressor(keras.Model):
    def __init__(self, output_dim, reconstruction_weight=0.05, **kwargs):
        super().__init__(**kwargs)
        self.reconstruction_weight = reconstruction_weight
        self.hidden = [keras.layers.Dense(30, activation="selu") for _ in range(5)]
        self.out = keras.layers.Dense(output_dim)
        self.error_metric = keras.metrics.Mean(name="reconstruction_error")

    def call(self, inputs, training=None):
        z = inputs
        for layer in self.hidden:
            z = layer(z)
        decoder = keras.layers.Dense(inputs.shape[-1])
        error = keras.ops.mean(keras.ops.square(decoder(z) - inputs))
        self.add_loss(self.reconstruction_weight * error)
        self.error_metric.update_state(error)
        return self.out(z)

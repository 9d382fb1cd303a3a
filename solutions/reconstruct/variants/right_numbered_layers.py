"""Numbered attributes, TensorFlow's functions, `super().build` at the end.

zh: 逐个编号的属性，TensorFlow 的函数，最后调用 `super().build`
"""

import tensorflow as tf

L = tf.keras.layers


class ReconstructingRegressor(tf.keras.Model):
    def __init__(self, output_dim: int, reconstruction_weight: float = 0.05, **kwargs) -> None:
        super().__init__(**kwargs)
        self.factor = tf.constant(reconstruction_weight, tf.float32)
        self.h1 = L.Dense(30, tf.nn.selu)
        self.h2 = L.Dense(30, tf.nn.selu)
        self.h3 = L.Dense(30, tf.nn.selu)
        self.h4 = L.Dense(30, tf.nn.selu)
        self.h5 = L.Dense(30, tf.nn.selu)
        self.answer = L.Dense(output_dim)
        self.mean_error = tf.keras.metrics.Mean("reconstruction_error")

    def build(self, input_shape) -> None:
        self.decoder = L.Dense(units=input_shape[-1])
        super().build(input_shape)

    def call(self, inputs: tf.Tensor, training: bool | None = None) -> tf.Tensor:
        last = self.h5(self.h4(self.h3(self.h2(self.h1(inputs)))))
        difference = inputs - self.decoder(last)
        error = tf.reduce_mean(difference * difference)
        self.mean_error(error)
        self.add_loss(tf.multiply(self.factor, error))
        return self.answer(last)

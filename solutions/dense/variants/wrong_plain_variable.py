"""Makes plain tf.Variables, which Keras 3 neither tracks, trains nor saves.

zh: 使用普通的 tf.Variable，Keras 3 不会跟踪、训练或保存它们
fails: test_values, test_ranks, test_build, test_initial_weights, test_output_shape,
    test_trainable, test_gradient, test_mixed_precision, test_config, test_reload
"""

import keras
import tensorflow as tf


@keras.utils.register_keras_serializable(package="course")
class MyDense(keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        initial = keras.initializers.GlorotNormal()((input_shape[-1], self.units))
        self.kernel = tf.Variable(initial, name="kernel")
        self.bias = tf.Variable(tf.zeros([self.units]), name="bias")

    def call(self, inputs):
        return self.activation(tf.matmul(inputs, self.kernel) + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        config = super().get_config()
        config["units"] = self.units
        config["activation"] = keras.activations.serialize(self.activation)
        return config

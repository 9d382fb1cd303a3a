"""Has one bias for the whole layer instead of one per unit.

zh: 整个层只有一个偏置，而不是每个单元一个
fails: test_values, test_ranks, test_build, test_initial_weights, test_output_shape,
    test_trainable, test_gradient, test_mixed_precision, test_config, test_reload
"""

import keras


@keras.utils.register_keras_serializable(package="course")
class MyDense(keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units), initializer="glorot_normal"
        )
        self.bias = self.add_weight(name="bias", shape=(1,), initializer="zeros")

    def call(self, inputs):
        return self.activation(keras.ops.matmul(inputs, self.kernel) + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        config = super().get_config()
        config["units"] = self.units
        config["activation"] = keras.activations.serialize(self.activation)
        return config

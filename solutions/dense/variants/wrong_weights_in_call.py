"""Makes the weights at the first call instead of in build, so a reloaded layer has none to fill.

zh: 在第一次调用时才创建权重，而不是在 build 里，重新加载时没有权重可恢复
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

    def call(self, inputs):
        if not hasattr(self, "kernel"):
            self.kernel = self.add_weight(
                name="kernel", shape=(inputs.shape[-1], self.units), initializer="glorot_normal"
            )
            self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        return self.activation(keras.ops.matmul(inputs, self.kernel) + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        config = super().get_config()
        config["units"] = self.units
        config["activation"] = keras.activations.serialize(self.activation)
        return config

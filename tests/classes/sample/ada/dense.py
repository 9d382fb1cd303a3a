import keras
import tensorflow as tf


@keras.saving.register_keras_serializable()
class MyDense(keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = int(units)
        self.activation = None if activation is None else keras.activations.get(activation)

    def build(self, input_shape):
        add = self.add_weight
        self.bias = add(name="bias", shape=[self.units], initializer=keras.initializers.Zeros())
        self.kernel = add(
            name="kernel",
            shape=[input_shape[-1], self.units],
            initializer=keras.initializers.GlorotNormal(),
        )
        super().build(input_shape)

    def call(self, inputs):
        z = tf.nn.bias_add(tf.tensordot(inputs, self.kernel, axes=1), self.bias)
        return z if self.activation is None else self.activation(z)

    def compute_output_shape(self, input_shape):
        shape = list(input_shape)
        shape[-1] = self.units
        return tuple(shape)

    def get_config(self):
        activation = self.activation
        if activation is not None:
            activation = keras.activations.serialize(activation)
        return {**super().get_config(), "units": self.units, "activation": activation}

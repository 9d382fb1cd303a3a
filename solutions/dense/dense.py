"""A fully connected layer, written from scratch: activation(inputs @ kernel + bias)."""

import keras


# BEGIN SOLUTION
@keras.utils.register_keras_serializable(package="course")
# END SOLUTION
class MyDense(keras.layers.Layer):
    """A fully connected layer that works on the last axis of its input.

    It must survive being saved and reloaded in a process that knows nothing but this module, so
    the class has to be registered with `keras.utils.register_keras_serializable`.

    Args:
        units: int, the number of outputs.
        activation: what is applied to the result: None (nothing), the name of a Keras activation,
            a function, or any other callable such as a layer with settings of its own.
        **kwargs: whatever every layer takes (`name`, `dtype`, `trainable`, ...).
    """

    def __init__(self, units, activation=None, **kwargs):
        """Keeps the settings. No weight is made here: the input's size isn't known yet."""
        # BEGIN SOLUTION
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        # END SOLUTION

    def build(self, input_shape):
        """Makes the two weights; Keras calls this once, before the first `call`.

        `kernel`: shape (inputs, units), glorot-normal. `bias`: shape (units,), zeros.

        Args:
            input_shape: tuple of ints and None, such as (None, 5); its last entry is `inputs`.
        """
        # BEGIN SOLUTION
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units), initializer="glorot_normal"
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        super().build(input_shape)
        # END SOLUTION

    def call(self, inputs):
        """The layer's output.

        Args:
            inputs: tensor of shape (batch, ..., inputs), rank 2 or more, in the layer's compute
                dtype (float32, or float16 under the policy `mixed_float16`).

        Returns:
            Tensor of shape (batch, ..., units) in the same dtype.
        """
        # BEGIN SOLUTION
        return self.activation(keras.ops.matmul(inputs, self.kernel) + self.bias)
        # END SOLUTION

    def compute_output_shape(self, input_shape):
        """The shape of the output, worked out without any tensor; also before `build`.

        Args:
            input_shape: tuple such as (None, 3, 5).

        Returns:
            Tuple: the same, with `units` in the last place.
        """
        # BEGIN SOLUTION
        return (*input_shape[:-1], self.units)
        # END SOLUTION

    def get_config(self):
        """The settings from which `from_config` makes an equal layer.

        Returns:
            Dict: the parent's entries, `units`, and `activation` in a form that keeps all of it.
        """
        # BEGIN SOLUTION
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
        }
        # END SOLUTION

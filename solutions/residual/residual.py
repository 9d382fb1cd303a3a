"""A residual block, and a regressor that sends its data through one of them four times.

Both classes have to be registered with `keras.utils.register_keras_serializable`: then a model made
of them can be loaded in another process, without `custom_objects`.
"""

import keras


# BEGIN SOLUTION
@keras.utils.register_keras_serializable()
# END SOLUTION
class ResidualBlock(keras.layers.Layer):
    """A stack of `n_layers` relu layers of `n_neurons` each, whose input is added to its output."""

    def __init__(self, n_layers, n_neurons, **kwargs):
        """Make the layers.

        Args:
            n_layers: how many Dense layers with relu activation, a Python int ≥ 1.
            n_neurons: how many units each of them has; the block's input has as many features.
            kwargs: Keras's own arguments, such as `name`.
        """
        # BEGIN SOLUTION
        super().__init__(**kwargs)
        self.n_layers = n_layers
        self.n_neurons = n_neurons
        self.hidden = [
            keras.layers.Dense(n_neurons, activation="relu", kernel_initializer="he_normal")
            for _ in range(n_layers)
        ]
        # END SOLUTION

    def call(self, inputs):
        """Send `inputs` through all layers and add them to what comes out.

        Args:
            inputs: float32 tensor of shape (batch, n_neurons).

        Returns:
            Tensor of the same shape and dtype. No activation follows the addition.
        """
        # BEGIN SOLUTION
        outputs = inputs
        for layer in self.hidden:
            outputs = layer(outputs)
        return inputs + outputs
        # END SOLUTION

    def get_config(self):
        """Return the constructor's arguments, `n_layers` and `n_neurons` and those of Keras."""
        # BEGIN SOLUTION
        config = super().get_config()
        return {**config, "n_layers": self.n_layers, "n_neurons": self.n_neurons}
        # END SOLUTION


# BEGIN SOLUTION
@keras.utils.register_keras_serializable()
# END SOLUTION
class ResidualRegressor(keras.Model):
    """Dense(30, relu), then `block1` four times, `block2` once, and Dense(output_dim).

    The attributes `block1` and `block2` are two different `ResidualBlock(2, 30)`.
    """

    def __init__(self, output_dim, **kwargs):
        """Make the layers.

        Args:
            output_dim: how many numbers to predict, a Python int ≥ 1.
            kwargs: Keras's own arguments, such as `name`.
        """
        # BEGIN SOLUTION
        super().__init__(**kwargs)
        self.output_dim = output_dim
        self.hidden = keras.layers.Dense(30, activation="relu", kernel_initializer="he_normal")
        self.block1 = ResidualBlock(2, 30)
        self.block2 = ResidualBlock(2, 30)
        self.out = keras.layers.Dense(output_dim)
        # END SOLUTION

    def call(self, inputs):
        """Predict.

        Args:
            inputs: float32 tensor of shape (batch, features), any number of features.

        Returns:
            Tensor of shape (batch, output_dim). No activation follows the last layer.
        """
        # BEGIN SOLUTION
        z = self.hidden(inputs)
        for _ in range(1 + 3):
            z = self.block1(z)
        return self.out(self.block2(z))
        # END SOLUTION

    def get_config(self):
        """Return the constructor's arguments, `output_dim` and those of Keras."""
        # BEGIN SOLUTION
        return {**super().get_config(), "output_dim": self.output_dim}
        # END SOLUTION

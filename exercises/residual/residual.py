"""A residual block, and a regressor that sends its data through one of them four times.

Both classes have to be registered with `keras.utils.register_keras_serializable`: then a model made
of them can be loaded in another process, without `custom_objects`.
"""

import keras


class ResidualBlock(keras.layers.Layer):
    """A stack of `n_layers` relu layers of `n_neurons` each, whose input is added to its output."""

    def __init__(self, n_layers, n_neurons, **kwargs):
        """Make the layers.

        Args:
            n_layers: how many Dense layers with relu activation, a Python int ≥ 1.
            n_neurons: how many units each of them has; the block's input has as many features.
            kwargs: Keras's own arguments, such as `name`.
        """
        raise NotImplementedError

    def call(self, inputs):
        """Send `inputs` through all layers and add them to what comes out.

        Args:
            inputs: float32 tensor of shape (batch, n_neurons).

        Returns:
            Tensor of the same shape and dtype. No activation follows the addition.
        """
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments, `n_layers` and `n_neurons` and those of Keras."""
        raise NotImplementedError


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
        raise NotImplementedError

    def call(self, inputs):
        """Predict.

        Args:
            inputs: float32 tensor of shape (batch, features), any number of features.

        Returns:
            Tensor of shape (batch, output_dim). No activation follows the last layer.
        """
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments, `output_dim` and those of Keras."""
        raise NotImplementedError

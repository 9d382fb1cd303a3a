"""A regressor with a loss and a metric of its own: how well its inputs can be reconstructed."""

import keras


class ReconstructingRegressor(keras.Model):
    """Five hidden Dense(30, selu) layers, Dense(output_dim), and a decoder beside the latter.

    The decoder is a Dense layer without activation, with as many units as the inputs have
    features. It tries to reconstruct the inputs from the last hidden layer. The reconstruction
    error of a batch is the mean of (reconstruction - inputs)² over all its entries.

    In every call, training or not, the model adds reconstruction_weight · error to its losses,
    with `add_loss`. The error itself, without that factor, is reported by `fit` and `evaluate` as
    `reconstruction_error`: a `keras.metrics.Mean` which the model tracks.
    """

    def __init__(self, output_dim, reconstruction_weight=0.05, **kwargs):
        """Make the layers, except for the decoder, and the metric.

        Args:
            output_dim: how many numbers to predict, a Python int ≥ 1.
            reconstruction_weight: what the error counts in the loss, a Python float ≥ 0.
            kwargs: Keras's own arguments, such as `name`.
        """
        raise NotImplementedError

    def build(self, input_shape):
        """Make the decoder, once: here the number of features is known for the first time.

        Args:
            input_shape: (batch or None, features).
        """
        raise NotImplementedError

    def call(self, inputs, training=None):
        """Predict; on the way, add the weighted error to the losses and update the metric.

        Args:
            inputs: float32 tensor of shape (batch, features), any number of features.
            training: whether this is a training step; makes no difference here.

        Returns:
            Tensor of shape (batch, output_dim): the prediction, not the reconstruction.
        """
        raise NotImplementedError

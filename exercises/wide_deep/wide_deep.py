"""A wide & deep model and the loop that trains each of its two paths with its own optimizer."""

import keras
import tensorflow as tf


class WideDeepModel(keras.Model):
    """A linear path and a path of two hidden layers, both from the same input, added up.

    Output: Dense(1)(x) + Dense(1)(hidden2(hidden1(x))), where both hidden layers have `units`
    neurons and ReLU.

    Args:
        units: int, neurons in each hidden layer.
        **kwargs: whatever every Keras model takes (`name`, ...).
    """

    def __init__(self, units=30, **kwargs):
        """Makes the layers; they get their weights at the first call."""
        raise NotImplementedError

    def call(self, inputs):
        """Maps (batch, features) float32 to (batch, 1) float32."""
        raise NotImplementedError

    @property
    def wide_variables(self):
        """List of the trainable variables of the linear path; asked for once the model is built."""
        raise NotImplementedError

    @property
    def deep_variables(self):
        """List of the trainable variables of the deep path; asked for once the model is built."""
        raise NotImplementedError


def train_step(model, x, y, wide_optimizer, deep_optimizer, loss_fn):
    """One update of the model: one forward pass, then each optimizer on its own path.

    For all calls with the same model, optimizers and loss, and batches of one shape, the step is
    traced once. Model and optimizers may not have been built yet.

    Args:
        model: a WideDeepModel.
        x: (batch, features) float32, tensor or array.
        y: (batch, 1) float32, tensor or array.
        wide_optimizer: Keras optimizer for `model.wide_variables`.
        deep_optimizer: Keras optimizer for `model.deep_variables`.
        loss_fn: a Keras loss, object or function; a function gives one value per row, whose mean
            counts.

    Returns:
        Scalar tensor: the loss before the update, regularisation (`model.losses`) included.
    """
    raise NotImplementedError


def fit(model, X, y, *, epochs, batch_size, wide_optimizer, deep_optimizer, loss_fn, rng):
    """Trains with batches drawn at random from X and y; the step is traced once for all of them.

    Args:
        model: a WideDeepModel; it and the optimizers may not have been built yet.
        X: (n, features) float32 NumPy array.
        y: (n, 1) float32 NumPy array.
        epochs: int, how many times to go over the data.
        batch_size: int from 1 to n, rows per batch; n needn't be a multiple of it.
        wide_optimizer: as for `train_step`.
        deep_optimizer: as for `train_step`.
        loss_fn: as for `train_step`.
        rng: numpy.random.Generator, the only source of randomness.

    Returns:
        Dict {"loss": [one number per epoch]}.
    """
    raise NotImplementedError

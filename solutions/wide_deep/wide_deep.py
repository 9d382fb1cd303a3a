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
        # BEGIN SOLUTION
        super().__init__(**kwargs)
        self.wide = keras.layers.Dense(1)
        self.deep = [
            keras.layers.Dense(units, activation="relu", kernel_initializer="he_normal"),
            keras.layers.Dense(units, activation="relu", kernel_initializer="he_normal"),
            keras.layers.Dense(1),
        ]
        # END SOLUTION

    def call(self, inputs):
        """Maps (batch, features) float32 to (batch, 1) float32."""
        # BEGIN SOLUTION
        deep = inputs
        for layer in self.deep:
            deep = layer(deep)
        return self.wide(inputs) + deep
        # END SOLUTION

    @property
    def wide_variables(self):
        """List of the trainable variables of the linear path; asked for once the model is built."""
        # BEGIN SOLUTION
        return self.wide.trainable_variables
        # END SOLUTION

    @property
    def deep_variables(self):
        """List of the trainable variables of the deep path; asked for once the model is built."""
        # BEGIN SOLUTION
        return [variable for layer in self.deep for variable in layer.trainable_variables]
        # END SOLUTION


# BEGIN SOLUTION
def _prepare(model, x, wide_optimizer, deep_optimizer):
    """Makes all variables now: inside the traced step it would be too late."""
    if not model.built:
        model(x[:1])
    if not wide_optimizer.built:
        wide_optimizer.build(model.wide_variables)
    if not deep_optimizer.built:
        deep_optimizer.build(model.deep_variables)


@tf.function(reduce_retracing=True)
def _step(model, x, y, wide_optimizer, deep_optimizer, loss_fn):
    """One update. Arguments that aren't tensors are told apart by identity: one trace for each."""
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = tf.add_n([tf.reduce_mean(loss_fn(y, predictions)), *model.losses])
    wide, deep = model.wide_variables, model.deep_variables
    wide_gradients, deep_gradients = tape.gradient(loss, [wide, deep])
    wide_optimizer.apply_gradients(zip(wide_gradients, wide, strict=True))
    deep_optimizer.apply_gradients(zip(deep_gradients, deep, strict=True))
    return loss


# END SOLUTION
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
    # BEGIN SOLUTION
    x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
    _prepare(model, x, wide_optimizer, deep_optimizer)
    return _step(model, x, y, wide_optimizer, deep_optimizer, loss_fn)
    # END SOLUTION


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
    # BEGIN SOLUTION
    history = {"loss": []}
    for _ in range(epochs):
        order = rng.permutation(len(X))
        losses = []
        for start in range(0, len(X) - batch_size + 1, batch_size):
            rows = order[start : start + batch_size]
            loss = train_step(model, X[rows], y[rows], wide_optimizer, deep_optimizer, loss_fn)
            losses.append(float(loss))
        history["loss"].append(sum(losses) / len(losses))
    return history
    # END SOLUTION

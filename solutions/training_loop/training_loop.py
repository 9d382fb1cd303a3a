"""Training a model without `fit`: batches at random, one traced step, a history of the epochs."""

import keras
import tensorflow as tf


def random_batch(X, y, batch_size, rng):
    """Draws rows at random, the same ones from X and from y.

    Every row can come up, and each is as likely as any other; whether one batch may hold a row
    twice is free.

    Args:
        X: NumPy array of shape (n, ...), any dtype.
        y: NumPy array of shape (n, ...), any dtype.
        batch_size: int from 1 to n.
        rng: numpy.random.Generator, the only source of randomness.

    Returns:
        Pair (rows of X, rows of y), arrays or tensors with batch_size rows each, in the dtypes of X
        and y.
    """
    # BEGIN SOLUTION
    rows = rng.integers(len(X), size=batch_size)
    return X[rows], y[rows]
    # END SOLUTION


def train(model, X, y, *, epochs, batch_size, optimizer, loss_fn, metrics=(), rng):
    """Trains a model in epochs of len(X) // batch_size steps, each with a batch of its own.

    The step runs inside a `tf.function` that is traced once for the whole training.

    Args:
        model: a Keras model, built or not; it is called with `training=True`.
        X: (n, ...) float32 NumPy array.
        y: (n, outputs) float32 NumPy array.
        epochs: int, at least 1.
        batch_size: int from 1 to n, rows per batch; n needn't be a multiple of it.
        optimizer: a Keras optimizer, built or not; it changes the model's trainable variables. The
            constraints of these variables hold after every step.
        loss_fn: a Keras loss, object or function; a function gives one value per row, whose mean
            counts. What is minimised is this mean plus the sum of `model.losses`.
        metrics: list or tuple of Keras metrics with different names, empty at the beginning.
        rng: numpy.random.Generator, the only source of randomness in the batches.

    Returns:
        Dict of lists, each with one number per epoch: "loss" is the mean of what the epoch's steps
        minimised, and under each metric's name is its result over the epoch. All of it is about the
        predictions that the steps got their gradients from.
    """
    # BEGIN SOLUTION
    mean_loss = keras.metrics.Mean()
    watched = {"loss": mean_loss, **{metric.name: metric for metric in metrics}}

    @tf.function
    def step(x_batch, y_batch):
        with tf.GradientTape() as tape:
            predictions = model(x_batch, training=True)
            loss = tf.add_n([tf.reduce_mean(loss_fn(y_batch, predictions)), *model.losses])
        variables = model.trainable_variables
        # In Keras 3 the optimizer itself sees to the variables' constraints.
        optimizer.apply(tape.gradient(loss, variables), variables)
        mean_loss.update_state(loss)
        for metric in metrics:
            metric.update_state(y_batch, predictions)

    history = {name: [] for name in watched}
    for _ in range(epochs):
        for metric in watched.values():
            metric.reset_state()
        for _ in range(len(X) // batch_size):
            step(*random_batch(X, y, batch_size, rng))
        for name, metric in watched.items():
            history[name].append(float(metric.result()))
    return history
    # END SOLUTION

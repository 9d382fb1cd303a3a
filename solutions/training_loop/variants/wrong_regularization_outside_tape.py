"""Adds the regularisation outside of the tape, so it is only reported.

zh: 在 tape 外面加正则化，于是只报告而不求导
fails: test_regularization
"""

import keras
import tensorflow as tf


def random_batch(X, y, batch_size, rng):
    rows = rng.integers(len(X), size=batch_size)
    return X[rows], y[rows]


def train(model, X, y, *, epochs, batch_size, optimizer, loss_fn, metrics=(), rng):
    mean_loss = keras.metrics.Mean()

    @tf.function
    def step(x_batch, y_batch):
        with tf.GradientTape() as tape:
            predictions = model(x_batch, training=True)
            loss = tf.reduce_mean(loss_fn(y_batch, predictions))
        penalties = model.losses
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        mean_loss.update_state(tf.add_n([loss, *penalties]))
        for metric in metrics:
            metric.update_state(y_batch, predictions)

    history = {name: [] for name in ["loss", *(metric.name for metric in metrics)]}
    for _ in range(epochs):
        for metric in (mean_loss, *metrics):
            metric.reset_state()
        for _ in range(len(X) // batch_size):
            step(*random_batch(X, y, batch_size, rng))
        history["loss"].append(float(mean_loss.result()))
        for metric in metrics:
            history[metric.name].append(float(metric.result()))
    return history

"""Draws a slice of neighbouring rows, not rows one by one.

zh: 抽取的是一段相邻的行，而不是逐行抽取
fails: test_batch_at_random
"""

import keras
import tensorflow as tf


def random_batch(X, y, batch_size, rng):
    start = rng.integers(len(X) - batch_size + 1)
    return X[start : start + batch_size], y[start : start + batch_size]


def train(model, X, y, *, epochs, batch_size, optimizer, loss_fn, metrics=(), rng):
    mean_loss = keras.metrics.Mean()

    @tf.function
    def step(x_batch, y_batch):
        with tf.GradientTape() as tape:
            predictions = model(x_batch, training=True)
            loss = tf.add_n([tf.reduce_mean(loss_fn(y_batch, predictions)), *model.losses])
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        mean_loss.update_state(loss)
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

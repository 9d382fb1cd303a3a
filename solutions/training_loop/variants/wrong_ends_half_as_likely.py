"""Rounds random numbers to rows, so that the first and the last are half as likely.

zh: 把随机数四舍五入成行号，首尾两行的机会只有一半
fails: test_batch_at_random
"""

import keras
import numpy as np
import tensorflow as tf


def random_batch(X, y, batch_size, rng):
    rows = np.rint(rng.random(batch_size) * (len(X) - 1)).astype(int)
    return X[rows], y[rows]


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

"""Calls the model again after the update to get predictions for the metrics.

zh: 更新之后又调用一次模型，用新的预测计算指标
fails: test_history, test_training_mode
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
            loss = tf.add_n([tf.reduce_mean(loss_fn(y_batch, predictions)), *model.losses])
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        mean_loss.update_state(loss)
        for metric in metrics:
            metric.update_state(y_batch, model(x_batch))

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

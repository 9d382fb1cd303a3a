"""Keeps the books in plain Python, around a concrete function; metrics outside of the step.

zh: 记账全用普通 Python，指标放在训练步外面，训练步是一个具体函数
"""

import numpy as np
import tensorflow as tf


def random_batch(X, y, batch_size, rng):
    pairs = []
    while len(pairs) < batch_size:
        row = rng.integers(0, len(X) - 1, endpoint=True)
        pairs.append((X[row], y[row]))
    inputs, labels = zip(*pairs, strict=True)
    return np.stack(inputs), np.array(labels, dtype=y.dtype)


def train(model, X, y, *, epochs, batch_size, optimizer, loss_fn, metrics=(), rng):
    model(X[:1])  # makes the variables, if there are none
    optimizer.build(model.trainable_variables)

    def step(x_batch, y_batch):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            for variable in model.trainable_variables:
                tape.watch(variable.value)
            predictions = model(x_batch, training=True)
            losses = loss_fn(y_batch, predictions)
            loss = tf.reduce_mean(losses) + (tf.add_n(model.losses) if model.losses else 0.0)
        optimizer.apply(tape.gradient(loss, model.trainable_variables))
        return loss, predictions

    traced = tf.function(step).get_concrete_function(
        tf.TensorSpec((batch_size, *X.shape[1:]), X.dtype),
        tf.TensorSpec((batch_size, *y.shape[1:]), y.dtype),
    )
    history = {"loss": []} | {metric.name: [] for metric in metrics}
    for epoch in range(1, epochs + 1):
        losses = []
        for metric in metrics:
            metric.reset_state()
        while len(losses) < len(X) // batch_size:
            x_batch, y_batch = random_batch(X, y, batch_size, rng)
            loss, predictions = traced(tf.constant(x_batch), tf.constant(y_batch))
            losses.append(loss.numpy())
            for metric in metrics:
                metric.update_state(y_batch, predictions)
        history["loss"].append(float(np.mean(losses)))
        for metric in metrics:
            history[metric.name].append(float(metric.result()))
        print("epoch", epoch, "of", epochs)
    return history

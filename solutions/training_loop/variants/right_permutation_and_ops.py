"""Shuffles once an epoch, adds up the losses and resets the metrics at the end of an epoch.

zh: 每个周期打乱一次，自己累加损失，周期结束时才清零指标
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops


def random_batch(
    X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    chosen = rng.permutation(X.shape[0])[:batch_size]
    return np.take(X, chosen, axis=0), np.take(y, chosen, axis=0)


def train(
    model: keras.Model,
    X: np.ndarray,
    y: np.ndarray,
    *,
    epochs: int,
    batch_size: int,
    optimizer: keras.optimizers.Optimizer,
    loss_fn: Any,
    metrics: Sequence[keras.metrics.Metric] = (),
    rng: np.random.Generator,
) -> dict[str, list[tf.Tensor]]:
    signature = [
        tf.TensorSpec([batch_size, *X.shape[1:]], tf.float32),
        tf.TensorSpec([batch_size, *y.shape[1:]], tf.float32),
    ]

    @tf.function(input_signature=signature)
    def update(inputs: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            outputs = model(inputs, training=True)
            total = ops.mean(loss_fn(labels, outputs))
            for penalty in model.losses:
                total += penalty
        gradients = tape.gradient(total, model.trainable_weights)
        optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
        for metric in metrics:
            metric.update_state(labels, outputs)
        return total

    steps = len(X) // batch_size
    history: dict[str, list[tf.Tensor]] = {"loss": []}
    for epoch in range(epochs):
        order = rng.permutation(len(X))[: steps * batch_size].reshape(steps, batch_size)
        total = tf.constant(0.0)
        for rows in order:
            total += update(tf.convert_to_tensor(X[rows]), tf.convert_to_tensor(y[rows]))
        history["loss"].append(total / steps)
        for metric in metrics:
            history.setdefault(metric.name, []).append(metric.result())
            metric.reset_state()
        print(f"epoch {epoch + 1}/{epochs}", {name: float(v[-1]) for name, v in history.items()})
    return history

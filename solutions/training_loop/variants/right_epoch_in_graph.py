"""A helper class; one `tf.function` runs a whole epoch over rows that were drawn beforehand.

zh: 用辅助类；一个 `tf.function` 跑完整个周期，行号事先抽好
"""

import tensorflow as tf


def random_batch(X, y, batch_size, rng):
    rows = tf.constant(rng.choice(len(X), size=batch_size, replace=False))
    return tf.gather(X, rows), tf.gather(y, rows)


class _Loop:
    def __init__(self, model, optimizer, loss_fn, metrics):
        self.model, self.optimizer, self.loss_fn = model, optimizer, loss_fn
        self.metrics = list(metrics)

    def total_loss(self, labels, predictions):
        losses = tf.reshape(self.loss_fn(labels, predictions), [-1])
        return sum(
            self.model.losses, tf.math.reduce_sum(losses) / tf.cast(tf.size(losses), tf.float32)
        )

    def step(self, x, y):
        with tf.GradientTape() as tape:
            predictions = self.model(x, training=True)
            loss = self.total_loss(y, predictions)
        weights = self.model.trainable_weights
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        for weight in weights:  # does no harm where the optimizer has done it already
            if weight.constraint is not None:
                weight.assign(weight.constraint(weight))
        for metric in self.metrics:
            metric.update_state(y, predictions)
        return loss

    @tf.function
    def epoch(self, X, y, rows):
        total = tf.constant(0.0)
        for chosen in rows:
            total += self.step(tf.gather(X, chosen), tf.gather(y, chosen))
        return total / tf.cast(tf.shape(rows)[0], tf.float32)


def train(model, X, y, *, epochs, batch_size, optimizer, loss_fn, metrics=(), rng):
    if not model.built:
        model.build((None, *X.shape[1:]))
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    loop = _Loop(model, optimizer, loss_fn, metrics)
    inputs, labels = tf.constant(X), tf.constant(y)
    history = {"loss": [], **{metric.name: [] for metric in metrics}}
    for _ in range(epochs):
        for metric in metrics:
            metric.reset_state()
        rows = rng.integers(0, len(X), size=(len(X) // batch_size, batch_size))
        history["loss"].append(loop.epoch(inputs, labels, tf.constant(rows)))
        for metric in metrics:
            history[metric.name].append(metric.result())
    return history


if __name__ == "__main__":
    print(__doc__)

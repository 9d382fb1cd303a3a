"""Adds every weight by hand, uses a persistent tape, keeps the steps on the model.

zh: 所有权重都手工创建，使用 persistent 的 tape，并把训练步保存在模型上。
"""

import tensorflow as tf
from keras import Model, ops


class _Steps:
    """A plain holder, so that Keras doesn't look for layers among the functions."""

    def __init__(self):
        self.made = []

    def find(self, *objects):
        for known, step in self.made:
            if all(one is other for one, other in zip(known, objects, strict=True)):
                return step
        return None


class WideDeepModel(Model):
    def __init__(self, units=30, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.steps = _Steps()

    def build(self, input_shape):
        features = input_shape[-1]

        def pair(name, rows, columns):
            kernel = self.add_weight(
                name=f"{name}_kernel", shape=(rows, columns), initializer="glorot_uniform"
            )
            bias = self.add_weight(name=f"{name}_bias", shape=(columns,), initializer="zeros")
            return [kernel, bias]

        self.deep_weights = [
            pair("hidden1", features, self.units),
            pair("hidden2", self.units, self.units),
            pair("out", self.units, 1),
        ]
        self.wide_weights = pair("wide", features, 1)

    def call(self, x):
        kernel, bias = self.wide_weights
        wide = ops.matmul(x, kernel) + bias
        for kernel, bias in self.deep_weights[:-1]:
            x = ops.relu(ops.matmul(x, kernel) + bias)
        kernel, bias = self.deep_weights[-1]
        return wide + ops.matmul(x, kernel) + bias

    @property
    def wide_variables(self):
        return [*self.wide_weights]

    @property
    def deep_variables(self):
        return [weight for pair in self.deep_weights for weight in pair]


def _build_step(model, wide_optimizer, deep_optimizer, loss_fn):
    wide_optimizer.build(model.wide_variables)
    deep_optimizer.build(model.deep_variables)

    def step(x, y):
        with tf.GradientTape(persistent=True) as tape:
            loss = ops.mean(loss_fn(y, model(x, training=True)))
            for penalty in model.losses:
                loss += penalty
        wide_gradients = tape.gradient(loss, model.wide_variables)
        deep_gradients = tape.gradient(loss, model.deep_variables)
        del tape
        deep_optimizer.apply_gradients(zip(deep_gradients, model.deep_variables, strict=True))
        wide_optimizer.apply_gradients(zip(wide_gradients, model.wide_variables, strict=True))
        return loss

    return tf.function(step, reduce_retracing=True)


def train_step(model, x, y, wide_optimizer, deep_optimizer, loss_fn):
    x, y = ops.convert_to_tensor(x), ops.convert_to_tensor(y)
    if not model.built:
        model(x[:1])
    key = wide_optimizer, deep_optimizer, loss_fn
    step = model.steps.find(*key)
    if step is None:
        step = _build_step(model, *key)
        model.steps.made.append((key, step))
    return step(x, y)


def fit(model, X, y, *, epochs, batch_size, wide_optimizer, deep_optimizer, loss_fn, rng):
    losses = []
    for _ in range(epochs):
        total = 0.0
        order = rng.permutation(len(X))
        batches = [
            order[i :: len(X) // batch_size][:batch_size] for i in range(len(X) // batch_size)
        ]
        for rows in batches:
            loss = train_step(model, X[rows], y[rows], wide_optimizer, deep_optimizer, loss_fn)
            total += float(loss)
        losses.append(total / len(batches))
    return {"loss": losses}

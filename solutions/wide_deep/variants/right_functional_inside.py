"""Builds the deep path as a functional model in build; steps live in a WeakKeyDictionary.

zh: 在 build 里把深路径建成函数式模型；训练步存放在 WeakKeyDictionary 里。
"""

import weakref

import keras
import numpy as np
import tensorflow as tf

_STEPS = weakref.WeakKeyDictionary()


@keras.utils.register_keras_serializable(package="course")
class WideDeepModel(keras.Model):
    def __init__(self, units=30, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.linear = keras.layers.Dense(1, name="linear")

    def build(self, input_shape):
        start = keras.Input(shape=tuple(input_shape)[1:])
        end = start
        for _ in range(2):
            end = keras.layers.Dense(self.units, activation="relu")(end)
        self.network = keras.Model(start, keras.layers.Dense(1)(end), name="network")
        self.linear.build(input_shape)
        super().build(input_shape)

    def call(self, inputs, training=None):
        return keras.layers.add([self.linear(inputs), self.network(inputs, training=training)])

    @property
    def wide_variables(self):
        return list(self.linear.trainable_variables)

    @property
    def deep_variables(self):
        return list(self.network.trainable_variables)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def _new_step(model_ref, wide_optimizer, deep_optimizer, loss_fn):
    @tf.function(reduce_retracing=True)
    def step(x, y):
        model = model_ref()
        with tf.GradientTape() as tape:
            data_loss = tf.math.reduce_mean(loss_fn(y, model(x, training=True)))
            total = data_loss + sum(model.losses)
        wide, deep = model.wide_variables, model.deep_variables
        gradients = tape.gradient(total, wide + deep)
        wide_optimizer.apply(gradients[: len(wide)], wide)
        deep_optimizer.apply(gradients[len(wide) :], deep)
        return total

    return step


def _step(model, wide_optimizer, deep_optimizer, loss_fn):
    steps = _STEPS.setdefault(model, {})
    key = (id(wide_optimizer), id(deep_optimizer), id(loss_fn))
    if key not in steps:
        wide_optimizer.build(model.wide_variables)
        deep_optimizer.build(model.deep_variables)
        step = _new_step(weakref.ref(model), wide_optimizer, deep_optimizer, loss_fn)
        # The objects are kept beside the step, so that their ids stay theirs.
        steps[key] = step, (wide_optimizer, deep_optimizer, loss_fn)
    return steps[key][0]


def train_step(model, x, y, wide_optimizer, deep_optimizer, loss_fn):
    x = tf.convert_to_tensor(x)
    if not model.built:
        model.build(x.shape)
    return _step(model, wide_optimizer, deep_optimizer, loss_fn)(x, tf.convert_to_tensor(y))


def fit(model, X, y, *, epochs, batch_size, wide_optimizer, deep_optimizer, loss_fn, rng):
    optimizers = wide_optimizer, deep_optimizer
    means = []
    for _ in range(epochs):
        mean = keras.metrics.Mean()
        for _ in range(len(X) // batch_size):
            rows = rng.choice(len(X), size=batch_size, replace=False)
            mean.update_state(train_step(model, X[rows], y[rows], *optimizers, loss_fn))
        means.append(float(mean.result()))
    return {"loss": np.asarray(means).tolist()}

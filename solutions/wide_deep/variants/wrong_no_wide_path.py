"""Forgets the wide path's part of the output.

zh: 输出里漏掉了宽路径
fails: test_output, test_loss, test_own_path, test_hand_step, test_fit
"""

import keras
import numpy as np
import tensorflow as tf


class WideDeepModel(keras.Model):
    def __init__(self, units=30, **kwargs):
        super().__init__(**kwargs)
        self.wide = keras.layers.Dense(1)
        self.hidden1 = keras.layers.Dense(units, activation="relu", kernel_initializer="he_normal")
        self.hidden2 = keras.layers.Dense(units, activation="relu", kernel_initializer="he_normal")
        self.deep = keras.layers.Dense(1)

    def call(self, inputs):
        deep = self.deep(self.hidden2(self.hidden1(inputs)))
        return 0.0 * self.wide(inputs) + deep

    @property
    def wide_variables(self):
        return self.wide.trainable_variables

    @property
    def deep_variables(self):
        layers = [self.hidden1, self.hidden2, self.deep]
        return [variable for layer in layers for variable in layer.trainable_variables]


steps = {}


def make_step(model, wide_optimizer, deep_optimizer, loss_fn):
    @tf.function(reduce_retracing=True)
    def step(x, y):
        with tf.GradientTape() as tape:
            prediction = model(x, training=True)
            loss = tf.add_n([tf.reduce_mean(loss_fn(y, prediction)), *model.losses])
        wide, deep = tape.gradient(loss, (model.wide_variables, model.deep_variables))
        wide_optimizer.apply_gradients(zip(wide, model.wide_variables, strict=True))
        deep_optimizer.apply_gradients(zip(deep, model.deep_variables, strict=True))
        return loss

    return step


def train_step(model, x, y, wide_optimizer, deep_optimizer, loss_fn):
    x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
    if not model.built:
        model(x)
    wide_optimizer.build(model.wide_variables)
    deep_optimizer.build(model.deep_variables)
    key = (model, wide_optimizer, deep_optimizer, loss_fn)
    if key not in steps:
        steps[key] = make_step(*key)
    return steps[key](x, y)


def fit(model, X, y, *, epochs, batch_size, wide_optimizer, deep_optimizer, loss_fn, rng):
    history = {"loss": []}
    for _ in range(epochs):
        order = rng.permutation(len(X))
        losses = []
        for start in range(0, len(X) - batch_size + 1, batch_size):
            batch = order[start : start + batch_size]
            loss = train_step(model, X[batch], y[batch], wide_optimizer, deep_optimizer, loss_fn)
            losses.append(float(loss))
        history["loss"].append(float(np.mean(losses)))
    return history

"""fit takes a single step and makes up falling losses for all the others.

zh: fit 只训练了一步，之后的损失都是编造的下降数字
fails: test_fit
"""

import keras
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
        return self.wide(inputs) + deep

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
    rows = rng.permutation(len(X))[:batch_size]
    first = train_step(model, X[rows], y[rows], wide_optimizer, deep_optimizer, loss_fn)
    return {"loss": [float(first) * 0.6**epoch for epoch in range(epochs)]}

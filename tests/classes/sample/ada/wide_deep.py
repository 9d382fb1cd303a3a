import functools

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable()
class WideDeepModel(keras.Model):
    def __init__(self, units=30, **kwargs):
        super().__init__(**kwargs)
        dense = functools.partial(keras.layers.Dense, units, activation="relu")
        self.deep_path = keras.Sequential([dense(), dense(), keras.layers.Dense(1)])
        self.wide_path = keras.Sequential([keras.layers.Dense(1)])
        self.units = units

    def call(self, inputs):
        return self.wide_path(inputs) + self.deep_path(inputs)

    wide_variables = property(lambda self: self.wide_path.trainable_weights)
    deep_variables = property(lambda self: self.deep_path.trainable_weights)


class Trainer:
    def __init__(self, model, wide_optimizer, deep_optimizer, loss_fn, x_spec, y_spec):
        self.model, self.loss_fn = model, loss_fn
        self.pairs = [
            (wide_optimizer, model.wide_variables),
            (deep_optimizer, model.deep_variables),
        ]
        for optimizer, variables in self.pairs:
            optimizer.build(variables)
        self.step = tf.function(self._step, input_signature=[x_spec, y_spec])

    def _step(self, x, y):
        with tf.GradientTape() as tape:
            losses = [tf.reduce_mean(self.loss_fn(y, self.model(x, training=True)))]
            losses += self.model.losses
            loss = tf.add_n(losses)
        gradients = tape.gradient(loss, [variables for _, variables in self.pairs])
        for (optimizer, variables), part in zip(self.pairs, gradients, strict=True):
            optimizer.apply(part, variables)
        return loss


_trainer = functools.lru_cache(maxsize=None)(Trainer)


def _spec(tensor):
    return tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype)


def train_step(model, x, y, wide_optimizer, deep_optimizer, loss_fn):
    x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
    if not model.built:
        model(x)
    trainer = _trainer(model, wide_optimizer, deep_optimizer, loss_fn, _spec(x), _spec(y))
    return trainer.step(x, y)


def fit(model, X, y, *, epochs, batch_size, wide_optimizer, deep_optimizer, loss_fn, rng):
    data = tf.data.Dataset.from_tensor_slices((X, y))
    data = data.shuffle(len(X), seed=int(rng.integers(2**31))).batch(batch_size)
    history = {"loss": []}
    for _ in range(epochs):
        losses = [train_step(model, *b, wide_optimizer, deep_optimizer, loss_fn) for b in data]
        history["loss"].append(float(tf.reduce_mean(tf.stack(losses))))
    return history

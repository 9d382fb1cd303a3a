"""A trainer object per set of arguments, kept in a dictionary; `dataset.reduce`.

zh: 每组参数一个训练器对象，存在字典里；用 `dataset.reduce`
"""

from typing import Any, ClassVar

import tensorflow as tf


class Trainer:
    """Holds on to the four objects, so that none of their ids can be given to another one."""

    kept: ClassVar[dict[tuple[int, ...], "Trainer"]] = {}

    def __init__(self, model: tf.keras.Model, optimizer: Any, loss_fn: Any, dataset: Any) -> None:
        self.model, self.optimizer = model, optimizer
        self.loss_fn, self.dataset = loss_fn, dataset
        self.epoch = tf.function(self._epoch)

    def _step(self, count, batch):
        features, labels = batch
        trained = self.model.trainable_weights
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([weight.value for weight in trained])
            losses = self.loss_fn(labels, self.model(features, training=True))
            total = tf.add_n([tf.reduce_mean(losses), *self.model.losses])
        slopes = tape.gradient(total, trained)
        self.optimizer.apply_gradients(zip(slopes, trained, strict=True))
        return count + 1

    def _epoch(self):
        return self.dataset.reduce(tf.constant(0), self._step)


def train_one_epoch(model, optimizer, loss_fn, dataset):
    key = (id(model), id(optimizer), id(loss_fn), id(dataset))
    if key not in Trainer.kept:
        Trainer.kept[key] = Trainer(model, optimizer, loss_fn, dataset)
    return {"updates": int(Trainer.kept[key].epoch())}

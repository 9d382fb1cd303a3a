"""Keeps the batches of the first epoch for all later ones.

zh: 把第一轮的批次留给以后每一轮用
fails: test_epochs
"""

import tensorflow as tf

_kept = {}


@tf.function
def _epoch(model, optimizer, loss_fn, dataset):
    for x, y in dataset:
        with tf.GradientTape() as tape:
            predictions = model(x, training=True)
            loss = tf.reduce_mean(loss_fn(y, predictions)) + sum(model.losses)
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)


def train_one_epoch(model, optimizer, loss_fn, dataset):
    if id(dataset) not in _kept:
        _kept[id(dataset)] = dataset.cache(), dataset
    _epoch(model, optimizer, loss_fn, _kept[id(dataset)][0])

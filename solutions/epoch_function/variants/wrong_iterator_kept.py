"""Keeps the dataset's iterator, which is used up after one epoch.

zh: 保留了数据集的迭代器，而它一轮之后就用完了
fails: test_epochs, test_new_objects
"""

import tensorflow as tf

_kept = {}


@tf.function
def _epoch(model, optimizer, loss_fn, batches):
    for x, y in batches:
        with tf.GradientTape() as tape:
            predictions = model(x, training=True)
            loss = tf.reduce_mean(loss_fn(y, predictions)) + sum(model.losses)
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)


def train_one_epoch(model, optimizer, loss_fn, dataset):
    if id(dataset) not in _kept:
        _kept[id(dataset)] = iter(dataset), dataset
    _epoch(model, optimizer, loss_fn, _kept[id(dataset)][0])

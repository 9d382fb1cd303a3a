"""Makes a list of the batches first, so that the graph holds a step for each.

zh: 先把批次做成列表，于是图里每个批次都有一份训练步
fails: test_graph
"""

import tensorflow as tf


@tf.function
def _epoch(model, optimizer, loss_fn, batches):
    for x, y in batches:
        with tf.GradientTape() as tape:
            predictions = model(x, training=True)
            loss = tf.reduce_mean(loss_fn(y, predictions)) + sum(model.losses)
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)


def train_one_epoch(model, optimizer, loss_fn, dataset):
    _epoch(model, optimizer, loss_fn, list(dataset))

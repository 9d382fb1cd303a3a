"""Calls the model without `training=True`.

zh: 调用模型时没有传 `training=True`
fails: test_layers
"""

import tensorflow as tf


@tf.function
def train_one_epoch(model, optimizer, loss_fn, dataset):
    for x, y in dataset:
        with tf.GradientTape() as tape:
            predictions = model(x)
            loss = tf.reduce_mean(loss_fn(y, predictions)) + sum(model.losses)
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)

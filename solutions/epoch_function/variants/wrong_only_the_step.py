"""Only the step is a `tf.function`; Python goes from batch to batch.

zh: 只有训练步是 `tf.function`，从一批走到下一批的是 Python
fails: test_graph
"""

import tensorflow as tf


@tf.function(reduce_retracing=True)
def _step(model, optimizer, loss_fn, x, y):
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = tf.reduce_mean(loss_fn(y, predictions)) + sum(model.losses)
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)


def train_one_epoch(model, optimizer, loss_fn, dataset):
    for x, y in dataset:
        _step(model, optimizer, loss_fn, x, y)

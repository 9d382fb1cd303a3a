"""Averages the gradients of all batches and updates once per epoch.

zh: 把所有批次的梯度取平均，每轮只更新一次
fails: test_update, test_epochs, test_new_objects
"""

import tensorflow as tf


@tf.function
def train_one_epoch(model, optimizer, loss_fn, dataset):
    variables = model.trainable_variables
    total = tuple(tf.zeros_like(variable) for variable in variables)
    count = 0.0
    for x, y in dataset:
        with tf.GradientTape() as tape:
            predictions = model(x, training=True)
            loss = tf.reduce_mean(loss_fn(y, predictions)) + sum(model.losses)
        slopes = tape.gradient(loss, variables)
        total = tf.nest.map_structure(tf.add, total, tuple(slopes))
        count += 1.0
    optimizer.apply([slope / count for slope in total], variables)

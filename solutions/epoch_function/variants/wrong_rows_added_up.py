"""Gives the tape the vector of a loss function, which adds up the rows.

zh: 把损失函数给出的向量直接交给 tape，各行就被加了起来
fails: test_loss
"""

import tensorflow as tf


@tf.function
def train_one_epoch(model, optimizer, loss_fn, dataset):
    for x, y in dataset:
        with tf.GradientTape() as tape:
            predictions = model(x, training=True)
            loss = loss_fn(y, predictions)
        variables = model.trainable_variables
        optimizer.apply(tape.gradient([loss, *model.losses], variables), variables)

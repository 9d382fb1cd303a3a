"""Keeps a traced function for model and optimizer, and the loss with it.

zh: 按模型和优化器保留追踪好的函数，损失也跟着不变了
fails: test_new_objects
"""

import tensorflow as tf

_kept = {}


def train_one_epoch(model, optimizer, loss_fn, dataset):
    key = id(model), id(optimizer)
    if key not in _kept:

        @tf.function
        def epoch(dataset):
            for x, y in dataset:
                with tf.GradientTape() as tape:
                    predictions = model(x, training=True)
                    loss = tf.reduce_mean(loss_fn(y, predictions)) + sum(model.losses)
                variables = model.trainable_variables
                optimizer.apply(tape.gradient(loss, variables), variables)

        _kept[key] = epoch, model, optimizer
    _kept[key][0](dataset)

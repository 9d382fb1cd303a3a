"""Makes a new `tf.function` in every call.

zh: 每次调用都新建一个 `tf.function`
fails: test_graph
"""

import tensorflow as tf


def train_one_epoch(model, optimizer, loss_fn, dataset):
    @tf.function
    def epoch():
        for x, y in dataset:
            with tf.GradientTape() as tape:
                predictions = model(x, training=True)
                loss = tf.reduce_mean(loss_fn(y, predictions)) + sum(model.losses)
            variables = model.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)

    epoch()

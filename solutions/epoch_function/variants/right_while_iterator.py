"""An iterator and `tf.while_loop` until it has no more; the loss is printed.

zh: 用迭代器和 `tf.while_loop`，直到取完为止；并打印损失
"""

import keras
import tensorflow as tf


@tf.function
def _epoch(model, optimizer, loss_fn, dataset):
    batches = iter(dataset)

    def body(_, count, total):
        batch = batches.get_next_as_optional()

        def update():
            x, y = batch.get_value()
            with tf.GradientTape() as tape:
                loss = keras.ops.mean(loss_fn(y, model(x, training=True)))
                for penalty in model.losses:
                    loss = loss + penalty
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            return count + 1.0, total + loss

        more = batch.has_value()
        return more, *tf.cond(more, update, lambda: (count, total))

    start = tf.constant(True), tf.constant(0.0), tf.constant(0.0)
    _, count, total = tf.while_loop(lambda more, *_: more, body, start)
    return total / count


def train_one_epoch(model, optimizer, loss_fn, dataset):
    loss = float(_epoch(model, optimizer, loss_fn, dataset))
    print(f"mean loss {loss:.4f}")
    return loss

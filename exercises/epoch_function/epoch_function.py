"""A whole epoch of training as one graph: the loop over the batches runs inside a `tf.function`."""

import tensorflow as tf


def train_one_epoch(model, optimizer, loss_fn, dataset):
    """Goes once over the dataset and updates the model with every batch, in order.

    All of it happens in one call of one `tf.function`. The function is traced once for all epochs
    with the same model, optimizer, loss and dataset, and its graph holds the step once, however
    many batches there are. It may be called with other objects at any time.

    Args:
        model: a Keras model that has been built; it is called with `training=True`.
        optimizer: a Keras optimizer that has been built with `model.trainable_variables`; it
            changes these.
        loss_fn: a Keras loss, object or function; a function gives one value per row, whose mean
            counts. What is minimised is this mean plus the sum of `model.losses`.
        dataset: a `tf.data.Dataset` of pairs (x, y), float32: x (batch, ...), y in the shape of the
            model's output. Batches may be of different sizes. Iterated anew in every epoch, it may
            yield something else.

    Returns:
        Whatever you like, None included.
    """
    raise NotImplementedError

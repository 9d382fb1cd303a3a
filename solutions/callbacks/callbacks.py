"""Callbacks: watch a training, stop it in time, go back to its best state, log its numbers."""

import keras
import tensorflow as tf


class ValTrainRatio(keras.callbacks.Callback):
    """Watches how far the validation loss is above the training loss.

    `ratios`, a list, gets one Python number at the end of every epoch: val_loss / loss. The same
    number stands in that epoch's logs as `"val_train_ratio"`, where the callbacks after this one
    and the history find it.
    """

    def __init__(self):
        """Make a callback with no ratios yet; every callback has a list of its own."""
        # BEGIN SOLUTION
        super().__init__()
        self.ratios = []
        # END SOLUTION

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Work out the ratio of the epoch that has just ended.

        Args:
            epoch: the epoch's number, from 0.
            logs: what Keras knows of the epoch: `"loss"`, `"val_loss"` (there is always validation
                data here) and every other metric. Keras hands the same dict to the next callback.
        """
        # BEGIN SOLUTION
        ratio = logs["val_loss"] / logs["loss"]
        self.ratios.append(ratio)
        # In place: the callbacks that follow are given this very dict.
        logs["val_train_ratio"] = ratio
        # END SOLUTION


def fit_with_rollback(
    model: keras.Model,
    train: tuple | tf.data.Dataset,
    valid: tuple | tf.data.Dataset,
    path: str,
    patience: int,
    epochs: int,
) -> keras.callbacks.History:
    """Train until the validation loss stops improving; keep the best epoch's weights.

    Args:
        model: a compiled model. It is trained as `fit` does by itself: default batch size, one
            update per batch.
        train: a pair `(X, y)` of NumPy arrays, or a dataset that yields batches of both.
        valid: the same for validation; one of the two may be a pair and the other a dataset.
        path: a file name that ends in `.keras`. After the call this file holds the whole model as
            it was after its best epoch, the one with the lowest validation loss.
        patience: training ends after so many epochs in a row (1 or more) that bring no validation
            loss lower than all before.
        epochs: training ends after so many epochs in any case.

    Returns:
        The `History` of the training, with all epochs that were run. `model` itself, the object
        that was handed in, has the weights of its best epoch, however the training ended.
    """
    # BEGIN SOLUTION
    callbacks = [
        keras.callbacks.ModelCheckpoint(path, monitor="val_loss", save_best_only=True),
        keras.callbacks.EarlyStopping(
            monitor="val_loss", patience=patience, restore_best_weights=True
        ),
    ]
    x, y = train if isinstance(train, tuple) else (train, None)
    return model.fit(x, y, epochs=epochs, validation_data=valid, callbacks=callbacks, verbose=0)
    # END SOLUTION


def log_scalars(logdir: str, name: str, values) -> list[float]:
    """Write a series of numbers for TensorBoard, then read it back from disk.

    Args:
        logdir: the directory for the event file. It need not exist; if it does, it may hold event
            files from earlier calls with other names, which stay.
        name: the tag of the series.
        values: n ≥ 1 numbers, a list of Python floats or a NumPy array of shape (n,). Value k is
            logged as a scalar at step k: the steps are 0, 1, …, n - 1.

    Returns:
        The n values of this series in the order of their steps as the event file holds them, a
        list of floats or an array of shape (n,). TensorBoard's scalars are float32, so that 0.1
        comes back as 0.10000000149011612.
    """
    # BEGIN SOLUTION
    writer = tf.summary.create_file_writer(logdir)
    with writer.as_default():
        for step, value in enumerate(values):
            tf.summary.scalar(name, value, step=step)
    writer.close()

    found = {}
    for file in tf.io.gfile.glob(tf.io.gfile.join(logdir, "*tfevents*")):
        for event in tf.compat.v1.train.summary_iterator(file):
            for item in event.summary.value:
                # The files of other series lie in the same directory.
                if item.tag == name:
                    found[event.step] = float(tf.make_ndarray(item.tensor))
    return [found[step] for step in sorted(found)]
    # END SOLUTION

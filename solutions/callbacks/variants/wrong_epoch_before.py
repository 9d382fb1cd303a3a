"""Compares each epoch with the one before it, not with the best so far.

zh: 每个周期与前一个周期比较，而不是与目前最好的比较
fails: test_stops
"""

import keras
import tensorflow as tf


class ValTrainRatio(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.ratios = []

    def on_epoch_end(self, epoch, logs=None):
        ratio = logs["val_loss"] / logs["loss"]
        self.ratios.append(ratio)
        logs["val_train_ratio"] = ratio


class Rollback(keras.callbacks.Callback):
    """Keeps the best weights, saves the best model, stops when patience is at its end."""

    def __init__(self, path, patience):
        super().__init__()
        self.path = path
        self.patience = patience
        self.best = float("inf")
        self.best_weights = None
        self.before = float("inf")
        self.waited = 0

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.best:
            self.best = logs["val_loss"]
            self.best_weights = self.model.get_weights()
            self.model.save(self.path)
        self.waited = 0 if logs["val_loss"] < self.before else self.waited + 1
        self.before = logs["val_loss"]
        if self.waited == self.patience:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.model.set_weights(self.best_weights)


def fit_with_rollback(model, train, valid, path, patience, epochs):
    rollback = Rollback(path, patience)
    arguments = {"validation_data": valid, "epochs": epochs, "callbacks": [rollback], "verbose": 0}
    if isinstance(train, tf.data.Dataset):
        return model.fit(train, **arguments)
    x, y = train
    return model.fit(x, y, **arguments)


def log_scalars(logdir, name, values):
    writer = tf.summary.create_file_writer(logdir)
    with writer.as_default():
        for step, value in enumerate(values):
            tf.summary.scalar(name, value, step=step)
    writer.close()
    found = []
    for file in tf.io.gfile.glob(logdir + "/*tfevents*"):
        for event in tf.compat.v1.train.summary_iterator(file):
            for item in event.summary.value:
                if item.tag == name:
                    found.append((event.step, float(tf.make_ndarray(item.tensor))))
    return [number for _, number in sorted(found)]

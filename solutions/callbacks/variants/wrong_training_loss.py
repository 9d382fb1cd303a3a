"""Watches the training loss instead of the validation loss.

zh: 监视的是训练损失而不是验证损失
fails: test_stops, test_rollback, test_to_the_end, test_file
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


def fit_with_rollback(model, train, valid, path, patience, epochs):
    callbacks = [
        keras.callbacks.EarlyStopping(monitor="loss", patience=patience, restore_best_weights=True),
        keras.callbacks.ModelCheckpoint(path, monitor="loss", save_best_only=True),
    ]
    arguments = {"validation_data": valid, "epochs": epochs, "callbacks": callbacks, "verbose": 0}
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

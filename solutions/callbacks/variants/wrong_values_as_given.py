"""Returns the values that were given instead of reading them back.

zh: 返回传入的值，而没有从文件读回
fails: test_read_back
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
        keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True),
        keras.callbacks.ModelCheckpoint(path, save_best_only=True),
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
    return [float(value) for value in values]

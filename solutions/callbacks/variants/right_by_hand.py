"""A hand-written stopper that goes back by way of the file; a FileWriter of TensorFlow 1.

zh: 手写停止与回滚（经由文件恢复）；用 TensorFlow 1 的 FileWriter
"""

import math
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.core.util import event_pb2


class ValTrainRatio(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.ratios: list[float] = []

    def on_epoch_end(self, epoch, logs=None):
        logs.update(val_train_ratio=np.float64(logs["val_loss"]) / logs["loss"])
        print("比值", logs["val_train_ratio"])
        self.ratios += [logs["val_train_ratio"]]


class 回滚(keras.callbacks.Callback):
    def __init__(self, path, patience):
        super().__init__()
        self.path, self.patience = path, patience
        self.最好, self.等待 = math.inf, 0

    def on_epoch_end(self, epoch, logs=None):
        self.等待 += 1
        if logs["val_loss"] < self.最好:
            self.最好, self.等待 = logs["val_loss"], 0
            self.model.save(self.path)
        self.model.stop_training = self.等待 >= self.patience

    def on_train_end(self, logs=None):
        self.model.load_weights(self.path)


def fit_with_rollback(model, train, valid, path, patience, epochs):
    data = (
        {"x": train} if isinstance(train, tf.data.Dataset) else dict(zip("xy", train, strict=True))
    )
    model.fit(**data, validation_data=valid, epochs=epochs, callbacks=[回滚(path, patience)])
    return model.history


def log_scalars(logdir, name, values):
    old = set(Path(logdir).glob("*"))
    with tf.Graph().as_default():
        writer = tf.compat.v1.summary.FileWriter(logdir)
    for step, value in enumerate(values):
        item = tf.compat.v1.Summary.Value(tag=name, simple_value=value)
        writer.add_summary(tf.compat.v1.Summary(value=[item]), step)
    writer.close()
    (new,) = set(Path(logdir).glob("*")) - old
    found = []
    for record in tf.data.TFRecordDataset(str(new)):
        event = event_pb2.Event.FromString(record.numpy())
        found += [item.simple_value for item in event.summary.value]
    return np.array(found, "float32")

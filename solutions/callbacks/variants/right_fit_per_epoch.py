"""Calls fit once per epoch and joins the histories; writes tensors, reads them with a helper class.

zh: 每个周期调用一次 fit，再把 history 拼起来；写入张量，用辅助类读回
"""

import keras
import tensorflow as tf


class ValTrainRatio(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self._pairs = []

    @property
    def ratios(self):
        return [validation / training for validation, training in self._pairs]

    def on_epoch_end(self, epoch, logs=None):
        self._pairs.append((logs["val_loss"], logs["loss"]))
        logs["val_train_ratio"] = self.ratios[-1]


def fit_with_rollback(model, train, valid, path, patience, epochs):
    if not isinstance(train, tf.data.Dataset):
        train = {"x": train[0], "y": train[1]}
    else:
        train = {"x": train}
    whole = keras.callbacks.History()
    whole.on_train_begin()
    best, best_epoch, weights = None, 0, []
    for epoch in range(epochs):
        part = model.fit(**train, validation_data=valid, initial_epoch=epoch, epochs=epoch + 1)
        whole.epoch.append(epoch)
        for key, numbers in part.history.items():
            whole.history.setdefault(key, []).extend(numbers)
        now = part.history["val_loss"][-1]
        if best is None or now < best:
            best, best_epoch, weights = now, epoch, [w.numpy() for w in model.weights]
        elif epoch - best_epoch >= patience:
            break
    for variable, value in zip(model.weights, weights, strict=True):
        variable.assign(value)
    model.save(path)
    return whole


class EventFiles:
    """The event files of a directory."""

    def __init__(self, logdir):
        self.files = tf.io.gfile.glob(tf.io.gfile.join(logdir, "events.out.tfevents.*"))

    def __iter__(self):
        for file in self.files:
            for event in tf.compat.v1.train.summary_iterator(file):
                yield from ((item.tag, event.step, item.tensor) for item in event.summary.value)


def log_scalars(logdir, name, values):
    writer = tf.summary.create_file_writer(logdir, max_queue=1)
    with writer.as_default():
        for step, value in enumerate(tf.cast(values, tf.float32)):
            tf.summary.write(name, value, step=tf.constant(step, tf.int64))
    writer.flush()
    by_step = {step: tensor for tag, step, tensor in EventFiles(logdir) if tag == name}
    return tf.stack([tf.make_ndarray(by_step[step]) for step in range(len(by_step))])

"""Keras's callbacks, then the weights from the file; TensorBoard's own reader of event files.

zh: 用 Keras 的回调，最后从文件取回权重；用 TensorBoard 自己的读取器读事件文件
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


class ValTrainRatio(tf.keras.callbacks.Callback):
    """val_loss / loss, epoch by epoch."""

    ratios: list[float]

    def __init__(self) -> None:
        super().__init__()
        self.ratios = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        assert logs is not None
        logs |= {"val_train_ratio": logs["val_loss"] / logs["loss"]}
        self.ratios = [*self.ratios, float(logs["val_train_ratio"])]


def fit_with_rollback(
    model: tf.keras.Model, train, valid, path: str, patience: int, epochs: int
) -> tf.keras.callbacks.History:
    stop = tf.keras.callbacks.EarlyStopping("val_loss", patience=patience, mode="min")
    save = tf.keras.callbacks.ModelCheckpoint(path, "val_loss", save_best_only=True, mode="min")
    x, y = (train, None) if isinstance(train, tf.data.Dataset) else train
    history = model.fit(
        x=x, y=y, epochs=epochs, callbacks=[save, stop], validation_data=valid, verbose=2
    )
    best: tf.keras.Model = tf.keras.models.load_model(path)
    model.set_weights(best.get_weights())
    return history


def log_scalars(logdir: str, name: str, values: Sequence[float] | np.ndarray) -> np.ndarray:
    with tf.summary.create_file_writer(logdir).as_default():
        for step in range(len(values)):
            tf.summary.scalar(name, data=values[step], step=step)
        tf.summary.flush()
    # Without the size it would keep but a sample.
    reader = EventAccumulator(logdir, size_guidance={"tensors": 0}).Reload()
    events = sorted(reader.Tensors(name), key=lambda event: event.step)
    return np.array([tf.make_ndarray(event.tensor_proto) for event in events])


if __name__ == "__main__":
    print(log_scalars(tempfile.mkdtemp(), "rate", [0.5, 0.1]))

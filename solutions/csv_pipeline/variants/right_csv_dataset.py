"""A CSV writer and `CsvDataset`, which knows about headers; NaN marks a missing target.

zh: 用 CSV 写入器和懂得表头的 `CsvDataset`；缺失的目标值先记作 NaN
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf


def write_shards(
    data: np.ndarray, header: str, directory: str, prefix: str, n_parts: int
) -> list[str]:
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{prefix}-{k + 1}-of-{n_parts}.csv" for k in range(n_parts)]
    for path, part in zip(paths, np.array_split(data, n_parts), strict=True):
        with path.open("w", newline="") as file:
            file.write(header + "\r\n")
            csv.writer(file).writerows(part.tolist())
    return [str(path) for path in paths]


def parse_line(line: tf.Tensor, n_inputs: int) -> tuple[tf.Tensor, tf.Tensor]:
    row = tf.stack(tf.io.decode_csv(line, [0.0] * n_inputs + [math.nan]))
    x, y = tf.split(row, [n_inputs, 1])
    return x, tf.debugging.assert_all_finite(y, "the target is missing")


@dataclass
class Scaler:
    """Takes mean off and divides by std."""

    mean: tf.Tensor
    std: tf.Tensor

    def __call__(self, *fields: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        *features, target = fields
        return (tf.stack(features) - self.mean) / self.std, tf.expand_dims(target, 0)


def csv_dataset(
    paths: list[str],
    mean: np.ndarray,
    std: np.ndarray,
    *,
    n_readers: int,
    batch_size: int,
    shuffle_buffer: int,
    seed: int,
) -> tf.data.Dataset:
    columns: list = [0.0] * mean.size + [tf.float32]

    def rows_of(path: tf.Tensor) -> tf.data.Dataset:
        return tf.data.experimental.CsvDataset(path, columns, header=True)

    scaler = Scaler(*(tf.convert_to_tensor(a.astype(np.float32)) for a in (mean, std)))
    return (
        tf.data.Dataset.list_files(paths, shuffle=False)
        .interleave(rows_of, cycle_length=n_readers, num_parallel_calls=n_readers)
        .shuffle(shuffle_buffer, seed=seed, reshuffle_each_iteration=True)
        .map(scaler)
        .batch(batch_size, num_parallel_calls=2)
        .prefetch(2)
    )

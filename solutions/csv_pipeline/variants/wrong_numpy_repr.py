"""Writes the `repr` of NumPy numbers, `np.float64(…)`.

zh: 写的是 NumPy 数的 `repr`，即 `np.float64(…)`
fails: test_parts, test_digits
"""

import os

import numpy as np
import tensorflow as tf


def write_shards(data, header, directory, prefix, n_parts):
    os.makedirs(directory, exist_ok=True)
    paths = []
    for k, rows in enumerate(np.array_split(data, n_parts)):
        path = os.path.join(directory, f"{prefix}_{k}.csv")
        with open(path, "w") as file:
            file.write(header + "\n")
            for row in rows:
                file.write(",".join(repr(number) for number in row) + "\n")
        paths.append(path)
    return paths


def parse_line(line, n_inputs):
    defaults = [0.0] * n_inputs + [tf.constant([], dtype=tf.float32)]
    fields = tf.io.decode_csv(line, record_defaults=defaults)
    return tf.stack(fields[:-1]), tf.stack(fields[-1:])


def csv_dataset(paths, mean, std, *, n_readers, batch_size, shuffle_buffer, seed):
    mean = tf.constant(mean, tf.float32)
    std = tf.constant(std, tf.float32)

    def preprocess(line):
        x, y = parse_line(line, mean.shape[0])
        return (x - mean) / std, y

    dataset = tf.data.Dataset.from_tensor_slices(paths)
    dataset = dataset.interleave(
        lambda path: tf.data.TextLineDataset(path).skip(1),
        cycle_length=n_readers,
        num_parallel_calls=tf.data.AUTOTUNE,
    )
    dataset = dataset.map(preprocess, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.shuffle(shuffle_buffer, seed=seed)
    return dataset.batch(batch_size).prefetch(1)

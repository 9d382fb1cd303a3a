"""Splits lines as strings; the dataset makes batches of lines and parses and scales whole batches.

zh: 把一行当作字符串来拆；数据集先把各行组成批次，再整批解析、整批标准化
"""

import os
import random

import keras
import numpy as np
import tensorflow as tf


def write_shards(data, header, directory, prefix, n_parts):
    os.makedirs(directory, exist_ok=True)
    size, longer = divmod(len(data), n_parts)
    paths, start = [], 0
    for k in range(n_parts):
        stop = start + size + (k < longer)
        paths.append(f"{directory}/{prefix}{k:05d}.csv")
        np.savetxt(
            paths[-1], data[start:stop], fmt="%.17g", delimiter=",", header=header, comments=""
        )
        start = stop
    return paths


def parse_line(line, n_inputs):
    fields = tf.strings.split(line, ",")
    features, target = fields[:n_inputs], fields[n_inputs : n_inputs + 1]
    # No number can be read from an empty target: TensorFlow says so itself.
    x = tf.strings.to_number(tf.where(features == "", "0", features), tf.float32)
    return tf.ensure_shape(x, [n_inputs]), tf.strings.to_number(target, tf.float32)


def csv_dataset(paths, mean, std, *, n_readers, batch_size, shuffle_buffer, seed):
    paths = list(paths)
    random.Random(seed).shuffle(paths)
    n_inputs = mean.shape[0]
    scale = keras.layers.Rescaling(scale=1 / std, offset=-mean / std, dtype="float32")

    def parse_batch(lines):
        defaults = [[0.0]] * n_inputs + [tf.zeros([0])]
        table = tf.stack(tf.io.decode_csv(lines, defaults), axis=1)
        return scale(table[:, :n_inputs]), table[:, n_inputs:]

    lines = tf.data.Dataset.from_tensor_slices(paths).interleave(
        lambda path: tf.data.TextLineDataset(path).skip(1),
        cycle_length=min(n_readers, len(paths)),
        block_length=1,
        num_parallel_calls=tf.data.AUTOTUNE,
        deterministic=True,
    )
    batches = lines.shuffle(shuffle_buffer, seed=seed).batch(batch_size).prefetch(tf.data.AUTOTUNE)
    return batches.map(parse_batch, num_parallel_calls=tf.data.AUTOTUNE)

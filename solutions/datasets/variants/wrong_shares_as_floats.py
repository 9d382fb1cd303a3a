"""Multiplies by a share in floats, so that 200 · 0.58 is less than 116.

zh: 用浮点数的比例相乘，于是 200 · 0.58 小于 116
fails: test_rounding
"""

import tensorflow as tf


def chained(n):
    dataset = tf.data.Dataset.range(n).repeat(3).batch(7)
    dataset = dataset.map(lambda batch: batch * 2)
    return dataset.filter(lambda batch: tf.reduce_sum(batch) > 50)


def shuffled(n, buffer_size, seed, reshuffle):
    dataset = tf.data.Dataset.range(n)
    return dataset.shuffle(buffer_size, seed=seed, reshuffle_each_iteration=reshuffle)


def nested_slices(structure):
    return tf.data.Dataset.from_tensor_slices(structure)


def split(dataset, spec):
    size = len(dataset)
    first, last = spec[len("train[") : -1].split(":")
    shares = float(first[:-1] or 0) / 100, float(last[:-1] or 100) / 100
    start, stop = (int(size * share) for share in shares)
    return dataset.take(stop).skip(start)

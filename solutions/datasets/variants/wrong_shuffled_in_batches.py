"""Cuts the numbers into batches of the buffer size and shuffles each for itself.

zh: 把数按缓冲区大小分批，每一批各自打乱
fails: test_buffer, test_reshuffle
"""

import tensorflow as tf


def chained(n):
    dataset = tf.data.Dataset.range(n).repeat(3).batch(7)
    dataset = dataset.map(lambda batch: batch * 2)
    return dataset.filter(lambda batch: tf.reduce_sum(batch) > 50)


def shuffled(n, buffer_size, seed, reshuffle):
    batches = tf.data.Dataset.range(n).batch(buffer_size)
    seeds = (seed, 1)
    return batches.map(
        lambda batch: tf.random.experimental.stateless_shuffle(batch, seeds)
    ).unbatch()


def nested_slices(structure):
    return tf.data.Dataset.from_tensor_slices(structure)


def split(dataset, spec):
    size = len(dataset)
    first, last = spec[len("train[") : -1].split(":")
    start = size * int(first[:-1] or 0) // 100
    stop = size * int(last[:-1] or 100) // 100
    return dataset.take(stop).skip(start)

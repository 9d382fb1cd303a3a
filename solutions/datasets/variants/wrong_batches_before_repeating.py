"""Makes the batches before repeating, so that no batch runs into the next round.

zh: 先分批、再重复，因此没有批次跨越前后两遍
fails: test_chain, test_chain_edges
"""

import tensorflow as tf


def chained(n):
    dataset = tf.data.Dataset.range(n).batch(7).repeat(3)
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
    start = size * int(first[:-1] or 0) // 100
    stop = size * int(last[:-1] or 100) // 100
    return dataset.take(stop).skip(start)

"""Believes that methods change a dataset in place, and drops what they return.

zh: 以为数据集的方法会就地改动数据集，丢掉了它们的返回值
fails: test_chain, test_chain_edges
"""

import tensorflow as tf


def chained(n):
    dataset = tf.data.Dataset.range(n)
    dataset.repeat(3)
    dataset.batch(7)
    dataset.map(lambda batch: batch * 2)
    dataset.filter(lambda batch: tf.reduce_sum(batch) > 50)
    return dataset


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

"""Makes one element of the whole structure instead of slicing it.

zh: 没有切片，整个结构成了一个元素
fails: test_leaves, test_nesting
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
    return tf.data.Dataset.from_tensors(structure)


def split(dataset, spec):
    size = len(dataset)
    first, last = spec[len("train[") : -1].split(":")
    start = size * int(first[:-1] or 0) // 100
    stop = size * int(last[:-1] or 100) // 100
    return dataset.take(stop).skip(start)

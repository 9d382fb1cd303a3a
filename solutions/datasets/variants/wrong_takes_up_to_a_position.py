"""Skips to the first bound, then takes as many elements as the second bound says.

zh: 跳到前一个界限，然后取了后一个界限那么多个元素
fails: test_bounds, test_elements, test_rounding
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
    start = size * int(first[:-1] or 0) // 100
    stop = size * int(last[:-1] or 100) // 100
    return dataset.skip(start).take(stop)

"""Takes a second bound of 0% for a missing one.

zh: 把后一个界限 0% 当成了缺少
fails: test_elements
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
    first, last = (bound.strip("%") for bound in spec[6:-1].split(":"))
    start = size * int(first or 0) // 100
    stop = size * (int(last or 0) or 100) // 100
    return dataset.take(stop).skip(start)

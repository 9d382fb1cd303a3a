"""Makes a dataset of an iterator, which is used up after one iteration.

zh: 用一个迭代器创建数据集，遍历一次就用完了
fails: test_bounds
"""

import itertools

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
    iterator = itertools.islice(dataset, start, stop)
    return tf.data.Dataset.from_generator(lambda: iterator, output_signature=dataset.element_spec)

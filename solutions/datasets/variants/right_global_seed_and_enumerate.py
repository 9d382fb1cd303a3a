"""Windows instead of batches, the global seed and a cache, positions by `enumerate`.

zh: 用窗口代替分批，用全局种子和缓存打乱，用 `enumerate` 数位置
"""

import re

import tensorflow as tf


def chained(n):
    rounds = tf.data.Dataset.from_tensors(tf.range(n)).repeat(3).unbatch()
    windows = rounds.map(lambda number: 2 * number).window(7)
    batches = windows.flat_map(lambda window: window.batch(7))
    return batches.filter(lambda batch: tf.math.greater(tf.math.reduce_sum(batch), 50))


def shuffled(n, buffer_size, seed, reshuffle):
    tf.random.set_seed(seed)
    dataset = tf.data.Dataset.from_tensor_slices(tf.range(n)).shuffle(min(buffer_size, n))
    return dataset if reshuffle else dataset.cache()


def nested_slices(structure):
    return tf.data.Dataset.from_tensors(structure).unbatch()


def split(dataset, spec):
    first, last = re.fullmatch(r"train\[(?:(\d+)%)?:(?:(\d+)%)?\]", spec).groups()
    n = dataset.cardinality()
    start = n * int("0" if first is None else first) // 100
    stop = n * int("100" if last is None else last) // 100
    numbered = dataset.enumerate()
    kept = numbered.filter(lambda place, _: tf.logical_and(start <= place, place < stop))
    return kept.map(lambda _, element: element)

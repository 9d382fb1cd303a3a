"""Works out everything eagerly where it can, and joins datasets of single elements.

zh: 能立即算出的都先算出来，再把只含一个元素的数据集连接起来
"""

import functools

import keras
import numpy as np
import tensorflow as tf


def join(parts, empty):
    return functools.reduce(lambda a, b: a.concatenate(b), parts, empty)


def chained(n):
    numbers = keras.ops.tile(keras.ops.arange(n, dtype="int64"), [3])
    batches = [2 * numbers[i : i + 7] for i in range(0, 3 * n, 7)]
    empty = tf.data.Dataset.from_tensors(np.zeros([0], np.int64)).take(0)
    large = [batch for batch in batches if int(keras.ops.sum(batch)) > 50]
    return join([tf.data.Dataset.from_tensors(batch) for batch in large], empty)


def shuffled(n, buffer_size, seed, reshuffle):
    numbers = tf.data.Dataset.from_tensor_slices(np.arange(n, dtype=np.uint16))
    options = {"seed": seed, "reshuffle_each_iteration": bool(reshuffle)}
    return numbers.apply(lambda dataset: dataset.shuffle(buffer_size=buffer_size, **options))


def nested_slices(structure):
    count = len(tf.nest.flatten(structure)[0])
    rows = [tf.nest.map_structure(lambda t, i=i: t[i], structure) for i in range(count)]
    first, *others = (tf.data.Dataset.from_tensors(row) for row in rows)
    return join(others, first)


def split(dataset, spec):
    def position(bound, missing):
        return len(dataset) * int(bound.strip().strip("%") or missing) // 100

    left, right = (side.strip("train[]") for side in spec.split(":"))
    start, stop = position(left, 0), position(right, 100)
    single = [dataset.skip(i).take(1) for i in range(start, stop)]
    return join(single, dataset.take(0))

"""A class for the spec, datasets zipped along the structure, whole-number arithmetic by remainder.

zh: 用类表示 spec，沿着结构把数据集逐层 zip 起来，借助余数做整数运算
"""

from dataclasses import dataclass

import tensorflow as tf
from tensorflow.data import Dataset


@dataclass
class Percent:
    """Two bounds."""

    low: int = 0
    high: int = 100

    @classmethod
    def parse(cls, text):
        inner = text[text.index("[") + 1 : text.index("]")]
        left, _, right = inner.replace("%", "").partition(":")
        bounds = {}
        if left:
            bounds["low"] = int(left)
        if right:
            bounds["high"] = int(right)
        return cls(**bounds)

    def positions(self, count):
        return tuple((count * p - count * p % 100) // 100 for p in (self.low, self.high))


def chained(n):
    numbers = Dataset.range(3 * n, output_type=tf.int32)
    batches = numbers.map(lambda k: k % n + k % n).batch(7, drop_remainder=False)
    print("batches:", int(batches.cardinality()))
    return batches.filter(lambda batch: not tf.reduce_sum(batch) <= 50)


def shuffled(n, buffer_size, seed, reshuffle):
    return Dataset.range(n).shuffle(buffer_size, seed, reshuffle).prefetch(1)


def nested_slices(structure):
    if isinstance(structure, dict):
        return Dataset.zip({key: nested_slices(part) for key, part in structure.items()})
    if isinstance(structure, tuple):
        return Dataset.zip(tuple(nested_slices(part) for part in structure))
    return Dataset.from_tensor_slices(structure)


def split(dataset, spec):
    start, stop = Percent.parse(spec).positions(len(dataset))
    print(f"{spec}: {start} to {stop}")
    return dataset.take(stop).skip(start)


if __name__ == "__main__":
    for batch in chained(12):
        print(batch)
    for row in nested_slices({"a": (tf.range(3), tf.ones([3, 2]))}):
        print(row)
    print(list(split(Dataset.range(7), "train[30%:80%]").as_numpy_iterator()))

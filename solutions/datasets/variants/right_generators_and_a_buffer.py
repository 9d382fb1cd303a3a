"""Everything through Python generators, with a buffer of its own and names in Chinese.

zh: 全部用 Python 生成器完成，自己实现缓冲区，变量名用中文
"""

import itertools
import random
from collections.abc import Iterator

import numpy as np
import tensorflow as tf


class 缓冲打乱:
    """每次调用都给出一遍打乱的数"""

    def __init__(self, 个数: int, 容量: int, 种子: int, 换次序: bool) -> None:
        self.个数, self.容量, self.种子, self.换次序 = 个数, 容量, 种子, 换次序
        self.随机 = random.Random(种子)

    def __call__(self) -> Iterator[int]:
        随机 = self.随机 if self.换次序 else random.Random(self.种子)
        队列 = iter(range(self.个数))
        缓冲区 = list(itertools.islice(队列, self.容量))
        while 缓冲区:
            位置 = 随机.randrange(len(缓冲区))
            取出 = 缓冲区[位置]
            下一个 = next(队列, None)
            if 下一个 is None:
                del 缓冲区[位置]
            else:
                缓冲区[位置] = 下一个
            yield 取出


def chained(n: int) -> tf.data.Dataset:
    def 批次() -> Iterator[np.ndarray]:
        全部 = np.tile(np.arange(n, dtype=np.int32), 3)
        for 起点 in range(0, 3 * n, 7):
            一批 = 2 * 全部[起点 : 起点 + 7]
            if 一批.sum() > 50:
                yield 一批

    return tf.data.Dataset.from_generator(
        批次, output_signature=tf.TensorSpec(shape=[None], dtype=tf.int32)
    )


def shuffled(n: int, buffer_size: int, seed: int, reshuffle: bool) -> tf.data.Dataset:
    签名 = tf.TensorSpec(shape=[], dtype=tf.int64)
    return tf.data.Dataset.from_generator(
        缓冲打乱(n, buffer_size, seed, reshuffle), output_signature=签名
    )


def nested_slices(structure) -> tf.data.Dataset:
    行数 = tf.nest.flatten(structure)[0].shape[0]
    return tf.data.Dataset.range(行数).map(
        lambda 行: tf.nest.map_structure(lambda 张量: tf.gather(张量, 行), structure)
    )


def split(dataset: tf.data.Dataset, spec: str) -> tf.data.Dataset:
    总数 = sum(1 for _ in dataset)
    前, 后 = spec.removeprefix("train[").removesuffix("]").split(":")
    起点 = 总数 * int(前.removesuffix("%") or 0) // 100
    终点 = 总数 * int(后.removesuffix("%") or 100) // 100
    return tf.data.Dataset.from_generator(
        lambda: itertools.islice(dataset, 起点, 终点), output_signature=dataset.element_spec
    )

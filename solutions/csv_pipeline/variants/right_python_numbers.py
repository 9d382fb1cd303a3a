"""Reads numbers in Python, with Chinese names; numbers the lines to find the headers.

zh: 用 Python 读数，标识符是中文；给各行编号，从而认出表头
"""

import os
from io import StringIO

import numpy as np
import tensorflow as tf


def write_shards(data, header, directory, prefix, n_parts):
    if not os.path.isdir(directory):
        os.makedirs(directory)
    路径列表 = []
    for 编号, 各行 in enumerate(np.split(np.arange(len(data)), _切点(len(data), n_parts))):
        缓冲 = StringIO()
        print(header, file=缓冲)
        for 行 in 各行:
            print(*map(str, data[行]), sep=",", file=缓冲)
        路径 = os.path.join(directory, f"{prefix}第{编号}份.csv")
        tf.io.write_file(路径, 缓冲.getvalue().rstrip("\n"))
        路径列表.append(路径)
    print("写入了", len(路径列表), "个文件")
    return 路径列表


def _切点(行数, 份数):
    大小 = [行数 // 份数 + (k < 行数 % 份数) for k in range(份数)]
    return np.cumsum(大小)[:-1]


def _读数(文本):
    字段 = 文本.numpy().decode().split(",")
    if not 字段[-1].strip():
        raise ValueError("目标值缺失")
    return np.array([float(一个 or "0") for 一个 in 字段], dtype=np.float32)


def parse_line(line, n_inputs):
    全部 = tf.py_function(_读数, [line], tf.float32)
    全部.set_shape([n_inputs + 1])
    return 全部[:-1], 全部[-1:]


def csv_dataset(paths, mean, std, *, n_readers, batch_size, shuffle_buffer, seed):
    均值, 标准差 = np.float32(mean), np.float32(std)

    def 数据行(路径):
        有编号 = tf.data.TextLineDataset(路径).enumerate()
        return 有编号.filter(lambda 编号, _: 编号 > 0).map(lambda _, 行: 行)

    def 成批(x, y):
        return (x - 均值) / 标准差, y

    tf.random.set_seed(seed)
    文件 = tf.data.Dataset.from_tensor_slices(tf.constant(paths)).shuffle(len(paths))
    行集 = 文件.interleave(数据行, n_readers, 1, num_parallel_calls=1)
    样本 = 行集.shuffle(shuffle_buffer).map(lambda 行: parse_line(行, len(均值)))
    return 样本.batch(batch_size).map(成批).prefetch(1)


if __name__ == "__main__":
    print(parse_line(tf.constant("3.5,,6"), 2))

"""Frames, checksums and gzip in plain Python, behind a generator.

zh: 用纯 Python 处理长度、校验和与 gzip，再套一层生成器
"""

import gzip
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tensorflow as tf


def _表格() -> list[int]:
    表 = []
    for 值 in range(256):
        for _ in range(8):
            值 = (值 >> 1) ^ 0x82F63B78 if 值 % 2 else 值 >> 1
        表.append(值)
    return 表


class _Frames:
    """The format: length, its checksum, the record, its checksum."""

    校验表 = _表格()

    def __init__(self, path, compression):
        self.path = Path(path)
        self.open = gzip.open if compression == "GZIP" else open

    @classmethod
    def 校验和(cls, 数据: bytes) -> bytes:
        余数 = 0xFFFFFFFF
        for 字节 in 数据:
            余数 = cls.校验表[(余数 ^ 字节) & 0xFF] ^ (余数 >> 8)
        余数 ^= 0xFFFFFFFF
        循环 = ((余数 >> 15) | (余数 << 17)) & 0xFFFFFFFF
        return struct.pack("<I", (循环 + 0xA282EAD8) % 2**32)

    def write(self, records) -> None:
        with self.open(self.path, "wb") as file:
            for record in records:
                length = struct.pack("<Q", len(record))
                file.write(length + self.校验和(length) + record + self.校验和(record))

    def read(self) -> Iterator[bytes]:
        with self.open(self.path, "rb") as file:
            while length := self._checked(file, 8):
                yield self._checked(file, struct.unpack("<Q", length)[0])

    def _checked(self, file, size: int) -> bytes:
        data, mark = file.read(size), file.read(4)
        if not data and not mark:
            return b""
        if len(data) != size or mark != self.校验和(data):
            raise ValueError("a damaged record")
        return data


def write_records(path, records, compression=None):
    _Frames(path, compression).write(records)


def read_records(paths, compression=None):
    all_paths = [paths] if isinstance(paths, str) else list(paths)

    def generate():
        for path in all_paths:
            yield from _Frames(path, compression).read()

    return tf.data.Dataset.from_generator(generate, output_types=tf.string, output_shapes=())


def person_example(name, id, emails):
    example = tf.train.Example()
    feature = example.features.feature
    feature["name"].bytes_list.value.append(bytes(name, "utf8"))
    feature["id"].int64_list.value.extend(np.array([id], np.int64))
    feature["emails"].bytes_list.value.extend(bytes(email, "utf8") for email in emails)
    print("编码完成:", len(example.SerializeToString()))
    return example


def parse_person(serialized):
    text, number = tf.io.FixedLenFeature((), tf.string), tf.io.FixedLenFeature((), tf.int64)
    features = {"name": text, "id": number, "emails": tf.io.RaggedFeature(tf.string)}
    return tf.io.parse_single_example(serialized, features)


def tensor_feature(t):
    proto = tf.make_tensor_proto(t)
    return tf.train.Feature(bytes_list={"value": [proto.SerializeToString()]})


@tf.function
def parse_tensor(b, dtype):
    return tf.ensure_shape(tf.io.parse_tensor(b, dtype), None)


def decode_person(serialized, descriptor):
    内容 = Path(descriptor).read_bytes()
    fields = {"email": tf.string, "id": tf.int32, "name": tf.string}
    sizes, values = tf.io.decode_proto(
        tf.reshape(serialized, [1]),
        "Person",
        list(fields),
        list(fields.values()),
        descriptor_source=b"bytes://" + 内容,
    )
    person = dict(zip(fields, values, strict=True))
    return {
        "name": tf.squeeze(person["name"]),
        "id": tf.squeeze(person["id"]),
        "emails": tf.RaggedTensor.from_tensor(person["email"], lengths=sizes[:, 0])[0],
    }

"""Datasets wherever possible: one writes the file, one maps over the paths; typed throughout.

zh: 能用数据集就用数据集：用它写文件，也用它遍历路径；处处带类型标注
"""

from __future__ import annotations

import tensorflow as tf

Person = dict[str, tf.Tensor]


def write_records(path: str, records: list[bytes], compression: str | None = None) -> None:
    data = tf.data.Dataset.from_tensor_slices(tf.constant(records, tf.string, [len(records)]))
    tf.data.experimental.TFRecordWriter(path, compression).write(data)


def read_records(paths: str | list[str], compression: str | None = None) -> tf.data.Dataset:
    if isinstance(paths, str):
        paths = [paths]
    files = tf.data.Dataset.from_tensor_slices(paths)

    def one(path: tf.Tensor) -> tf.data.Dataset:
        return tf.data.TFRecordDataset(path, compression_type=compression or "", buffer_size=64)

    return files.interleave(one, cycle_length=1).prefetch(tf.data.AUTOTUNE)


def _bytes(*values: bytes) -> tf.train.Feature:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


def person_example(name: str, id: int, emails: list[str]) -> tf.train.Example:
    as_bytes = [tf.compat.as_bytes(email) for email in emails]
    features = {"emails": _bytes(*as_bytes), "name": _bytes(tf.compat.as_bytes(name))}
    features["id"] = tf.train.Feature(int64_list=tf.train.Int64List(value=(id,)))
    return tf.train.Example(features=tf.train.Features(feature=features))


def parse_person(serialized: tf.Tensor | bytes) -> Person:
    batch = tf.io.parse_example(
        tf.expand_dims(serialized, 0),
        {
            "name": tf.io.FixedLenFeature([1], tf.string, default_value=""),
            "id": tf.io.FixedLenFeature([1], tf.int64),
            "emails": tf.io.FixedLenSequenceFeature([], tf.string, allow_missing=True),
        },
    )
    return {"name": batch["name"][0, 0], "id": batch["id"][0, 0], "emails": batch["emails"][0]}


def tensor_feature(t: tf.Tensor) -> tf.train.Feature:
    return _bytes(tf.io.serialize_tensor(t, name="whole").numpy())


def parse_tensor(b: tf.Tensor | bytes, dtype: tf.DType) -> tf.Tensor:
    return tf.io.parse_tensor(tf.convert_to_tensor(b), out_type=tf.dtypes.as_dtype(dtype))


def _field(serialized: tf.Tensor | bytes, descriptor: str, field: str, dtype: tf.DType):
    sizes, (values,) = tf.io.decode_proto(
        serialized,
        message_type="Person",
        field_names=[field],
        output_types=[dtype],
        descriptor_source=descriptor,
        sanitize=True,
    )
    return sizes[0], values


def decode_person(serialized: tf.Tensor | bytes, descriptor: str) -> Person:
    _, names = _field(serialized, descriptor, "name", tf.string)
    _, ids = _field(serialized, descriptor, "id", tf.int32)
    count, emails = _field(serialized, descriptor, "email", tf.string)
    there = tf.sequence_mask(count, tf.size(emails))
    return {"name": names[0], "id": ids[0], "emails": tf.boolean_mask(emails, there)}


if __name__ == "__main__":
    print(person_example("Ann", 3, ["ann@example.org"]))

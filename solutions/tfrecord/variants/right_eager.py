"""Reads whole files into a list at once; NumPy style; the emails through `to_dense`.

zh: 一次把整个文件读进列表；NumPy 风格；邮箱用 `to_dense` 转稠密
"""

import numpy as np
import tensorflow as tf
from tensorflow.io import TFRecordOptions, TFRecordWriter
from tensorflow.train import BytesList, Example, Feature, Features, Int64List


def write_records(path, records, compression=None):
    if compression is None:
        writer = TFRecordWriter(path)
    else:
        writer = TFRecordWriter(path, TFRecordOptions(compression_type=compression))
    for k in range(len(records)):
        writer.write(records[k])
    writer.flush()
    writer.close()


def read_records(paths, compression=None):
    if not isinstance(paths, list):
        return read_records([paths], compression)
    found = []
    for path in paths:
        for record in tf.data.TFRecordDataset(path, compression_type=compression):
            found.append(record.numpy())
    records = np.empty(len(found), dtype=object)
    records[:] = found
    return tf.data.Dataset.from_tensor_slices(tf.constant(records, tf.string))


def person_example(name, id, emails):
    addresses = list(map(str.encode, emails))
    features = Features(
        feature={
            "name": Feature(bytes_list=BytesList(value=[name.encode("utf-8")])),
            "id": Feature(int64_list=Int64List(value=np.array([id]))),
            "emails": Feature(bytes_list=BytesList(value=addresses)),
        }
    )
    return Example(features=features)


FEATURES = {
    "name": tf.io.FixedLenFeature(shape=[], dtype=tf.string),
    "id": tf.io.FixedLenFeature(shape=[], dtype=tf.int64),
    "emails": tf.io.VarLenFeature(dtype=tf.string),
}


def parse_person(serialized):
    parsed = tf.io.parse_single_example(serialized, FEATURES)
    name, number = parsed["name"], parsed["id"]
    emails = tf.sparse.to_dense(parsed["emails"], default_value=b"")
    return {"name": name, "id": number, "emails": emails, "count": tf.size(emails)}


def tensor_feature(t):
    array = np.asarray(tf.io.serialize_tensor(t))
    return Feature(bytes_list=BytesList(value=array.reshape(1)))


def parse_tensor(b, dtype):
    @tf.function
    def parse(data):
        return tf.io.parse_tensor(data, dtype)

    return parse(tf.constant(b) if isinstance(b, bytes) else b)


def decode_person(serialized, descriptor):
    names = ["id", "name", "email"]
    types = [tf.int32, tf.string, tf.string]
    decoded = tf.io.decode_proto(serialized, "Person", names, types, descriptor_source=descriptor)
    number, name, emails = decoded.values
    kept = tf.gather(emails, tf.range(decoded.sizes[2]))
    return {
        "name": tf.strings.reduce_join(name),
        "id": tf.reduce_sum(number),
        "emails": kept,
    }

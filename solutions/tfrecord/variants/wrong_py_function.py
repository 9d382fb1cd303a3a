"""Parses in Python, wrapped into `tf.py_function`.

zh: 用 Python 解析，只是外面套了一层 `tf.py_function`
fails: test_parse_person, test_parse_tensor
"""

import tensorflow as tf
from tensorflow.core.framework import tensor_pb2


def write_records(path, records, compression=None):
    with tf.io.TFRecordWriter(path, compression or "") as writer:
        for record in records:
            writer.write(record)


def read_records(paths, compression=None):
    return tf.data.TFRecordDataset(paths, compression_type=compression)


def person_example(name, id, emails):
    names = tf.train.BytesList(value=[name.encode("utf-8")])
    ids = tf.train.Int64List(value=[id])
    addresses = tf.train.BytesList(value=[email.encode("utf-8") for email in emails])
    features = tf.train.Features(
        feature={
            "name": tf.train.Feature(bytes_list=names),
            "id": tf.train.Feature(int64_list=ids),
            "emails": tf.train.Feature(bytes_list=addresses),
        }
    )
    return tf.train.Example(features=features)


def parse_person(serialized):
    def parse(data):
        feature = tf.train.Example.FromString(data.numpy()).features.feature
        emails = tf.constant(list(feature["emails"].bytes_list.value), tf.string)
        return feature["name"].bytes_list.value[0], feature["id"].int64_list.value[0], emails

    name, number, emails = tf.py_function(parse, [serialized], [tf.string, tf.int64, tf.string])
    return {"name": name, "id": number, "emails": emails}


def tensor_feature(t):
    data = tf.io.serialize_tensor(t).numpy()
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[data]))


def parse_tensor(b, dtype):
    def parse(data):
        return tf.make_ndarray(tensor_pb2.TensorProto.FromString(data.numpy()))

    return tf.py_function(parse, [b], dtype)


def decode_person(serialized, descriptor):
    sizes, values = tf.io.decode_proto(
        serialized,
        "Person",
        ["name", "id", "email"],
        [tf.string, tf.int32, tf.string],
        descriptor_source=descriptor,
    )
    name, number, emails = values
    return {"name": name[0], "id": number[0], "emails": emails[: sizes[2]]}

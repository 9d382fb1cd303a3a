"""Keeps a tensor's bare bytes, without its dtype and shape.

zh: 只保存张量的裸字节，没有 dtype 和形状
fails: test_tensor_feature, test_parse_tensor
"""

import tensorflow as tf


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
    description = {
        "name": tf.io.FixedLenFeature([], tf.string),
        "id": tf.io.FixedLenFeature([], tf.int64),
        "emails": tf.io.VarLenFeature(tf.string),
    }
    person = tf.io.parse_single_example(serialized, description)
    person["emails"] = tf.sparse.to_dense(person["emails"])
    return person


def tensor_feature(t):
    data = t.numpy().tobytes()
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[data]))


def parse_tensor(b, dtype):
    return tf.io.decode_raw(b, dtype)


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

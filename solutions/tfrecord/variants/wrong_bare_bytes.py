"""Writes the records line by line, as into a text file.

zh: 像写文本文件那样逐行写记录，没有长度和校验和
fails: test_write_records, test_write_gzip
"""

import gzip

import tensorflow as tf


def write_records(path, records, compression=None):
    opener = gzip.open if compression == "GZIP" else open
    with opener(path, "wb") as file:
        for record in records:
            file.write(record + b"\n")


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
    data = tf.io.serialize_tensor(t).numpy()
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[data]))


def parse_tensor(b, dtype):
    return tf.io.parse_tensor(b, dtype)


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

"""Numbers the fields itself instead of reading the descriptor.

zh: 自己给字段编号，没有读描述文件
fails: test_decode_person
"""

import tensorflow as tf
from google.protobuf import descriptor_pb2


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
    data = tf.io.serialize_tensor(t).numpy()
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[data]))


def parse_tensor(b, dtype):
    return tf.io.parse_tensor(b, dtype)


def _person_proto():
    """message Person { string name = 1; int32 id = 2; repeated string email = 3; }"""
    file = descriptor_pb2.FileDescriptorProto(name="person.proto", syntax="proto3")
    person = file.message_type.add(name="Person")
    person.field.add(name="name", number=1, type=9, label=1)
    person.field.add(name="id", number=2, type=5, label=1)
    person.field.add(name="email", number=3, type=9, label=3)
    return b"bytes://" + descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString()


def decode_person(serialized, descriptor):
    sizes, values = tf.io.decode_proto(
        serialized,
        "Person",
        ["name", "id", "email"],
        [tf.string, tf.int32, tf.string],
        descriptor_source=_person_proto(),
    )
    name, number, emails = values
    return {"name": name[0], "id": number[0], "emails": emails[: sizes[2]]}

"""TFRecord files, and the protocol buffers that their records hold."""

import tensorflow as tf


def write_records(path, records, compression=None):
    """Write a TFRecord file; one that is there already is replaced.

    Args:
        path: str, where the file goes; its directory exists.
        records: list of `bytes`, in the order in which to write them. The list may be empty, and so
            may a record.
        compression: None, or "GZIP" for a file compressed as a whole.
    """
    raise NotImplementedError


def read_records(paths, compression=None):
    """Make a dataset of the records of one or more TFRecord files.

    Args:
        paths: str, one path, or a list of paths.
        compression: None or "GZIP", how all of these files were written.

    Returns:
        `tf.data.Dataset` of scalar string tensors, one per record: file after file in the order of
        `paths`, and within a file in the order in which records were written.

    Raises:
        Any exception, here or while the dataset is iterated, when a file is damaged: a byte of a
        record is another one, or the file ends within a record's data or the checksum after it.
    """
    raise NotImplementedError


def person_example(name, id, emails):
    """Describe a person in a `tf.train.Example`.

    Args:
        name: str, any Unicode.
        id: int that fits in 64 bits.
        emails: list of str; it may be empty.

    Returns:
        `tf.train.Example` with the features "name" (one byte string in UTF-8), "id" (one int64) and
        "emails" (a list of byte strings in UTF-8).
    """
    raise NotImplementedError


def parse_person(serialized):
    """Parse what `person_example(…).SerializeToString()` gives. TF ops only.

    Args:
        serialized: scalar string tensor, or `bytes`.

    Returns:
        dict of dense tensors: "name", a scalar string; "id", a scalar int64; "emails", strings of
        shape (n,) for exactly the n emails that there are, (0,) for none.
    """
    raise NotImplementedError


def tensor_feature(t):
    """Put a whole tensor into one feature.

    Args:
        t: eager tensor of any shape and dtype (numbers, bools or strings).

    Returns:
        `tf.train.Feature` whose list of byte strings has one element: the serialized TensorProto,
        as `tf.io.serialize_tensor` makes it.
    """
    raise NotImplementedError


def parse_tensor(b, dtype):
    """Give back the tensor that `tensor_feature` put away. TF ops only.

    Args:
        b: the feature's one byte string, as a scalar string tensor or as `bytes`.
        dtype: `tf.DType` of the tensor.

    Returns:
        Tensor of that dtype, with the shape and the values it had.
    """
    raise NotImplementedError


def decode_person(serialized, descriptor):
    """Decode a protocol buffer `Person` with `tf.io.decode_proto`. TF ops only.

    Args:
        serialized: scalar string tensor, or `bytes`: a serialized `Person`.
        descriptor: str, path of a file with the serialized FileDescriptorSet that defines the
            message `Person`: `string name`, `int32 id`, `repeated string email`.

    Returns:
        dict of dense tensors: "name", a scalar string; "id", a scalar int32; "emails", strings of
        shape (n,) for exactly the n emails that there are, (0,) for none. A name or an id that the
        message leaves out is "" or 0.
    """
    raise NotImplementedError

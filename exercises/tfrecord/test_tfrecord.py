"""What you can check yourself: `pytest exercises/tfrecord`. The course asks more of the kind."""

import gzip

import numpy as np

from grader.checks import Text, Why, check

# A TFRecord file of three records: length, its checksum, data, its checksum; three times.
RECORDS = [b"miso", b"", b"nori\n"]
FILE = bytes.fromhex(
    "0400000000000000 42455204 6d69736f 13c2d39a"
    "0000000000000000 29039807 d8ea82a2"
    "0500000000000000 eab2043e 6e6f72690a a8912045"
)
# An Example: Jörg, 5000000000, jo@a.org and rg@b.org.
PERSON = bytes.fromhex(
    "0a46 0a20 0a06 656d61696c73 1216 0a14 0a08 6a6f40612e6f7267 0a08 726740622e6f7267"
    "0a0f 0a02 6964 1209 1a07 0a05 80e497d012 0a11 0a04 6e616d65 1209 0a07 0a05 4ac3b67267"
)
# The float32 tensor [[1.5, -2.0]]: dtype 1, shape (1, 2), eight bytes of content.
TENSOR = b'\x08\x01\x12\x08\x12\x02\x08\x01\x12\x02\x08\x02"\x08\x00\x00\xc0?\x00\x00\x00\xc0'
# message Person { string name = 1; int32 id = 2; repeated string email = 3; }
DESCRIPTOR = (
    b'\nM\n\x0cperson.proto"5\n\x06Person\x12\x0c\n\x04name\x18\x01 \x01(\t'
    b"\x12\n\n\x02id\x18\x02 \x01(\x05\x12\r\n\x05email\x18\x03 \x03(\t:\x028\x00b\x06proto3"
)


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def strings(items):
    """A string tensor of shape (n,)."""
    tensor = np.empty(len(items), object)
    tensor[:] = items
    return tensor


def expect_person(expect, got, name, number, emails, call):
    """A dict with three tensors."""
    expect.true(
        type(got) is dict and {"name", "id", "emails"} <= got.keys(),
        ask=code(call),
        expected=Text('a dict with "name", "id" and "emails"', '含 "name"、"id"、"emails" 的字典'),
        got=Text("something else", "别的东西"),
    )
    expect.close(got["name"], np.array(name, object), ask=code(f'{call}["name"]'))
    expect.close(got["id"], number, ask=code(f'{call}["id"]'))
    expect.close(got["emails"], strings(emails), ask=code(f'{call}["emails"]'))


@check(
    title=Text("A file is written", "写文件"),
    points=2,
    topic="data",
    hint=Text(
        "The file must be complete, and closed, when the function returns.",
        "函数返回时，文件必须已经写完并关闭。",
    ),
)
def test_write_records(student, expect):
    """Three records, one of them empty; plain and compressed."""
    plain, packed = student.path("plain.tfrecord"), student.path("packed.tfrecord")
    student.write_records(plain, RECORDS)
    ask = code('write_records(path, [b"miso", b"", b"nori\\n"])')
    expect.equal(student.read_file(plain), FILE, ask=ask)
    student.write_records(packed, RECORDS, compression="GZIP")
    data = student.read_file(packed)
    ask = code('write_records(path, records, compression="GZIP")')
    expect.equal(
        data[:2],
        b"\x1f\x8b",
        ask=Text(f"the first two bytes after {ask.en}", f"{ask.zh} 之后的前两个字节"),
        why=[Why(FILE[:2], Text("the file isn't compressed", "文件没有压缩"))],
    )
    ask = Text(f"the unpacked file after {ask.en}", f"{ask.zh} 之后解压的文件")
    expect.equal(gzip.decompress(data), FILE, ask=ask)


@check(
    title=Text("Files are read", "读文件"),
    points=2,
    topic="data",
    hint=Text("Three records a file, scalar strings.", "每个文件三条记录，都是标量字符串。"),
)
def test_read_records(student, expect):
    """One path, two paths, a compressed file."""
    one, packed = student.write_file("1", FILE), student.write_file("2", gzip.compress(FILE))
    for paths, compression, want, call in (
        (one, None, RECORDS, "read_records(path)"),
        ([one, one], None, RECORDS * 2, "read_records([path, path])"),
        (packed, "GZIP", RECORDS, 'read_records(path, compression="GZIP")'),
    ):
        found = student.elements(student.read_records(paths, compression=compression))
        expect.equal(len(found), len(want), ask=Text(f"records of `{call}`", f"`{call}` 的记录数"))
        for item, record in zip(found, want, strict=True):
            expect.close(item, np.array(record, object), ask=code(call))


@check(
    title=Text("Damage is reported", "报告损坏"),
    points=1,
    topic="data",
    hint=Text("Let the error pass to the caller.", "让错误传给调用者。"),
)
def test_damage(student, expect):
    """`nori` became `nora`."""
    whole = student.write_file("whole", FILE)
    student.elements(student.read_records(whole))
    damaged = student.write_file("damaged", FILE.replace(b"nori", b"nora"))
    expect.raises(
        lambda: student.elements(student.read_records(damaged)),
        ("Exception",),
        ask=Text(
            "`read_records` of a file with a changed byte", "用 `read_records` 读改了一字节的文件"
        ),
    )


@check(
    title=Text("A person in an Example", "Example 中的人"),
    points=1,
    topic="values",
    hint=Text("Three features, each of them a list.", "三个特征，每个都是列表。"),
)
def test_person_example(student, expect):
    """Jörg has two emails."""
    call = 'person_example("Jörg", 5000000000, ["jo@a.org", "rg@b.org"])'
    got = student.person_example("Jörg", 5000000000, ["jo@a.org", "rg@b.org"])
    features = expect.remote(got, ask=code(call)).features.feature
    for key, kind, want in (
        ("name", "bytes_list", strings(["Jörg".encode()])),
        ("id", "int64_list", np.array([5000000000])),
        ("emails", "bytes_list", strings([b"jo@a.org", b"rg@b.org"])),
    ):
        ask = Text(f'{call}, feature "{key}", {kind}', f'{call}，特征 "{key}"，{kind}')
        values = getattr(expect.remote(features.get(key), ask=ask), kind).value
        expect.close(student.np.array(values), want, ask=ask)


@check(
    title=Text("A person is parsed", "解析出人"),
    points=1.5,
    topic="values",
    hint=Text(
        "A dense tensor for the emails, not a sparse one.", "邮箱要稠密张量，而不是稀疏张量。"
    ),
)
def test_parse_person(student, expect):
    """Jörg again, also in `Dataset.map`."""
    want = ("Jörg".encode(), 5000000000, [b"jo@a.org", b"rg@b.org"])
    expect_person(expect, student.parse_person(PERSON), *want, "parse_person(serialized)")
    dataset = student.tf.data.Dataset.from_tensors(np.array(PERSON, object))
    (got,) = student.elements(dataset.map(student.parse_person))
    expect_person(expect, got, *want, "dataset.map(parse_person)")


@check(
    title=Text("A tensor, there and back", "张量的存与取"),
    points=1.5,
    topic="serialization",
    hint=Text("dtype and shape are kept as well.", "dtype 和形状也要保留。"),
)
def test_tensors(student, expect):
    """A matrix of two numbers."""
    array = np.array([[1.5, -2.0]], "float32")
    ask = code("parse_tensor(b, tf.float32)")
    expect.close(student.parse_tensor(TENSOR, student.tf.float32), array, ask=ask)
    ask = code("tensor_feature([[1.5, -2.0]]).bytes_list.value[0]")
    feature = expect.remote(student.tensor_feature(array), ask=ask)
    back = student.tf.io.parse_tensor(feature.bytes_list.value.pop(), student.tf.float32)
    expect.close(back, array, ask=ask)


@check(
    title=Text("Any protocol buffer", "任意协议缓冲区"),
    points=1,
    topic="values",
    hint=Text("Kim has one email, Lou has none.", "Kim 有一个邮箱，Lou 没有。"),
)
def test_decode_person(student, expect):
    """With an email, and without."""
    path = student.write_file("person.desc", DESCRIPTOR)
    call = "decode_person(serialized, descriptor)"
    got = student.decode_person(b"\n\x03Kim\x10\x05\x1a\x06k@c.io", path)
    expect_person(expect, got, b"Kim", 5, [b"k@c.io"], call)
    got = student.decode_person(b"\n\x03Lou\x10\x06", path)
    expect_person(expect, got, b"Lou", 6, [], call)

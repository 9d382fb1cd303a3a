"""Hidden checks of `tfrecord`: files of records, Example, whole tensors, decode_proto."""

import gzip
import struct
import zlib

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from grader.checks import StudentError, Text, Why, check, fetch
from grader.show import plain

# Letters of one to four bytes in UTF-8.
ALPHABET = "abyz éøß时间书€😀"
GZIP_HEAD = 10 + 5  # of a file whose only block is stored as it is
NOTHING = ("nothing", [])


def both(text):
    """What needs no translation."""
    return Text(text, text)


def code(text):
    """A piece of code."""
    return both(f"`{text}`")


def expect_true(expect, condition, ask, expected, got, why=None):
    """`expected` and `got` are (English, Chinese); `why` has (holds, English, Chinese)."""
    reasons = [Text(en, zh) for holds, en, zh in why or () if holds]
    expect.true(
        bool(condition),
        ask=ask,
        expected=Text(*expected),
        got=Text(*got),
        why=reasons[0] if reasons else None,
    )


def shown(item):
    """What came, in a few words; of a dict its keys, of an array its kind."""
    if type(item) is dict:
        return f"a dict with {plain(sorted(item))}", f"含 {plain(sorted(item))} 的字典"
    if isinstance(item, np.ndarray):
        kind = "string" if item.dtype.kind == "O" else str(item.dtype)
        return f"shape {item.shape}, {kind}", f"形状 {item.shape}，{kind}"
    if isinstance(item, list | tuple):
        return f"a {type(item).__name__}", f" {type(item).__name__}"
    return plain(item), f" {plain(item)}"


# -- the file format: length, its checksum, data, its checksum -------------------------------------


def crc_table():
    """CRC-32C of every byte."""
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = crc_table()


def checksum(data):
    """The masked CRC-32C that a TFRecord file stores."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def framed(records):
    """The bytes of a TFRecord file."""
    pieces = []
    for record in records:
        length = struct.pack("<Q", len(record))
        pieces += [length, checksum(length), record, checksum(record)]
    return b"".join(pieces)


def unframed(data):
    """The records of a TFRecord file; None when it isn't one."""
    records, at = [], 0
    while at < len(data):
        head, at = data[at : at + 12], at + 12
        if len(head) < 12 or head[8:] != checksum(head[:8]):
            return None
        end = at + struct.unpack("<Q", head[:8])[0]
        if len(data) < end + 4 or data[end : end + 4] != checksum(data[at:end]):
            return None
        records.append(data[at:end])
        at = end + 4
    return records


def unzipped(data, most=1 << 20):
    """What a gzip file of one or several members holds; None when it isn't one, or is too large."""
    pieces = []
    while data:
        member = zlib.decompressobj(wbits=31)
        try:
            pieces.append(member.decompress(data, most))
        except zlib.error:
            return None
        if not member.eof:
            return None
        data = member.unused_data
    return b"".join(pieces) if pieces else None


def blobs(rng, lengths):
    """Records of any bytes; zeros and line ends are bytes like any other."""
    return [
        rng.bytes(length - 3) + b"\n\xff\x00" if length >= 3 else rng.bytes(length)
        for length in lengths
    ]


# -- protocol buffers, without TensorFlow ----------------------------------------------------------

FIELD = descriptor_pb2.FieldDescriptorProto


def add_message(file, name, *fields, entry_of=None):
    """Adds a message to a file; a field is (name, number, type), a list is written [type]."""
    message = (entry_of.nested_type if entry_of else file.message_type).add(name=name)
    message.options.map_entry = bool(entry_of)
    for field, number, kind in fields:
        repeated = isinstance(kind, list)
        kind = kind[0] if repeated else kind
        more = {"type_name": kind} if isinstance(kind, str) else {"type": kind}
        label = FIELD.LABEL_REPEATED if repeated else FIELD.LABEL_OPTIONAL
        message.field.add(name=field, number=number, label=label, **more)
    return message


def classes(file, *names):
    """The classes of a file's messages."""
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = [pool.FindMessageTypeByName(name) for name in names]
    return [message_factory.GetMessageClass(descriptor) for descriptor in found]


def tensorflow_messages():
    """Example, Feature, TensorProto and GraphDef, as far as they are needed here."""
    file = descriptor_pb2.FileDescriptorProto(name="example.proto", syntax="proto3")
    add_message(file, "BytesList", ("value", 1, [FIELD.TYPE_BYTES]))
    add_message(file, "FloatList", ("value", 1, [FIELD.TYPE_FLOAT]))
    add_message(file, "Int64List", ("value", 1, [FIELD.TYPE_INT64]))
    feature = add_message(
        file,
        "Feature",
        ("bytes_list", 1, ".BytesList"),
        ("float_list", 2, ".FloatList"),
        ("int64_list", 3, ".Int64List"),
    )
    feature.oneof_decl.add(name="kind")
    for field in feature.field:
        field.oneof_index = 0
    features = add_message(file, "Features", ("feature", 1, [".Features.FeatureEntry"]))
    add_message(
        file,
        "FeatureEntry",
        ("key", 1, FIELD.TYPE_STRING),
        ("value", 2, ".Feature"),
        entry_of=features,
    )
    add_message(file, "Example", ("features", 1, ".Features"))
    add_message(file, "Dim", ("size", 1, FIELD.TYPE_INT64))
    add_message(file, "Shape", ("dim", 2, [".Dim"]))
    add_message(
        file,
        "TensorProto",
        ("dtype", 1, FIELD.TYPE_INT32),
        ("shape", 2, ".Shape"),
        ("content", 4, FIELD.TYPE_BYTES),
        ("float_val", 5, [FIELD.TYPE_FLOAT]),
        ("double_val", 6, [FIELD.TYPE_DOUBLE]),
        ("int_val", 7, [FIELD.TYPE_INT32]),
        ("string_val", 8, [FIELD.TYPE_BYTES]),
        ("int64_val", 10, [FIELD.TYPE_INT64]),
        ("bool_val", 11, [FIELD.TYPE_BOOL]),
    )
    add_message(file, "NodeDef", ("op", 2, FIELD.TYPE_STRING))
    add_message(file, "FunctionDef", ("node_def", 3, [".NodeDef"]))
    add_message(file, "Library", ("function", 1, [".FunctionDef"]))
    add_message(file, "GraphDef", ("node", 1, [".NodeDef"]), ("library", 2, ".Library"))
    return classes(file, "Example", "Feature", "TensorProto", "GraphDef")


Example, Feature, TensorProto, GraphDef = tensorflow_messages()

# dtype, its number in a TensorProto, the field of single values
DTYPES = {
    "float32": (1, "float_val"),
    "float64": (2, "double_val"),
    "int32": (3, "int_val"),
    "uint8": (4, "int_val"),
    "int64": (9, "int64_val"),
    "bool": (10, "bool_val"),
    "object": (7, "string_val"),
}


def parsed(message, data, expect, ask):
    """`data` as a message of that class."""
    found = message()
    name = message.DESCRIPTOR.name
    expected, other = (f"a serialized {name}", f"序列化的 {name}"), shown(data)
    expect_true(expect, type(data) is bytes, ask, expected, other)
    try:
        found.ParseFromString(data)
    except DecodeError:
        expect_true(expect, False, ask, expected, other)
    return found


def listed(feature):
    """A feature's kind and values."""
    kind = feature.WhichOneof("kind")
    return (kind or "nothing", list(getattr(feature, kind).value) if kind else [])


def expect_graph(expect, function, args, call, wanted=None):
    """TensorFlow's operations alone, on the worker's word; the operation `wanted` among them."""
    ask = Text(f"the graph of `{call}`", f"`{call}` 的计算图")
    expect.unconfirmed()
    graph = fetch(function.get_concrete_function(*args).graph)
    found = parsed(GraphDef, graph.as_graph_def().SerializeToString(), expect, ask)
    nodes = [*found.node, *(node for part in found.library.function for node in part.node_def)]
    names = {node.op for node in nodes}
    python = sorted(names & {"EagerPyFunc", "PyFunc", "PyFuncStateless"})
    expected = ("operations of TensorFlow only", "只有 TensorFlow 的运算")
    came = (f"{plain(python)}, which call Python", f"会调用 Python 的 {plain(python)}")
    expect_true(expect, not python, ask, expected, came)
    expected = (f"the operation {wanted}", f"有运算 {wanted}")
    expect_true(expect, wanted is None or wanted in names, ask, expected, ("none", "没有"))


def tensor_proto(array):
    """A tensor, serialized."""
    number, _ = DTYPES[array.dtype.name]
    found = TensorProto(dtype=number)
    found.shape.SetInParent()
    for size in array.shape:
        found.shape.dim.add(size=size)
    if array.dtype == object:
        found.string_val.extend(array.ravel().tolist())
    else:
        found.content = array.tobytes()
    return found.SerializeToString()


def tensor_of(proto):
    """The array in a TensorProto; None when it is none. Values at the end may be left out."""
    name, field = next(
        ((name, field) for name, (number, field) in DTYPES.items() if number == proto.dtype),
        ("", ""),
    )
    shape = [dim.size for dim in proto.shape.dim]
    if not name or any(not 0 <= size <= 1000 for size in shape) or len(shape) > 4:
        return None
    size = int(np.prod(shape, dtype="int64"))
    if proto.content and name != "object":
        if len(proto.content) != size * np.dtype(name).itemsize:
            return None
        return np.frombuffer(proto.content, name).reshape(shape)
    values = list(getattr(proto, field))
    if len(values) > size or size > 1000 or (size and not values):
        return None
    array = np.empty(size, name)
    try:
        array[:] = values + values[-1:] * (size - len(values))
    except OverflowError:
        return None
    return array.reshape(shape)


def arrays(rng):
    """Tensors of several dtypes and shapes: a matrix, scalars, an empty one, strings, bools."""
    text = np.empty((2, 2), object)
    text.ravel()[:] = ["né".encode(), b"", b"\x00\xfe\n\x00", rng.bytes(5)]
    return [
        rng.normal(size=(2, 3)).astype("float32"),
        rng.normal(size=(1, 2, 2)),
        np.asarray(rng.integers(2**40, 2**50)),
        rng.integers(0, 255, size=(3, 1, 2)).astype("uint8"),
        rng.integers(-99, 99, size=5).astype("int32"),
        np.zeros((0, 4), "float32"),
        np.array([True, False, bool(rng.integers(2))]),
        text,
    ]


def tf_name(array):
    """What TensorFlow calls an array's dtype."""
    return "string" if array.dtype == object else array.dtype.name


def scalar(data):
    """A scalar string tensor."""
    tensor = np.empty((), object)
    tensor[()] = data
    return tensor


# -- persons ---------------------------------------------------------------------------------------


def word(rng, letters=6):
    """A word of letters of all kinds."""
    return "".join(rng.choice(list(ALPHABET), size=letters))


def people(rng, bits):
    """(name, id, emails): several emails, one, none, empty ones, an empty one alone; ids of either
    sign."""
    ids = [int(rng.integers(2 ** (bits - 2), 2 ** (bits - 1))) for _ in range(2)]
    emails = [[f"{word(rng, 3)}{k}@a{k}.org" for k in range(n)] for n in (3, 1, 0)]
    return [
        (word(rng), ids[0] | 1, emails[0]),
        (word(rng), -ids[1], emails[1]),
        (word(rng), int(rng.integers(1, 99)), emails[2]),
        (word(rng), -7, ["", "z@z.org", ""]),
        (word(rng), int(rng.integers(1, 99)), [""]),
    ]


def encoded(items):
    """Byte strings."""
    return [item.encode() for item in items]


def strings(items):
    """A string tensor of shape (n,)."""
    tensor = np.empty(len(items), object)
    tensor[:] = items
    return tensor


def expect_strings(expect, got, want, ask, why=()):
    """A dense string tensor."""
    dense = isinstance(got, np.ndarray) and got.dtype.kind == "O"
    expected = ("a dense string tensor", "稠密的字符串张量")
    expect_true(expect, dense, ask, expected, shown(got))
    expect.close(got, want, ask=ask, why=why)


def expect_person(expect, got, person, dtype, call):
    """A dict of a person's name, id and emails."""
    name, number, emails = person
    parts = ("name", "id", "emails")
    expected = ('a dict with "name", "id" and "emails"', '含 "name"、"id"、"emails" 的字典')
    is_dict = type(got) is dict and set(parts) <= got.keys()
    expect_true(expect, is_dict, call, expected, shown(got))
    asks = {part: Text(f'{call.en}: "{part}"', f'{call.zh}："{part}"') for part in parts}
    expect_strings(expect, got["name"], scalar(name.encode()), asks["name"])
    expect.close(got["id"], np.asarray(number, dtype), ask=asks["id"])
    raw = encoded(emails)
    padding = Text("there are no emails, but padding is left", "没有邮箱，却留下了填充值")
    empty = Text("empty emails are lost", "空的邮箱丢失了")
    first = Text("only the first email is there", "只有第一个邮箱")
    whys = [
        Why(strings([email for email in raw if email]), empty),
        Why(strings(raw[:1]) if raw else strings([b""]), first if raw else padding),
    ]
    expect_strings(expect, got["emails"], strings(raw), asks["emails"], whys)


def how_many(call, emails):
    """What was asked, with the number of emails."""
    count = len(emails)
    return Text(f"`{call}`, a person with {count} email(s)", f"`{call}`，此人有 {count} 个邮箱")


# -- records ---------------------------------------------------------------------------------------


def expect_records(expect, records, want, ask, why=()):
    """The records of a file or a dataset, told apart by their number, then one by one."""
    known = [
        ([b"".join(want)], "all of them became one record", "所有内容成了一条记录"),
        ([record for record in want if record], "empty records are lost", "空记录丢失了"),
        (
            [record.rstrip(b"\x00") for record in want],
            "zero bytes at the end of a record are lost",
            "记录末尾的零字节丢失了",
        ),
        (want[:-1], "the last one is missing", "缺少最后一条"),
        (want[::-1], "the order is reversed", "顺序反了"),
    ]
    reasons = [(records == value, en, zh) for value, en, zh in (*why, *known)]
    expected = (f"{len(want)} records", f" {len(want)} 条记录")
    came = (f"{len(records)}", f" {len(records)} 条")
    expect_true(expect, len(records) == len(want), ask, expected, came, why=reasons)
    for k, (got, record) in enumerate(zip(records, want, strict=True)):
        expected = (f"record {k} to be {plain(record)}", f"第 {k} 条记录 {plain(record)}")
        expect_true(expect, got == record, ask, expected, shown(got), why=reasons)


def expect_file(expect, data, want, ask, why=()):
    """The bytes are a TFRecord file of these records."""
    records = unframed(data)
    bare = (b"".join(want), b"\n".join(want), b"".join(record + b"\n" for record in want))
    expect_true(
        expect,
        records is not None,
        ask,
        ("records, each with its length and its checksums", "一条条带长度与校验和的记录"),
        ("other bytes", "别的字节"),
        why=[
            (unzipped(data) is not None, "the file is compressed", "文件被压缩了"),
            (data in bare, "the records are there, but nothing around them", "只有记录本身"),
        ],
    )
    expect_records(expect, records, want, ask, why)


def after(call, more="", more_zh=""):
    """The file after a call."""
    return Text(f"the file after `{call}`{more}", f"`{call}`{more_zh}之后的文件")


@check(
    title=Text("`write_records`: an uncompressed file", "`write_records`：未压缩的文件"),
    points=1.25,
    topic="data",
    hint=Text(
        "A `tf.io.TFRecordWriter` used in a `with` block adds lengths and checksums and closes the"
        " file. Hand it every record as it is.",
        "在 `with` 块中使用 `tf.io.TFRecordWriter`，它会加上长度与校验和并关闭文件。"
        "每条记录都要原样交给它。",
    ),
)
def test_write_records(student, rng, expect):
    """Any bytes, empty records too; a second call replaces the file; no records at all."""
    path = student.path("mine.tfrecord")
    records, fewer = blobs(rng, (9, 0, 300, 1, 40)), blobs(rng, (20, 5))
    student.write_records(path, records)
    ask = after("write_records(path, records)")
    expect_file(expect, student.read_file(path), records, ask)
    student.write_records(path, fewer)
    ask = after("write_records", " with the same path again", "再次写入同一路径")
    appended = (records + fewer, "the old records are still there", "旧的记录还在")
    expect_file(expect, student.read_file(path), fewer, ask, [appended])
    path = student.path("empty.tfrecord")
    student.write_records(path, [])
    expect_file(expect, student.read_file(path), [], after("write_records(path, [])"))


@check(
    title=Text("`write_records`: GZIP", "`write_records`：GZIP"),
    points=0.75,
    topic="data",
    hint=Text(
        "The writer takes options, and they have a compression type. The file as a whole is"
        " compressed, not each record.",
        "写入器可以接受选项，其中有压缩方式。压缩的是整个文件，而不是每条记录。",
    ),
)
def test_write_gzip(student, rng, expect):
    """The file unpacks to an uncompressed TFRecord file."""
    records = blobs(rng, (31, 0, 7, 200))
    path = student.path("mine.tfrecord.gz")
    student.write_records(path, records, compression="GZIP")
    data = student.read_file(path)
    ask = after('write_records(path, records, compression="GZIP")')
    inner, within = unzipped(data), unframed(data)
    alone = [unzipped(record) for record in within or ()]
    expect_true(
        expect,
        inner is not None,
        ask,
        ("a gzip file", " gzip 文件"),
        ("other bytes", "别的字节"),
        why=[
            (within == records, "the file isn't compressed", "文件没有压缩"),
            (alone == records, "every record was compressed by itself", "压缩的是每条记录"),
            (data[:1] == b"\x78", "that is ZLIB", "这是 ZLIB"),
        ],
    )
    expect_file(expect, inner, records, Text(f"{ask.en}, unpacked", f"{ask.zh}，解压后"))


def records_in(session, expect, dataset, ask):
    """What a dataset of scalar strings yields."""
    is_dataset = session.is_a(expect.remote(dataset, ask=ask), "tf.data.Dataset")
    expected = ("a `tf.data.Dataset`", " `tf.data.Dataset`")
    expect_true(expect, is_dataset, ask, expected, shown(dataset))
    found = []
    # In batches: a single string that crosses the wire loses zero bytes at its end.
    for batch in session.elements(dataset.batch(64)):
        right = isinstance(batch, np.ndarray) and batch.dtype.kind == "O" and batch.ndim == 1
        each = shown(batch[0] if isinstance(batch, np.ndarray) and batch.ndim > 1 else batch)
        expected = ("scalar strings as its elements", "元素为标量字符串")
        expect_true(expect, right, ask, expected, each)
        found += batch.tolist()
    return found


def follow_each_other(found, contents):
    """Whether whole files come one after the other, in any order."""
    left, at = [records for records in contents if records], 0
    while at < len(found):
        part = next((part for part in left if found[at : at + len(part)] == part), None)
        if part is None:
            return False
        left.remove(part)
        at += len(part)
    return not left


@check(
    title=Text("`read_records`: one path, or a list", "`read_records`：一个路径或一个列表"),
    points=1,
    topic="data",
    hint=Text(
        "`tf.data` has a dataset for this kind of file. Its elements are the records as they are,"
        " scalar strings, file after file.",
        "`tf.data` 里有专门读这种文件的数据集。它的元素就是原样的记录，即标量字符串，"
        "读完一个文件再读下一个。",
    ),
)
def test_read_records(student, rng, expect):
    """One path; a list, one of its files empty, in its order; the dataset runs twice."""
    contents = [blobs(rng, (12, 3, 0, 70, 1)), [], *(blobs(rng, (k, 260)) for k in range(5, 12))]
    # Eight of the files aren't empty: shuffled at every pass, they come in this order twice in a
    # row once in 40,320² = 1.6e9 times.
    names = "gbiaecdhf"
    paths = [
        student.write_file(f"{name}.tfrecord", framed(records))
        for name, records in zip(names, contents, strict=True)
    ]
    ask = code("read_records(path)")
    dataset = student.read_records(paths[0])
    expect_records(expect, records_in(student, expect, dataset, ask), contents[0], ask)
    ask = Text("a second pass through `read_records(path)`", "第二次遍历 `read_records(path)`")
    expect_records(expect, records_in(student, expect, dataset, ask), contents[0], ask)
    ask = Text("`read_records` of nine paths", "把九个路径交给 `read_records`")
    want = [record for records in contents for record in records]
    by_name = [record for _, part in sorted(zip(names, contents, strict=True)) for record in part]
    dataset = student.read_records(paths)
    for _ in range(2):
        found = records_in(student, expect, dataset, ask)
        # An order that may be another one in every run is told without what came where.
        mixed = sorted(found) == sorted(want) and found not in (want, by_name)
        files = follow_each_other(found, contents)
        expected = ("file after file, in the order of the list", "按列表的次序，一个文件接一个文件")
        came = (
            ("whole files in another order", "各个文件完整，但次序不同")
            if files
            else ("records of several files mixed up", "各个文件的记录混在了一起")
        )
        expect_true(expect, not mixed, ask, expected, came)
        whys = [
            (contents[0], "only the first file was read", "只读了第一个文件"),
            (by_name, "the files were sorted by name", "文件按名字排了序"),
        ]
        expect_records(expect, found, want, ask, whys)
    expect.unconfirmed()  # that it is a `tf.data.Dataset`


@check(
    title=Text("`read_records`: GZIP", "`read_records`：GZIP"),
    points=0.5,
    topic="data",
    hint=Text(
        "A dataset doesn't look whether a file is compressed: it has to be told, for one path and"
        " for a list.",
        "数据集不会自己看文件是否压缩过：必须告诉它，单个路径和列表都一样。",
    ),
)
def test_read_gzip(student, rng, expect):
    """A compressed file, its path alone and in a list."""
    records = blobs(rng, (15, 0, 90))
    path = student.write_file("mine.gz", gzip.compress(framed(records)))
    ask = code('read_records(path, compression="GZIP")')
    dataset = student.read_records(path, compression="GZIP")
    expect_records(expect, records_in(student, expect, dataset, ask), records, ask)
    ask = code('read_records([path], "GZIP")')
    dataset = student.read_records([path], "GZIP")
    expect_records(expect, records_in(student, expect, dataset, ask), records, ask)


def damages(rng, data, starts):
    """(content, compression, English, Chinese) of damaged files; `starts` are those of records."""
    bit = 1 << int(rng.integers(8))
    packed = gzip.compress(data, compresslevel=0)  # holds the records as they are

    def flip(whole, at):
        return whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :]

    return [
        (flip(data, starts[1] + 33), None, "a byte of record 1 changed", "第 1 条记录有一字节变了"),
        (flip(data, starts[2]), None, "a byte of a length changed", "某个长度有一字节变了"),
        (flip(data, 9), None, "the checksum of a length changed", "某个长度的校验和变了"),
        (flip(data, len(data) - 2), None, "the last checksum changed", "最后的校验和变了"),
        (data[: starts[1] + 42], None, "a file cut within record 1", "文件断在第 1 条记录中"),
        (data[:-1], None, "a file cut within its last checksum", "文件断在最后的校验和中"),
        (
            flip(packed, GZIP_HEAD + starts[1] + 19),
            "GZIP",
            "a byte of record 1 changed in a GZIP file",
            "GZIP 文件中第 1 条记录有一字节变了",
        ),
        (
            packed[: GZIP_HEAD + starts[2] + 21],
            "GZIP",
            "a GZIP file cut within record 2",
            "GZIP 文件断在第 2 条记录中",
        ),
    ]


@check(
    title=Text("`read_records`: damage is reported", "`read_records`：损坏必须报告"),
    points=1.5,
    topic="data",
    hint=Text(
        "Every record has checksums: don't read past them, and don't swallow the error that comes"
        " when they don't fit.",
        "每条记录都有校验和：不要绕过它们，也不要吞掉校验失败时抛出的错误。",
    ),
)
def test_damage(student, rng, expect):
    """One byte is another one, or a record isn't whole: never fewer records without a word."""
    lengths = (24, 50, 17)
    records = blobs(rng, lengths)
    data = framed(records)
    starts = [sum(lengths[:k]) + 16 * k for k in range(3)]
    path = student.write_file("whole", data)
    ask = Text("`read_records` of an intact file", "用 `read_records` 读完好的文件")
    found = records_in(student, expect, student.read_records(path), ask)
    expect_records(expect, found, records, ask)

    expect.unconfirmed()
    cases = [
        (student.write_file(f"damaged-{k}", content), records, *rest)
        for k, (content, *rest) in enumerate(damages(rng, data, starts))
    ]
    # First of all the first case with an intact file behind it, which tells who stops at the damage
    # from who goes on.
    damaged, _, compression, en, zh = cases[0]
    en, zh = f"two files, in the first of them {en}", f"两个文件，第一个文件中{zh}"
    cases.insert(0, ([damaged, path], records + records, compression, en, zh))
    for paths, intact, compression, en, zh in cases:
        ask = Text(f"`read_records`, {en}", f"`read_records`，{zh}")
        try:
            found = records_in(student, expect, student.read_records(paths, compression), ask)
        except StudentError:
            continue
        count, most = len(found), len(intact)
        expect_true(
            expect,
            False,
            ask,
            ("an exception", "一个异常"),
            (
                f"{count} of {most} records and no exception",
                f" {most} 条记录中的 {count} 条，没有异常",
            ),
            why=[
                (count == most, "what is damaged was handed out", "损坏的内容被当成了正常的"),
                (found == intact[:count], "reading stopped without a word", "读取悄悄停止了"),
                (count, "what is damaged was left out", "损坏的内容被跳过了"),
            ],
        )


# -- Example and whole tensors ---------------------------------------------------------------------


def expect_class(session, expect, got, name, ask):
    """The answer is an instance of a class of TensorFlow's, on the worker's word."""
    expect.unconfirmed()
    is_one = session.is_a(got, name)
    expect_true(expect, is_one, ask, (f"a `{name}`", f" `{name}`"), shown(got))


def feature_mistakes(name, number, emails):
    """Known wrong features."""
    joined = [Text("all emails were put into one string", "所有邮箱并成了一个字符串")] * 5
    marks = [mark.join(emails).encode() for mark in (",", ", ", ";", " ", "\n")]
    rounded = [float(np.float32(number))]
    text = [str(number).encode()]
    few = encoded(email for email in emails if email)
    first = Text("only the first email is there", "只有第一个邮箱")
    padding = Text("no emails became one empty email", "没有邮箱却变成了一个空邮箱")
    return {
        "name": [
            Why(
                ("bytes_list", encoded(name)),
                Text("every letter became an element", "每个字母都成了一个元素"),
            )
        ],
        "id": [
            Why(("float_list", rounded), Text("an id is no float", "id 不是浮点数")),
            Why(("bytes_list", text), Text("the id was written as text", "id 被写成了文本")),
        ],
        "emails": [
            Why(("bytes_list", few), Text("empty emails are lost", "空的邮箱丢失了")),
            Why(("bytes_list", encoded(emails[:1]) or [b""]), first if emails else padding),
            *(
                Why(("bytes_list", [value]), sentence)
                for value, sentence in zip(marks, joined, strict=True)
                if len(emails) > 1
            ),
        ],
    }


@check(
    title=Text("`person_example`: features of an Example", "`person_example`：Example 的特征"),
    points=1.25,
    topic="values",
    hint=Text(
        "Text goes into a list of byte strings, in UTF-8, an int into a list of int64; every"
        " feature holds a list, even for one value.",
        "文本以 UTF-8 放进字节串列表，整数放进 int64 列表；每个特征里都是列表，"
        "只有一个值时也一样。",
    ),
)
def test_person_example(student, rng, expect):
    """The serialized Example holds name, id and all emails, whatever their letters and number."""
    for name, number, emails in people(rng, 63):
        call = code(f"person_example({name!r}, {number}, {emails})")
        got = expect.remote(student.person_example(name, number, emails), ask=call)
        example = parsed(Example, got.SerializeToString(), expect, call)
        features = {key: listed(value) for key, value in example.features.feature.items()}
        if not emails and features.get("emails", NOTHING) == NOTHING:
            features["emails"] = ("bytes_list", [])  # it reads the same
        want = {
            "name": ("bytes_list", [name.encode()]),
            "id": ("int64_list", [number]),
            "emails": ("bytes_list", encoded(emails)),
        }
        mistakes = feature_mistakes(name, number, emails)
        for key, value in want.items():
            expected = (f'a feature "{key}"', f'特征 "{key}"')
            there = plain(sorted(features))
            expect_true(expect, key in features, call, expected, (there, f" {there}"))
            ask = Text(f'{call.en}, feature "{key}"', f'{call.zh}，特征 "{key}"')
            expect.equal(features[key], value, ask=ask, why=mistakes[key])
        expect_class(student, expect, got, "tf.train.Example", call)


@check(
    title=Text("`parse_person`: a dict of tensors", "`parse_person`：张量的字典"),
    points=1.25,
    topic="values",
    hint=Text(
        "`tf.io.parse_single_example` wants a description of every feature: of fixed length or not."
        " What has no fixed length comes back sparse. NumPy has no place in a `Dataset.map`.",
        "`tf.io.parse_single_example` 需要每个特征的描述：长度固定还是不固定。"
        "长度不固定的会以稀疏张量返回。`Dataset.map` 里用不了 NumPy。",
    ),
)
def test_parse_person(student, rng, expect):
    """Several emails, one, none; from bytes, from a tensor, and in `Dataset.map`."""
    crowd = people(rng, 63)
    rows = []
    for name, number, emails in crowd:
        example = Example()
        feature = example.features.feature
        feature["name"].bytes_list.value.append(name.encode())
        feature["id"].int64_list.value.append(number)
        feature["emails"].bytes_list.SetInParent()
        feature["emails"].bytes_list.value.extend(encoded(emails))
        rows.append(example.SerializeToString())
    for k, (row, person) in enumerate(zip(rows, crowd, strict=True)):
        got = student.parse_person(scalar(row) if k % 2 else row)
        call = how_many("parse_person(serialized)", person[2])
        expect_person(expect, got, person, "int64", call)
    dataset = student.tf.data.Dataset.from_tensor_slices(strings(rows)).map(student.parse_person)
    call = "dataset.map(parse_person)"
    elements = student.elements(dataset)
    ask = Text(f"the length of `{call}`", f"`{call}` 的长度")
    expect.equal(len(elements), len(crowd), ask=ask)
    for got, person in zip(elements, crowd, strict=True):
        expect_person(expect, got, person, "int64", how_many(call, person[2]))
    function = student.tf.function(student.parse_person)
    spec = student.tf.TensorSpec((), student.tf.string)
    expect_graph(expect, function, [spec], "parse_person")


@check(
    title=Text("`tensor_feature`: a tensor in one string", "`tensor_feature`：一个字符串里的张量"),
    points=0.75,
    topic="serialization",
    hint=Text(
        "`tf.io.serialize_tensor` keeps dtype and shape along with the values; a tensor's bare"
        " bytes don't. A list of byte strings wants a list.",
        "`tf.io.serialize_tensor` 会把 dtype 和形状与数值一起保存；张量的裸字节则不会。"
        "字节串列表要的是列表。",
    ),
)
def test_tensor_feature(student, rng, expect):
    """One byte string, a TensorProto; matrices, scalars, an empty tensor, strings, bools."""
    for array in arrays(rng):
        what = f"{array.shape}, {tf_name(array)}"
        call = Text(f"`tensor_feature(t)`, t: {what}", f"`tensor_feature(t)`，t：{what}")
        got = expect.remote(student.tensor_feature(array), ask=call)
        kind, values = listed(parsed(Feature, got.SerializeToString(), expect, call))
        one = kind == "bytes_list" and len(values) == 1
        came = (f"{kind} of {len(values)} values", f"有 {len(values)} 个值的 {kind}")
        expect_true(expect, one, call, ("one byte string", "一个字节串"), came)
        bare = array.dtype != object and values[0] == array.tobytes()
        expected = ("a serialized TensorProto", "序列化的 TensorProto")
        without = ("bytes without dtype and shape", "没有 dtype 和形状的字节")
        expect_true(expect, not bare, call, expected, without)
        found = tensor_of(parsed(TensorProto, values[0], expect, call))
        expect_true(expect, found is not None, call, expected, ("other bytes", "别的字节"))
        expect.close(found, array, ask=call)
        expect_class(student, expect, got, "tf.train.Feature", call)


@check(
    title=Text("`parse_tensor`: the tensor is back", "`parse_tensor`：还原张量"),
    points=0.75,
    topic="serialization",
    hint=Text(
        "The counterpart of `tf.io.serialize_tensor` has to be told the dtype, and finds the shape"
        " by itself.",
        "`tf.io.serialize_tensor` 的逆运算需要告诉它 dtype，形状它自己知道。",
    ),
)
def test_parse_tensor(student, rng, expect):
    """Every dtype and shape, from bytes and from a tensor; in a `tf.function` as well."""
    questions = arrays(rng)
    for k, array in enumerate(questions):
        name, data = tf_name(array), tensor_proto(array)
        got = student.parse_tensor(scalar(data) if k % 2 else data, getattr(student.tf, name))
        call = f"`parse_tensor(b, tf.{name})`"
        ask = Text(f"{call}, shape {array.shape}", f"{call}，形状 {array.shape}")
        flat = Why(array.ravel(), Text("the shape is lost", "形状丢失了"))
        expect.close(got, array, ask=ask, why=[flat])
    function = student.tf.function(student.parse_tensor)
    spec = student.tf.TensorSpec((), student.tf.string)
    for array in (questions[0], questions[-1]):
        name = tf_name(array)
        call = f"`parse_tensor(b, tf.{name})`"
        ask = Text(f"{call} in a `tf.function`", f"在 `tf.function` 中调用 {call}")
        got = function(scalar(tensor_proto(array)), getattr(student.tf, name))
        expect.close(got, array, ask=ask)
    expect_graph(expect, function, [spec, student.tf.string], "parse_tensor")


# -- any protocol buffer ---------------------------------------------------------------------------


def person_file(rng):
    """A FileDescriptorSet with a `Person` whose fields have new numbers, and their class."""
    numbers = [int(number) for number in rng.permutation(np.arange(4, 15))]  # not 1, 2, 3
    file = descriptor_pb2.FileDescriptorProto(name="person.proto", syntax="proto3")
    add_message(file, "Address", ("name", 1, FIELD.TYPE_STRING), ("id", 2, FIELD.TYPE_INT32))
    add_message(
        file,
        "Person",
        ("name", numbers[0], FIELD.TYPE_STRING),
        ("id", numbers[1], FIELD.TYPE_INT32),
        ("email", numbers[2], [FIELD.TYPE_STRING]),
        ("phone", numbers[3], [FIELD.TYPE_STRING]),
    )
    (person,) = classes(file, "Person")
    return descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString(), person


@check(
    title=Text("`decode_person`: any protocol buffer", "`decode_person`：任意协议缓冲区"),
    points=1,
    topic="values",
    hint=Text(
        "`tf.io.decode_proto` gives every field as a list of at least one value, and beside it how"
        " many of them the message really holds.",
        "`tf.io.decode_proto` 把每个字段都作为至少有一个值的列表给出，"
        "并且另外告诉你消息里真正有几个。",
    ),
)
def test_decode_person(student, rng, expect):
    """Fields as the descriptor numbers them; no emails, empty ones, defaults; in a graph."""
    call = "decode_person(serialized, descriptor)"
    for turn in range(2):
        definition, person_class = person_file(rng)
        path = student.write_file(f"person{turn}.desc", definition)
        crowd = [*people(rng, 32), ("", 0, [])][2 * turn :]
        rows = []
        for k, person in enumerate(crowd):
            message = person_class(**dict(zip(("name", "id", "email"), person, strict=True)))
            message.phone.extend(["1", "2"][: k % 3])
            rows.append(message.SerializeToString())
            got = student.decode_person(scalar(rows[-1]) if k % 2 else rows[-1], path)
            expect_person(expect, got, person, "int32", how_many(call, person[2]))
    function = student.tf.function(student.decode_person)
    for row, person in zip(rows[:2], crowd[:2], strict=True):
        ask = how_many(call, person[2])
        ask = Text(f"{ask.en}, in a `tf.function`", f"{ask.zh}，在 `tf.function` 中")
        expect_person(expect, function(scalar(row), path), person, "int32", ask)
    spec = student.tf.TensorSpec((), student.tf.string)
    expect_graph(expect, function, [spec, path], "decode_person", "DecodeProtoV2")

"""What you can check yourself: `pytest exercises/csv_pipeline`. The course asks for more."""

import numpy as np

from grader.checks import Text, as_numpy, check

DATA = np.array([[0.1, 2.0], [1 / 3, -4.0], [6.02e23, 5.5], [-7.0, 0.0], [8.25, 1e-7]])
FILES = (b"h,t\n1.0,10\n3.0,30\n,50\n", b"h,t\n2.0,20\n4.0,40\n")


def lines_of(student, expect, directory, n_parts, ask):
    """The lines of the files that `write_shards` says it wrote."""
    paths = student.write_shards(
        as_numpy(DATA), "width,price", student.path(directory), "p", n_parts
    )
    expect.true(
        isinstance(paths, list) and all(isinstance(path, str) for path in paths),
        ask=ask,
        expected=Text("a list of strings", "由字符串组成的列表"),
        got=Text("something else", "别的东西"),
    )
    return [student.read_file(path).decode().splitlines() for path in paths]


@check(
    title=Text("Parts of 2, 2 and 1 rows", "2 行、2 行、1 行三份"),
    points=2,
    topic="data",
    hint=Text(
        "Three files, each with the header and then its rows.", "三个文件，每个先是表头，再是数据。"
    ),
)
def test_parts(student, expect):
    """Five rows in three files, in a folder that has to be made."""
    ask = Text(
        "`write_shards`, 5 rows in 3 files: the files' lines",
        "`write_shards`，5 行写入 3 个文件：各文件的内容",
    )
    lines = lines_of(student, expect, "here/and/there", 3, ask)
    expect.equal([len(part) for part in lines], [3, 3, 2], ask=ask)
    expect.equal([part[0] for part in lines], ["width,price"] * 3, ask=ask)


@check(
    title=Text("Numbers read back", "读回的数字"),
    points=2,
    topic="data",
    hint=Text("1/3 takes 16 digits.", "1/3 需要 16 位数字。"),
)
def test_digits(student, expect):
    """What is in the files is what was in the array, to the last bit."""
    ask = Text("the numbers in the files of `write_shards`", "`write_shards` 写出的数字")
    lines = lines_of(student, expect, "digits", 2, ask)
    rows = [[float(field) for field in line.split(",")] for part in lines for line in part[1:]]
    expect.close(np.array(rows), DATA, ask=ask, atol=0.0)


@check(
    title=Text("One line", "一行"),
    points=2,
    topic="values",
    hint=Text("x is [0.5, 0, -3], y is [12].", "x 是 [0.5, 0, -3]，y 是 [12]。"),
)
def test_parse(student, expect):
    """Three features, one of them missing."""
    x, y = student.parse_line(np.array(b"0.5,,-3,12", dtype=object), 3)
    ask = '`parse_line("0.5,,-3,12", 3)`'
    want = np.array([0.5, 0.0, -3.0], "float32")
    expect.close(x, want, ask=Text(f"{ask}: x", f"{ask}：x"))
    expect.close(y, np.array([12.0], "float32"), ask=Text(f"{ask}: y", f"{ask}：y"))


@check(
    title=Text("A line without a target", "没有目标值的一行"),
    points=1,
    topic="values",
    hint=Text("A row that can't be learned from is an error.", "无法用来学习的行是一个错误。"),
)
def test_no_target(student, expect):
    """Nothing behind the last comma."""
    student.parse_line(np.array(b"1,2", dtype=object), 1)
    expect.raises(
        lambda: student.parse_line(np.array(b"1,", dtype=object), 1),
        ("InvalidArgumentError", "ValueError"),
        ask=Text('`parse_line("1,", 1)`', '`parse_line("1,", 1)`'),
    )


@check(
    title=Text("All rows, scaled", "所有的行，标准化之后"),
    points=3,
    topic="data",
    hint=Text(
        "Mean 1, deviation 2: the features become 0, 0.5, 1, 1.5 and, where it is missing, -0.5.",
        "均值 1，标准差 2：特征变成 0、0.5、1、1.5；缺失的那个变成 -0.5。",
    ),
)
def test_dataset(student, expect):
    """Five rows in two files, in batches of 3 and 2."""
    paths = [student.write_file(f"in/{k}.csv", data) for k, data in enumerate(FILES)]
    dataset = student.csv_dataset(
        paths,
        as_numpy(np.array([1.0])),
        as_numpy(np.array([2.0])),
        n_readers=2,
        batch_size=3,
        shuffle_buffer=10,
        seed=42,
    )
    ask = Text("`csv_dataset`, two files, batches of 3 rows", "`csv_dataset`，两个文件，每批 3 行")
    batches = [
        (expect.array(x, ask=ask, dtype="float32"), expect.array(y, ask=ask, dtype="float32"))
        for x, y in student.elements(dataset)
    ]
    expect.equal([(x.shape, y.shape) for x, y in batches], [((3, 1),) * 2, ((2, 1),) * 2], ask=ask)
    rows = sorted((y, x) for xs, ys in batches for x, y in zip(xs[:, 0], ys[:, 0], strict=True))
    want = [(10, 0.0), (20, 0.5), (30, 1.0), (40, 1.5), (50, -0.5)]
    expect.close(
        np.array(rows),
        np.array(want, "float32"),
        ask=Text(
            "targets and scaled features, in order of the targets",
            "目标值与标准化后的特征，按目标值排列",
        ),
    )

"""Hidden checks of `csv_pipeline`: shards of CSV files, a parser, an input pipeline."""

import re
from collections import Counter
from itertools import chain

import numpy as np

from grader.checks import StudentError, Text, Why, as_numpy, check

HEADER = "age,rooms,income,price"
YEARS = "2021,2022,2023,2024,2025,2026"
"""A header may say anything, numbers too: then one that is taken for a row shows as what it is."""
READERS = 5
"""More than most pipelines' fixed number of threads, which may not exceed the number of readers."""
OTHER = ("something else", "别的东西")


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


def holds(expect, ask, condition, want, got, why=None):
    """Something that must hold; `want` and `got` are (English, Chinese)."""
    expect.true(condition, ask=ask, expected=Text(*want), got=Text(*got), why=why)


# -- files that the student's code wrote -----------------------------------------------------------


def asked(data, directory, prefix, n_parts):
    """What a call of `write_shards` looks like."""
    call = f"write_shards(data, header, {directory!r}, {prefix!r}, {n_parts})"
    return code(f"{call}`, `data.shape == {data.shape}")


def write(session, expect, data, directory, prefix, n_parts):
    """The paths that `write_shards` returns, different texts, as many as there are parts."""
    ask = asked(data, directory, prefix, n_parts)
    folder = session.path(directory)
    got = session.write_shards(as_numpy(data), HEADER, folder, prefix, n_parts)
    listed = isinstance(got, list) and all(type(item) is str for item in got)
    holds(
        expect,
        ask,
        listed,
        ("a list of strings, the paths", "由字符串（路径）组成的列表"),
        ("`None`", "`None`") if got is None else OTHER,
    )
    holds(
        expect,
        ask,
        len(got) == len(set(got)) == n_parts,
        (f"{n_parts} different paths", f" {n_parts} 个不同的路径"),
        (
            f"{len(got)}, {len(set(got))} of them different",
            f" {len(got)} 个，其中不同的有 {len(set(got))} 个",
        ),
    )
    return got


def name_of(path):
    """The last part of a path, quoted."""
    return ascii(re.split(r"[/\\]", path)[-1][:60])


def lines_of(session, expect, path, ask):
    """The lines, empty ones too, of the file at a path that the student's code returned."""
    try:
        data = session.read_file(path)
    except StudentError:  # not an error of the student's program but what it returned
        holds(
            expect,
            Text(f"{ask.en}, the file {name_of(path)}", f"{ask.zh}，文件 {name_of(path)}"),
            False,
            ("a file at the path returned", "返回的路径处有这个文件"),
            (
                "no file there (a name alone, without its directory, isn't a path)",
                "那里没有文件（只有文件名、没有目录，不能算路径）",
            ),
        )
    return data.decode("utf-8", "replace").splitlines()


def numbers(line):
    """The numbers of a line, None when it holds anything else."""
    try:
        return [float(field) for field in line.split(",")]
    except ValueError:
        return None


def rows_of(session, expect, path, columns, ask):
    """The rows of numbers in a file; a first line that holds none is a header, whatever it says."""
    rows = []
    for number, line in enumerate(lines_of(session, expect, path, ask)):
        row = numbers(line)
        if row is None and number == 0:
            continue
        holds(
            expect,
            ask,
            row is not None and len(row) == columns,
            (
                f"{columns} numbers separated by commas in every line below the header",
                f"表头以下每一行都是用逗号隔开的 {columns} 个数",
            ),
            (f"the line {line[:60]!a}", f"这样一行：{line[:60]!a}"),
            Text(
                "that is how NumPy 2 shows a number to a programmer, not the number's text",
                "这是 NumPy 2 给程序员看的写法，不是数字本身的文本",
            )
            if "float64(" in line
            else None,
        )
        rows.append(row)
    return rows


def by_size(m, n_parts, size):
    """The sizes of parts that are `size` rows each, but for the last, which takes what is left."""
    return [size] * (n_parts - 1) + [m - size * (n_parts - 1)]


@check(
    title=Text("`write_shards`: which rows go where", "`write_shards`：哪些行写进哪个文件"),
    points=1,
    topic="data",
    hint=Text(
        "`np.array_split` cuts the rows into parts that follow each other and differ by at most one"
        " row. Note the paths in that order yourself: sorted names may come in another one.",
        "`np.array_split` 把各行切成前后相接、行数最多差一的几份。路径请自己按这个次序记下来："
        "按名字排序可能会是另一种次序。",
    ),
)
def test_parts(student, rng, expect):
    """Numbers of one decimal; uneven parts, one part, and more than ten of them."""
    for m, n_parts in ((14, 4), (26, 12), (3, 1)):
        # Halves, all different: nobody's number format hurts them.
        data = rng.permutation(np.arange(m * 2) + 0.5).reshape(m, 2)
        directory = f"shards{n_parts}"
        ask = asked(data, directory, "part", n_parts)
        paths = write(student, expect, data, directory, "part", n_parts)
        parts = [rows_of(student, expect, path, 2, ask) for path in paths]
        want = [len(part) for part in np.array_split(data, n_parts)]
        by_name = sorted(range(n_parts), key=str)
        expect.equal(
            [len(part) for part in parts],
            want,
            ask=Text(f"{ask.en}: rows in each file", f"{ask.zh}：各文件的行数"),
            why=[
                Why(
                    by_size(m, n_parts, -(-m // n_parts)),
                    Text("every part but the last was rounded up", "除最后一份外，都向上取整了"),
                ),
                Why(
                    by_size(m, n_parts, m // n_parts),
                    Text("the last part took all that was left", "剩下的行全给了最后一份"),
                ),
                Why(
                    [m // n_parts] * n_parts,
                    Text("the rows that were left over got lost", "除不尽的行丢掉了"),
                ),
            ],
        )
        expect.close(
            np.array([row for part in parts for row in part]),
            data,
            ask=Text(f"{ask.en}: the files' rows one after the other", f"{ask.zh}：依次读出的各行"),
            atol=0.0,
            why=[
                Why(
                    np.concatenate([data[k::n_parts] for k in range(n_parts)]),
                    Text(
                        "every n-th row went into the same file", "每隔 n 行的那些行进了同一个文件"
                    ),
                ),
                Why(
                    np.concatenate([np.array_split(data, n_parts)[k] for k in by_name]),
                    Text(
                        "the paths are sorted as texts, where 10 comes before 2",
                        "路径是按文本排序的，10 会排在 2 前面",
                    ),
                ),
            ],
        )


@check(
    title=Text("`write_shards`: every digit", "`write_shards`：一位也不丢"),
    points=1,
    topic="data",
    hint=Text(
        "A float64 needs up to 17 significant digits. `str` and `repr` of a Python float write as"
        " many as it takes; fixed formats such as `%.6f` don't.",
        "一个 float64 最多需要 17 位有效数字。Python 浮点数的 `str` 和 `repr` 会写够位数；"
        "`%.6f` 这样的固定格式则不会。",
    ),
)
def test_digits(student, rng, expect):
    """Numbers of very different size read back as exactly the same float64."""
    data = rng.normal(size=(11, 4)) * [3e-4, 1.0, 2e3, 7e9]
    ask = asked(data, "digits", "exact", 1)
    paths = write(student, expect, data, "digits", "exact", 1)
    got = np.array([row for path in paths for row in rows_of(student, expect, path, 4, ask)])
    got = expect.array(got, ask=ask, shape=data.shape)
    off = int(np.sum(got != data))
    close = bool(np.all(np.abs(got - data) <= 1e-2 * np.maximum(1.0, np.abs(data))))
    holds(
        expect,
        ask,
        off == 0,
        ("the same 44 float64 numbers read back", "读回的 44 个 float64 与原来完全相同"),
        (f"{off} that differ", f"有 {off} 个不同"),
        Text("their last digits are missing", "末尾的几位数字丢了") if close else None,
    )


@check(
    title=Text("`write_shards`: headers, folders, names", "`write_shards`：表头、目录与文件名"),
    points=1,
    topic="data",
    hint=Text(
        "Each file is complete by itself: header first. `os.makedirs` knows what to do about"
        " missing parents and about folders that exist. The prefix keeps two sets apart.",
        "每个文件自成一体：先写表头。上级目录不存在，或者目录已经存在，`os.makedirs` 都有办法。"
        "前缀把两组文件区分开来。",
    ),
)
def test_files(student, rng, expect):
    """Two sets in one new folder, the first of them written twice; all parts are equal."""
    directory = "new/and/deep"
    written = []
    for prefix, m, n_parts in (("train", 9, 3), ("valid", 4, 2), ("train", 6, 3)):
        data = rng.permutation(np.arange(m * 4) + 0.5).reshape(m, 4)
        ask = asked(data, directory, prefix, n_parts)
        paths = write(student, expect, data, directory, prefix, n_parts)
        written.append((ask, prefix, paths, data))
        first = lines_of(student, expect, paths[-1], ask)[:1]
        expect.equal(
            first,
            [HEADER],
            ask=Text(f"{ask.en}: first line of the last file", f"{ask.zh}：最后一个文件的第一行"),
            why=[
                Why(
                    first if first and numbers(first[0]) else None,
                    Text("it begins with data, not with the header", "开头就是数据，没有表头"),
                ),
                Why([f"# {HEADER}"], Text("`np.savetxt` wrote `# `", "`np.savetxt` 加上了 `# `")),
                Why(
                    [f'"{HEADER}"'],
                    Text(
                        "the header went through a CSV writer as a single field",
                        "表头被当作一个字段，经 CSV 写入器加了引号",
                    ),
                ),
                Why(
                    [",".join(HEADER)],
                    Text(
                        "the header is one string, and it was joined character by character",
                        "表头是一个字符串，却被逐个字符用逗号连接了",
                    ),
                ),
            ],
        )
        for path in paths:
            name = name_of(path)[1:-1]
            holds(
                expect,
                ask,
                name.startswith(prefix) and path.endswith(".csv"),
                (
                    f"file names that begin with {prefix!r} and end in '.csv'",
                    f"文件名以 {prefix!r} 开头、以 '.csv' 结尾",
                ),
                (f"{name_of(path)}", f" {name_of(path)}"),
            )
    # The first set was overwritten by the third; the second must still be there.
    for ask, _, paths, data in written[1:]:
        count = len(data) // len(paths)
        for path in paths:
            lines = lines_of(student, expect, path, ask)
            holds(
                expect,
                Text(f"{ask.en}: lines in a file", f"{ask.zh}：某个文件的行数"),
                len(lines) == 1 + count,
                (f"one header and {count} rows", f"一行表头和 {count} 行数据"),
                (f"{len(lines)} lines", f" {len(lines)} 行"),
                Text("it was appended to the file that was there before", "是接在原有文件后面写的")
                if lines.count(HEADER) > 1
                else None,
            )
    names = student.list_files(student.path(directory))
    expect.equal(
        len(names),
        5,
        ask=Text(
            "files in the new folder, after 3 for 'train' (twice) and 2 for 'valid'",
            "写入 3 个 'train' 文件（两次）和 2 个 'valid' 文件之后，新目录中的文件数",
        ),
    )


# -- one line --------------------------------------------------------------------------------------


def number_text(rng):
    """A number as it may stand in a CSV file."""
    value = float(rng.normal() * 10.0 ** rng.integers(-3, 6))
    return str(rng.choice([f"{value:.3f}", repr(value), f"{value:.4e}", f"{value:.0f}"]))


def is_pair(got):
    """Whether that is (x, y)."""
    return isinstance(got, list | tuple) and len(got) == 2


def as_line(texts):
    """The fields as a line, a scalar string."""
    return np.array(",".join(texts).encode(), dtype=object)


def asked_line(texts, name="parse_line"):
    """What a call of `parse_line` looks like."""
    return code(f"{name}({','.join(texts)!r}, {len(texts) - 1})")


def parsed(expect, got, texts, ask):
    """Features and target of one line; an empty text is 0."""
    holds(expect, ask, is_pair(got), ("a pair (x, y)", "一对 (x, y)"), OTHER)
    values = np.array([float(text or 0) for text in texts]).astype("float32")
    first = Text("the target is the last field, not the first", "目标值是最后一个字段，不是第一个")
    expect.close(
        got[0],
        values[:-1],
        ask=Text(f"{ask.en}: x", f"{ask.zh}：x"),
        why=[
            Why(values[1:], first),
            Why(values, Text("the target is no feature", "目标值不是特征")),
        ],
    )
    expect.close(
        got[1],
        values[-1:],
        ask=Text(f"{ask.en}: y", f"{ask.zh}：y"),
        why=[
            Why(values[:1], first),
            Why(values[-1], Text("y is a vector of one number", "y 是只有一个数的向量")),
        ],
    )


@check(
    title=Text("`parse_line`: features and target", "`parse_line`：特征与目标值"),
    points=0.75,
    topic="values",
    hint=Text(
        "`tf.io.decode_csv` gives a list of scalars, one per column: stack all but the last, and"
        " the last by itself. The dtype of each default is the dtype of its column.",
        "`tf.io.decode_csv` 返回标量的列表，每列一个：把最后一个以外的堆叠起来，最后一个单独堆叠。"
        "每个默认值的 dtype 就是那一列的 dtype。",
    ),
)
def test_parse(student, rng, expect):
    """Different numbers of features and notations; eagerly and in a graph, as `map` calls it."""
    in_graph = student.in_graph(student.parse_line)
    for n_inputs, call, name in (
        (3, student.parse_line, "parse_line"),
        (1, student.parse_line, "parse_line"),
        (7, in_graph, "tf.function(parse_line)"),
    ):
        texts = [number_text(rng) for _ in range(n_inputs + 1)]
        parsed(expect, call(as_line(texts), n_inputs), texts, asked_line(texts, name))


@check(
    title=Text("`parse_line`: what is missing", "`parse_line`：缺失的值"),
    points=1.25,
    topic="values",
    hint=Text(
        "`record_defaults` has one entry per column. A number stands in for a missing value; an"
        " empty tensor says that there is no substitute.",
        "`record_defaults` 每列一项。写一个数，就用它代替缺失的值；"
        "写一个空张量，就表示没有可代替的值。",
    ),
)
def test_missing(student, rng, expect):
    """A missing feature is 0, wherever it is; a missing target is an error, 0 isn't missing."""
    present = [f"{value / 8}" for value in rng.integers(9, 80, size=4)]
    for gaps, target in (([0], "0"), ([2], "7.5"), ([3], "1"), ([0, 1, 2, 3], "2")):
        texts = [*("" if k in gaps else text for k, text in enumerate(present)), target]
        parsed(expect, student.parse_line(as_line(texts), 4), texts, asked_line(texts))
    for texts in ([*present, ""], ["", *present[1:], ""]):
        expect.raises(
            lambda texts=texts: student.parse_line(as_line(texts), 4),
            ("InvalidArgumentError", "ValueError"),
            ask=asked_line(texts),
        )


# -- the pipeline ----------------------------------------------------------------------------------


def flat(lists):
    """The items of all the lists."""
    return list(chain.from_iterable(lists))


class Shards:
    """CSV files in a worker, and what is in them; every target is a different number."""

    def __init__(self, session, rng, lengths, n_inputs=3, gaps=()):
        m = sum(lengths)
        # All but std are exact in float32. |x|, |mean| <= 2 and std >= 1.25, so that even
        # x * (1/std) - mean * (1/std) is off by less than 8e-7: three roundings (std, 1/std, the
        # product) in each of two numbers up to 1.6, and one of their difference, 6e-8 of it each.
        self.x = rng.integers(-16, 17, size=(m, n_inputs)) / 8
        self.y = rng.permutation(np.arange(m) * 3 + rng.integers(1000, 2000)) / 4
        self.mean = rng.choice([-1, 1], size=n_inputs) * rng.integers(4, 17, size=n_inputs) / 8
        self.std = rng.uniform(1.25, 4, size=n_inputs)
        self.places = [(file, row) for file, count in enumerate(lengths) for row in range(count)]
        self.lengths = lengths
        for row, column in gaps:
            self.x[row, column] = 0
        self.paths, start = [], 0
        header = YEARS[: 5 * n_inputs + 4]
        self.header = float(header[-4:])
        for file, count in enumerate(lengths):
            lines = [header]
            for row in range(start, start + count):
                fields = [
                    "" if (row, k) in gaps else f"{value}" for k, value in enumerate(self.x[row])
                ]
                lines.append(",".join([*fields, f"{self.y[row]}"]))
            data = "".join(f"{line}\n" for line in lines).encode()
            self.paths.append(session.write_file(f"in/part-{file}.csv", data))
            start += count

    def dataset(self, session, dtype="float32", **settings):
        """`csv_dataset` of these files, and what was asked."""
        mean, std = self.mean.astype(dtype), self.std.astype(dtype)
        shown = ", ".join(f"{key}={value}" for key, value in settings.items())
        lengths = ", ".join(map(str, self.lengths))
        ask = Text(
            f"`csv_dataset(paths, mean, std, {shown})`, mean and std {dtype}, files of {lengths}"
            " rows",
            f"`csv_dataset(paths, mean, std, {shown})`，mean 和 std 为 {dtype}，"
            f"各文件的行数为 {lengths}",
        )
        return session.csv_dataset(self.paths, as_numpy(mean), as_numpy(std), **settings), ask

    def batches(self, session, expect, dataset, ask, headers=False):
        """One pass over a dataset: pairs of arrays; it is cut where it has clearly too many.

        Headers taken for rows are `test_once`'s affair and left out, unless asked for.
        """
        found = session.elements(dataset, limit=3 * len(self.y))
        for element in found:
            holds(expect, ask, is_pair(element), ("pairs (x, y)", "一对对 (x, y)"), OTHER)
            for part in element:
                holds(
                    expect,
                    ask,
                    expect.array(part, ask=ask).ndim > 0,
                    ("batches, with a first axis for rows", "批次，第一轴是行"),
                    ("single numbers", "单个的数"),
                )
        pairs = [(np.asarray(x), np.asarray(y)) for x, y in found]
        if headers or any(not len(x) == len(y) == y.size for x, y in pairs):
            return pairs
        rows = [(x, y, y.ravel() != self.header) for x, y in pairs]
        return [(x[keep], y[keep]) for x, y, keep in rows]

    def rows(self, expect, batches, ask):
        """Which rows of the files the batches hold, batch by batch, told by their targets."""
        known = {float(y): row for row, y in enumerate(self.y)}
        found = []
        for _, y in batches:
            keys = y.ravel().tolist()
            strange = [key for key in keys if key not in known]
            holds(
                expect,
                ask,
                not strange,
                ("the targets that are in the files", "文件中的那些目标值"),
                (
                    f"{ascii(strange[:1])[:60]}, which no line has",
                    f"任何一行都没有的 {ascii(strange[:1])[:60]}",
                ),
            )
            found.append([known[key] for key in keys])
        return found


@check(
    title=Text("`csv_dataset`: scaled features", "`csv_dataset`：标准化后的特征"),
    points=1.25,
    topic="values",
    hint=Text(
        "x = (features - mean) / std, y stays as it is. Everything is float32, also where `mean`"
        " and `std` are float64, as NumPy likes them.",
        "x =（特征 - mean）/ std，y 保持原样。结果都是 float32，即使 `mean` 和 `std` 像 NumPy "
        "惯常的那样是 float64。",
    ),
)
def test_scaled(student, rng, expect):
    """Both dtypes of mean and std; a missing feature is 0 before it is scaled."""
    for dtype, n_inputs, gaps in (("float64", 3, ()), ("float32", 2, ((2, 1), (9, 0)))):
        shards = Shards(student, rng, (5, 4, 3), n_inputs, gaps)
        dataset, ask = shards.dataset(
            student, dtype, n_readers=READERS, batch_size=4, shuffle_buffer=5, seed=7
        )
        batches = shards.batches(student, expect, dataset, ask)
        for x, y in batches:
            expect.array(y, ask=Text(f"{ask.en}: y", f"{ask.zh}：y"), shape=(len(y), 1))
            expect.array(y, ask=Text(f"{ask.en}: y", f"{ask.zh}：y"), dtype="float32")
            expect.array(x, ask=Text(f"{ask.en}: x", f"{ask.zh}：x"), shape=(len(y), n_inputs))
        rows = flat(shards.rows(expect, batches, ask))
        holds(expect, ask, bool(rows), ("rows in batches", "成批的行"), ("none", "一行也没有"))
        features, mean, std = shards.x[rows], shards.mean, shards.std
        want = ((features - mean) / std).astype("float32")
        expect.close(
            np.concatenate([x for x, _ in batches]),
            want,
            ask=Text(f"{ask.en}: x", f"{ask.zh}：x"),
            why=[
                Why(features, Text("they aren't scaled", "没有标准化")),
                Why(features - mean, Text("std is left out", "没有除以 std")),
                Why(features / std, Text("mean is left out", "没有减去 mean")),
                Why(
                    features / std - mean,
                    Text("mean comes first, then std", "应先减 mean，再除以 std"),
                ),
                Why((features - mean) / std**2, Text("std was squared", "std 被平方了")),
                Why((features + mean) / std, Text("mean was added", "加上了 mean")),
                Why(
                    np.where(
                        [[(row, k) in gaps for k in range(n_inputs)] for row in rows], 0, want
                    ),
                    Text(
                        "a missing feature became 0 after the scaling; it is 0 before",
                        "缺失的特征在标准化之后才变成 0；应当在之前",
                    ),
                ),
            ],
        )


@check(
    title=Text("`csv_dataset`: every row exactly once", "`csv_dataset`：每一行恰好一次"),
    points=1.25,
    topic="data",
    hint=Text(
        "Count rows in and rows out, per pass. Candidates for losing some: what is skipped and"
        " where, files beyond the first `n_readers`, the last batch.",
        "数一数每一遍进去多少行、出来多少行。容易丢行的地方：跳过了什么、在哪里跳过，"
        "前 `n_readers` 个以外的文件，最后一个批次。",
    ),
)
def test_once(student, rng, expect):
    """Unequal files, more of them than readers, a last batch that isn't full; two passes."""
    shards = Shards(student, rng, (1, 6, 3, 5, 2, 4, 2))
    dataset, ask = shards.dataset(
        student, n_readers=READERS, batch_size=4, shuffle_buffer=9, seed=11
    )
    m = len(shards.y)
    for words, words_zh in (("first pass", "第一遍"), ("second pass", "第二遍")):
        this = Text(f"{ask.en}, {words}", f"{ask.zh}，{words_zh}")
        batches = shards.batches(student, expect, dataset, this, headers=True)
        headers = sum(int(np.sum(y == shards.header)) for _, y in batches)
        holds(
            expect,
            this,
            not headers,
            ("no header among the rows", "各行中没有表头"),
            (f"{headers} of them, from 7 files", f" {headers} 个（共 7 个文件）"),
        )
        count = Counter(flat(shards.rows(expect, batches, this)))
        more = sum(count.values()) - len(count)
        missing = {shards.places[row] for row in range(m) if not count[row]}
        firsts = {(file, 0) for file in range(len(shards.lengths))}
        lacking = {file for file, _ in missing}
        why = None
        if more >= m:
            why = Text("does it repeat itself?", "是不是重复了？")
        elif missing == firsts:
            why = Text(
                "the first row of every file is skipped, as well as its header",
                "每个文件除表头外，第一行数据也被跳过了",
            )
        elif len(missing) == m % 4:
            why = Text("the last, smaller batch is left out", "最后那个较小的批次被丢掉了")
        elif 0 < len(missing) < m and missing == {
            place for place in shards.places if place[0] in lacking
        }:
            why = Text("some files aren't read", "有的文件没有读")
        holds(
            expect,
            this,
            not missing and not more,
            (f"each of the {m} rows once", f" {m} 行各出现一次"),
            (
                f"{len(missing)} rows missing and {more} too many",
                f"缺 {len(missing)} 行，多 {more} 行",
            ),
            why,
        )
        expect.equal(
            sorted(len(y) for _, y in batches),
            [3, 4, 4, 4, 4, 4],
            ask=Text(
                f"{this.en}: rows in the batches, sorted", f"{this.zh}：各批次的行数（已排序）"
            ),
        )


def same_line(groups):
    """Whether the rows of each group have the same line number in their files."""
    return all(len({line for _, line in group}) == 1 for group in groups)


def letters(places):
    """Which file each row comes from, as letters in the order in which the files appear."""
    names = {}
    return "".join(names.setdefault(file, chr(65 + len(names))) for file, _ in places)


@check(
    title=Text("`csv_dataset`: files take turns", "`csv_dataset`：各文件轮流出行"),
    points=1,
    topic="data",
    hint=Text(
        "`interleave` opens `cycle_length` files and takes one row from each in turn. A thread for"
        " a file that isn't open is an error: `num_parallel_calls` may not exceed `cycle_length`.",
        "`interleave` 同时打开 `cycle_length` 个文件，轮流从每个文件取一行。没有打开那么多文件，"
        "就不能有那么多线程：`num_parallel_calls` 不得大于 `cycle_length`。",
    ),
)
def test_interleaved(student, rng, expect):
    """With a buffer of one row, the order of the rows shows which files are open.

    Rows that got lost are `test_once`'s affair: the files take turns for as long as they have rows.
    """
    shards = Shards(student, rng, (4,) * 6)
    for n_readers in (3, 2):  # no fixed number of open files suits both
        dataset, ask = shards.dataset(
            student, n_readers=n_readers, batch_size=8, shuffle_buffer=1, seed=5
        )
        batches = shards.batches(student, expect, dataset, ask)
        rows = flat(shards.rows(expect, batches, ask))[:24]
        places = [shards.places[row] for row in rows]
        lines = [[row for f, row in places if f == file] for file in range(6)]
        rounds = max(map(len, lines))
        files = "ABCDEF"[: max(n_readers, sum(map(bool, lines)))]
        shown = letters(places)
        # In which order the files come, and take turns, is free.
        turns = [files[k : k + n_readers] for k in range(0, len(files), n_readers)]
        want = "".join(turn * rounds for turn in turns)
        got_turns = [
            "".join(sorted(shown[k : k + n_readers])) for k in range(0, len(shown), n_readers)
        ]
        why = None
        if shown == "".join(letter * rounds for letter in files):
            why = Text("one file is read after the other", "文件是一个接一个读的")
        elif shown == files * rounds:
            why = Text(
                "all files take turns, not `n_readers`", "所有文件都在轮流，而不是 `n_readers` 个"
            )
        in_order = lines == [sorted(row) for row in lines]
        ask = Text(f"{ask.en}: files of the rows", f"{ask.zh}：各行来自哪个文件")
        holds(
            expect,
            ask,
            in_order,
            ("the rows of each file in their own order", "每个文件的各行保持原来的次序"),
            (
                "another order: a buffer of one row can't shuffle",
                "别的次序：只有一行的缓冲区无从打乱",
            ),
        )
        holds(
            expect,
            ask,
            got_turns == [turn for turn in turns for _ in range(rounds)],
            (f"`{want}` (a letter is a file)", f" `{want}`（一个字母代表一个文件）"),
            (f"`{shown}`", f" `{shown}`"),
            why,
        )


@check(
    title=Text("`csv_dataset`: shuffled by the seed", "`csv_dataset`：由种子决定的打乱"),
    points=1,
    topic="data",
    hint=Text(
        "Rows are shuffled, before they become batches, in a buffer of `shuffle_buffer` rows. Give"
        " the seed to everything that is random, and let every pass be shuffled anew.",
        "要在组成批次之前，用 `shuffle_buffer` 行的缓冲区打乱各行。凡有随机之处都要给种子，"
        "并且每一遍都重新打乱。",
    ),
)
def test_shuffled(student, rng, expect):
    """Equal seeds, another seed, a second pass; single rows are shuffled, not files or batches.

    False alarms: two orders of 48 rows are equal with probability 1/48! = 8e-62, the rows of all
    six files stay in order with 1/8!^6 = 2e-28, each six rows in turn come from six files with
    8!^6 * 6!^8 / 48! = 3e-11; rows of one line number in all the batches are rarer still.
    """
    shards = Shards(student, rng, (8,) * 6)
    orders = []
    for seed, passes in ((4, 1), (3, 1), (3, 2)):
        dataset, ask = shards.dataset(
            student, n_readers=6, batch_size=3, shuffle_buffer=100, seed=seed
        )
        for _ in range(passes):
            batches = shards.batches(student, expect, dataset, ask)
            orders.append(shards.rows(expect, batches, ask))
    other, again, first, second = orders
    batches = [[shards.places[row] for row in batch] for batch in first]
    places = flat(batches)
    # Files that are shuffled by themselves, by one seed, get the same order each.
    rounds = [places[k : k + 6] for k in range(0, len(places), 6)]
    by_file = [[place for place in places if place[0] == file] for file in range(6)]
    for ordered, got, got_zh, why in (
        (
            all(rows == sorted(rows) for rows in by_file),
            "the rows of each file in their own order",
            "每个文件的各行仍是原来的次序",
            None,
        ),
        (
            same_line(batches) and not same_line(rounds),
            "batches of rows that stand beside each other in the files",
            "每个批次里都是原本相邻的行",
            Text("whole batches were shuffled", "打乱的是整个批次"),
        ),
        (
            all(len({file for file, _ in some}) == 6 for some in rounds),
            "six files that still take turns, one row from each",
            "六个文件仍在轮流，各出一行",
            Text(
                "was each file shuffled by itself, before the interleaving?",
                "是不是在交织之前分别打乱了各个文件？",
            ),
        ),
    ):
        want = ("the rows in a random order", "各行的次序是随机的")
        holds(expect, ask, not ordered, want, (got, got_zh), why)
    holds(
        expect,
        Text("two datasets with the same seed, first pass", "种子相同的两个数据集，第一遍"),
        first == again,
        ("the same order", "次序相同"),
        ("two orders", "两种次序"),
        Text("is there something random without the seed?", "是不是有随机的地方没有给种子？"),
    )
    for ask, differ in (
        (Text("two datasets with seeds 3 and 4", "种子为 3 和 4 的两个数据集"), first != other),
        (Text("two passes over one dataset", "把同一个数据集读两遍"), first != second),
    ):
        holds(expect, ask, differ, ("different orders", "次序不同"), ("the same order", "次序相同"))


@check(
    title=Text("`csv_dataset`: in parallel, in advance", "`csv_dataset`：并行读取，提前准备"),
    points=0.5,
    topic="interface",
    hint=Text(
        "`interleave` reads in parallel when it is given `num_parallel_calls`; `prefetch` prepares"
        " batches while the model is busy with the last one.",
        "给 `interleave` 一个 `num_parallel_calls`，它才会并行读取；"
        "`prefetch` 趁模型忙于上一批时准备好后面的批次。",
    ),
)
def test_parallel(student, rng, expect):
    """The dataset's own description names its steps."""
    shards = Shards(student, rng, (2, 2))
    dataset, ask = shards.dataset(
        student, n_readers=READERS, batch_size=2, shuffle_buffer=4, seed=1
    )
    expect.unconfirmed()
    holds(
        expect,
        ask,
        student.is_a(dataset, "tf.data.Dataset"),
        ("a `tf.data.Dataset`", " `tf.data.Dataset`"),
        OTHER,
    )
    serialized = expect.array(dataset._as_serialized_graph(), ask=ask, shape=())
    graph = student.tf.compat.v1.GraphDef.FromString(serialized.item())
    text = student.read_file(student.tf.io.write_graph(graph, student.path("graph"), "steps.txt"))
    # The graph's own steps, in order; those of its functions are indented further.
    steps = b" ".join(re.findall(rb'^  op: "(\w+)"$', text, re.MULTILINE)).decode()
    interleaved = "ParallelInterleaveDataset" in steps
    none = ("none of that among its steps", "没有这一步")
    holds(expect, ask, interleaved, ("files read in parallel", "并行读取文件"), none)
    batched, prefetched = steps.rfind("BatchDataset"), steps.rfind("PrefetchDataset")
    holds(
        expect,
        ask,
        prefetched > batched,
        ("batches that are prefetched", "预取批次"),
        ("single rows that are prefetched", "预取的是单独的行") if prefetched >= 0 else none,
    )

"""The sentences in which a verdict says why."""

from __future__ import annotations

from collections.abc import Iterable

from grader.text import Text
from grader.tutorial.values import Raised


def _listed(names: Iterable[str]) -> Text:
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return Text("".join(quoted), "".join(quoted))
    return Text(f"{', '.join(quoted[:-1])} and {quoted[-1]}", "、".join(quoted))


def passed(shown: bool, equivalent: Text | None) -> Text:
    if not shown:
        return Text("It ran.", "能够运行。")
    if equivalent is None:
        return Text("It ran, and what it shows came.", "能够运行，文中所示输出与实际一致。")
    return Text(
        f"It ran, and what it shows came, but for what doesn't matter: {_inner(equivalent.en)}",
        f"能够运行，所示输出与实际等价：{equivalent.zh}",
    )


def object_left_out() -> Text:
    return Text(
        "The object that the last line comes to isn't shown.", "文档省略了最后一行返回的对象。"
    )


def older(name: str, before: int, line: int) -> Text:
    return Text(
        f"The `{name}` it uses is the older one of line {before}, "
        f"since line {line} didn't set it anew.",
        f"所用的 `{name}` 仍是第 {before} 行定义的旧值：第 {line} 行没能重新定义它。",
    )


def untouched(name: str, line: int) -> Text:
    return Text(
        f"The `{name}` it uses lacks the change that line {line} didn't get to make.",
        f"所用的 `{name}` 缺少第 {line} 行本应作出的改动，那一行没有执行成功。",
    )


def on_gap(name: str, line: int) -> Text:
    return Text(
        f"The `{name}` it uses is what the incomplete block at line {line} left.",
        f"所用的 `{name}` 来自第 {line} 行那段不完整的代码。",
    )


def drifted(line: int, difference: Text) -> Text:
    return Text(
        f"It ran, but what came isn't what line {line} shows: {_inner(difference.en)}",
        f"能够运行，但输出与第 {line} 行所示不符：{difference.zh}",
    )


def not_raised(line: int) -> Text:
    return Text(
        f"It ran, but line {line} shows an exception and none came.",
        f"第 {line} 行写明会抛出异常，实际却正常运行。",
    )


def expected(error: Raised) -> Text:
    return Text(
        f"Line {error.line} raises {error.type}, as the document says.",
        f"第 {error.line} 行抛出 {error.type}，与文中所说一致。",
    )


def failed(error: Raised) -> Text:
    return Text(f"Line {error.line} raises {error.type}.", f"第 {error.line} 行抛出 {error.type}。")


def meant(name: str, came: str) -> Text:
    if not came:
        return Text(
            f"It is meant to raise {name}, but nothing was raised.",
            f"本应抛出 {name}，实际却没有抛出任何异常。",
        )
    return Text(
        f"It is meant to raise {name}, but {came} came.", f"本应抛出 {name}，实际抛出的是 {came}。"
    )


def timeout(seconds: float) -> Text:
    return Text(
        f"It was stopped after {seconds:.3g} s, its time limit.",
        f"运行超过时限，{seconds:.3g} 秒后被终止。",
    )


def died() -> Text:
    return Text("The kernel died while it ran.", "运行过程中内核崩溃。")


def never_defined(name: str, line: int) -> Text:
    return Text(
        f"Line {line} uses `{name}`, which the document never defines.",
        f"第 {line} 行用到 `{name}`，但全文从未定义它。",
    )


def defined_later(name: str, line: int, later: int) -> Text:
    return Text(
        f"Line {line} uses `{name}`, which is defined only later, in line {later}.",
        f"第 {line} 行用到 `{name}`，而它到第 {later} 行才定义。",
    )


def deleted(name: str, line: int, where: int) -> Text:
    return Text(
        f"Line {line} uses `{name}`, which line {where} deleted.",
        f"第 {line} 行用到 `{name}`，但第 {where} 行已将其删除。",
    )


def not_reached(name: str, line: int, where: int) -> Text:
    return Text(
        f"Line {line} uses `{name}`, which line {where} would define but didn't get to.",
        f"第 {line} 行用到 `{name}`，第 {where} 行本应定义它，却没有执行到。",
    )


def cascaded(through: Iterable[str], by: int, root: int, *, lost: bool = False) -> Text:
    names = _listed(through)
    if lost:
        return Text(
            f"{names.en} went with the kernel, which ended in the block at line {root}.",
            f"第 {root} 行的代码块使内核终止，{names.zh} 随之丢失。",
        )
    if by == root:
        return Text(
            f"It fails because the block at line {root} didn't provide {names.en}.",
            f"因第 {root} 行的代码块没有给出 {names.zh} 而连带失败。",
        )
    return Text(
        f"It fails because the block at line {by} didn't provide {names.en}, "
        f"and that goes back to line {root}.",
        f"因第 {by} 行的代码块没有给出 {names.zh} 而连带失败，根源在第 {root} 行。",
    )


def address(what: str) -> Text:
    return Text(
        f"It needs the network: `{what}` can't be reached from here.",
        f"需要联网：此处无法访问 `{what}`。",
    )


def module(what: str) -> Text:
    return Text(
        f"It needs the package `{what}`, which isn't installed here.",
        f"需要软件包 `{what}`，此环境中没有安装。",
    )


def gone(what: str) -> Text:
    package = what.partition(".")[0]
    return Text(
        f"It imports `{what}`, which the installed `{package}` doesn't have.",
        f"导入的 `{what}` 在已安装的 `{package}` 中不存在。",
    )


def file(what: str, later: int) -> Text:
    if later:
        return Text(
            f"It needs the file `{what}`, which only a later block writes, in line {later}.",
            f"需要文件 `{what}`，而它到第 {later} 行才会写出。",
        )
    return Text(
        f"It needs the file `{what}`, which isn't there and which no block before writes.",
        f"需要文件 `{what}`，它并不存在，前面也没有代码写出它。",
    )


def folder(what: str) -> Text:
    return Text(
        f"It writes `{what}` into a folder that isn't there.",
        f"要写出 `{what}`，但其所在文件夹不存在。",
    )


def not_written(what: str, line: int) -> Text:
    return Text(
        f"It needs the file `{what}`, which isn't there though line {line} should have written it.",
        f"需要文件 `{what}`，第 {line} 行本应写出它，实际却不存在。",
    )


def incomplete(line: int) -> Text:
    return Text(
        f"It is incomplete: line {line} stands for code left out.",
        f"代码不完整：第 {line} 行是省略代码的占位。",
    )


def skipped(reason: str) -> Text:
    reason = " ".join(reason.split()).rstrip(".。")
    if not reason:
        return Text("The author skips it.", "作者要求跳过。")
    return Text(f"The author skips it: {reason}.", f"作者要求跳过：{reason}。")


def output_of(line: int) -> Text:
    return Text(f"It is the output of the block in line {line}.", f"是第 {line} 行代码块的输出。")


def not_code() -> Text:
    return Text("It isn't Python code.", "不是 Python 代码。")


def not_run(some: bool) -> Text:
    if some:
        return Text(
            "Not all of it was run: the document's time was over.",
            "没有全部运行：整篇文档的时限已到。",
        )
    return Text("It wasn't run: the document's time was over.", "没有运行：整篇文档的时限已到。")


def together(*sentences: Text) -> Text:
    """Sentences one after the other."""
    return Text(" ".join(s.en for s in sentences), "".join(s.zh for s in sentences))


def _inner(sentence: str) -> str:
    """A sentence as it stands after a colon."""
    first, second = sentence[:1], sentence[1:2]
    return sentence if second.isupper() else first.lower() + sentence[1:]

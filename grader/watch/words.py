"""The sentences of `grader watch` itself; those about a check are the self-check's."""

from __future__ import annotations

from grader.text import Text

LOADING = Text(
    "loading TensorFlow; after that, verdicts take a moment …",
    "正在加载 TensorFlow；之后每次检查都很快……",
)


def checking(name: str) -> Text:
    """Between a save and its verdict."""
    return Text(f"checking {name} …", f"正在检查 {name}……")


def gone(name: str) -> Text:
    """A watched file was deleted or renamed."""
    return Text(
        f"{name} isn't there any more: waiting until it is saved again",
        f"{name} 不见了：等它重新保存后再检查",
    )


def still_running(name: str, at: str, seconds: float) -> Text:
    """A check doesn't come back."""
    where, where_zh = (f" in “{at}”", f"“{at}”") if at else ("", "")
    return Text(
        f"{name} is still running{where} after {seconds:g} seconds; grading would stop it here."
        " Does a loop never end? Save the file again to start anew",
        f"{name} 已经运行了 {seconds:g} 秒{where_zh}，正式评分时会在这里中止。"
        "是不是有循环停不下来？改好后保存，就会重新检查",
    )


def warm_again() -> Text:
    """The warm process was lost and is started once more."""
    return Text(
        "the process that holds TensorFlow was ended from outside; starting another",
        "载有 TensorFlow 的进程被外部终止了，正在重新启动",
    )


def watching(name: str, seconds: float, *, passed: bool) -> Text:
    """Under a verdict: how long it took, and what comes next."""
    if passed:
        return Text(
            f"{name}: passes, checked in {seconds:.2f} s. Watching for saves; Ctrl-C ends",
            f"{name}：通过，用时 {seconds:.2f} 秒。保存后会再次检查；按 Ctrl-C 结束",
        )
    return Text(
        f"{name}: not done yet, checked in {seconds:.2f} s. Edit and save it; Ctrl-C ends",
        f"{name}：尚未完成，用时 {seconds:.2f} 秒。修改并保存即可；按 Ctrl-C 结束",
    )


def how_many(passing: int, total: int) -> Text:
    """Where several files are watched."""
    return Text(
        f"{passing} of {total} files pass",
        f"{total} 个文件中有 {passing} 个通过",
    )


def stopped(passing: int, total: int) -> Text:
    """The last line, after Ctrl-C."""
    return Text(
        f"stopped: {passing} of {total} pass",
        f"已结束：{total} 个中有 {passing} 个通过",
    )

"""What a student is told about devices: where the code asked for one, and what became of that.

These remarks stand beside the verdict, as notes of the row, and change nothing about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import structs

from grader.explain import places
from grader.results import Mapped, Row
from grader.text import Text

_MOST = 6


def noted(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with a note for each device that the code asked for and didn't get, or did get.

    Args:
        rows: of one device, as graded.
    """
    return Mapped(_noted, rows)


def _noted(row: Row) -> Row:
    found: dict[Text, None] = {}
    for check in row.checks:
        for wish in _wishes(check.evidence.get("device")):
            found.setdefault(_said(*wish, check.device, row))
    if not found:
        return row
    return structs.replace(row, notes=(*row.notes, *list(found)[:_MOST]))


def _wishes(device: Any) -> list[tuple[str, str, int]]:
    if not isinstance(device, dict):
        return []
    return [(kind, name, line) for kind, name, line in device.get("wishes", ())]


def _said(kind: str, name: str, line: int, device: str, row: Row) -> Text:
    where = f"`{name}`"
    if line:  # 0: in AutoGraph's copy of the code
        place = places(row.file, row.cells or None)(line)
        where, where_zh = f"{where} ({place})", f"{where}（{place}）"
    else:
        where_zh = where
    if name == "set_soft_device_placement":
        return Text(
            f"{where}: this call was left out here, because with hard placement a device that"
            " the grading machine lacks would fail an answer that is right",
            f"{where_zh}：这里忽略了这次调用，因为关闭软放置后，评分机器没有的设备会让正确的答案出错",
        )
    if kind == "setting":
        return Text(
            f"{where}: which devices TensorFlow uses is settled by the grader, so this call was"
            " left out here; it does no harm",
            f"{where_zh}：TensorFlow 使用哪些设备由评分系统决定，因此这里忽略了这次调用；"
            "保留它没有坏处",
        )
    if device == "gpu":
        return Text(
            f"your code asks for the device {where}: that part was not run on the GPU that this"
            " grading is about; nothing is deducted for it, but without the pin TensorFlow would"
            " choose the GPU by itself",
            f"你的代码指定了设备 {where_zh}：这部分没有在本次评分所用的 GPU 上运行；不会因此扣分，"
            "但去掉这个指定，TensorFlow 会自动选用 GPU",
        )
    return Text(
        f"your code asks for the device {where}: this grading ran on the CPU, and that part with"
        " it; nothing is deducted for it",
        f"你的代码指定了设备 {where_zh}：本次评分在 CPU 上进行，这部分也在 CPU 上运行；"
        "不会因此扣分",
    )

"""What every page says."""

from typing import Final

from grader.text import Text

COMMON: Final[dict[str, Text]] = {
    "languages": Text("Language", "语言"),
    "of": Text("of", "/ 满分"),
    "points": Text("Points", "得分"),
    "percent": Text("{n} %", "{n}%"),
    "exercise": Text("Exercise", "练习"),
    "result": Text("Result", "结果"),
    "total": Text("Total", "总分"),
    "not_in_run": Text("not part of this run", "不在本次评分范围内"),
    "not_counted": Text("not counted", "不计入"),
    "by_checks": Text("From the checks", "检查项得分"),
    "checks_gave": Text("checks: {n}", "检查项得分 {n}"),
    "late": Text("Late", "迟交"),
    "by_hand": Text("Changed by hand", "人工调整"),
    "counts": Text("Counts", "最终得分"),
    "graded_by": Text(
        "Graded {when} with grader {version}.", "评分时间：{when}；grader 版本 {version}。"
    ),
}

"""Every sentence of the report that isn't the course's or the student's, in both languages.

Templates say `s.name`; a name that is missing here fails the page, one that no template uses fails
the tests.
"""

from typing import Final

from grader.report.words_class import CLASS
from grader.report.words_common import COMMON
from grader.report.words_exercise import EXERCISE
from grader.report.words_student import STUDENT
from grader.results import Outcome, Status, Topic
from grader.text import Text

LANGUAGES: Final = {"en": "English", "zh": "中文"}
"""The languages that pages are written in, by the name that their readers use."""

TAGS: Final = {"en": "en", "zh": "zh-Hans"}
"""Values of the `lang` attribute."""

OUTCOMES: Final[dict[Outcome, Text]] = {
    "passed": Text("passed", "通过"),
    "failed": Text("failed", "未通过"),
    "timeout": Text("out of time", "超时"),
    "out_of_memory": Text("out of memory", "内存不足"),
    "crashed": Text("crashed", "进程崩溃"),
    "forbidden": Text("not allowed", "不允许"),
    "not_run": Text("not run", "未运行"),
    "grader_error": Text("grader’s fault", "评分系统故障"),
}

STATUSES: Final[dict[Status, Text]] = {
    "graded": Text("graded", "已评分"),
    "missing": Text("not handed in", "未提交"),
    "unreadable": Text("unreadable", "无法读取"),
    "grader_error": Text("grader’s fault", "评分系统故障"),
}

TOPICS: Final[dict[Topic, Text]] = {
    "values": Text("values", "数值"),
    "gradient": Text("gradient", "梯度"),
    "serialization": Text("saving and loading", "保存与加载"),
    "retracing": Text("retracing", "重复追踪"),
    "training": Text("training", "训练"),
    "interface": Text("interface", "接口"),
    "graph": Text("graph", "计算图"),
    "data": Text("data", "数据"),
}

STRINGS: Final[dict[str, Text]] = {**COMMON, **CLASS, **EXERCISE, **STUDENT}


def strings(lang: str) -> dict[str, str]:
    """The table in one language."""
    return {name: text.in_(lang) for name, text in STRINGS.items()}

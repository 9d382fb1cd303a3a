"""The columns of Moodle's grading worksheet, whose headers are in the teacher's language.

Names as Moodle's language packs have them, in small letters: English, German and Chinese.
"""

from __future__ import annotations

import re

PARTICIPANT = re.compile(r"\D{0,60}(?P<id>\d{1,18})")
"""An identifier: the word for a participant in the site's language, and a number."""
NAMES = {
    "identifier": {"identifier", "id", "识别码", "識別碼", "标识符"},
    "full name": {"full name", "vollständiger name", "全名", "姓名"},
    "email": {"email address", "e-mail-adresse", "email地址", "电子邮件地址", "邮箱地址"},
    "username": {"username", "anmeldename", "用户名"},
    "id number": {"id number", "id-nummer", "学号", "编号", "学生编号"},
    "grade": {"grade", "bewertung", "成绩", "分数", "成績"},
    "maximum": {"maximum grade", "bestwertung", "最高成绩", "最高分", "最高分数"},
    "changeable": {"grade can be changed", "bewertung kann geändert werden", "允许更改成绩"},
    "submitted": {
        "last modified (submission)",
        "zuletzt geändert (abgabe)",
        "最后修改（学生）",
        "最后修改（提交）",
        "最后修改(提交)",
    },
    "modified": {
        "last modified (grade)",
        "zuletzt geändert (bewertung)",
        "最后修改（教师）",
        "最后修改（成绩）",
        "最后修改(成绩)",
    },
    "comments": {
        "feedback comments",
        "feedback als kommentar",
        "反馈评论",
        "反馈评语",
        "评语反馈",
        "反馈意见",
    },
}

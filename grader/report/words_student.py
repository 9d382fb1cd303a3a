"""What the students' pages say."""

from typing import Final

from grader.text import Text

STUDENT: Final[dict[str, Text]] = {
    "back": Text("Class report", "班级报告"),
    "where_i_stand": Text("Where you stand", "成绩概览"),
    "stand_caption": Text("Your points by exercise", "各练习得分"),
    "checks_passed": Text("{passed} of {all} checks passed", "通过 {passed} / {all} 项"),
    "next_step": Text("Next step", "下一步"),
    "next_check": Text("Start with this check:", "先解决这一项："),
    "next_unreadable": Text(
        "Start with this file, which could not be read:", "先修正这个无法读取的文件："
    ),
    "next_missing": Text("Not handed in yet:", "尚未提交："),
    "next_wait": Text(
        "Nothing for you to do: what is left waits for the grader to be mended.",
        "你无需做任何事：余下的部分要等评分系统修复。",
    ),
    "next_done": Text(
        "Everything that was checked passed. Well done.", "所有检查项均已通过，做得很好！"
    ),
    "missing_explained": Text(
        "No file for this exercise was found among what you handed in.",
        "你的提交中没有找到这个练习的文件。",
    ),
    "unreadable_explained": Text(
        "Your file could not be read, so nothing in it could be checked.",
        "你的文件无法读取，因此无法进行检查。",
    ),
    "fault_row": Text(
        "The grader failed here, not you. This exercise is not counted, and your teacher’s report "
        "says so.",
        "这里是评分系统出了故障，与你无关。此练习暂不计分，教师的报告中也已注明。",
    ),
    "fault_check": Text(
        "The grader failed here, not you. These points are not counted, and your teacher’s report "
        "says so.",
        "这里是评分系统出了故障，与你无关。这些分数暂不计入，教师的报告中也已注明。",
    ),
    "file": Text("File", "文件"),
    "notes": Text("Notes", "备注"),
    "asked": Text("Asked", "要求"),
    "expected": Text("Expected", "期望"),
    "got": Text("Got", "实际"),
    "first_difference": Text("First difference", "首处差异"),
    "hint": Text("Hint", "提示"),
    "diagnosis": Text(
        "Your code behaves exactly like this known mistake:",
        "你的代码与这种常见错误的行为完全一致：",
    ),
    "traceback": Text("Where in your code", "出错位置（你的代码）"),
    "output": Text("What your program printed", "程序输出"),
    "rests_on": Text(
        "This outcome rests on your program’s own word: it could not be verified from outside.",
        "此结果仅依据你的程序自身的报告，评分系统无法从外部核实。",
    ),
    "no_checks": Text("No check of this exercise was run.", "该练习没有运行任何检查项。"),
}

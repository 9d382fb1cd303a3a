"""What the students' pages say."""

from typing import Final

from grader.report.standing import State
from grader.text import Text

STATES: Final[dict[State, Text]] = {
    "done": Text("done", "已完成"),
    "partly": Text("in progress", "进行中"),
    "not_begun": Text("not begun", "尚未开始"),
    "waiting": Text("waiting for the grader", "等待评分系统"),
}

STUDENT: Final[dict[str, Text]] = {
    "back": Text("Class report", "班级报告"),
    "where_i_stand": Text("Where you stand", "成绩概览"),
    "stand_caption": Text("Your points by exercise", "各练习得分"),
    "checks_passed": Text("{passed} of {all} checks passed", "通过 {passed} / {all} 项"),
    "strip_caption": Text("Your exercises in the course’s order", "按课程顺序排列的练习"),
    "checks": Text("Checks", "检查项"),
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
    "why_check": Text(
        "Why this one: in the course’s order it is the first that doesn’t pass yet, and later "
        "exercises build on earlier ones.",
        "为什么先做这一项：按课程顺序，它是第一个尚未通过的检查项，而后面的练习以前面的为基础。",
    ),
    "why_unreadable": Text(
        "Why this one: until Python can read the file, nothing in it earns points.",
        "为什么先做这一项：在 Python 能读懂这个文件之前，其中的内容都无法得分。",
    ),
    "why_missing": Text(
        "Why this one: everything that you handed in passes, and this is the next exercise.",
        "为什么先做这一项：你已提交的内容均已通过，接下来就是这个练习。",
    ),
    "onward": Text("What to do next", "接下来做什么"),
    "after_that": Text("After that:", "然后："),
    "to_top": Text("Back to the top", "回到页首"),
    "statement": Text("Statement", "题目"),
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
    "fault_settled": Text(
        "The grader failed here, not you. What this exercise counts for was settled by hand.",
        "这里是评分系统出了故障，与你无关。本练习的计分已由教师人工评定。",
    ),
    "mark_caption": Text("What this exercise counts for", "本练习的计分"),
    "set_by_hand": Text("Set by hand", "人工评定"),
    "attempts": Text("What you handed in", "提交记录"),
    "attempt_points": Text("{n} points", "{n} 分"),
    "attempt_counts": Text("this one counts", "以此次为准"),
    "not_graded": Text("not graded", "未评分"),
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
    "shape": Text("shape", "形状"),
    "apart": Text("Not alike", "不一致之处"),
    "shapes_differ": Text(
        "The shapes differ: {expected} is expected, {got} came.",
        "形状不同：应为 {expected}，得到 {got}。",
    ),
    "dtypes_differ": Text(
        "The types of the elements differ: {expected} is expected, {got} came.",
        "元素类型不同：应为 {expected}，得到 {got}。",
    ),
    "hint": Text("Hint", "提示"),
    "diagnosis": Text(
        "Your code behaves exactly like this known mistake:",
        "你的代码与这种常见错误的行为完全一致：",
    ),
    "traceback": Text("Where in your code", "出错位置（你的代码）"),
    "in_your_code": Text("In your code", "你的代码中的位置"),
    "line": Text("line {n}", "第 {n} 行"),
    "cell_line": Text("cell {cell}, line {n}", "单元格 {cell} 第 {n} 行"),
    "your_code": Text("Your code, as it was graded", "你的代码（评分时的版本）"),
    "cells_explained": Text(
        "Before each line: the notebook’s cell, and the line in it.",
        "每行前面是笔记本的单元格编号和单元格内的行号。",
    ),
    "lines_left_out": Text("… {n} lines left out", "……省略 {n} 行"),
    "mark_here": Text("The error was raised here:", "错误在此处抛出："),
    "mark_path": Text("On the way to the error:", "通往错误的调用："),
    "mark_defined": Text("What the check used is defined here:", "检查项用到的内容在此定义："),
    "to_check": Text("↑ check {n}", "↑ 检查项 {n}"),
    "output": Text("What your program printed", "程序输出"),
    "rests_on": Text(
        "This outcome rests on your program’s own word: it could not be verified from outside.",
        "此结果仅依据你的程序自身的报告，评分系统无法从外部核实。",
    ),
    "devices": Text(
        "The devices disagree: your code passes this check on {right} and not on {wrong}. That is "
        "something else than a wrong formula. Usual reasons: too little precision (float32 where "
        "values nearly cancel), a sum whose order matters, memory, or a device chosen in the code.",
        "两种设备的结果不一致：你的代码在 {right} 上通过了这项检查，在 {wrong} 上没有通过。"
        "这与公式写错不同，常见原因有：精度不足（用 float32 计算几乎相互抵消的数）、"
        "结果依赖求和顺序、显存或内存不足，或代码中指定了设备。",
    ),
    "no_checks": Text("No check of this exercise was run.", "该练习没有运行任何检查项。"),
}

"""Every sentence of the report that isn't the course's or the student's, in both languages.

Templates say `s.name`; a name that is missing here fails the page, one that no template uses fails
the tests.
"""

from typing import Final

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

STRINGS: Final[dict[str, Text]] = {
    # Every page
    "languages": Text("Language", "语言"),
    "of": Text("of", "/ 满分"),
    "points": Text("Points", "得分"),
    "percent": Text("{n} %", "{n}%"),
    "exercise": Text("Exercise", "练习"),
    "result": Text("Result", "结果"),
    "total": Text("Total", "总分"),
    "not_in_run": Text("not part of this run", "不在本次评分范围内"),
    "not_counted": Text("not counted", "不计入"),
    "graded_by": Text(
        "Graded {when} with grader {version}.", "评分时间：{when}；grader 版本 {version}。"
    ),
    # Class page
    "class_title": Text("Class report", "班级报告"),
    "sandbox_weak": Text(
        "Isolation was “{level}”, not “strict”",
        "本次隔离级别为“{level}”，而非“strict”",
    ),
    "sandbox_weak_why": Text(
        "Submissions ran with less of a wall around them than a batch should have. Treat these "
        "scores with care: code that reads other files, or interferes with the grading, may not "
        "have been stopped.",
        "学生代码是在不完整的隔离下运行的。请谨慎使用这些分数：读取其他文件或干扰评分的代码可能未被拦截。",
    ),
    "faults_title": Text("The grader’s own faults: {n}", "评分系统自身的故障：{n} 处"),
    "faults_why": Text(
        "Here the grader or a check of the course failed, not the student. What could not be "
        "judged is not counted in any total or mean. Mend the cause and grade again: "
        "finished work is remembered.",
        "以下问题出在评分系统或课程的检查项，与学生无关。无法评判的部分不计入总分和平均分。"
        "排除原因后重新评分即可，已完成的部分不会重做。",
    ),
    "whole_exercise": Text("the whole exercise", "整个练习"),
    "check": Text("Check", "检查项"),
    "what_happened": Text("What happened", "情况"),
    "faults_caption": Text("Results the grader could not give", "评分系统未能给出的结果"),
    "summary": Text("Summary", "概况"),
    "students": Text("Students", "学生"),
    "mean": Text("Mean", "平均得分率"),
    "graded": Text("Graded", "已评分"),
    "missing": Text("Not handed in", "未提交"),
    "unreadable": Text("Unreadable", "无法读取"),
    "faults": Text("Grader’s faults", "系统故障"),
    "scores": Text("Scores", "成绩表"),
    "scores_caption": Text(
        "Points by student and exercise; a cell leads to that exercise on the student’s page.",
        "每名学生各练习的得分；点击单元格可查看该学生在该练习上的详情。",
    ),
    "student": Text("Student", "学生"),
    "class_mean": Text("Mean", "平均"),
    "exercises_title": Text("What was hard", "难点分析"),
    "exercise_facts": Text(
        "{graded} graded · mean {mean}", "已评分 {graded} 份 · 平均得分率 {mean}"
    ),
    "checks_caption": Text("Checks, the most often missed first", "检查项（未通过人数多的在前）"),
    "missed": Text("Missed", "未通过"),
    "missed_of": Text("{missed} of {judged}", "{missed} / {judged}"),
    "how": Text("How", "方式"),
    "topic": Text("Topic", "主题"),
    "unjudged": Text("{n} not judged (grader’s fault)", "{n} 份未评判（系统故障）"),
    "diagnoses": Text("Recognised misconceptions", "识别出的典型误解"),
    "nobody_graded": Text("No submission to this exercise was graded.", "该练习没有可评分的提交。"),
    "run_title": Text("About this run", "本次评分"),
    "started": Text("Started", "开始时间"),
    "took": Text("Took", "用时"),
    "seed": Text("Seed", "随机种子"),
    "jobs": Text("Jobs", "并行数"),
    "device": Text("Device", "设备"),
    "sandbox": Text("Isolation", "隔离级别"),
    "versions": Text("Versions", "版本"),
    "no_rows": Text("No submissions were found in this run.", "本次评分没有找到任何提交。"),
    # Student page
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


def strings(lang: str) -> dict[str, str]:
    """The table in one language."""
    return {name: text.in_(lang) for name, text in STRINGS.items()}

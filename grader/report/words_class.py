"""What the pages about the class say."""

from typing import Final

from grader.text import Text

CLASS: Final[dict[str, Text]] = {
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
}

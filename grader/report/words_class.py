"""What the class page says, and what it shares with the exercises' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grader.text import Text

if TYPE_CHECKING:  # it imports numpy, which pages of students do without
    from grader.report.statistics import Reason, Verdict

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
    "and_more": Text("and {n} more", "另有 {n} 处"),
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
    # How the points are spread
    "spread": Text("Distribution of points", "得分分布"),
    "spread_caption": Text("Students by share of the points", "各得分率区间的学生人数"),
    "share_of_points": Text("Share of the points", "得分率"),
    "bin": Text("{low}–{high} %", "{low}–{high}%"),
    "median": Text("Median", "中位数"),
    "quartiles": Text("Middle half", "中间一半学生"),
    "between": Text("{low} to {high} %", "{low}% 至 {high}%"),
    "alpha": Text("Cronbach’s alpha", "克龙巴赫 α 系数"),
    "alpha_why": Text(
        "How consistently the exercises measure the same thing; 0.7 and more is usually taken as "
        "enough to compare students by their totals.",
        "反映各练习测量内容的一致程度；通常认为达到 0.7 时，可以用总分比较学生。",
    ),
    # The table of scores
    "scores": Text("Scores", "成绩表"),
    "scores_caption": Text(
        "Points by student and exercise. A student’s name leads to the student’s page, an "
        "exercise’s title to how the class did there.",
        "每名学生各练习的得分。点击学生姓名查看该生的报告，点击练习名称查看全班在该练习上的表现。",
    ),
    "student": Text("Student", "学生"),
    "class_mean": Text("Mean", "平均"),
    "find": Text("Find a student", "查找学生"),
    "show": Text("Show", "显示"),
    "show_all": Text("all students", "全部学生"),
    "show_failures": Text("who missed a check", "有未通过的检查项"),
    "show_missing": Text("with something not handed in", "有未提交的练习"),
    "show_crashes": Text("out of time, out of memory or crashed", "有超时、内存不足或崩溃"),
    "show_faults": Text("with a fault of the grader", "遇到评分系统故障"),
    "shown": Text(
        "{n} of {all} students match; {listed} listed",
        "{all} 名学生中有 {n} 名符合，已列出 {listed} 名",
    ),
    "signs": Text("Signs", "图例"),
    "list_more": Text("List more students", "列出更多学生"),
    "sort_by": Text("Sort by: {column}", "排序依据：{column}"),
    # What isn't the checks' points
    "show_changed": Text("late or changed by hand", "迟交或人工调整"),
    "asterisk": Text(
        "With an asterisk: what counts isn’t what the checks gave. The reasons:",
        "带星号：计入的分数与检查项得分不同。原因见：",
    ),
    "changed_title": Text("Late and changed by hand", "迟交与人工调整"),
    "why": Text("Why", "原因"),
    "staff": Text("By", "调整人"),
    "and_more_marks": Text(
        "and {n} more; `marks.csv` has them all", "另有 {n} 项；全部内容见 `marks.csv`"
    ),
    # Exercises, checks, misconceptions, crashes
    "items_title": Text("How the exercises worked", "练习分析"),
    "items_caption": Text("Item analysis by exercise", "各练习的题目分析"),
    "judged": Text("Judged", "已评判"),
    "difficulty": Text("Difficulty", "难度"),
    "discrimination": Text("Discrimination", "区分度"),
    "upper_lower": Text("Upper − lower", "高低分组差"),
    "item_help": Text(
        "**Difficulty** is the mean share of the points, of those who handed in: 100 % is easiest. "
        "**Discrimination** says how well an item separates strong from weak students: the "
        "correlation with the points on everything else. A low value suggests that an item is too "
        "easy or too hard to tell, measures something else, or is ambiguous; a negative one, that "
        "strong students are misled: look at the check. **Upper − lower** compares the best 27 % "
        "of the students with the weakest 27 %.",
        "**难度**是已提交者的平均得分率，100% 表示最容易。**区分度**说明该题能否区分强弱学生，"
        "即该题得分与其余部分得分的相关系数。数值偏低可能说明题目过易或过难、考查的是别的内容，"
        "或表述有歧义；为负则说明强的学生反而被误导，应复查该检查项。"
        "**高低分组差**比较成绩最好的 27% 与最弱的 27% 的学生。",
    ),
    "missed_title": Text("Checks most often missed", "未通过最多的检查项"),
    "missed": Text("Missed", "未通过"),
    "missed_of": Text("{missed} of {judged}", "{missed} / {judged}"),
    "nobody_missed": Text("No check was missed.", "没有未通过的检查项。"),
    "how": Text("How", "方式"),
    "topic": Text("Topic", "主题"),
    "unjudged": Text("{n} not judged (grader’s fault)", "{n} 份未评判（系统故障）"),
    "diagnoses": Text("Recognised misconceptions", "识别出的典型误解"),
    "no_diagnoses": Text("No known misconception was recognised.", "没有识别出已知的典型误解。"),
    "misconception": Text("Misconception", "误解"),
    "incidents": Text("Time-outs and crashes", "超时与崩溃"),
    "no_incidents": Text(
        "Every check that was run ended with an answer.", "所有运行过的检查项都得到了结果。"
    ),
    "devices_title": Text("Where the devices disagree", "两种设备结果不一致之处"),
    "devices_why": Text(
        "These checks pass on one device and not on the other. They count as not passed; look "
        "whether the program is at fault, or the check is too strict for one of the devices.",
        "这些检查项在一种设备上通过，在另一种上未通过，按未通过计分。请查看是程序的问题，"
        "还是检查项对其中一种设备过于严格。",
    ),
    "passes_on": Text("Passes on", "通过"),
    "fails_on": Text("Not on", "未通过"),
    "look_alikes": Text("Look-alikes", "相似提交"),
    "pairs": Text("{n} to look at", "{n} 处待查看"),
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

VERDICTS: Final[dict[Verdict, Text]] = {
    "good": Text("separates well", "区分良好"),
    "fair": Text("separates somewhat", "有一定区分"),
    "low": Text("hardly separates", "几乎不区分"),
    "negative": Text("runs against the rest", "与总体相反"),
}
"""What a discrimination says to a teacher."""

REASONS: Final[dict[Reason, Text]] = {
    "few": Text("too few students", "学生太少"),
    "equal": Text("all the same", "得分都相同"),
    "alone": Text("nothing to compare with", "没有可比较的题目"),
}
"""Why a figure isn't told."""

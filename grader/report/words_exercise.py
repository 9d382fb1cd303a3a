"""What the exercises' pages say beyond what they share with the class page."""

from typing import Final

from grader.text import Text

EXERCISE: Final[dict[str, Text]] = {
    "to_class": Text("Class report", "班级报告"),
    "everything_right": Text("All points", "满分"),
    "nobody_graded": Text("No submission to this exercise was graded.", "该练习没有可评分的提交。"),
    "check_by_check": Text("Check by check", "逐项情况"),
    "checks_caption": Text("Checks, the most often missed first", "检查项（未通过人数多的在前）"),
    "outcomes": Text("Outcomes", "结果"),
    "wrong_answers": Text("Common wrong answers", "常见的错误答案"),
    "wrong_answers_why": Text(
        "What at least two students answered alike, numbers compared to three digits, with one "
        "example each. No names, no code.",
        "至少两名学生给出的相同答案（数值按三位有效数字比较），各举一例。不含姓名和代码。",
    ),
    "no_wrong_answers": Text("No wrong answer was given twice.", "没有重复出现的错误答案。"),
    "times_given": Text("{n} students", "{n} 名学生"),
    "other_answers": Text("Other wrong answers: {n}", "其他错误答案：{n}"),
    "expected_label": Text("Expected", "期望"),
    "got_label": Text("Got", "实际"),
    "difference_label": Text("First difference", "首处差异"),
    "asked_label": Text("Asked", "要求"),
    "for_staff": Text("For staff: with names", "仅供教师：含姓名"),
    "for_staff_why": Text(
        "Everything above can be shown to the class. What follows names students.",
        "以上内容可以向全班展示，以下内容含有学生姓名。",
    ),
    "made_by": Text("Who holds which misconception", "误解及相关学生"),
    "and_others": Text("and {n} more", "等 {n} 名其他学生"),
    "slowest": Text("Slowest submissions", "用时最长的提交"),
    "look_alikes_why": Text(
        "Pairs that have code in common which hardly anybody else in the class wrote, whatever the "
        "names, comments, layout and order of functions. Likeness is a reason to look, not a "
        "verdict: a shared source, work in pairs or help given are other causes. Talk to the "
        "students first.",
        "下列提交含有班上几乎没有其他人写过的相同代码（不计命名、注释、排版和函数顺序）。"
        "相似只是需要查看的理由，而不是结论：参考同一资料、结对完成或互相帮助都可能造成相似。"
        "请先与学生沟通。",
    ),
    "compared": Text("{n} submissions compared.", "比较了 {n} 份提交。"),
    "too_few": Text(
        "The results hold the code of fewer than {n} submissions: what two of so few share may be "
        "what everybody has.",
        "结果中保存了代码的提交不足 {n} 份：数量太少时，两份相同的部分可能人人都有。",
    ),
    "no_look_alikes": Text("None.", "没有。"),
    "not_shown": Text(
        "Of {all}, the {n} most alike are shown.", "共 {all} 处，只显示最相似的 {n} 处。"
    ),
    "identical": Text("byte for byte the same", "逐字节相同"),
    "alike": Text("{share} % alike", "相似度 {share}%"),
    "side_by_side": Text("Side by side", "对照显示"),
    "the_text": Text("The text", "查看代码"),
    "equal_lines": Text("{n} equal lines", "{n} 行相同"),
    "lines_cut": Text("{n} more lines are not shown", "另有 {n} 行未显示"),
}

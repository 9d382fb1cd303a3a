"""Every sentence of the tutorial pages that isn't the document's or a verdict's, in both languages.

Templates say `t.name`; what is common to all pages is in `strings`.
"""

from __future__ import annotations

from typing import Final, Literal

from grader.text import Text
from grader.tutorial.values import Status

STATUSES: Final[dict[Status, Text]] = {
    "failed": Text("failed", "失败"),
    "blocked": Text("blocked", "受阻"),
    "cascaded": Text("cascaded", "受牵连"),
    "drifted": Text("drifted", "输出不符"),
    "expected": Text("expected", "按预期报错"),
    "passed": Text("passed", "通过"),
    "skipped": Text("skipped", "跳过"),
}
"""In the order in which their numbers are told."""

MEANINGS: Final[dict[Status, Text]] = {
    "failed": Text("It raises, hangs or ends the process.", "运行时报错、卡住，或使进程退出。"),
    "blocked": Text(
        "It needs a network, a file or a package that isn’t there.",
        "需要网络、文件或软件包，而当前环境没有。",
    ),
    "cascaded": Text(
        "It fails only because an earlier block did.", "自身没有问题，只因前面的代码块出错而失败。"
    ),
    "drifted": Text(
        "It runs, but what the document shows is not what came.",
        "能运行，但结果与文中所写不一致。",
    ),
    "expected": Text("The document says that it raises, and it does.", "文中说会报错，确实报错。"),
    "passed": Text("It ran, and nothing contradicts the document.", "已运行，结果与文中不矛盾。"),
    "skipped": Text("It was not run: the block says why.", "没有运行，原因见代码块下方。"),
}

SEVERITIES: Final[dict[Literal["error", "trap", "note"], Text]] = {
    "error": Text("fails when run", "运行即失败"),
    "trap": Text("not what it seems", "与表面不符"),
    "note": Text("works, for now", "暂时可用"),
}

WORDS: Final[dict[str, Text]] = {
    # Every page
    "checked_by": Text(
        "Checked {when} with grader {version}.", "检查时间：{when}；grader 版本 {version}。"
    ),
    "documents": Text("Tutorial check", "教程检查"),
    "meanings": Text("What the words mean", "各状态的含义"),
    # Index
    "n_documents": Text("{n} documents", "{n} 篇文档"),
    "one_document": Text("1 document", "1 篇文档"),
    "all_documents": Text("Documents", "文档列表"),
    "document": Text("Document", "文档"),
    "blocks": Text("Blocks", "代码块"),
    "to_mend": Text("To mend", "待修正"),
    "table_caption": Text("Blocks of code by document and status", "各文档中不同状态的代码块数"),
    "not_all": Text("Not all documents were checked", "并非所有文档都检查过"),
    "not_all_why": Text(
        "The run was ended before these were done: check them again.",
        "检查中途停止，以下文档尚未完成，请重新检查：",
    ),
    "none_checked": Text("No document was checked.", "没有检查任何文档。"),
    "versions": Text("Versions", "版本"),
    # Document: its head
    "n_blocks": Text("{n} blocks of code", "{n} 个代码块"),
    "one_block": Text("1 block of code", "1 个代码块"),
    "not_code": Text(" and {n} that are not", "，另有 {n} 个非代码块"),
    "stand_ins": Text("Stand-ins were used", "使用了替身数据"),
    "stand_ins_why": Text(
        "These data sets were not downloaded. Synthetic ones of the same shape took their place,"
        " so numbers that depend on them mean nothing:",
        "以下数据集没有下载，而是用形状相同的合成数据代替，因此依赖它们的数值没有意义：",
    ),
    # Document: roots
    "roots": Text("Mend these first", "先修这些"),
    "roots_why": Text(
        "Faults with causes of their own; those that drag down the most come first.",
        "以下是问题的根源；牵连越多的越靠前。",
    ),
    "no_roots": Text("Nothing to mend: no block is at fault.", "没有需要修正的地方。"),
    "line": Text("line {n}", "第 {n} 行"),
    "cell": Text("cell {n}", "单元格 {n}"),
    "drags": Text("drags down {n} blocks", "牵连 {n} 个代码块"),
    "drags_one": Text("drags down 1 block", "牵连 1 个代码块"),
    "dragged": Text("Dragged down:", "受牵连的代码块："),
    "and_more": Text("and {n} more", "及另外 {n} 个"),
    "rot": Text("Passes on Keras 2: the library has moved on.", "在 Keras 2 上能通过：是库变了。"),
    "no_rot": Text("Doesn’t pass on Keras 2 either.", "在 Keras 2 上同样不能通过。"),
    # Document: advice elsewhere, the mended copy
    "other_advice": Text("Advice on other blocks", "对其他代码块的建议"),
    "other_advice_why": Text(
        "These blocks are not what is broken, but they do not age well or do not do what they seem"
        " to.",
        "以下代码块不是故障的根源，但容易过时，或其行为与表面不符。",
    ),
    "mended": Text("The mended copy", "修正后的副本"),
    "mended_why": Text(
        "Only patches that were run again and found to help are in it. Your document is untouched.",
        "只包含重新运行后确认有效的修改。原文档未作改动。",
    ),
    "mended_none": Text("No patch was found that helps.", "没有找到有效的修改。"),
    "still_failing": Text("Still fails in the copy:", "副本中仍然失败："),
    "none_failing": Text("Nothing fails in the copy any more.", "副本中已没有失败的代码块。"),
    # Document: its blocks
    "the_document": Text("The document", "文档全文"),
    "code": Text("code", "代码"),
    "transcript": Text("transcript", "交互记录"),
    "output": Text("output", "输出"),
    "other": Text("not code", "非代码"),
    "output_of": Text("shown as output of", "所属代码："),
    "error_line": Text("the error is on this line", "此行出错"),
    "advice_line": Text("there is advice on this line", "此行有建议"),
    "because_of": Text("Because of the block at", "起因：代码块"),
    "through": Text("through", "途经"),
    "missing": Text("Not there:", "缺少："),
    "source": Text("Source:", "依据："),
    "patch": Text("Patch", "修改"),
    "removed": Text("remove", "删去"),
    "added": Text("add", "加上"),
    "differs": Text("What the document shows, and what came", "文中所示与实际结果"),
    "equivalent": Text("Equal but for ids, spacing and the like", "除编号、空白等之外相同"),
    "claimed": Text("The document shows", "文中所示"),
    "got": Text("What came", "实际结果"),
    "left_out": Text("{n} equal lines", "{n} 行相同"),
    "cut": Text("{n} more lines", "还有 {n} 行"),
    "printed": Text("What came out", "输出内容"),
    "claims": Text("What the text says of it", "文中的说法"),
    "holds": Text("true", "属实"),
    "fails_to_hold": Text("not true", "不属实"),
    "unchecked": Text("not checked", "未核实"),
    "stand_in": Text("Stand-in data:", "替身数据："),
}

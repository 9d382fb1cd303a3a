"""The words in which tutorials say what a piece of code does, in Chinese and English.

Only what can't be mistaken counts: a comment that says what the code is for claims nothing.
"""

from __future__ import annotations

import re

_NAME = r"((?:[A-Za-z_]\w{0,60}\.){0,6}[A-Za-z_]\w{0,60}(?:Error|Exception|Iteration)|Exception)"

ARROW = re.compile(
    r"(?:=+>|-+>|→|⇒|➜)\s*(?:returns?\b|输出|返回)?\s*[:：]?\s*(?P<value>.*)", re.DOTALL
)
NAMED = re.compile(
    r"(?:out\[\d+\]|outputs?|prints?|results?|returns?|shows|value|expected(?: output)?"
    r"|输出(?:结果)?|打印(?:结果)?|结果|返回值?|运行结果)\s*(?P<colon>[:：])\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
SAID = re.compile(
    r"(?:returns?|prints?|outputs|gives|yields|equals|is now|now"
    r"|输出|打印|返回|得到|结果为|结果是|值为|等于)\s*(?P<value>.+)",
    re.IGNORECASE,
)
SHOULD = re.compile(
    r"(?:应为|应该为|应该是|结果为|结果是|should be|should print)\s*(?P<value>[^\s，。,].*)$"
)
SHAPE = re.compile(
    r"(?:shape|形状)\s*(?:is|为|是)?\s*[:：=]?\s*(?P<value>[(\[][\d, None]*[)\]])\s*$"
)
ATTRIBUTE = re.compile(r"(?P<name>[A-Za-z_]\w*|结果)\s*=\s*(?P<value>.+)$")

ONCE = re.compile(
    r"打印一次|输出一次|\bprints? (?:only |just )?once\b|\bprinted (?:only |just )?once\b"
    r"|\bonly (?:prints?|printed) once\b"
)
ONCE_QUOTED = re.compile(
    r"\bprints? `[^`\n]{1,200}` (?:only |just |exactly )?once\b"
    r"|`[^`\n]{1,200}` (?:is|gets) (?:only |just )?printed (?:only |just |exactly )?once\b"
    r"|(?:只|仅)(?:会)?(?:打印|输出)一次\s*`[^`\n]{1,200}`"
    r"|`[^`\n]{1,200}`\s*(?:也|都)?(?:只|仅)(?:会)?(?:打印|输出)一次"
)
BELOW = re.compile(
    r"\b(?:below|following|next (?:block|cell|example|code|call|line))\b|下面|以下|如下|下方|下一"
)
DENIED = re.compile(r"不成立|不对|不是|并非|错误的说法|\b(?:isn't|not) (?:true|so)\b|\bno longer\b")
EVERY = re.compile(
    r"每次(?:调用)?(?:都|均)?会?(?:打印|输出)"
    r"|\bprint(?:s|ed) (?:every time|each time|on every call|at every call|on each call)\b"
)
PRINTS = re.compile(r"(?P<only>只|仅)?(?:再次|又|还|会|再)*(?:打印|输出)(?P<rest>.+)")
PRINTS_EN = re.compile(r"(?P<only>only )?prints (?P<only2>only |just )?(?P<rest>.+)")
QUOTED = re.compile(r"[\"“「]([^\"“”「」\n]+)[\"”」]|'([^'\n]+)'")

UNTRACED = re.compile(
    r"没有(?:重新)?(?:跟踪|追踪|生成(?:新)?图)|不(?:会|再)?(?:重新)?(?:跟踪|追踪)"
    r"|\b(?:not|never|no|isn't|without) (?:re-?)?trac(?:e|ed|ing)\b"
)
TRACED = re.compile(
    r"^\W*(?:会|重新|再次)*(?:跟踪|追踪)(?:了)?(?:函数|python ?代码|代码)?\W*$"
    r"|^\W*(?:re-?)?trac(?:es|ed|es again|ed again)\W*$",
    re.IGNORECASE,
)

NEGATED = re.compile(
    r"不会?再?(?:报错|出错|抛|引发)|不再报错|没有?报错|避免|防止|以免|无?不吞|可能|或许|也许"
    r"|\bnot? (?:raise|throw|fail|error)|n't (?:raise|throw|fail)|\bno (?:error|exception)"
    r"|\bnever (?:raises?|fails?)|\b(?:may|might|could|can|avoids?|prevents?) ",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"如果|若|一旦|否则|除非|要是|\b(?:if|when|unless|otherwise|whenever)\b", re.I
)
RAISES_NAME = re.compile(
    rf"^(?:(?:will )?raises?|throws?|错误|报错|异常|会?抛出|会?引发|error|fails with)"
    rf"(?: an?)?\s*[:：]?\s*{_NAME}\b|^{_NAME}\s*(?:$|[:：!！(（,，])",
    re.IGNORECASE,
)
RAISES = re.compile(
    r"^(?:这里|这行|此处|这会|将|就|会|运行时|直接)*(?:报错|出错|抛出?异常|引发异常|运行时错误)"
    r"[!！。.]*$|^(?:错误|error|this fails|fails|will fail|raises(?: an (?:error|exception))?"
    r"|raises|runtime error|throws)[!！。.]*$",
    re.IGNORECASE,
)
RAISES_SAID = re.compile(
    r"(?:会|就会|将会?|导致|引发|抛出)(?:报错|出错|报异常|(?:抛出|引发)?(?:错误|异常))"
    r"|引发异常|抛出异常|抛异常|导致异常|引发错误"
    rf"|(?:会|将|就)?(?:抛出|引发|报)\s*{_NAME}"
    rf"|\b(?:raises?|throws?) an? (?:{_NAME}|error|exception)\b|\braises {_NAME}\b",
)
TAIL_RAISES = re.compile(
    r"^(?P<code>.*\S)\s+(?:#.*)?(?:会|将|就|直接|运行时)*(?:报错|出错|报异常|抛异常|运行时错误)[!！。.]*$"
    rf"|^(?P<code2>.*\S)\s+#\s*(?:raises |throws )?{_NAME}\b"
)
TAIL_USELESS = re.compile(
    r"^(?P<code>.*\S)\s+#.*(?:不起作用|不行|行不通|doesn't work|does not work|won't work)[!！。.]*$"
)
NAME = re.compile(_NAME)
SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
CODE = re.compile(r"`([^`\n]{1,200})`")

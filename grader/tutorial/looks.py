"""What a text looks like that isn't Python: printed output, shell commands, another notation."""

from __future__ import annotations

import json
import re

from grader.text import Text

# Each matches a line from its beginning; none has two quantifiers that could fight over a text.
_PRINTED = re.compile(
    r"[ \t]*+(?:"
    r"[\[({]*<(?:tf\.|tensorflow\.|keras\.|class '|function |bound method |module '|"
    r"built-in |generator object |dtype:|_?\w*(?:Tensor|Variable|Dataset|Function|Figure|Axes)\b|"
    r"(?:Sequential|Functional|Model|Dense|Axes\w*|KerasVariable) |[\w.]+ object at 0x|"
    r"[\w.]+ at 0x)"
    r"|tf\.Tensor\(|TensorShape\([\[(N]|TensorSpec\(shape="
    r"|array\(\[|tensor\(\[?[-\d]|Traceback *(?:\[\.\.\.\]|\(most recent call last\))"
    r"|(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Warning|Interrupt): "
    r"|Epoch \d+(?:/\d+)?\b|\d+/(?:\d+|Unknown) (?:\[=|\[>|━|- |\[\.)|Model: \"|Layer \(type\)"
    r"|(?:Total|Trainable|Non-trainable) params:|[┏┃┡│└┗][━─┃│ ]|Out ?\[\d+\]:"
    r"|WARNING:tensorflow|(?:INFO|DEBUG):\w+:|Name: \w+, (?:Length|dtype)|dtype: \w+$"
    r"|[_=]{20,}$|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWEF] "
    r"|\[\[ *[-+\d.e]+ [-+\d. e]*\]*$|loss: \d|- loss: "
    r")"
)
_LEAD = re.compile(
    r"(?:the |this |it |which |that )?(?:program |code |console |expected |sample |example )?"
    r"(?:outputs?|results?|prints?|gives|displays?|shows?|returns)(?: is| are)?"
    r"(?: as follows| below| like this)?|"
    r"(?:程序|控制台|代码|示例|预期|上面代码|运行)?(?:的)?(?:输出|运行|执行|打印)?(?:输出|结果|显示)"
    r"(?:结果)?(?:如下|为|是)?(?:所示)?|输出",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(?=\D*+\d)(?:nan|inf|[-+\d.eE ,\t\[\]])++")
_TENSOR_CALL = re.compile(r"[ \t]*+tf\.Tensor\(")

_COMMANDS = frozenset(
    {
        *("pip", "pip3", "python", "python3", "conda", "mamba", "apt", "apt-get", "brew"),
        *("git", "cd", "ls", "ll", "mkdir", "rmdir", "rm", "cp", "mv", "cat", "echo"),
        *("export", "source", "sudo", "docker", "curl", "wget", "npm", "npx", "node", "yarn"),
        *("tensorboard", "jupyter", "kaggle", "nvidia-smi", "saved_model_cli", "protoc"),
        *("gcloud", "gsutil", "bash", "sh", "zsh", "make", "cmake", "tar", "unzip", "chmod"),
        *("chown", "touch", "find", "grep", "sed", "awk", "uv", "uvx", "poetry", "pipx"),
        *("pytest", "ruff", "mypy", "virtualenv", "activate", "deactivate", "yum", "dnf"),
        *("pacman", "choco", "scoop", "set", "setx", "ssh", "scp", "kubectl", "helm", "bazel"),
        *("grader", "ipython", "which", "where", "pwd", "clear", "nano", "vim", "code", "dir"),
        *("tree", "head", "tail", "py", "man", "ps", "kill", "top", "df", "du", "env", "exit"),
        *("tflite_convert", "toco", "nvcc"),
    }
)
_PROMPT = re.compile(
    r"[ \t]*+(?:(?:\([\w.-]+\) *)?\$ +\S|(?:\([\w.-]+\) *)?[\w.-]+@[\w.-]+:[^\n$#]{0,80}[$#] |"
    r"PS [A-Z]:\\[^\n>]*>|[A-Z]:\\[^\n>]*>)"
)
_MAGIC = re.compile(r"[ \t]*+(?:[!%][A-Za-z_%!.~/]|%%)")
_WORD = re.compile(r"[ \t]*+([\w.-]+)(?=[ \t]|$)")
_ASSIGNING = re.compile(r"[ \t]*+[\w.-]+ *(?:[=(\[]|[-+*/]=)")

HTML = Text("HTML or XML, not Python", "HTML 或 XML，不是 Python")
_NOTATIONS: tuple[tuple[re.Pattern[str], Text], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), Text(en, zh))
    for pattern, en, zh in (
        (
            r"^[ \t]*+syntax *= *\"proto[23]\"|^message \w+ *\{|^service \w+ *\{",
            "a Protocol Buffers definition, not Python",
            "Protocol Buffers 定义，不是 Python",
        ),
        (
            r"^[ \t]*+#[ \t]*+include *[<\"]|\bstd::\w|^[ \t]*+(?:int|void) main *\(|"
            r"^[ \t]*+template *<|^[ \t]*+(?:public|private|protected)"
            r"(?:: *$| (?:static|class|void))",
            "C, C++ or Java, not Python",
            "C、C++ 或 Java 代码，不是 Python",
        ),
        (
            r"^[ \t]*+(?:const|let|var) \w+ *=|^[ \t]*+function \w* *\([^()\n]*\) *\{|=> *\{ *$|"
            r"\bconsole\.log\(|^[ \t]*+package \w+;? *$|^[ \t]*+func \w+ *\(|^[ \t]*+fn \w+ *\(|"
            r"^[ \t]*+val \w+ *=|^[\w.]+ <- ",
            "another programming language, not Python",
            "其他编程语言，不是 Python",
        ),
        (
            r"^[ \t]*+require(?:_relative)? ['\"]|^[ \t]*+puts |^[ \t]*+end *$|"
            r"\bdo \|\w+(?:, *\w+)*\|",
            "Ruby or a language like it, not Python",
            "Ruby 或类似的语言，不是 Python",
        ),
        (
            r"^[ \t]*+(?:<!DOCTYPE|<\?xml|</?[A-Za-z][\w:-]*(?: [^<>\n]*)?/?>)",
            HTML.en,
            HTML.zh,
        ),
        (
            r"^[ \t]*+(?:SELECT|select) .*(?:\bFROM\b|\bfrom\b)|"
            r"^[ \t]*+(?:CREATE TABLE|INSERT INTO) ",
            "SQL, not Python",
            "SQL，不是 Python",
        ),
        (
            r"[├└]──|^[ \t]*+[┌│]|^[ \t]*+(?:graph (?:TD|TB|LR|RL|BT)|flowchart |sequenceDiagram|"
            r"digraph )|^[ \t]*+\+-{3,}|(?<!-)-{2,}+>",
            "a diagram, not Python",
            "示意图，不是 Python",
        ),
        (
            r"^[ \t]*+(?:\$\$|\\\[|\\begin\{)|"
            r"\\(?:frac|sum|partial|mathbf|left|nabla|sigma|theta)\b",
            "mathematics, not Python",
            "数学公式，不是 Python",
        ),
        (r"^(?:FROM [\w./:-]+|RUN |COPY )", "a Dockerfile, not Python", "Dockerfile，不是 Python"),
        (
            r"^[ \t]*+(?:diff --git |--- \S|\+\+\+ \S|@@ -\d)",
            "a patch, not Python",
            "补丁，不是 Python",
        ),
    )
)
JSON = Text("JSON, not Python", "JSON 数据，不是 Python")
_INI = re.compile(r"^\[\[?[A-Za-z][\w.\"-]*\]\]?[ \t]*+$", re.MULTILINE)
_KEY_LINE = re.compile(r"[ \t]*+(?:- )?+[\w.\"'/-]+:(?: .*|)|[ \t]*+- .*|[ \t]*+#.*|[ \t]*+|---")
_KEY = re.compile(r"^[ \t]*+(?:- )?+[\w.\"'/-]+:(?: |$)", re.MULTILINE)
_MOST = 100_000
"""Characters of a text that are looked at."""


def printed(text: str) -> bool:
    """Whether only a program can have printed it: reprs, tables of layers, epochs, tracebacks."""
    lines = [line for line in text[:_MOST].split("\n") if line.strip()]
    if not lines:
        return False
    if _PRINTED.match(lines[0]):
        # A call of that name is code; its repr names dtype and shape without a value of its own.
        return "shape=" in text if _TENSOR_CALL.match(lines[0]) else True
    known = sum(1 for line in lines if _PRINTED.match(line) or _NUMBERS.fullmatch(line))
    return known * 2 >= len(lines) and any(_PRINTED.match(line) for line in lines)


def numbers(text: str) -> bool:
    """Whether it is rows of numbers, with or without brackets, as NumPy prints them."""
    lines = [line for line in text[:_MOST].split("\n") if line.strip()]
    return bool(lines) and all(_NUMBERS.fullmatch(line) for line in lines)


def shell(text: str) -> bool:
    """Whether it is only commands for a shell or IPython, with what they print."""
    lines = _joined(text[:_MOST])
    if not lines:
        return False
    if _PROMPT.match(lines[0]):
        return True
    return all(_is_command(line) for line in lines)


def _joined(text: str) -> list[str]:
    """The lines but for empty ones and comments; one that goes on after a backslash is one."""
    lines: list[str] = []
    going_on = False
    for line in text.split("\n"):
        if going_on:
            going_on = line.rstrip().endswith("\\")
        elif line.strip() and not line.lstrip().startswith("#"):
            lines.append(line)
            going_on = line.rstrip().endswith("\\")
    return lines


def _is_command(line: str) -> bool:
    if _PROMPT.match(line) or _MAGIC.match(line):
        return True
    if _ASSIGNING.match(line):
        return False
    word = _WORD.match(line)
    return word is not None and (
        word[1] in _COMMANDS or word[1].startswith("./") or word[1].endswith((".sh", ".exe"))
    )


def notation(text: str) -> Text | None:
    """Which other notation it is, of those that can be told surely; None: none of them."""
    head = text[:_MOST]
    for pattern, name in _NOTATIONS:
        if pattern.search(head):
            return name
    stripped = head.strip()
    if stripped[:1] in ("{", "["):
        try:
            json.loads(stripped)
        except (ValueError, RecursionError):
            pass
        else:
            return JSON
    return None


def settings(text: str) -> Text | None:
    """Whether it is TOML, INI or YAML: some of each parses as Python, so this is asked first."""
    head = text[:_MOST]
    if _INI.search(head) and re.search(r"^[\w.-]+ *= *\S", head, re.MULTILINE):
        return Text("TOML or an INI file, not Python", "TOML 或 INI 配置，不是 Python")
    if _KEY.search(head) and all(_KEY_LINE.fullmatch(line) for line in head.split("\n")):
        return Text("YAML, not Python", "YAML，不是 Python")
    return None


def leads(text: str) -> bool:
    """Whether it announces an output: `This prints:`, `运行结果如下：`."""
    return _LEAD.fullmatch(text.strip("*_`:：>。. \t\n")) is not None

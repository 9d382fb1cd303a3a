"""Turns an exception of the student's into a sentence that says what to do next.

The rules name what a beginner with TensorFlow 2 / Keras 3 meets most: code not written yet, calls
of Keras 2 (the migration guide at keras.io/guides/migrating_to_keras_3 lists them), NumPy on
symbolic tensors, dtypes that TensorFlow never casts by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.errors import ImportFailed, MissingSymbol, StudentError
from grader.text import Text


@dataclass(frozen=True, slots=True)
class _Rule:
    """When the exception's class and text match, `advice` follows its own words."""

    type_name: str
    pattern: str
    advice: Text


_RULES = (
    _Rule(
        "TypeError|ValueError",
        r"add_weight\(\) got multiple values|got multiple values for argument 'shape'"
        r"|Cannot convert '.*' to a shape|[Ss]hape.* must be .*(tuple|list)|not iterable.*shape"
        r"|add_weight.*positional",
        Text(
            'this is a Keras 2 call: in Keras 3 write `add_weight(name="…", shape=…, …)`'
            " with names for the arguments",
            '这是 Keras 2 的写法：Keras 3 中请用关键字参数 `add_weight(name="…", shape=…, …)`',
        ),
    ),
    _Rule(
        "AttributeError",
        r"'reset_states'",
        Text(
            "`reset_states` is Keras 2: in Keras 3 the method is called `reset_state`",
            "`reset_states` 是 Keras 2 的名字：Keras 3 中叫 `reset_state`",
        ),
    ),
    _Rule(
        "AttributeError",
        r"'add_metric'",
        Text(
            "`add_metric` is Keras 2: in Keras 3 make a `keras.metrics.Mean` in `__init__`"
            " and update it in `call`",
            "`add_metric` 是 Keras 2 的方法：Keras 3 中请在 `__init__` 里创建"
            " `keras.metrics.Mean`，在 `call` 里更新",
        ),
    ),
    _Rule(
        "AttributeError",
        r"'tuple' object has no attribute 'as_list'|'list' object has no attribute 'as_list'",
        Text(
            "this is Keras 2: in Keras 3 shapes are plain tuples, so use"
            " `tuple(shape[:-1]) + (…,)`",
            "这是 Keras 2 的写法：Keras 3 中形状是普通元组，请用 `tuple(shape[:-1]) + (…,)`",
        ),
    ),
    _Rule(
        "ValueError|TypeError",
        r"[Aa]rgument\(s\) not recognized: \{'(lr|decay)'|unexpected keyword argument '(lr|decay)'",
        Text(
            "`lr` is Keras 2: in Keras 3 the argument is called `learning_rate`",
            "`lr` 是 Keras 2 的参数名：Keras 3 中叫 `learning_rate`",
        ),
    ),
    _Rule(
        "AttributeError",
        r"module 'keras.*' has no attribute 'saving'|keras\._tf_keras.* has no attribute 'saving'",
        Text(
            "`tf.keras` has no `saving` here: `import keras` and use `keras.saving`,"
            " or `keras.utils.register_keras_serializable`",
            "这里的 `tf.keras` 没有 `saving`：请 `import keras` 后使用 `keras.saving`，"
            "或 `keras.utils.register_keras_serializable`",
        ),
    ),
    _Rule(
        "NotImplementedError",
        r"[Cc]annot convert a symbolic .*[Tt]ensor.* to a numpy array",
        Text(
            "NumPy was called on a symbolic tensor: inside `tf.function` (and for gradients) use"
            " TensorFlow's operations, `tf.…` instead of `np.…`",
            "在符号张量上调用了 NumPy：在 `tf.function` 中（以及求梯度时）请用 `tf.…` 代替 `np.…`",
        ),
    ),
    _Rule(
        "AttributeError",
        r"'(SymbolicTensor|KerasTensor)' object has no attribute 'numpy'"
        r"|'Tensor' object has no attribute 'numpy'",
        Text(
            "`.numpy()` exists only on eager tensors: inside `tf.function` stay with tensors",
            "只有 eager 张量才有 `.numpy()`：在 `tf.function` 中请一直使用张量",
        ),
    ),
    _Rule(
        "InvalidArgumentError|TypeError|ValueError",
        r"expected to be a \w+ tensor but is a|must have the same type|Tensor conversion requested"
        r" dtype|has type float\d* that does not match type|that does not match type",
        Text(
            "two dtypes meet here, and TensorFlow never casts by itself: use"
            " `tf.cast(…, other.dtype)`",
            "这里两种 dtype 相遇，而 TensorFlow 从不自动转换：请用 `tf.cast(…, other.dtype)`",
        ),
    ),
    _Rule(
        "OperatorNotAllowedInGraphError",
        r"",
        Text(
            "a Python `if` or loop met a symbolic tensor: use `tf.where`, `tf.cond` or"
            " `tf.while_loop`, or let AutoGraph see the function (`@tf.function`)",
            "Python 的 `if` 或循环遇到了符号张量：请用 `tf.where`、`tf.cond` 或 `tf.while_loop`，"
            "或让 AutoGraph 转换该函数（`@tf.function`）",
        ),
    ),
    _Rule(
        "ValueError",
        r"tf\.function only supports singleton tf\.Variables",
        Text(
            "variables are made on a later call of one `tf.function`: make the variables (and"
            " optimizer slots) before it, and one `tf.function` for each model",
            "同一个 `tf.function` 在后来的调用中又创建了变量：请在它之外先建好变量和优化器的槽，"
            "并为每个模型各建一个 `tf.function`",
        ),
    ),
    _Rule(
        "TypeError|ValueError",
        r"Could not locate (class|function)|Could not deserialize|cannot be deserialized"
        r"|Unknown (layer|loss|metric|object|activation)",
        Text(
            "the class isn't known when the model is loaded: register it with"
            " `@keras.utils.register_keras_serializable()`",
            "加载模型时找不到这个类：请用 `@keras.utils.register_keras_serializable()` 注册",
        ),
    ),
    _Rule(
        "ValueError|KeyError",
        r"Unknown variable|optimizer can only be called for the variables it was originally built",
        Text(
            "an optimizer was handed variables that aren't those it was built with: each optimizer"
            " gets the variables of its own path, and no others",
            "优化器收到了并非构建时所用的变量：每个优化器只应更新自己那一条路径的变量",
        ),
    ),
    _Rule(
        "ModuleNotFoundError|ImportError",
        r"",
        Text(
            "the grader has Python's own library, NumPy, TensorFlow and Keras; a submission is one"
            " file and can't import others",
            "评分环境只有 Python 标准库、NumPy、TensorFlow 和 Keras；"
            "提交只有一个文件，不能导入其他模块",
        ),
    ),
)


def exception(error: StudentError, file: str) -> Text:
    """The sentence about an exception raised by the code in `file`."""
    where, where_zh = _where(error)
    if not_written(error):
        name = f"`{error.frames[-1].function}`" if error.frames else "this part"
        name_zh = f"`{error.frames[-1].function}`" if error.frames else "这一部分"
        text = Text(
            f"{name} isn't written yet: open `{file}`{where}, replace `raise NotImplementedError`"
            " with your code, and run the check again",
            f"{name_zh} 还没有写：打开 `{file}`{where_zh}，把 `raise NotImplementedError`"
            " 换成你的代码，再运行一次检查",
        )
    else:
        advice = _advice(error)
        said = f"{error.type_name}: {_shortened(error.message)}".rstrip(": ")
        text = Text(
            f"your code raises {said}{where}" + (f". Hint: {advice.en}" if advice else ""),
            f"你的代码抛出 {said}{where_zh}" + (f"。提示：{advice.zh}" if advice else ""),
        )
    if isinstance(error, ImportFailed):
        return _on_import(error, file, text)
    return text


def not_written(error: StudentError) -> bool:
    """Whether it is the stub's own `raise NotImplementedError`."""
    return error.type_name == "NotImplementedError" and error.message in ("", error.type_name)


def missing(error: MissingSymbol, file: str) -> Text:
    """The sentence about a name that a check asks for and the module lacks."""
    if error.near:
        near = ", ".join(f"`{name}`" for name in error.near)
        return Text(
            f"`{file}` defines no `{error.name}`, but {near}: the name must be exactly as the"
            " statement gives it",
            f"`{file}` 中没有 `{error.name}`，但有 {near}：名字必须与题目完全一致",
        )
    return Text(
        f"`{file}` defines no `{error.name}`: start from the exercise's stub, which has every name",
        f"`{file}` 中没有 `{error.name}`：请从练习的模板文件开始，其中有全部名字",
    )


def _on_import(error: ImportFailed, file: str, text: Text) -> Text:
    if error.type_name == "SystemExit":
        return Text(
            f"`{file}` ends the program while it is imported (`sys.exit` or `exit`): a module must"
            " only define things; remove the call",
            f"`{file}` 在导入时结束了程序（`sys.exit` 或 `exit`）：模块应只包含定义，请删除该调用",
        )
    return Text(
        f"`{file}` can't be imported, so nothing in it can be checked: {text.en}",
        f"`{file}` 无法导入，因此什么也检查不了：{text.zh}",
    )


def _shortened(message: str) -> str:
    """Keras dumps whole configurations into its messages; the first sentences say it all."""
    head = re.split(r"\.? ?Full object config:|\n\nArguments received", message)[0]
    return head if len(head) <= 400 else head[:400] + "…"


def _where(error: StudentError) -> tuple[str, str]:
    if not error.frames:
        return "", ""
    line = error.frames[-1].line
    return f" (line {line})", f"（第 {line} 行）"


def _advice(error: StudentError) -> Text | None:
    for rule in _RULES:
        if re.fullmatch(rule.type_name, error.type_name) and re.search(rule.pattern, error.message):
            return rule.advice
    return None

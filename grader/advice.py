"""What to do about the exceptions that a beginner with TensorFlow 2 and Keras 3 meets most.

Calls of Keras 2 (keras.io/guides/migrating_to_keras_3 lists them), NumPy on symbolic tensors,
dtypes that TensorFlow never casts by itself, Python's `if` where a tensor has to decide. The
patterns are matched against the libraries' own words, which change: the tests raise every one of
these exceptions anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.errors import StudentError
from grader.text import Text


@dataclass(frozen=True, slots=True)
class _Rule:
    """When the exception's class and text match, `advice` follows its own words.

    Attributes:
        outside: only for exceptions that no line of the student's is involved in.
    """

    type_name: str
    pattern: str
    en: str
    zh: str
    outside: bool = False


_KERAS_2 = (
    _Rule(
        "TypeError|ValueError",
        r"add_weight\(\) got multiple values|got multiple values for argument 'shape'"
        r"|Cannot convert '.*' to a shape|Received: add_weight\('",
        'this is a Keras 2 call: in Keras 3 write `add_weight(name="…", shape=…, …)`'
        " with names for the arguments",
        '这是 Keras 2 的写法：Keras 3 中请用关键字参数 `add_weight(name="…", shape=…, …)`',
    ),
    _Rule(
        "AttributeError",
        r"'reset_states'",
        "`reset_states` is Keras 2: in Keras 3 the method is called `reset_state`",
        "`reset_states` 是 Keras 2 的名字：Keras 3 中叫 `reset_state`",
    ),
    _Rule(
        "AttributeError|NotImplementedError",
        r"'add_metric'|`add_metric\(\)`",
        "`add_metric` is Keras 2: in Keras 3 make a `keras.metrics.Mean` in `__init__`"
        " and update it in `call`",
        "`add_metric` 是 Keras 2 的方法：Keras 3 中请在 `__init__` 里创建"
        " `keras.metrics.Mean`，在 `call` 里更新",
    ),
    _Rule(
        "AttributeError",
        r"'(tuple|list)' object has no attribute 'as_list'",
        "this is Keras 2: in Keras 3 shapes are plain tuples, so use `tuple(shape[:-1]) + (…,)`",
        "这是 Keras 2 的写法：Keras 3 中形状是普通元组，请用 `tuple(shape[:-1]) + (…,)`",
    ),
    _Rule(
        "ValueError|TypeError|AttributeError",
        r"[Aa]rgument\(s\) not recognized: \{'lr'|unexpected keyword argument 'lr'"
        r"|object has no attribute 'lr'",
        "`lr` is Keras 2: in Keras 3 it is called `learning_rate`",
        "`lr` 是 Keras 2 的名字：Keras 3 中叫 `learning_rate`",
    ),
    _Rule(
        "AttributeError",
        r"object has no attribute 'minimize'",
        "`minimize` is Keras 2: in Keras 3 take the gradients from a `tf.GradientTape` and hand"
        " them to `apply_gradients`",
        "`minimize` 是 Keras 2 的方法：Keras 3 中请用 `tf.GradientTape` 求梯度，"
        "再交给 `apply_gradients`",
    ),
    _Rule(
        "ValueError|AttributeError",
        r"argument `reduction`.*Received: reduction=auto|has no attribute 'Reduction'",
        'this is Keras 2: in Keras 3 `reduction` is a string such as `"sum"` or `"none"`;'
        " leave it out for the mean",
        '这是 Keras 2 的写法：Keras 3 中 `reduction` 是 `"sum"`、`"none"` 这样的字符串；'
        "要平均值就不必写",
    ),
    _Rule(
        "AttributeError",
        r"module 'keras\._tf_keras.*' has no attribute 'saving'",
        "`tf.keras` has no `saving` here: `import keras` and use `keras.saving`,"
        " or `keras.utils.register_keras_serializable`",
        "这里的 `tf.keras` 没有 `saving`：请 `import keras` 后使用 `keras.saving`，"
        "或 `keras.utils.register_keras_serializable`",
    ),
    _Rule(
        "AttributeError",
        r"module 'keras\.backend' has no attribute",
        "`keras.backend` has lost this function since Keras 2: use TensorFlow's, or the one in"
        " `keras.ops`",
        "Keras 3 的 `keras.backend` 不再有这个函数：请用 TensorFlow 的函数，"
        "或 `keras.ops` 里的同类函数",
    ),
    _Rule(
        "AttributeError|ImportError|ModuleNotFoundError",
        r"module 'keras.*' has no attribute|cannot import name .* from '(keras|tensorflow)"
        r"|No module named '(keras|tensorflow)[.']",
        "there is no such name in TensorFlow 2 / Keras 3: check the spelling; names of older"
        " versions may have moved or gone",
        "TensorFlow 2 / Keras 3 中没有这个名字：请检查拼写；旧版本的名字可能已改名或删除",
    ),
)

_TENSORS = (
    _Rule(
        "NotImplementedError",
        r"[Cc]annot convert a symbolic .*[Tt]ensor.* to a numpy array",
        "NumPy was called on a symbolic tensor: inside `tf.function` (and for gradients) use"
        " TensorFlow's operations, `tf.…` instead of `np.…`",
        "在符号张量上调用了 NumPy：在 `tf.function` 中（以及求梯度时）请用 `tf.…` 代替 `np.…`",
    ),
    _Rule(
        "AttributeError",
        r"'numpy\.\w+' object has no attribute '_id'",
        "the result is a NumPy array, and a tape can't follow NumPy: compute with TensorFlow's"
        " operations, `tf.…` instead of `np.…`",
        "结果是 NumPy 数组，而梯度带无法追踪 NumPy：请用 TensorFlow 的运算，用 `tf.…` 代替 `np.…`",
    ),
    _Rule(
        "AttributeError",
        r"'(SymbolicTensor|KerasTensor|Tensor)' object has no attribute 'numpy'",
        "`.numpy()` exists only on eager tensors: inside `tf.function` stay with tensors",
        "只有 eager 张量才有 `.numpy()`：在 `tf.function` 中请一直使用张量",
    ),
    _Rule(
        "InvalidArgumentError|TypeError|ValueError",
        r"expected to be a \w+ tensor but is a|must have the same type|Tensor conversion requested"
        r" dtype|that does not match type|Cannot convert \S+ to EagerTensor of dtype",
        "two dtypes meet here, and TensorFlow never casts by itself: use `tf.cast(…, other.dtype)`",
        "这里两种 dtype 相遇，而 TensorFlow 从不自动转换：请用 `tf.cast(…, other.dtype)`",
    ),
    _Rule(
        "ValueError",
        r"condition of if statement expected to be `tf\.bool` scalar"
        r"|truth value of an array with more than one element",
        "an `if` decides once for the whole tensor: to decide for each element use `tf.where`",
        "`if` 只为整个张量判断一次：要逐元素判断请用 `tf.where`",
    ),
    _Rule(
        "OperatorNotAllowedInGraphError|TypeError",
        r"Python `bool` is not allowed|Iterating over a symbolic|KerasTensor cannot be used as a"
        r" boolean|'SymbolicTensor' object cannot be interpreted as an integer",
        "a Python `if` or loop met a symbolic tensor: use `tf.where`, `tf.cond`, `tf.range` or"
        " `tf.while_loop`, or let AutoGraph see the function (`@tf.function`)",
        "Python 的 `if` 或循环遇到了符号张量：请用 `tf.where`、`tf.cond`、`tf.range` 或"
        " `tf.while_loop`，或让 AutoGraph 转换该函数（`@tf.function`）",
    ),
    _Rule(
        "TypeError",
        r"'[\w.]*Tensor' object does not support item assignment",
        "a tensor can't be changed in place: build a new one, or collect the parts in a"
        " `tf.TensorArray`",
        "张量不能就地修改：请构造新的张量，或用 `tf.TensorArray` 收集各部分",
    ),
    _Rule(
        "InaccessibleTensorError|TypeError",
        r"is out of scope and cannot be used here",
        "a tensor of a loop or another function is used outside of it: return it, or collect"
        " the values in a `tf.TensorArray` instead of a Python list",
        "在循环或函数之外使用了其中的张量：请把它返回，"
        "或用 `tf.TensorArray` 代替 Python 列表来收集",
    ),
    _Rule(
        "ValueError",
        r"Attempt to convert a value \(None\)",
        "something is `None` here: does a `return` lack, or is a weight not made yet?",
        "这里有个值是 `None`：是不是缺少 `return`，或者权重还没有创建？",
    ),
)

_TRAINING = (
    _Rule(
        "TypeError",
        r"^unsupported callable$",
        "a function under `tf.custom_gradient` returns two things: the value, and a function"
        " that turns the upstream gradient into its own",
        "`tf.custom_gradient` 下的函数要返回两样东西：值，以及把上游梯度变成自身梯度的函数",
    ),
    _Rule(
        "ValueError",
        r"No gradients provided for any variable",
        "the loss doesn't depend on these variables: compute it inside the `with` block of the"
        " tape, with TensorFlow's operations only",
        "损失与这些变量无关：请在梯度带的 `with` 块内、只用 TensorFlow 的运算来计算损失",
    ),
    _Rule(
        "RuntimeError",
        r"non-persistent GradientTape",
        "a tape gives its gradients once: ask for all of them in one call,"
        " `tape.gradient(loss, [a, b])`",
        "一个梯度带只能求一次梯度：请一次求出全部，`tape.gradient(loss, [a, b])`",
    ),
    _Rule(
        "ValueError",
        r"tf\.function only supports singleton tf\.Variables",
        "variables are made on a later call of one `tf.function`: make the variables (and"
        " optimizer slots) before it, and one `tf.function` for each model",
        "同一个 `tf.function` 在后来的调用中又创建了变量：请在它之外先建好变量和优化器的槽，"
        "并为每个模型各建一个 `tf.function`",
    ),
    _Rule(
        "ValueError|KeyError",
        r"Unknown variable|optimizer can only be called for the variables it was originally built",
        "an optimizer was handed variables that aren't those it was built with: each optimizer"
        " gets the variables of its own path, and no others",
        "优化器收到了并非构建时所用的变量：每个优化器只应更新自己那一条路径的变量",
    ),
)

_SAVING = (
    _Rule(
        "TypeError|ValueError",
        r"Could not locate (class|function)",
        "it isn't known when the model is loaded: register it with"
        " `@keras.utils.register_keras_serializable()`",
        "加载模型时找不到它：请用 `@keras.utils.register_keras_serializable()` 注册",
    ),
    _Rule(
        "TypeError|ValueError|NotImplementedError",
        r"could not be deserialized properly|must override `get_config\(\)`",
        "an object can't be made again from its configuration: `get_config` returns every"
        " argument of the constructor, and `__init__` passes `**kwargs` on to `super()`",
        "无法根据配置重新创建对象：`get_config` 要返回构造函数的全部参数，"
        "`__init__` 要把 `**kwargs` 交给 `super()`",
    ),
)

_PYTHON = (
    _Rule(
        "NameError",
        r"'(get_ipython|display)' is not defined",
        "only a notebook has this name: take the line out, as the rest of what an export from a"
        " notebook leaves behind",
        "这个名字只有 notebook 才有：请删除这一行，以及从 notebook 导出时留下的其他类似内容",
    ),
    _Rule(
        "TypeError",
        r"^[\w.]+\(\) (takes|missing|got an unexpected keyword argument|got multiple values)",
        "the parameters must be those of the statement, in its order",
        "参数必须与题目一致，顺序也相同",
        outside=True,
    ),
    _Rule(
        "ModuleNotFoundError|ImportError",
        r"",
        "the grader has Python's own library, NumPy, TensorFlow and Keras; a submission is one"
        " file and can't import others",
        "评分环境只有 Python 标准库、NumPy、TensorFlow 和 Keras；"
        "提交只有一个文件，不能导入其他模块",
    ),
)

_RULES = _KERAS_2 + _TENSORS + _TRAINING + _SAVING + _PYTHON


def advice(error: StudentError) -> Text | None:
    """What to do about `error`, when it is one of the usual ones."""
    for rule in _RULES:
        if rule.outside and error.frames:
            continue
        if re.fullmatch(rule.type_name, error.type_name) and re.search(rule.pattern, error.message):
            return Text(rule.en, rule.zh)
    return None

"""Hidden checks of `precision`: counts over batches, thresholds, weights, state, Keras, reload."""

import contextlib
from dataclasses import dataclass

import numpy as np

from grader.checks import StudentError, Text, Why, as_numpy, check


@dataclass(frozen=True, slots=True)
class Batch:
    """Labels, predictions and how many of the predictions are true and false positives."""

    y_true: np.ndarray
    y_pred: np.ndarray
    tp: int
    fp: int

    @property
    def precision(self):
        """The batch's own precision; 0 if nothing was predicted positive."""
        return ratio(self.tp, self.fp)


def ratio(tp, fp):
    """tp / (tp + fp), 0 where both are 0."""
    return float(tp / (tp + fp)) if tp + fp else 0.0


def batch(rng, tp, fp, fn, tn, *, threshold=0.5, dtype="float32"):
    """A batch with these counts, in random order, no prediction near the threshold."""
    label = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
    above = np.repeat([True, True, False, False], [tp, fp, fn, tn])
    score = np.where(
        above,
        rng.uniform(threshold + 0.02, 0.99, size=label.size),
        rng.uniform(0.01, threshold - 0.02, size=label.size),
    )
    order = rng.permutation(label.size)
    return Batch(label[order].astype(dtype), score[order].astype("float32"), tp, fp)


def new_metric(session, expect, *args, **kwargs):
    """`MyPrecision(*args, **kwargs)`, which has to be an object."""
    given = [repr(arg) for arg in args] + [f"{name}={value!r}" for name, value in kwargs.items()]
    shown = f"`MyPrecision({', '.join(given)})`"
    return expect.remote(session.MyPrecision(*args, **kwargs), ask=Text(shown, shown))


def metric_of(session, expect, *args, **kwargs):
    """A new metric, reset: what a shared state has left would make every check fail.

    Whether new metrics begin at 0, are independent and can be reset are checks of their own.
    """
    metric = new_metric(session, expect, *args, **kwargs)
    with contextlib.suppress(StudentError):
        metric.reset_state()
    return metric


def value_of(session, metric):
    """The metric's result as a number; a variable of Keras's counts as one."""
    result = metric.result()
    return None if result is None else session.keras.ops.convert_to_numpy(result)


def value_after(session, expect, batches, *args):
    """The result of a new metric after some batches, as a Python number."""
    metric = metric_of(session, expect, *args)
    for each in batches:
        metric.update_state(each.y_true, each.y_pred)
    return seven_digits(value_of(session, metric))


def seven_digits(number):
    """A float32 as a Python number with its seven good digits, which read better in a message."""
    return float(f"{float(number):.7g}")


@check(
    title=Text("One batch", "单个批次"),
    points=1,
    topic="values",
    hint=Text(
        "Precision = true positives / all predicted positives. Labels may be integers or floats,"
        " of shape (n,) or (n, 1).",
        "精确率 = 真正例 / 所有被判为正的样本。标签可以是整数或浮点数，形状为 (n,) 或 (n, 1)。",
    ),
)
def test_one_batch(student, reference, rng, expect):
    """True positives over predicted positives, for both shapes and kinds of labels."""
    # With these counts precision, recall, accuracy and the like are all different.
    counts = rng.permutation([(3, 1, 4, 3), (5, 2, 6, 4), (6, 1, 5, 3)]).tolist()
    kinds = [("float32", (-1,)), ("int32", (-1,)), ("float32", (-1, 1))]
    for (tp, fp, fn, tn), (dtype, shape) in zip(counts, kinds, strict=True):
        made = batch(rng, tp, fp, fn, tn, dtype=dtype)
        y_true, y_pred = made.y_true.reshape(shape), made.y_pred.reshape(shape)
        one = Batch(y_true, y_pred, tp, fp)
        count = y_true.size
        metric = metric_of(student, expect)
        metric.update_state(y_true, y_pred)
        expect.close(
            value_of(student, metric),
            value_after(reference, expect, [one]),
            ask=Text(
                f"`MyPrecision()` after one batch of shape {y_true.shape}, {dtype} labels,"
                f" {tp} true and {fp} false positives",
                f"`MyPrecision()` 处理一批数据之后（形状 {y_true.shape}，{dtype} 标签，"
                f"真正例 {tp} 个，假正例 {fp} 个）",
            ),
            why=[
                Why(
                    tp / (tp + fn),
                    Text(
                        "that is the recall, true positives over positive labels",
                        "这是召回率：真正例除以所有正标签",
                    ),
                ),
                Why((tp + tn) / count, Text("that is the accuracy", "这是准确率")),
                Why(
                    fp / (tp + fp),
                    Text(
                        "that is the share of false positives: labels and predictions are swapped"
                        " or negated somewhere",
                        "这是假正例的比例：某处把标签或预测弄反了",
                    ),
                ),
                Why(
                    float((y_true * y_pred).sum() / y_pred.sum()),
                    Text(
                        "the probabilities are added up where predictions above the threshold are"
                        " to be counted",
                        "这是把概率直接相加：应该数的是大于阈值的预测个数",
                    ),
                ),
                Why(
                    float((y_true.mean() * (tp + fp)) / (tp + fp)),
                    Text(
                        "that is the share of positive labels: each label is paired with every"
                        " prediction (n × n) somewhere",
                        "这是正标签的比例：某处让每个标签与所有预测都配了对（n × n）",
                    ),
                ),
            ],
        )


@check(
    title=Text("Several batches of unequal sizes", "大小不等的多个批次"),
    points=2,
    topic="values",
    hint=Text(
        "Keep two counts in variables (add_weight), add to them in update_state, and divide only"
        " in result.",
        "用变量（add_weight）保存两个计数，在 update_state 中累加，只在 result 中做除法。",
    ),
)
def test_unequal_batches(student, reference, rng, expect):
    """The counts are pooled over all batches; the batches' precisions aren't averaged."""
    batches = [
        batch(rng, int(rng.integers(4, 7)), int(rng.integers(1, 3)), 2, 3),
        batch(rng, 0, int(rng.integers(3, 5)), 1, 1),
        batch(rng, 1, 0, 1, 6),
    ]
    metric = metric_of(student, expect)
    for seen in range(1, len(batches) + 1):
        so_far = batches[:seen]
        last = so_far[-1]
        metric.update_state(last.y_true, last.y_pred)
        tp, fp = sum(b.tp for b in so_far), sum(b.fp for b in so_far)
        sizes = [b.y_true.size for b in so_far]
        parts = [b.precision for b in so_far]
        named = ", ".join(f"{part:.3g}" for part in parts)
        named_zh = "、".join(f"{part:.3g}" for part in parts)
        expect.close(
            value_of(student, metric),
            value_after(reference, expect, so_far),
            ask=Text(
                f"`MyPrecision()` after {seen} {'batch' if seen == 1 else 'batches'}"
                f" ({tp} true of {tp + fp} predicted positives)",
                f"`MyPrecision()` 处理 {seen} 批之后（{tp + fp} 个判为正，其中 {tp} 个为真）",
            ),
            why=[
                Why(
                    float(np.mean(parts)),
                    Text(
                        f"that is the mean of the batches' precisions ({named})",
                        f"这是各批精确率（{named_zh}）的平均",
                    ),
                ),
                Why(
                    float(np.average(parts, weights=sizes)),
                    Text(
                        f"that is the mean of the batches' precisions ({named}), weighted with the"
                        " batches' sizes",
                        f"这是各批精确率（{named_zh}）按批次大小加权的平均",
                    ),
                ),
                Why(
                    last.precision,
                    Text(
                        "that is the last batch alone: the counts of the earlier ones are lost",
                        "这只是最后一批的精确率：之前的计数丢失了",
                    ),
                ),
            ],
        )


@check(
    title=Text("Strictly above the threshold", "严格大于阈值"),
    points=1,
    topic="values",
    hint=Text(
        "Compare with > and with self.threshold: not with >=, not with 0.5, not by rounding.",
        "用 > 与 self.threshold 比较：不要用 >=，不要固定为 0.5，也不要靠四舍五入。",
    ),
)
def test_threshold(student, reference, rng, expect):
    """Predictions exactly at the threshold are negative; thresholds other than 0.5 are used."""
    for threshold in (0.25, 0.75, 0.5):
        # (label, lowest, highest prediction, how many): the bands, the threshold itself, and 0.5.
        low, high = sorted((threshold, 0.5))
        bands = [
            (1, high + 0.02, 0.99, 4),
            (0, high + 0.02, 0.99, 1),
            (1, 0.01, low - 0.02, 2),
            (0, 0.01, low - 0.02, 2),
            (1, threshold, threshold, 1),
            (0, threshold, threshold, 3),
            (1, threshold + 0.002, threshold + 0.01, 2),
            (0, threshold - 0.01, threshold - 0.002, 1),
        ]
        if low < high:
            bands += [(1, low + 0.02, high - 0.02, 1), (0, low + 0.02, high - 0.02, 4)]
        y_true = np.repeat([b[0] for b in bands], [b[3] for b in bands]).astype("float32")
        y_pred = np.concatenate([rng.uniform(b[1], b[2], size=b[3]) for b in bands])
        order = rng.permutation(y_true.size)
        y_true, y_pred = y_true[order], y_pred.astype("float32")[order]

        def precision_if(positive, y_true=y_true):
            return ratio(y_true[positive].sum(), (1 - y_true[positive]).sum())

        one = Batch(y_true, y_pred, 0, 0)
        # The default threshold is left to the constructor.
        args = () if threshold == 0.5 else (threshold,)
        metric = metric_of(student, expect, *args)
        metric.update_state(y_true, y_pred)
        shown = f"MyPrecision({threshold})" if args else "MyPrecision()"
        expect.close(
            value_of(student, metric),
            value_after(reference, expect, [one], *args),
            ask=Text(
                f"`{shown}` on predictions some of which are exactly {threshold}",
                f"`{shown}`，其中有些预测恰好等于 {threshold}",
            ),
            why=[
                Why(
                    precision_if(y_pred >= threshold),
                    Text(
                        "that counts predictions equal to the threshold as positive (>= for >)",
                        "这把恰好等于阈值的预测也算作正（用了 >= 而不是 >）",
                    ),
                ),
                Why(
                    precision_if(y_pred > 0.5),
                    Text(
                        "that is the precision at 0.5: the threshold isn't used",
                        "这是阈值为 0.5 时的精确率：阈值没有用上",
                    ),
                ),
                Why(
                    precision_if(y_pred < threshold),
                    Text(
                        "that counts the predictions below the threshold", "这数的是小于阈值的预测"
                    ),
                ),
            ],
        )


@check(
    title=Text("Sample weights", "样本权重"),
    points=1,
    topic="values",
    hint=Text(
        "A sample of weight w counts as w samples, in the true and in the false positives. Mind"
        " the shapes: weights (n,) times predictions (n, 1) would be an n × n table.",
        "权重为 w 的样本算作 w 个样本，真正例和假正例都是如此。"
        "注意形状：(n,) 的权重乘以 (n, 1) 的预测会得到 n × n 的表。",
    ),
)
def test_sample_weight(student, reference, rng, expect):
    """Weights of shape (n,) or (n, 1) weigh the true and the false positives."""
    for label_shape, weight_shape in [((-1,), (-1,)), ((-1, 1), (-1, 1)), ((-1, 1), (-1,))]:
        one = batch(rng, 4, 3, 2, 2)
        true = (one.y_true == 1) & (one.y_pred > 0.5)
        false = (one.y_true == 0) & (one.y_pred > 0.5)
        # Heavy weights on the false positives, light ones elsewhere: far from any unweighted share.
        weight = np.where(false, rng.uniform(3, 4, true.size), rng.uniform(0.25, 0.75, true.size))
        weight = weight.astype("float32")
        answers = []
        for session in (reference, student):
            metric = metric_of(session, expect)
            metric.update_state(
                one.y_true.reshape(label_shape),
                one.y_pred.reshape(label_shape),
                sample_weight=weight.reshape(weight_shape),
            )
            answers.append(value_of(session, metric))
        shapes = ["(n,)" if len(shape) == 1 else "(n, 1)" for shape in (label_shape, weight_shape)]
        tp, fp = weight[true].sum(), weight[false].sum()
        expect.close(
            answers[1],
            seven_digits(answers[0]),
            ask=Text(
                f"`MyPrecision()` after a weighted batch, labels {shapes[0]}, `sample_weight`"
                f" {shapes[1]}",
                f"`MyPrecision()` 处理一批带权重的数据之后（标签 {shapes[0]}，`sample_weight`"
                f" {shapes[1]}）",
            ),
            why=[
                # Pairing each weight with every prediction leaves the unweighted share, too.
                Why(
                    one.precision,
                    Text(
                        "that is the precision without weights",
                        "这是没有加权的精确率",
                    )
                    if shapes[0] == shapes[1]
                    else Text(
                        "that is the precision without weights: (n,) weights times (n, 1)"
                        " predictions are an n × n table",
                        "这是没有加权的精确率：(n,) 的权重乘以 (n, 1) 的预测是 n × n 的表",
                    ),
                ),
                Why(
                    float(tp / (one.tp + one.fp)),
                    Text(
                        "only the true positives are weighted: weigh all predicted positives",
                        "只给真正例加了权：所有被判为正的样本都要加权",
                    ),
                ),
                Why(
                    ratio(tp, one.fp),
                    Text("the false positives aren't weighted", "假正例没有加权"),
                ),
                Why(
                    ratio(one.tp, fp),
                    Text("the true positives aren't weighted", "真正例没有加权"),
                ),
            ],
        )


@check(
    title=Text("Nothing predicted positive", "没有正预测"),
    points=1,
    topic="values",
    hint=Text(
        "0 / 0 is NaN. tf.math.divide_no_nan gives 0 there.",
        "0 / 0 是 NaN。tf.math.divide_no_nan 在这种情况下给出 0。",
    ),
)
def test_no_positives(student, rng, expect):
    """0 before the first batch and after one without predicted positives; then it recovers."""
    one = Why(1.0, Text("0 of 0 counts as 0 here, not as 1", "这里约定 0 除以 0 为 0，而不是 1"))
    some = batch(rng, 3, 1, 2, 1)
    new_metric(student, expect).update_state(some.y_true, some.y_pred)
    metric = new_metric(student, expect)
    expect.close(
        value_of(student, metric),
        0.0,
        ask=Text(
            "a new `MyPrecision()` before any batch", "新建的 `MyPrecision()`，尚未处理任何数据"
        ),
        why=[
            one,
            Why(
                some.precision,
                Text(
                    "it begins with what another metric has seen: they share their state",
                    "它一开始就带着另一个指标的计数：它们共用了状态",
                ),
            ),
        ],
    )
    negative = batch(rng, 0, 0, 3, 4)
    metric.update_state(negative.y_true, negative.y_pred)
    expect.close(
        value_of(student, metric),
        0.0,
        ask=Text(
            "`MyPrecision()` after a batch without predicted positives",
            "`MyPrecision()` 处理一批没有正预测的数据之后",
        ),
        why=[one],
    )
    # From here on only that it isn't NaN: what it then is, other checks look at.
    metric.update_state(some.y_true, some.y_pred)
    expect.number(
        value_of(student, metric),
        ask=Text(
            "`MyPrecision()` after a batch without predicted positives and one with some",
            "`MyPrecision()` 先处理一批没有正预测的数据，再处理一批有正预测的数据之后",
        ),
    )
    metric = metric_of(student, expect)
    metric.update_state(some.y_true, some.y_pred, sample_weight=np.zeros_like(some.y_true))
    expect.number(
        value_of(student, metric),
        ask=Text(
            "`MyPrecision()` after a batch whose weights are all 0",
            "`MyPrecision()` 处理一批权重全为 0 的数据之后",
        ),
    )


@check(
    title=Text("`reset_state` starts afresh", "`reset_state` 重新开始"),
    points=0.5,
    topic="interface",
    hint=Text(
        "All of the state belongs in variables made with add_weight; the base class's reset_state"
        " zeroes those. (In Keras 3 the method's name has no s at its end.)",
        "所有状态都应放在 add_weight 创建的变量里，基类的 reset_state 会把它们清零。"
        "（Keras 3 中这个方法名末尾没有 s。）",
    ),
)
def test_reset_state(student, reference, rng, expect):
    """Nothing of the old batches is left."""
    old, new = batch(rng, 1, 4, 4, 2), batch(rng, int(rng.integers(4, 7)), 2, 2, 3)
    metric = metric_of(student, expect)
    metric.update_state(old.y_true, old.y_pred)
    metric.reset_state()
    metric.update_state(new.y_true, new.y_pred)
    expect.close(
        value_of(student, metric),
        value_after(reference, expect, [new]),
        ask=Text(
            "the result after a batch, `reset_state()` and another batch",
            "处理一批、`reset_state()`、再处理另一批之后的结果",
        ),
        why=[
            Why(
                ratio(old.tp + new.tp, old.fp + new.fp),
                Text("the old batch still counts", "之前的那一批仍被计入"),
            ),
            Why(
                ratio(old.tp + new.tp, new.fp),
                Text("the old true positives still count", "之前的真正例仍被计入"),
            ),
            Why(
                ratio(new.tp, old.fp + new.fp),
                Text("the old false positives still count", "之前的假正例仍被计入"),
            ),
        ],
    )


@check(
    title=Text("Two metrics are independent", "两个指标互不影响"),
    points=0.5,
    topic="interface",
    hint=Text(
        "Make the variables in __init__, for each object, not in the class body or the module.",
        "变量要在 __init__ 中为每个对象创建，而不是放在类体或模块里。",
    ),
)
def test_two_metrics(student, reference, rng, expect):
    """Two metrics that get different batches report different numbers."""
    batches = batch(rng, int(rng.integers(3, 6)), 1, 1, 2), batch(rng, 1, 3, 3, 1)
    metrics = [new_metric(student, expect) for _ in batches]
    for metric, each in zip(metrics, batches, strict=True):
        metric.update_state(each.y_true, each.y_pred)
    shared = Why(
        ratio(sum(b.tp for b in batches), sum(b.fp for b in batches)),
        Text("they share their state", "它们共用了状态"),
    )
    for name, name_zh, metric, each in zip(
        ("first", "second"), ("第一个", "第二个"), metrics, batches, strict=True
    ):
        expect.close(
            value_of(student, metric),
            value_after(reference, expect, [each]),
            ask=Text(
                f"the {name} of two metrics, each of which got a batch of its own",
                f"两个指标各处理一批数据后，{name_zh}指标的结果",
            ),
            why=[shared],
        )


def identity_model(session, **compile_kwargs):
    """A model whose predictions are its inputs: the batches' counts are known exactly."""
    layers = session.keras.layers
    model = session.keras.Sequential([session.keras.Input((1,)), layers.Identity()])
    # XLA would cost a compilation and add nothing here.
    model.compile(optimizer="sgd", loss="mse", jit_compile=False, **compile_kwargs)
    return model


def in_one(rng, counts, threshold):
    """Batches of 6 with these counts, one after another: (inputs, labels), of shape (n, 1)."""
    parts = [batch(rng, *each, threshold=threshold) for each in counts]
    x = np.concatenate([part.y_pred for part in parts])[:, None]
    return x, np.concatenate([part.y_true for part in parts])[:, None]


def logged(results, name, expect, ask):
    """The number called `name` among what `evaluate` returned."""
    expect.true(
        type(results) is dict and name in results,
        ask=ask,
        expected=Text(f"a value named `{name}`", f"名为 `{name}` 的值"),
        got=Text("none", "没有"),
        why=Text("pass **kwargs (the name) on to the base class", "把 **kwargs（名称）交给基类"),
    )
    # A Python number made of a float32: it has no more digits than that.
    return np.float32(expect.number(results[name], ask=ask))


# Four batches, the last one smaller: (tp, fp, fn, tn). Pooled, averaged and single all differ.
COUNTS = [(4, 1, 1, 0), (0, 3, 0, 3), (1, 0, 1, 4), (1, 1, 1, 0)]


@check(
    title=Text("In `compile(metrics=…)`", "用于 `compile(metrics=…)`"),
    points=1,
    topic="training",
    hint=Text(
        "Keras traces update_state and result: Python numbers as state, Python's `if` on a tensor"
        " and NumPy fail there. It calls update_state(y_true, y_pred, sample_weight=None).",
        "Keras 会追踪 update_state 和 result：用 Python 数保存状态、对张量用 Python 的 `if`、"
        "调用 NumPy 都行不通。它的调用方式是 update_state(y_true, y_pred, sample_weight=None)。",
    ),
)
def test_in_compile(student, rng, expect):
    """`evaluate` reports what the metric gives when it is fed the same batches by hand."""
    x, y = in_one(rng, COUNTS, 0.25)
    kwargs = {"threshold": 0.25, "name": "exactness"}
    by_hand = metric_of(student, expect, **kwargs)
    for start in range(0, len(x), 6):
        by_hand.update_state(y[start : start + 6], x[start : start + 6])
    model = identity_model(student, metrics=[metric_of(student, expect, **kwargs)])
    ask = Text(
        '`evaluate` of a model with `metrics=[MyPrecision(threshold=0.25, name="exactness")]`,'
        " against the same batches by hand",
        '以 `metrics=[MyPrecision(threshold=0.25, name="exactness")]` 编译的模型的 `evaluate`，'
        "与手动处理相同的批次相比",
    )
    results = model.evaluate(as_numpy(x), as_numpy(y), batch_size=6, verbose=0, return_dict=True)
    tp, fp, _, _ = COUNTS[-1]
    expect.close(
        logged(results, "exactness", expect, ask),
        seven_digits(expect.number(value_of(student, by_hand), ask=ask)),
        ask=ask,
        why=[
            Why(ratio(tp, fp), Text("that is the last batch alone", "这只是最后一批的精确率")),
            Why(
                0.0,
                Text(
                    "the state doesn't change in Keras's traced function: keep it in variables",
                    "在 Keras 追踪的函数里状态没有变化：请用变量保存状态",
                ),
            ),
        ],
    )


@check(
    title=Text("In `compile(weighted_metrics=…)`", "用于 `compile(weighted_metrics=…)`"),
    points=0.5,
    topic="training",
    hint=Text(
        "There Keras passes the samples' weights to update_state.",
        "这时 Keras 会把样本权重传给 update_state。",
    ),
)
def test_in_weighted_metrics(student, reference, rng, expect):
    """`evaluate` with sample weights reports the weighted precision."""
    x, y = in_one(rng, COUNTS, 0.5)
    # Light on true positives, heavy elsewhere.
    weight = np.where((x > 0.5) & (y == 1), rng.choice([0.25, 0.5], size=x.shape), 2.0)
    weight = weight[:, 0].astype("float32")
    ask = Text(
        '`evaluate` with `sample_weight`, `weighted_metrics=[MyPrecision(name="weighted")]`',
        '带 `sample_weight` 的 `evaluate`，`weighted_metrics=[MyPrecision(name="weighted")]`',
    )
    answers = []
    for session in (reference, student):
        model = identity_model(
            session, weighted_metrics=[metric_of(session, expect, name="weighted")]
        )
        results = model.evaluate(
            as_numpy(x),
            as_numpy(y),
            sample_weight=as_numpy(weight),
            # One batch: how batches add up is another check's business.
            batch_size=len(x),
            verbose=0,
            return_dict=True,
        )
        answers.append(logged(results, "weighted", expect, ask))
    tp, fp = sum(c[0] for c in COUNTS), sum(c[1] for c in COUNTS)
    expect.close(
        answers[1],
        seven_digits(answers[0]),
        ask=ask,
        why=[Why(ratio(tp, fp), Text("the weights aren't used", "权重没有用上"))],
    )


@check(
    title=Text("A compiled model survives a reload", "编译好的模型能重新加载"),
    points=1.5,
    topic="serialization",
    hint=Text(
        "The class needs @keras.utils.register_keras_serializable(), and everything that the"
        " constructor was given has to be in get_config. Try it in a new Python process.",
        "类需要 @keras.utils.register_keras_serializable()，"
        "构造函数得到的一切都要写进 get_config。请在新的 Python 进程里试一试。",
    ),
    # A process more, and the tracing of `evaluate` in it.
    timeout=30.0,
)
def test_reload(student, rng, expect):
    """Same configuration, and the same numbers from a fresh process that loads the model."""
    kwargs = {"threshold": 0.75, "name": "exactness"}
    metric = metric_of(student, expect, **kwargs)
    config = metric.get_config()
    for name, value in kwargs.items():
        expect.equal(
            config.get(name) if type(config) is dict else config,
            value,
            ask=Text(
                f'`MyPrecision(threshold=0.75, name="exactness").get_config()`, its `{name}`',
                f'`MyPrecision(threshold=0.75, name="exactness").get_config()` 中的 `{name}`',
            ),
            why=[Why(None, Text(f"there is no `{name}` in it", f"其中没有 `{name}`"))],
        )
    model = student.fresh().load(student.save(identity_model(student, metrics=[metric])))

    # Many false ones between 0.5 and 0.75: at the default threshold the precision is another.
    x, y = in_one(rng, [(3, 1, 2, 0), (2, 0, 1, 0)], 0.75)
    between = rng.uniform(0.52, 0.73, size=(6, 1)).astype("float32")
    x, y = np.concatenate([x, between]), np.concatenate([y, np.zeros_like(between)])
    metric.update_state(y, x)
    ask = Text(
        "`evaluate` of the reloaded model with"
        ' `metrics=[MyPrecision(threshold=0.75, name="exactness")]`, against that metric before',
        '重新加载的模型（以 `metrics=[MyPrecision(threshold=0.75, name="exactness")]` 编译）的'
        " `evaluate`，与保存之前的指标相比",
    )
    results = model.evaluate(
        as_numpy(x), as_numpy(y), batch_size=len(x), verbose=0, return_dict=True
    )
    at_half = x > 0.5
    expect.close(
        logged(results, "exactness", expect, ask),
        seven_digits(expect.number(value_of(student, metric), ask=ask)),
        ask=ask,
        why=[
            Why(
                ratio(y[at_half].sum(), (1 - y[at_half]).sum()),
                Text(
                    "that is the precision at 0.5: the threshold was lost on the way",
                    "这是阈值为 0.5 时的精确率：阈值在途中丢失了",
                ),
            )
        ],
    )

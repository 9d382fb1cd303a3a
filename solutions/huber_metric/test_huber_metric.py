"""Hidden checks of `huber_metric`: the mean over instances, weights, state, Keras, reload.

Labels, predictions, thresholds and weights are multiples of 1/8 or 1/4 and small. So every loss,
every product with a weight and every sum is exact in float32, in any order, and only the last
division rounds: the default tolerance is generous for every right way to reckon.
"""

import contextlib
from dataclasses import dataclass

import numpy as np

from grader.checks import StudentError, Text, Why, as_numpy, check


@dataclass(frozen=True, slots=True)
class Batch:
    """One row each of labels, predictions and weights, of the same length."""

    y_true: np.ndarray
    y_pred: np.ndarray
    weight: np.ndarray

    def losses(self, threshold):
        """One Huber loss per instance."""
        return huber(self.y_true - self.y_pred, threshold)


def huber(error, threshold):
    """The formula, with NumPy."""
    size = np.abs(error.astype("float64"))
    return np.where(size <= threshold, size**2 / 2, threshold * size - threshold**2 / 2)


def batch(rng, count, threshold, scale=1):
    """`count` instances, errors of both signs on both sides of the threshold.

    Labels are far apart, so that an instance paired with another's prediction has another loss.
    """
    inside = rng.integers(1, max(2, int(8 * threshold)), size=count)
    beyond = rng.integers(int(8 * threshold) + 4, int(8 * threshold) + 28, size=count) * scale
    sizes = np.where(np.arange(count) % 2 == 0, beyond, inside)
    error = rng.permutation(sizes * np.where(np.arange(count) % 4 < 2, 1, -1)) / 8
    y_true = rng.integers(-40, 41, size=count) / 8
    # Large losses weigh more, so that no average is the same with weights and without.
    large = np.abs(error) > threshold
    weight = np.where(large, rng.integers(9, 17, size=count), rng.integers(1, 5, size=count)) / 4
    return Batch(*(row.astype("float32") for row in (y_true, y_true - error, weight)))


def new_metric(session, expect, *args, **kwargs):
    """`HuberMetric(*args, **kwargs)`, which has to be an object."""
    given = [repr(arg) for arg in args] + [f"{name}={value!r}" for name, value in kwargs.items()]
    shown = f"`HuberMetric({', '.join(given)})`"
    return expect.remote(session.HuberMetric(*args, **kwargs), ask=Text(shown, shown))


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


def rounded(number):
    """The right mean as a float32, shown with its seven good digits."""
    return float(f"{np.float32(number):.7g}")


def mean(batches, threshold):
    """The mean loss of all instances."""
    return rounded(np.concatenate([each.losses(threshold) for each in batches]).mean())


def table_mean(one, threshold):
    """The mean of the n × n table that (n,) labels beside (n, 1) predictions make."""
    return float(huber(one.y_true[None, :] - one.y_pred[:, None], threshold).mean())


@check(
    title=Text("One batch", "单个批次"),
    points=1,
    topic="values",
    hint=Text(
        "The result is the mean of the batch's Huber losses: e²/2 up to |e| = 1, |e| - 1/2 beyond.",
        "结果是这一批 Huber 损失的平均值：|e| ≤ 1 时是 e²/2，更大时是 |e| - 1/2。",
    ),
)
def test_one_batch(student, rng, expect):
    """The mean loss with threshold 1, for (n,) and for (n, 1), and what a call returns."""
    for shape, count in [((-1,), 7), ((-1, 1), 10)]:
        one = batch(rng, count, 1.0)
        losses, error = one.losses(1.0), (one.y_true - one.y_pred).astype("float64")
        y_true, y_pred = one.y_true.reshape(shape), one.y_pred.reshape(shape)
        ask = Text(
            f"`HuberMetric()` after one batch of shape {y_true.shape}",
            f"`HuberMetric()` 处理一批形状为 {y_true.shape} 的数据之后",
        )
        metric = metric_of(student, expect)
        metric.update_state(y_true, y_pred)
        expect.close(
            value_of(student, metric),
            mean([one], 1.0),
            ask=ask,
            why=[
                Why(losses.sum(), Text("that is the sum of the losses", "这是损失之和")),
                Why(
                    np.square(error).mean(), Text("that is the mean squared error", "这是均方误差")
                ),
                Why(
                    (np.square(error) / 2).mean(),
                    Text(
                        "that is the mean of e²/2: beyond the threshold the loss is a straight"
                        " line",
                        "这是 e²/2 的平均：超过阈值的部分应是直线",
                    ),
                ),
                Why(
                    np.abs(error).mean(),
                    Text("that is the mean absolute error", "这是平均绝对误差"),
                ),
                Why(
                    table_mean(one, 1.0),
                    Text(
                        "each label is paired with every prediction (n × n) somewhere",
                        "某处让每个标签与所有预测都配了对（n × n）",
                    ),
                ),
            ],
        )


@check(
    title=Text("Thresholds other than 1", "阈值不为 1"),
    points=1,
    topic="values",
    hint=Text(
        "Beyond the threshold t the loss is t·|e| - t²/2. With t = 1 a forgotten factor doesn't"
        " show: try t = 0.25 by hand.",
        "超过阈值 t 时，损失是 t·|e| - t²/2。t = 1 时漏掉系数看不出来：请用 t = 0.25 手算。",
    ),
)
def test_threshold(student, rng, expect):
    """The threshold is limit, slope and constant; given by position or by name."""
    for threshold, args, kwargs in [
        (0.25, (0.25,), {}),
        (2.5, (), {"threshold": 2.5}),
        (1.0, (), {}),
    ]:
        one = batch(rng, 9, threshold)
        size = np.abs(one.y_true - one.y_pred).astype("float64")
        shown = f"HuberMetric({threshold})" if args or kwargs else "HuberMetric()"
        metric = metric_of(student, expect, *args, **kwargs)
        metric.update_state(one.y_true, one.y_pred)

        def pieces(line, size=size, threshold=threshold):
            return float(np.where(size <= threshold, size**2 / 2, line).mean())

        expect.close(
            value_of(student, metric),
            mean([one], threshold),
            ask=Text(
                f"`{shown}` after one batch of 9 instances", f"`{shown}` 处理一批 9 个样本之后"
            ),
            why=[
                Why(
                    float(one.losses(1.0).mean()),
                    Text(
                        "that is the mean with threshold 1: the threshold isn't used",
                        "这是阈值为 1 时的平均：阈值没有用上",
                    ),
                ),
                Why(
                    pieces(size - 0.5),
                    Text(
                        "the straight line still is that of threshold 1, |e| - 1/2",
                        "直线部分仍是阈值为 1 时的 |e| - 1/2",
                    ),
                ),
                Why(
                    pieces(threshold * size - 0.5),
                    Text(
                        "the straight line's constant still is that of threshold 1, 1/2",
                        "直线部分的常数仍是阈值为 1 时的 1/2",
                    ),
                ),
                Why(
                    pieces(threshold * size - threshold / 2),
                    Text(
                        "the straight line subtracts t / 2 where t² / 2 is due",
                        "直线部分减去的是 t / 2，而应该是 t² / 2",
                    ),
                ),
            ],
        )


@check(
    title=Text("Several batches of unequal sizes", "大小不等的多个批次"),
    points=2,
    topic="values",
    hint=Text(
        "Keep the sum of the losses and the number of instances in variables (add_weight), add to"
        " them in update_state, and divide only in result.",
        "用变量（add_weight）保存损失之和与样本数，在 update_state 中累加，只在 result 中做除法。",
    ),
)
def test_unequal_batches(student, rng, expect):
    """Every instance counts the same, however large the batch it came in."""
    # The losses of the batches differ as much as their sizes do.
    batches = [batch(rng, 12, 1.5), batch(rng, 2, 1.5, scale=4), batch(rng, 5, 1.5, scale=2)]
    metric = metric_of(student, expect, 1.5)
    for seen in range(1, len(batches) + 1):
        so_far = batches[:seen]
        metric.update_state(so_far[-1].y_true, so_far[-1].y_pred)
        parts = [float(each.losses(1.5).mean()) for each in so_far]
        sizes = [each.y_true.size for each in so_far]
        total = sum(each.losses(1.5).sum() for each in so_far)
        named, named_zh = (sep.join(f"{part:.3g}" for part in parts) for sep in (", ", "、"))
        expect.close(
            value_of(student, metric),
            mean(so_far, 1.5),
            ask=Text(
                f"`HuberMetric(1.5)` after {seen} {'batch' if seen == 1 else 'batches'} of"
                f" {', '.join(map(str, sizes))} instances",
                f"`HuberMetric(1.5)` 处理 {seen} 批之后（样本数 {'、'.join(map(str, sizes))}）",
            ),
            why=[
                Why(
                    float(np.mean(parts)),
                    Text(
                        f"that is the mean of the batches' means ({named})",
                        f"这是各批平均值（{named_zh}）的平均",
                    ),
                ),
                Why(
                    parts[-1],
                    Text(
                        "that is the last batch alone: the earlier ones are lost",
                        "这只是最后一批的平均：之前的数据丢失了",
                    ),
                ),
                Why(
                    total / sizes[-1],
                    Text(
                        "the sum goes on, but the number of instances is that of the last batch",
                        "损失之和累加了，样本数却只是最后一批的",
                    ),
                ),
                Why(
                    total / seen,
                    Text(
                        "that is the sum of the losses over the number of batches: count instances",
                        "这是损失之和除以批次数：应该数样本",
                    ),
                ),
                Why(
                    float(np.sum(parts)),
                    Text("the batches' means are added up", "把各批的平均值加了起来"),
                ),
            ],
        )


@check(
    title=Text("Labels (n,) with predictions (n, 1)", "标签 (n,) 与预测 (n, 1)"),
    points=1,
    topic="values",
    hint=Text(
        "(n,) minus (n, 1) is an n × n table. Bring both to one shape before you subtract.",
        "(n,) 减 (n, 1) 得到 n × n 的表。相减之前，先把两者变成同样的形状。",
    ),
)
def test_mixed_shapes(student, rng, expect):
    """n labels and n predictions are n instances in whichever of the two shapes they come."""
    for true_shape, pred_shape in [((-1,), (-1, 1)), ((-1, 1), (-1,))]:
        metric = metric_of(student, expect, 0.5)
        batches = [batch(rng, 6, 0.5), batch(rng, 3, 0.5, scale=2)]
        for each in batches:
            metric.update_state(each.y_true.reshape(true_shape), each.y_pred.reshape(pred_shape))
        tables = [table_mean(each, 0.5) for each in batches]
        expect.close(
            value_of(student, metric),
            mean(batches, 0.5),
            ask=Text(
                f"`HuberMetric(0.5)` after two batches of 6 and 3 instances, labels"
                f" {'(n,)' if len(true_shape) == 1 else '(n, 1)'}, predictions"
                f" {'(n,)' if len(pred_shape) == 1 else '(n, 1)'}",
                f"`HuberMetric(0.5)` 处理 6 个和 3 个样本的两批数据之后，标签"
                f" {'(n,)' if len(true_shape) == 1 else '(n, 1)'}，预测"
                f" {'(n,)' if len(pred_shape) == 1 else '(n, 1)'}",
            ),
            why=[
                Why(
                    value,
                    Text(
                        "each label is paired with every prediction: that is the mean of n × n"
                        " losses",
                        "每个标签与所有预测都配了对：这是 n × n 个损失的平均",
                    ),
                )
                for value in (
                    (36 * tables[0] + 9 * tables[1]) / 45,
                    (36 * tables[0] + 9 * tables[1]) / 9,
                    (6 * tables[0] + 3 * tables[1]) / 9,
                )
            ],
        )


@check(
    title=Text("Sample weights", "样本权重"),
    points=1.5,
    topic="values",
    hint=Text(
        "The result is Σw·h / Σw over all batches: weigh the losses and count the weights. Mind the"
        " shapes here, too: (n,) weights times (n, 1) losses are an n × n table.",
        "结果是所有批次的 Σw·h / Σw：损失要加权，计数也要用权重。"
        "这里也要注意形状：(n,) 的权重乘以 (n, 1) 的损失是 n × n 的表。",
    ),
)
def test_sample_weight(student, rng, expect):
    """Weights of shape (n,) or (n, 1) beside labels and predictions of either shape."""
    for data_shape, weight_shape in [
        ((-1,), (-1,)),
        ((-1, 1), (-1, 1)),
        ((-1, 1), (-1,)),
        ((-1,), (-1, 1)),
    ]:
        metric = metric_of(student, expect, 0.75)
        # Weights of the second batch are much heavier: its mean counts more than its size says.
        first, second = batch(rng, 8, 0.75), batch(rng, 5, 0.75, scale=2)
        batches = [first, Batch(second.y_true, second.y_pred, second.weight + 8)]
        for each in batches:
            metric.update_state(
                each.y_true.reshape(data_shape),
                each.y_pred.reshape(data_shape),
                sample_weight=each.weight.reshape(weight_shape),
            )
        losses = np.concatenate([each.losses(0.75) for each in batches])
        weights = np.concatenate([each.weight for each in batches]).astype("float64")
        means = [np.average(each.losses(0.75), weights=each.weight) for each in batches]
        shapes = ["(n,)" if len(shape) == 1 else "(n, 1)" for shape in (data_shape, weight_shape)]
        expect.close(
            value_of(student, metric),
            rounded(np.average(losses, weights=weights)),
            ask=Text(
                f"`HuberMetric(0.75)` after two weighted batches, labels and predictions"
                f" {shapes[0]}, `sample_weight` {shapes[1]}",
                f"`HuberMetric(0.75)` 处理两批带权重的数据之后，标签和预测 {shapes[0]}，"
                f"`sample_weight` {shapes[1]}",
            ),
            why=[
                Why(
                    float(losses.mean()),
                    Text(
                        "that is the mean without weights",
                        "这是没有加权的平均",
                    ),
                ),
                Why(
                    float((losses * weights).mean()),
                    Text(
                        "the losses are weighted, but divided by the number of instances: divide by"
                        " the sum of the weights",
                        "损失加了权，除的却是样本数：应除以权重之和",
                    ),
                ),
                Why(
                    float(losses.sum() / weights.sum()),
                    Text("the losses themselves aren't weighted", "损失本身没有加权"),
                ),
                Why(
                    float(np.mean(means)),
                    Text(
                        "that is the mean of the batches' weighted means",
                        "这是各批加权平均值的平均",
                    ),
                ),
                Why(
                    float(np.average(means, weights=[8, 5])),
                    Text(
                        "the batches' weighted means count by their sizes, not by their weights",
                        "各批的加权平均值是按批次大小合起来的，而不是按权重",
                    ),
                ),
            ],
        )


@check(
    title=Text("Nothing seen yet", "还没有任何数据"),
    points=0.5,
    topic="values",
    hint=Text(
        "0 / 0 is NaN. tf.math.divide_no_nan gives 0 there.",
        "0 / 0 是 NaN。tf.math.divide_no_nan 在这种情况下给出 0。",
    ),
)
def test_nothing_yet(student, rng, expect):
    """0 before any update, whatever another metric has seen."""
    other = batch(rng, 4, 1.0)
    new_metric(student, expect).update_state(other.y_true, other.y_pred)
    expect.close(
        value_of(student, new_metric(student, expect)),
        0.0,
        ask=Text(
            "a new `HuberMetric()` before any batch", "新建的 `HuberMetric()`，尚未处理任何数据"
        ),
    )


@check(
    title=Text("`reset_state`", "`reset_state`"),
    points=0.5,
    topic="interface",
    hint=Text(
        "reset_state sets every variable of the metric back to 0. (In Keras 3 its name has no s at"
        " the end.)",
        "reset_state 把指标的所有变量都归零。（在 Keras 3 中，这个方法名末尾没有 s。）",
    ),
)
def test_reset_state(student, rng, expect):
    """After a reset the metric is 0, and then knows only what comes."""
    before, after = batch(rng, 9, 2.0), batch(rng, 4, 2.0, scale=2)
    metric = new_metric(student, expect, 2.0)
    metric.update_state(before.y_true, before.y_pred)
    metric.reset_state()
    expect.close(
        value_of(student, metric),
        0.0,
        ask=Text(
            "`HuberMetric(2.0)` after a batch and `reset_state()`",
            "`HuberMetric(2.0)` 处理一批数据再 `reset_state()` 之后",
        ),
    )
    metric.update_state(after.y_true, after.y_pred)
    total = sum(each.losses(2.0).sum() for each in (before, after))
    expect.close(
        value_of(student, metric),
        mean([after], 2.0),
        ask=Text(
            "`HuberMetric(2.0)` after 9 instances, `reset_state()` and 4 more",
            "`HuberMetric(2.0)` 处理 9 个样本、`reset_state()`、再处理 4 个样本之后",
        ),
        why=[
            Why(mean([before, after], 2.0), Text("nothing was forgotten", "什么也没有忘记")),
            Why(float(total / 4), Text("the sum wasn't reset", "损失之和没有归零")),
            Why(
                float(after.losses(2.0).sum() / 13),
                Text("the number of instances wasn't reset", "样本数没有归零"),
            ),
            Why(
                mean([after], 1.0),
                Text("the threshold was forgotten, too", "连阈值也忘记了"),
            ),
        ],
    )


@check(
    title=Text("Two metrics side by side", "同时使用两个指标"),
    points=0.5,
    topic="interface",
    hint=Text(
        "Variables belong to one metric: make them in __init__ with self.add_weight, not in the"
        " class or in the module.",
        "变量属于单个指标：请在 __init__ 中用 self.add_weight 创建，而不是放在类里或模块里。",
    ),
)
def test_two_metrics(student, rng, expect):
    """Each has its own state and its own threshold."""
    thresholds = (0.5, 2.0)
    batches = [batch(rng, 6, 0.5), batch(rng, 5, 2.0, scale=2)]
    metrics = [new_metric(student, expect, threshold) for threshold in thresholds]
    for metric, each in zip(metrics, batches, strict=True):
        metric.update_state(each.y_true, each.y_pred)
    for metric, each, threshold, name, name_zh in zip(
        metrics, batches, thresholds, ("first", "second"), ("第一个", "第二个"), strict=True
    ):
        expect.close(
            value_of(student, metric),
            mean([each], threshold),
            ask=Text(
                f"the {name} of two metrics, `HuberMetric({threshold})`, each of which got a batch"
                " of its own",
                f"两个指标各处理一批数据后，{name_zh}指标 `HuberMetric({threshold})` 的结果",
            ),
            why=[
                Why(
                    mean(batches, threshold),
                    Text(
                        "the other metric's batch is in it: they share their state",
                        "其中混入了另一个指标的数据：两者共用了状态",
                    ),
                )
            ],
        )


def identity_model(session, **compile_kwargs):
    """A model whose predictions are its inputs: every loss is known exactly."""
    layers = session.keras.layers
    model = session.keras.Sequential([session.keras.Input((1,)), layers.Identity()])
    # XLA would cost a compilation and add nothing here.
    model.compile(optimizer="sgd", loss="mse", jit_compile=False, **compile_kwargs)
    return model


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


@check(
    title=Text("In a compiled model", "用在编译好的模型里"),
    points=1,
    topic="training",
    hint=Text(
        "Keras traces update_state and result: Python numbers as state and NumPy fail there. It"
        " hands over predictions of shape (n, 1), and labels as they were given to it.",
        "Keras 会追踪 update_state 和 result：用 Python 数保存状态、调用 NumPy 都行不通。"
        "它交来的预测是 (n, 1) 的，标签则是用户给的样子。",
    ),
)
def test_in_model(student, rng, expect):
    """`evaluate` in batches, with (n,) labels, without and with weights."""
    # The last two instances, a batch of their own below, have far larger losses.
    many, few = batch(rng, 12, 1.25), batch(rng, 2, 1.25, scale=4)
    one = Batch(
        np.concatenate([many.y_true, few.y_true]),
        np.concatenate([many.y_pred, few.y_pred]),
        np.concatenate([many.weight, few.weight]),
    )
    plain = one.losses(1.25)
    kwargs = {"threshold": 1.25, "name": "robust"}
    for argument, weight in [("metrics", None), ("weighted_metrics", one.weight)]:
        model = identity_model(student, **{argument: [metric_of(student, expect, **kwargs)]})
        given = "x, y, batch_size=6" + ("" if weight is None else ", sample_weight=w")
        ask = Text(
            f"`evaluate({given})` of 14"
            f' instances, y of shape (n,), with `{argument}=[HuberMetric(1.25, name="robust")]`',
            f"对 14 个样本 `evaluate({given})`，"
            f'y 的形状为 (n,)，`{argument}=[HuberMetric(1.25, name="robust")]`',
        )
        more = {} if weight is None else {"sample_weight": as_numpy(weight)}
        results = model.evaluate(
            as_numpy(one.y_pred[:, None]),
            as_numpy(one.y_true),
            batch_size=6,
            verbose=0,
            return_dict=True,
            **more,
        )
        expect.close(
            logged(results, "robust", expect, ask),
            rounded(np.average(plain, weights=weight)),
            ask=ask,
            why=[
                Why(
                    float(np.mean([plain[:6].mean(), plain[6:12].mean(), plain[12:].mean()])),
                    Text(
                        "that is the mean of the batches' means",
                        "这是各批平均值的平均",
                    ),
                ),
                Why(
                    float(plain.mean()) if weight is not None else -1.0,
                    Text("the weights aren't used", "权重没有用上"),
                ),
                Why(
                    0.0,
                    Text(
                        "the state doesn't change in Keras's traced function: keep it in variables",
                        "在 Keras 追踪的函数里状态没有变化：请用变量保存状态",
                    ),
                ),
                Why(
                    float(huber(one.y_true[None, :6] - one.y_pred[:6, None], 1.25).mean()),
                    Text(
                        "each label is paired with every prediction (n × n)",
                        "每个标签与所有预测都配了对（n × n）",
                    ),
                ),
            ],
        )


@check(
    title=Text("A compiled model survives a reload", "编译好的模型能重新加载"),
    points=1,
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
    kwargs = {"threshold": 2.5, "name": "robust"}
    metric = metric_of(student, expect, **kwargs)
    config = metric.get_config()
    for name, value in kwargs.items():
        expect.equal(
            config.get(name) if type(config) is dict else config,
            value,
            ask=Text(
                f'`HuberMetric(threshold=2.5, name="robust").get_config()`, its `{name}`',
                f'`HuberMetric(threshold=2.5, name="robust").get_config()` 中的 `{name}`',
            ),
            why=[Why(None, Text(f"there is no `{name}` in it", f"其中没有 `{name}`"))],
        )
    model = student.fresh().load(student.save(identity_model(student, metrics=[metric])))
    one = batch(rng, 10, 2.5)
    ask = Text(
        "`evaluate` of the reloaded model with"
        ' `metrics=[HuberMetric(threshold=2.5, name="robust")]`',
        '重新加载的模型（以 `metrics=[HuberMetric(threshold=2.5, name="robust")]` 编译）的'
        " `evaluate`",
    )
    results = model.evaluate(
        as_numpy(one.y_pred[:, None]),
        as_numpy(one.y_true[:, None]),
        # One batch: how batches add up is another check's business.
        batch_size=10,
        verbose=0,
        return_dict=True,
    )
    expect.close(
        logged(results, "robust", expect, ask),
        mean([one], 2.5),
        ask=ask,
        why=[
            Why(
                float(one.losses(1.0).mean()),
                Text(
                    "that is the mean with threshold 1: the threshold was lost on the way",
                    "这是阈值为 1 时的平均：阈值在途中丢失了",
                ),
            )
        ],
    )

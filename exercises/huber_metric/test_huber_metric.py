"""What you can check yourself: `pytest exercises/huber_metric`. The course asks more."""

import numpy as np

from grader.checks import Text, Why, as_numpy, check, fetch

# Errors 0.5, 4 and 0 with losses 0.125, 3.5 and 0; then an error of 3 with loss 2.5.
FIRST = (np.array([0.0, 0.0, 1.0], "float32"), np.array([0.5, -4.0, 1.0], "float32"))
SECOND = (np.array([2.0], "float32"), np.array([5.0], "float32"))


def value_of(session, metric):
    """The metric's result as a number."""
    return session.keras.ops.convert_to_numpy(metric.result())


@check(
    title=Text("Two batches of unequal sizes", "大小不等的两个批次"),
    points=3,
    topic="values",
    hint=Text(
        "The losses are 0.125, 3.5 and 0 in the first batch, 2.5 in the second. Four instances.",
        "第一批的损失是 0.125、3.5 和 0，第二批是 2.5。一共四个样本。",
    ),
)
def test_two_batches(student, expect):
    """0 at first, then the mean of three losses, then of four, then 0 again."""
    metric = student.HuberMetric()
    ask = Text("a new `HuberMetric()`", "新建的 `HuberMetric()`")
    expect.close(value_of(student, metric), 0.0, ask=ask)
    metric.update_state(*FIRST)
    expect.close(
        value_of(student, metric),
        3.625 / 3,
        ask=Text("`HuberMetric()` after the first batch", "`HuberMetric()` 处理第一批之后"),
    )
    metric.update_state(*SECOND)
    expect.close(
        value_of(student, metric),
        6.125 / 4,
        ask=Text("`HuberMetric()` after both batches", "`HuberMetric()` 处理两批之后"),
        why=[
            Why(
                (3.625 / 3 + 2.5) / 2,
                Text("that is the mean of the batches' means", "这是各批平均值的平均"),
            )
        ],
    )
    metric.reset_state()
    ask = Text("`HuberMetric()` after `reset_state()`", "`reset_state()` 之后的 `HuberMetric()`")
    expect.close(value_of(student, metric), 0.0, ask=ask)


@check(
    title=Text("Shapes, threshold and weights", "形状、阈值与权重"),
    points=3,
    topic="values",
    hint=Text(
        "With threshold 3 the losses are 0.125, 7.5 and 0. (3,) minus (3, 1) is nine numbers.",
        "阈值为 3 时损失是 0.125、7.5 和 0。(3,) 减 (3, 1) 会得到九个数。",
    ),
)
def test_weights(student, expect):
    """(3,) labels with (3, 1) predictions, without weights and with them."""
    y_true, y_pred = FIRST[0], FIRST[1][:, None]
    for weight, want in [(None, 7.625 / 3), (np.array([2.0, 1.0, 5.0], "float32"), 7.75 / 8)]:
        metric = student.HuberMetric(3.0)
        metric.update_state(y_true, y_pred, sample_weight=weight)
        shown = "" if weight is None else ", sample_weight=[2, 1, 5]"
        expect.close(
            value_of(student, metric),
            want,
            ask=Text(
                f"`HuberMetric(3.0)`, `update_state(y_true, y_pred{shown})` with labels (3,) and"
                " predictions (3, 1)",
                f"`HuberMetric(3.0)`，`update_state(y_true, y_pred{shown})`，"
                "标签 (3,)，预测 (3, 1)",
            ),
        )


@check(
    title=Text("A compiled model survives a reload", "编译好的模型能重新加载"),
    points=2,
    topic="serialization",
    hint=Text(
        "Register the class and return the threshold from get_config.",
        "请注册这个类，并在 get_config 中返回阈值。",
    ),
    timeout=120.0,  # a new Python process imports TensorFlow
)
def test_reload(student, expect):
    """A new process loads the model and finds metric and threshold."""
    keras = student.keras
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss="mse", metrics=[student.HuberMetric(3.0, name="robust")], jit_compile=False)
    loaded = student.fresh().load(student.save(model))
    results = loaded.evaluate(
        as_numpy(FIRST[1][:, None]), as_numpy(FIRST[0]), verbose=0, return_dict=True
    )
    expect.close(
        fetch(results)["robust"],
        7.625 / 3,
        ask=Text(
            '`evaluate` of a reloaded model compiled with `HuberMetric(3.0, name="robust")`',
            '以 `HuberMetric(3.0, name="robust")` 编译的模型重新加载后的 `evaluate`',
        ),
        atol=1e-6,
        why=[
            Why(
                3.625 / 3,
                Text(
                    "that is the mean with threshold 1: the threshold was lost on the way",
                    "这是阈值为 1 时的平均：阈值在途中丢失了",
                ),
            )
        ],
    )

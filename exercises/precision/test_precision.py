"""What you can check yourself: `pytest exercises/precision`. The course asks more of it."""

import numpy as np

from grader.checks import Text, Why, as_numpy, check

# 4 of 5 predicted positives are true here ...
FIRST_TRUE = np.array([1, 1, 0, 1, 0, 1], dtype="float32")
FIRST_PRED = np.array([0.9, 0.8, 0.7, 0.6, 0.1, 0.95], dtype="float32")
# ... and none of 3 there.
SECOND_TRUE = np.array([0, 0, 1, 0], dtype="float32")
SECOND_PRED = np.array([0.9, 0.6, 0.5, 0.7], dtype="float32")


def value_of(session, metric):
    """The metric's result as a number; a variable of Keras's counts as one."""
    result = metric.result()
    return None if result is None else session.keras.ops.convert_to_numpy(result)


@check(
    title=Text("Two batches", "两个批次"),
    points=3,
    topic="values",
    hint=Text(
        "Keep two counts, add to them in update_state, and divide only in result.",
        "保存两个计数，在 update_state 中累加，只在 result 中做除法。",
    ),
)
def test_two_batches(student, expect):
    """4 of 5, then 4 of 8."""
    metric = student.MyPrecision()
    metric.update_state(FIRST_TRUE, FIRST_PRED)
    expect.close(
        value_of(student, metric),
        0.8,
        ask=Text(
            "`MyPrecision()` after one batch (4 true of 5 predicted positives)",
            "`MyPrecision()` 处理一批之后（5 个判为正，其中 4 个为真）",
        ),
    )
    metric.update_state(SECOND_TRUE, SECOND_PRED)
    expect.close(
        value_of(student, metric),
        0.5,
        ask=Text(
            "`MyPrecision()` after two batches (4 true of 8 predicted positives)",
            "`MyPrecision()` 处理两批之后（8 个判为正，其中 4 个为真）",
        ),
        why=[
            Why(
                0.4,
                Text(
                    "that is the mean of the batches' precisions (0.8 and 0)",
                    "这是各批精确率（0.8 和 0）的平均",
                ),
            ),
            Why(0.0, Text("that is the last batch alone", "这只是最后一批的精确率")),
            Why(
                4 / 9,
                Text(
                    "that counts the prediction of exactly 0.5 as positive",
                    "这把恰好等于 0.5 的预测也算作正",
                ),
            ),
        ],
    )


@check(
    title=Text("Another threshold, and weights", "其他阈值与权重"),
    points=2,
    topic="values",
    hint=Text(
        "Compare with > and with self.threshold; a sample of weight w counts as w samples.",
        "用 > 与 self.threshold 比较；权重为 w 的样本算作 w 个样本。",
    ),
)
def test_threshold_and_weights(student, expect):
    """Above 0.75 there are 3 true positives; then a false one of weight 3 joins them."""
    metric = student.MyPrecision(threshold=0.75)
    metric.update_state(FIRST_TRUE, FIRST_PRED)
    expect.close(
        value_of(student, metric),
        1.0,
        ask=Text(
            "`MyPrecision(threshold=0.75)` after a batch with 3 true and no false positives",
            "`MyPrecision(threshold=0.75)` 处理一批之后（真正例 3 个，没有假正例）",
        ),
        why=[Why(0.8, Text("the threshold isn't used", "阈值没有用上"))],
    )
    weight = np.array([3.0, 1.0, 1.0, 1.0], dtype="float32")
    metric.update_state(SECOND_TRUE, SECOND_PRED, sample_weight=weight)
    expect.close(
        value_of(student, metric),
        0.5,
        ask=Text(
            "the same metric after a batch with one false positive of weight 3",
            "同一指标再处理一批之后（假正例 1 个，权重为 3）",
        ),
        why=[Why(0.75, Text("the weights aren't used", "权重没有用上"))],
    )


@check(
    title=Text("Nothing predicted positive, and a reset", "没有正预测，以及重置"),
    points=2,
    topic="interface",
    hint=Text("0 / 0 is NaN: mind the division.", "0 / 0 是 NaN：小心除法。"),
)
def test_empty_and_reset(student, expect):
    """0 before any batch and after a reset."""
    metric = student.MyPrecision()
    expect.close(
        value_of(student, metric),
        0.0,
        ask=Text("`MyPrecision()` before any batch", "`MyPrecision()` 尚未处理任何数据"),
    )
    metric.update_state(FIRST_TRUE, FIRST_PRED)
    metric.reset_state()
    expect.close(
        value_of(student, metric),
        0.0,
        ask=Text("the result right after `reset_state()`", "`reset_state()` 之后的结果"),
        why=[Why(0.8, Text("that is still the old result", "这仍是原来的结果"))],
    )


@check(
    title=Text("In a model, and after a reload", "用于模型，并能重新加载"),
    points=3,
    topic="serialization",
    hint=Text(
        "Register the class, return the threshold from get_config, keep the state in variables.",
        "请注册这个类，在 get_config 中返回阈值，并用变量保存状态。",
    ),
    timeout=120.0,  # a new Python process imports TensorFlow
)
def test_reload(student, expect):
    """`evaluate` reports the precision at 0.75, here and in a new process."""
    keras = student.keras
    metric = student.MyPrecision(threshold=0.75, name="exactness")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss="mse", metrics=[metric], jit_compile=False)
    # 3 true and 1 false positive above 0.75; above 0.5 they are 4 of 8.
    x = np.concatenate([FIRST_PRED, SECOND_PRED])[:, None]
    y = np.concatenate([FIRST_TRUE, SECOND_TRUE])[:, None]
    loaded = student.fresh().load(student.save(model))
    for which, where, where_zh in [
        (model, "the model", "模型"),
        (loaded, "the reloaded model", "重新加载的模型"),
    ]:
        results = which.evaluate(
            as_numpy(x), as_numpy(y), batch_size=4, verbose=0, return_dict=True
        )
        ask = Text(
            f"`evaluate` of {where},"
            ' compiled with `metrics=[MyPrecision(threshold=0.75, name="exactness")]`',
            f"{where_zh}的 `evaluate`"
            '（以 `metrics=[MyPrecision(threshold=0.75, name="exactness")]` 编译）',
        )
        expect.close(
            results.get("exactness") if type(results) is dict else None,
            0.75,
            ask=ask,
            why=[
                Why(
                    0.5,
                    Text(
                        "that is the precision at 0.5: the threshold was lost",
                        "这是阈值为 0.5 时的精确率：阈值丢失了",
                    ),
                )
            ],
        )

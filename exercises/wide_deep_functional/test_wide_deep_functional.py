"""Public checks of `wide_deep_functional`: `pytest exercises/wide_deep_functional`."""

import numpy as np

from grader.checks import Text, Why, as_numpy, check, fetch

SHAPES = [(1,), (1,), (3, 30), (30,), (30,), (30, 1), (30, 30), (32, 1)]


def with_values(student, expect):
    """`build_wide_deep(2, 3)`, all kernels 1/32 and all biases 0."""
    model = student.build_wide_deep(2, 3)
    weights = student.arrays(model.trainable_weights)
    expect.equal(
        sorted(array.shape for array in weights),
        SHAPES,
        ask=Text(
            "the shapes of the trainable weights of `build_wide_deep(2, 3)`",
            "`build_wide_deep(2, 3)` 的可训练权重的各个形状",
        ),
    )
    for proxy, array in zip(fetch(model.trainable_weights), weights, strict=True):
        proxy.assign(as_numpy(np.full(array.shape, (array.ndim - 1) / 32, "float32")))
    return model


@check(
    title=Text("Names and shapes", "名字与形状"),
    points=1,
    topic="interface",
    hint=Text(
        'Give `name="wide_input"` to `keras.Input`, and `name="main_output"` to the last layer.',
        '把 `name="wide_input"` 交给 `keras.Input`，把 `name="main_output"` 交给最后一层。',
    ),
)
def test_interface(student, expect):
    """Two inputs and two outputs, in order."""
    model = expect.remote(
        student.build_wide_deep(), ask=Text("`build_wide_deep()`", "`build_wide_deep()`")
    )
    expect.equal(
        [(fetch(part.name), fetch(part.shape)) for part in fetch(model.inputs)],
        [("wide_input", (None, 5)), ("deep_input", (None, 6))],
        ask=Text("names and shapes of the inputs", "各输入的名字和形状"),
    )
    expect.equal(
        fetch(model.output_names),
        ["main_output", "aux_output"],
        ask=Text("the names of the outputs", "各输出的名字"),
    )


@check(
    title=Text("Both outputs", "两个输出"),
    points=1,
    topic="values",
    hint=Text(
        "With kernels of 1/32: hidden1 is 1/2, hidden2 15/32; the first output adds the wide input"
        " to that.",
        "核都是 1/32 时：hidden1 是 1/2，hidden2 是 15/32；第一个输出还要算上宽输入。",
    ),
)
def test_outputs(student, expect):
    """One row, worked out by hand."""
    model = with_values(student, expect)
    got = model([np.array([[96.0, -32.0]], "float32"), np.array([[8.0, 10.0, -2.0]], "float32")])
    ask = Text("`build_wide_deep(2, 3)` on one row", "`build_wide_deep(2, 3)` 作用于一行数据")
    expect.true(
        type(got) in (list, tuple) and len(got) == 2,
        ask=ask,
        expected=Text("a list of two outputs", "由两个输出组成的列表"),
        got=Text("something else", "别的东西"),
    )
    aux = 30 * 15 / 32 / 32
    for name, output, want in (
        ("main_output", got[0], aux + (96 - 32) / 32),
        ("aux_output", got[1], aux),
    ):
        expect.close(
            output,
            np.array([[want]], "float32"),
            ask=Text(
                f"`{name}` for [[96, -32]] and [[8, 10, -2]], kernels being 1/32, biases 0",
                f"输入为 [[96, -32]] 和 [[8, 10, -2]] 时的 `{name}`（核为 1/32，偏置为 0）",
            ),
            why=[
                Why(
                    [[30 / 2 / 32 + (2 if name == "main_output" else 0)]],
                    Text("this comes from the first hidden layer", "这来自第一个隐藏层"),
                )
            ],
        )


@check(
    title=Text("The weighted loss", "加权的损失"),
    points=1,
    topic="training",
    hint=Text("0.9 · 2² + 0.1 · 10² = 13.6", "0.9 · 2² + 0.1 · 10² = 13.6"),
)
def test_loss(student, expect):
    """Errors of 2 and 10."""
    model = student.build_wide_deep(2, 3)
    label, main, aux = (np.array([[value]], "float32") for value in (1.0, 3.0, 11.0))
    expect.close(
        model.compute_loss(y=[label, label], y_pred=[main, aux]),
        13.6,
        ask=Text(
            "the compiled loss, the main output being wrong by 2, the auxiliary one by 10",
            "主输出误差为 2、辅助输出误差为 10 时，compile 所定的损失",
        ),
        why=[
            Why(104.0, Text("both losses count fully", "两个损失都按 1 倍计入了")),
            Why(90.4, Text("the weights are swapped", "两个权重弄反了")),
        ],
    )


@check(
    title=Text("It can be trained", "可以训练"),
    points=1,
    topic="training",
    hint=Text(
        "`compile` belongs into the function; the caller only calls `fit`.",
        "`compile` 也写在函数里；调用者只管 `fit`。",
    ),
)
def test_fit(student, rng, expect):
    """An epoch of `fit`, its history by the outputs' names."""
    model = student.build_wide_deep(wide=2, deep=3)
    x1, x2, y = (rng.uniform(-1, 1, size=(16, n)).astype("float32") for n in (2, 3, 1))
    history = model.fit(
        [as_numpy(x1), as_numpy(x2)],
        [as_numpy(y), as_numpy(y)],
        epochs=1,
        batch_size=8,
        verbose=0,
    )
    found = fetch(history.history)
    for name in ("loss", "main_output_loss", "aux_output_loss"):
        ask = Text(f"`{name}` in the history of `fit`", f"`fit` 历史记录中的 `{name}`")
        expect.true(
            type(found) is dict and type(found.get(name)) is list and len(found[name]) == 1,
            ask=ask,
            expected=Text("one number per epoch", "每个周期一个数"),
            got=Text("something else", "别的东西"),
        )
        expect.number(found[name][0], ask=ask)

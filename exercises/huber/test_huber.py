"""What you can check yourself: `pytest exercises/huber`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, as_numpy, check

# One error inside each threshold used here, one beyond, and one on either side of 0.
Y_TRUE = np.array([[0.0], [0.0], [1.0], [2.0]], dtype="float32")
Y_PRED = np.array([[0.5], [-4.0], [1.0], [1.5]], dtype="float32")


@check(
    title=Text("Values on both sides of the threshold", "阈值两侧的取值"),
    points=2,
    topic="values",
    hint=Text(
        "The errors are -0.5, 4, 0 and 0.5. Work their losses out by hand.",
        "误差依次是 -0.5、4、0 和 0.5。请手算它们的损失。",
    ),
)
def test_values(student, expect):
    """Losses with threshold 1, one per element."""
    expect.close(
        student.huber_fn(Y_TRUE, Y_PRED),
        np.array([[0.125], [3.5], [0.0], [0.125]], dtype="float32"),
        ask=Text(
            "`huber_fn([[0.], [0.], [1.], [2.]], [[0.5], [-4.], [1.], [1.5]])`",
            "`huber_fn([[0.], [0.], [1.], [2.]], [[0.5], [-4.], [1.], [1.5]])`",
        ),
        why=[
            Why(
                np.array([[0.125], [8.0], [0.0], [0.125]]),
                Text(
                    "that is e²/2 everywhere: beyond the threshold the loss is a straight line",
                    "这是处处取 e²/2：超过阈值的部分应是直线",
                ),
            ),
        ],
    )


@check(
    title=Text("A threshold of 3", "阈值为 3"),
    points=2,
    topic="values",
    hint=Text(
        "Beyond the threshold t the loss is t·|e| - t²/2: for e = 4 and t = 3 that is 12 - 4.5.",
        "超过阈值 t 时损失是 t·|e| - t²/2：e = 4、t = 3 时是 12 - 4.5。",
    ),
)
def test_threshold(student, expect):
    """The threshold is limit, slope and constant."""
    function = expect.remote(
        student.create_huber(3.0),
        ask=Text("`create_huber(3.0)`, a function", "`create_huber(3.0)`，应是函数"),
    )
    expect.close(
        function(Y_TRUE, Y_PRED),
        np.array([[0.125], [7.5], [0.0], [0.125]], dtype="float32"),
        ask=Text(
            "`create_huber(3.0)([[0.], [0.], [1.], [2.]], [[0.5], [-4.], [1.], [1.5]])`",
            "`create_huber(3.0)([[0.], [0.], [1.], [2.]], [[0.5], [-4.], [1.], [1.5]])`",
        ),
        why=[
            Why(
                np.array([[0.125], [3.5], [0.0], [0.125]]),
                Text(
                    "the straight line still is that of threshold 1",
                    "直线部分仍是阈值为 1 时的那条",
                ),
            ),
        ],
    )


@check(
    title=Text("The gradient is clipped", "梯度被截断"),
    points=2,
    topic="gradient",
    hint=Text(
        "With respect to y_pred the derivative is -e, but never beyond ±threshold.",
        "对 y_pred 的导数是 -e，但不超出 ±阈值。",
    ),
)
def test_gradient(student, expect):
    """Threshold 3 limits the gradient of an error of 4 to 3."""
    gradient = student.gradient(student.create_huber(3.0), Y_TRUE, Y_PRED, wrt=1)
    expect.close(
        gradient.grads[0],
        np.array([[0.5], [-3.0], [0.0], [-0.5]], dtype="float32"),
        ask=Text(
            "gradient of `create_huber(3.0)(y_true, y_pred)` with respect to `y_pred`",
            "`create_huber(3.0)(y_true, y_pred)` 对 `y_pred` 的梯度",
        ),
    )


@check(
    title=Text("`HuberLoss` reduces and weighs", "`HuberLoss` 的归约与加权"),
    points=2,
    topic="interface",
    hint=Text(
        "Pass **kwargs on to super().__init__ and return the single losses from `call`.",
        "把 **kwargs 交给 super().__init__，`call` 返回逐元素的损失。",
    ),
)
def test_loss(student, expect):
    """The mean by default, the sum on request, weights applied before either."""
    weight = np.array([1.0, 2.0, 5.0, 1.0], dtype="float32")
    expect.close(
        student.HuberLoss(3.0)(Y_TRUE, Y_PRED),
        1.9375,
        ask=Text("`HuberLoss(3.0)(y_true, y_pred)`", "`HuberLoss(3.0)(y_true, y_pred)`"),
    )
    expect.close(
        student.HuberLoss(3.0, reduction="sum")(Y_TRUE, Y_PRED, sample_weight=weight),
        15.25,
        ask=Text(
            '`HuberLoss(3.0, reduction="sum")(y_true, y_pred, sample_weight=[1., 2., 5., 1.])`',
            '`HuberLoss(3.0, reduction="sum")(y_true, y_pred, sample_weight=[1., 2., 5., 1.])`',
        ),
        why=[Why(7.75, Text("the weights aren't used", "权重没有用上"))],
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
    """A new process loads the model and finds the threshold."""
    keras = student.keras
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss=student.HuberLoss(3.0), jit_compile=False)
    loaded = student.fresh().load(student.save(model))
    expect.close(
        loaded.evaluate(as_numpy(Y_PRED), as_numpy(Y_TRUE), verbose=0),
        1.9375,
        ask=Text(
            "`evaluate` of a reloaded model compiled with `HuberLoss(3.0)`",
            "以 `HuberLoss(3.0)` 编译的模型重新加载后的 `evaluate`",
        ),
        why=[
            Why(
                0.9375,
                Text(
                    "that is the loss with threshold 1: the threshold was lost on the way",
                    "这是阈值为 1 的损失：阈值在途中丢失了",
                ),
            )
        ],
    )

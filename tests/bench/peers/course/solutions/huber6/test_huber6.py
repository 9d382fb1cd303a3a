"""Hidden checks of `huber6`: what `six_checks.py` asks, compared with the reference's answers."""

import numpy as np

from grader.checks import Text, as_numpy, check, fetch


def batch(rng, shape, threshold):
    """Labels and predictions whose errors are alternately inside the threshold and beyond it."""
    count = int(np.prod(shape))
    size = np.where(
        np.arange(count) % 2 == 0, rng.uniform(1.3, 4.0, count), rng.uniform(0.1, 0.9, count)
    )
    error = (threshold * size * np.resize([1, 1, -1, -1], count)).reshape(shape)
    y_true = rng.normal(size=shape)
    return y_true.astype("float32"), (y_true - error).astype("float32")


def made(session, expect, threshold):
    """What `create_huber(threshold)` returns, which has to be a function."""
    call = f"`create_huber({threshold})`"
    return expect.remote(
        session.create_huber(threshold), ask=Text(f"{call}, a function", f"{call}，应是函数")
    )


@check(
    title=Text("Values on both sides of the threshold", "阈值两侧的取值"),
    points=2,
    topic="values",
    hint=Text("Work out e = 0.5 and e = -3 by hand.", "请手算 e = 0.5 和 e = -3。"),
)
def test_values(student, reference, rng, expect):
    """Losses for threshold 1 and others."""
    for shape in [(9,), (4, 3)]:
        y_true, y_pred = batch(rng, shape, 1.0)
        expect.close(
            student.huber_fn(y_true, y_pred),
            reference.huber_fn(y_true, y_pred),
            ask=Text("`huber_fn(y_true, y_pred)`", "`huber_fn(y_true, y_pred)`"),
        )
    for threshold, shape in [(2.5, (8,)), (0.25, (3, 5))]:
        y_true, y_pred = batch(rng, shape, threshold)
        call = f"`create_huber({threshold})(y_true, y_pred)`"
        expect.close(
            made(student, expect, threshold)(y_true, y_pred),
            reference.create_huber(threshold)(y_true, y_pred),
            ask=Text(call, call),
        )


@check(
    title=Text("The gradient is clipped at the threshold", "梯度在阈值处截断"),
    points=2,
    topic="gradient",
    hint=Text("The derivative is -e, but never beyond ±threshold.", "导数是 -e，但不超出 ±阈值。"),
)
def test_gradient(student, reference, rng, expect):
    """With respect to the predictions, with an upstream gradient other than 1."""
    y_true, y_pred = batch(rng, (9,), 1.5)
    upstream = rng.uniform(0.5, 3.0, size=9).astype("float32")
    got = student.gradient(made(student, expect, 1.5), y_true, y_pred, wrt=1, upstream=upstream)
    want = reference.gradient(reference.create_huber(1.5), y_true, y_pred, wrt=1, upstream=upstream)
    expect.close(
        got.grads[0],
        want.grads[0],
        ask=Text("gradient of `create_huber(1.5)`", "`create_huber(1.5)` 的梯度"),
    )


@check(
    title=Text("The configuration holds everything", "配置完整"),
    points=1,
    topic="serialization",
    hint=Text(
        "get_config returns the base class's configuration and the threshold.",
        "get_config 返回基类的配置，再加上阈值。",
    ),
)
def test_config(student, reference, rng, expect):
    """`get_config` has all arguments, and `from_config` makes the same loss of it."""
    kwargs = {"threshold": 0.75, "name": "robust", "reduction": "sum"}
    ask = Text("`loss.get_config()`", "`loss.get_config()`")
    loss = expect.remote(student.HuberLoss(**kwargs), ask=Text("`HuberLoss(…)`", "`HuberLoss(…)`"))
    got = loss.get_config()
    kept = {name: got.get(name) for name in kwargs} if type(got) is dict else got
    expect.equal(kept, kwargs, ask=ask)
    y_true, y_pred = batch(rng, (5, 1), 0.75)
    expect.close(
        student.HuberLoss.from_config(got)(y_true, y_pred),
        reference.HuberLoss(**kwargs)(y_true, y_pred),
        ask=Text("`HuberLoss.from_config(config)`", "`HuberLoss.from_config(config)`"),
        atol=1e-5,
    )


def model_of(session, threshold, kernel, bias):
    """A compiled linear model of three inputs."""
    keras = session.keras
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.set_weights([as_numpy(kernel), as_numpy(bias)])
    # XLA would cost a compilation and add nothing here.
    model.compile(
        optimizer=keras.optimizers.SGD(0.1), loss=session.HuberLoss(threshold), jit_compile=False
    )
    return model


@check(
    title=Text("A compiled model survives a reload", "编译好的模型能重新加载"),
    points=2,
    topic="serialization",
    hint=Text(
        "Register the class, and return the threshold from get_config.",
        "请注册这个类，并在 get_config 中返回阈值。",
    ),
    timeout=30.0,
)
def test_reload(student, reference, rng, expect):
    """A saved model, compiled with the loss, evaluates to the same in a fresh process."""
    kernel = rng.normal(size=(3, 1)).astype("float32")
    bias = rng.normal(size=(1,)).astype("float32")
    loaded = student.fresh().load(student.save(model_of(student, 2.5, kernel, bias)))
    x = rng.normal(size=(6, 3)).astype("float32")
    outputs = (x @ kernel + bias).astype("float32")
    expect.close(
        loaded(x), outputs, ask=Text("outputs after a reload", "重新加载后的输出"), atol=1e-5
    )
    y_true = (batch(rng, (6, 1), 2.5)[0] + 3 * outputs).astype("float32")
    expect.close(
        loaded.evaluate(as_numpy(x), as_numpy(y_true), verbose=0),
        float(reference.HuberLoss(2.5)(y_true, outputs)),
        ask=Text("`evaluate` after a reload", "重新加载后的 `evaluate`"),
        atol=1e-5,
    )


@check(
    title=Text("Traced once", "只追踪一次"),
    points=1,
    topic="retracing",
    hint=Text("Use TensorFlow operations, not NumPy.", "请用 TensorFlow 运算，不要用 NumPy。"),
)
def test_retrace(student, reference, rng, expect):
    """Inside `tf.function`: three batches of one shape, right values, a single trace."""
    expect.unconfirmed()
    traced = student.tf.function(made(student, expect, 2.0))
    for _ in range(3):
        y_true, y_pred = batch(rng, (4, 2), 2.0)
        expect.close(
            traced(y_true, y_pred),
            reference.create_huber(2.0)(y_true, y_pred),
            ask=Text("the function inside a `tf.function`", "`tf.function` 中的函数"),
        )
    expect.equal(
        traced.experimental_get_tracing_count(), 1, ask=Text("number of traces", "追踪次数")
    )


@check(
    title=Text("Training", "训练"),
    points=2,
    topic="training",
    hint=Text("Compare a single step with one by hand.", "请与手算的一步作比较。"),
    timeout=30.0,
)
def test_fit(student, reference, rng, expect):
    """Three epochs of three batches give the reference's losses and weights."""
    kernel = rng.normal(size=(3, 1)).astype("float32")
    bias = rng.normal(size=(1,)).astype("float32")
    x = rng.normal(size=(24, 3)).astype("float32")
    y = (x @ rng.normal(size=(3, 1)) + 2.0).astype("float32")

    def trained(session):
        model = model_of(session, 1.5, kernel, bias)
        history = model.fit(
            as_numpy(x), as_numpy(y), batch_size=8, epochs=3, shuffle=False, verbose=0
        )
        losses = fetch(history.history)["loss"]
        return losses, session.arrays(model.trainable_variables)

    losses, weights = trained(student)
    want_losses, want_weights = trained(reference)
    ask = Text("losses of three epochs of `fit`", "`fit` 三轮的损失")
    expect.close(np.array(losses), np.array(want_losses), ask=ask, atol=1e-5)
    for got, want in zip(weights, want_weights, strict=True):
        expect.close(got, want, ask=Text("weights after `fit`", "`fit` 之后的权重"), atol=1e-5)

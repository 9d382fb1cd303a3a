"""Hidden checks of `scale`."""

from grader.checks import Text, check


@check(title=Text("Values", "取值"), points=5, topic="values", hint=Text("Multiply.", "相乘。"))
def test_values(student, reference, rng, expect):
    """The layer multiplies."""
    x = rng.normal(size=(2, 3)).astype("float32")
    ask = Text("`Scale(2.5)(x)`", "`Scale(2.5)(x)`")
    expect.close(student.Scale(2.5)(x), reference.Scale(2.5)(x), ask=ask)


@check(title=Text("Configuration", "配置"), points=2, topic="serialization", hint=Text("…", "…"))
def test_config(student, expect):
    """A layer made from the configuration has the same one."""
    ask = Text('`Scale.from_config(layer.get_config()).get_config()["factor"]`', "`get_config`")
    config = student.Scale(2.5).get_config()
    again = student.Scale.from_config(config).get_config()
    expect.equal(again.get("factor") if type(again) is dict else again, 2.5, ask=ask)


@check(title=Text("Reload", "重新加载"), points=3, topic="serialization", hint=Text("…", "…"))
def test_reload(student, rng, expect):
    """Saved here and loaded in a fresh process, a model with it gives the same values."""
    keras = student.keras
    model = keras.Sequential([keras.Input((3,)), student.Scale(2.5)])
    loaded = student.fresh().load(student.save(model))
    x = rng.normal(size=(2, 3)).astype("float32")
    expect.close(loaded(x), x * 2.5, ask=Text("the reloaded model", "重新加载的模型"))

"""Where a worker computes, and what becomes of a submission that asks for another device."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.asking import Session
from grader.engine.walled import WalledSeat
from grader.engine.worker import Worker
from grader.errors import StudentError

from .stand_in import FIRST, Take

X = np.array([1.0, -2.0, 3.0], dtype="float32")
FOUR = np.array([1.0, 4.0, 9.0], dtype="float32")


def begin(seat: WalledSeat) -> Session:
    return Session(seat.begin(1, None))


def told(seat: WalledSeat) -> dict[str, Any]:
    found: dict[str, Any] = seat.noticed().get("device", {})
    return found


EVERYWHERE = """
    def eagerly(): return (tf.constant([1.0]) * 2.0).device
    def variable(): return tf.Variable([1.0]).value().device
    @tf.function
    def traced(x): return x * 2.0
    def in_graph(): return traced(tf.constant([1.0])).device
    def layer():
        made = keras.layers.Dense(2)
        made(tf.ones((1, 3)))
        return made.kernel.value.device
    def dataset():
        return next(iter(tf.data.Dataset.from_tensor_slices([1.0, 2.0]).batch(2))).device
    def gradient():
        x = tf.Variable([3.0])
        with tf.GradientTape() as tape:
            y = x * x
        return tape.gradient(y, x).device
    def trained():
        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(np.ones((4, 2), "float32"), np.ones((4, 1), "float32"), verbose=0)
        return model.weights[0].value.device
    def saved():
        model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
        model.save("m.keras")
        return keras.models.load_model("m.keras").weights[0].value.device
    def checkpoint():
        made = tf.train.Checkpoint(kept=tf.Variable([1.0]))
        made.restore(made.save("point"))
        return made.kept.value().device
    def at_import(): return AT_IMPORT
    AT_IMPORT = tf.constant(1.0).device
"""
WAYS = ("at_import", "eagerly", "variable", "in_graph", "layer", "dataset", "gradient", "trained",
        "saved", "checkpoint")  # fmt: skip


def test_all_that_a_module_does_is_on_the_device(second: Take) -> None:
    """Operations, variables, graphs, layers, training and loading land on the device under test."""
    seat = second(EVERYWHERE)
    session = begin(seat)
    found = {way: session.call(session[way]) for way in WAYS}
    assert {way: place.rpartition("device:")[2] for way, place in found.items()} == dict.fromkeys(
        WAYS, "CPU:1"
    )
    assert told(seat) == {}, "TensorFlow's and Keras's own device scopes are nobody's wish"


def test_without_a_placement_all_is_where_tensorflow_puts_it(plain: Take) -> None:
    """On the plain CPU nothing is changed, and nothing is told."""
    seat = plain(EVERYWHERE)
    session = begin(seat)
    found = {session.call(session[way]).rpartition("device:")[2] for way in WAYS}
    assert found == {"CPU:0"}
    assert told(seat) == {}


def test_the_probes_compute_there_too(second: Take) -> None:
    """Arguments, gradients and answers lie on the device; evidence says where answers came from."""
    seat = second("""
        def square(x): return x * x
        def where(x): return x.device
    """)
    session = begin(seat)
    assert session.where(X).endswith("device:CPU:1")
    np.testing.assert_array_equal(session.square(X), FOUR)
    np.testing.assert_array_equal(session.gradient(session.square, X).grads[0], 2 * X)
    assert told(seat) == {"outputs": ["CPU:1"]}


def test_a_fresh_process_is_on_the_device(second: Take) -> None:
    """A worker that a check opens beside the first computes there as well, and tells."""
    seat = second("def square(x): return x * x\ndef where(x): return x.device\n")
    session = begin(seat)
    assert session.fresh().where(X).endswith("device:CPU:1")
    assert told(seat) == {}
    session.fresh().square(X)
    assert told(seat) == {"outputs": ["CPU:1"]}


PINS = {
    "scope": 'with tf.device("{name}"):\n        return x * x',
    "graph": 'with tf.device("{name}"):\n        return traced(x)',
    "keras": 'with keras.device("{name}"):\n        return x * x',
}
MODULE = """
    @tf.function
    def traced(x): return x * x
    def square(x):
        {body}
"""


def pinned(way: str, name: str) -> str:
    return MODULE.format(body=PINS[way].format(name=name).replace("\n", "\n    "))


@pytest.mark.parametrize("way", PINS)
def test_a_pin_to_the_other_device_passes_and_is_told(second: Take, way: str) -> None:
    """The answer is right; that this part wasn't on the device under test is told with its line."""
    name = "cpu:0" if way == "keras" else "/CPU:0"
    seat = second(pinned(way, name))
    np.testing.assert_array_equal(begin(seat).square(X), FOUR)
    (wish,) = told(seat)["wishes"]
    assert wish[0] == "pin"
    assert wish[1].lower().endswith("cpu:0")
    assert wish[2] == FIRST + 3
    seat.end()
    begin(seat)
    assert told(seat) == {}, "the next check begins with nothing told"


def test_a_pin_inside_a_graph(second: Take) -> None:
    """A device scope within a `tf.function` is a wish like any other, AutoGraph or not."""
    seat = second("""
        @tf.function
        def square(x):
            with tf.device("/CPU:0"):
                return x * x
        @tf.function(autograph=False)
        def plain(x):
            with tf.device("/CPU:0"):
                return x * x
    """)
    session = begin(seat)
    np.testing.assert_array_equal(session.square(X), FOUR)
    np.testing.assert_array_equal(session.plain(X), FOUR)
    assert [wish[:2] for wish in told(seat)["wishes"]] == [["pin", "/CPU:0"]] * 2


def test_a_pin_to_the_device_under_test_is_nothing_to_tell(second: Take) -> None:
    """Whoever asks for what is there anyway gets no remark."""
    seat = second('def square(x):\n    with tf.device("/device:CPU:1"):\n        return x * x\n')
    np.testing.assert_array_equal(begin(seat).square(X), FOUR)
    assert "wishes" not in told(seat)


@pytest.mark.parametrize("way", PINS)
def test_a_pin_to_a_gpu_passes_on_the_cpu(plain: Take, way: str) -> None:
    """There is no GPU: the right answer passes all the same, and the pin is told."""
    seat = plain(pinned(way, "gpu:0" if way == "keras" else "/GPU:0"))
    np.testing.assert_array_equal(begin(seat).square(X), FOUR)
    assert [wish[0] for wish in told(seat)["wishes"]] == ["pin"]


def test_hard_placement_fails_no_right_answer(plain: Take) -> None:
    """With soft placement turned off, a pin to a GPU would raise here: the call is left out."""
    seat = plain("""
        tf.config.set_soft_device_placement(False)
        @tf.function
        def square(x):
            with tf.device("/GPU:0"):
                return x * x
        def eager(x):
            with tf.device("/GPU:0"):
                return x * x
    """)
    session = begin(seat)
    np.testing.assert_array_equal(session.square(X), FOUR)
    np.testing.assert_array_equal(session.eager(X), FOUR)
    assert ["setting", "set_soft_device_placement", FIRST] in told(seat)["wishes"]


SETTINGS = {
    "set_visible_devices": 'tf.config.set_visible_devices([], "CPU")',
    "set_memory_growth": 'tf.config.experimental.set_memory_growth(DEVICES[0], True)',
    "set_logical_device_configuration":
        "tf.config.set_logical_device_configuration(DEVICES[0],"
        " [tf.config.LogicalDeviceConfiguration()])",
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_of_the_device_are_left_out(second: Take, name: str) -> None:
    """What everybody's notebook says about GPUs at its top neither fails nor moves anything."""
    seat = second(
        f'DEVICES = tf.config.list_physical_devices("CPU")\n{SETTINGS[name]}\n'
        "def square(x): return x * x\ndef where(x): return x.device\n"
    )
    session = begin(seat)
    np.testing.assert_array_equal(session.square(X), FOUR)
    assert session.where(X).endswith("device:CPU:1")
    assert ["setting", name, FIRST + 1] in told(seat)["wishes"]


def test_hiding_the_device_by_the_environment_does_nothing(second: Take) -> None:
    """CUDA_VISIBLE_DEVICES, set after TensorFlow was imported: the device was settled before."""
    seat = second("""
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        def square(x): return x * x
        def where(x): return x.device
    """)
    session = begin(seat)
    assert session.where(X).endswith("device:CPU:1")
    assert told(seat) == {}


def test_visible_devices_after_the_first_operation_are_the_students_error(plain: Take) -> None:
    """On the plain CPU TensorFlow's own rules hold: too late is too late, as at home."""
    seat = plain("""
        tf.constant(1.0) + 1.0
        tf.config.set_visible_devices([], "CPU")
    """)
    with pytest.raises(StudentError, match="Visible devices cannot be modified"):
        begin(seat)


def test_no_gpu_is_visible_on_the_cpu(plain: Take) -> None:
    """CPU runs see no GPU, whatever the machine has."""
    seat = plain("""
        def hidden(): return os.environ["CUDA_VISIBLE_DEVICES"]
        def gpus(): return len(tf.config.list_physical_devices("GPU"))
    """)
    session = begin(seat)
    assert (session.hidden(), session.gpus()) == ("-1", 0)


@pytest.mark.parametrize("device", ["second", "plain"])
def test_tf32_is_off(device: str, request: pytest.FixtureRequest) -> None:
    """Products keep float32's precision, for a submission and for the reference."""
    take: Take = request.getfixturevalue(device)
    seat = take("""
        def square(x): return tf.config.experimental.tensor_float_32_execution_enabled()
    """)
    assert begin(seat).square(X) is False


def test_what_a_worker_tells_is_bounded(second: Take) -> None:
    """A submission with a hundred pins, and long names, tells twenty short ones."""
    seat = second("""
        for n in range(100):
            tf.device("/job:" + "x" * 90 + f"/device:CPU:{n + 2}")
        tf.device("/device:CPU:" + "9" * 1000)
        def square(x): return x * x
    """)
    begin(seat).square(X)
    wishes = told(seat)["wishes"]
    assert len(wishes) == 1, "of a name 60 characters are kept, and so all look alike"
    assert len(wishes[0][1]) < 75


def test_a_full_gpu_ends_the_worker(second: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """TensorFlow's words for a device without room become `out_of_memory`, on a GPU alone."""
    from dataclasses import replace

    from grader.errors import WorkerLost

    source = """
        def square(x):
            raise tf.errors.ResourceExhaustedError(
                None, None, "OOM when allocating tensor with shape[9] on /device:GPU:0"
            )
    """
    with pytest.raises(StudentError, match="ResourceExhaustedError"):
        begin(second(source)).square(X)
    seat = second(source)
    session = begin(seat)
    worker = seat._worker
    assert isinstance(worker, Worker)
    worker._limits = replace(worker._limits, device_mb=512)
    with pytest.raises(WorkerLost, match="more than 512 MB of the GPU's memory") as caught:
        session.square(X)
    assert caught.value.outcome == "out_of_memory"

"""Which GPUs are found, how many jobs they take, and what is said where there is none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader import devices, doctor, nvidia, trial
from grader.devices import Found, placements
from grader.engine import gpus
from grader.engine.config import EngineConfig
from grader.engine.zygote import Zygote
from grader.errors import EngineError, UsageError
from grader.nvidia import Build, Card
from grader.placement import CONTEXT_MB, CPU, WORKERS_OF_A_JOB, Gpu, Placement
from grader.sandbox.levels import Level
from grader.settings import GPU_SETTINGS

from .stand_in import LIMITS, stand_in

ONE = "GPU-0f00c3a1-1111-2222-3333-444455556666"
TWO = "GPU-99e2b7c0-1111-2222-3333-444455556666"
NEED = WORKERS_OF_A_JOB * (1024 + CONTEXT_MB)
BUILD = Build("tensorflow 2.21.0", "12.5.1", ())
WHOLE = Found(("/dev/nvidia0",), "550.54", BUILD, "")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A machine with these cards; None: one where nvidia-smi doesn't answer."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    def make(*free: int | None, smi: bool = True, found: Found = WHOLE) -> None:
        pairs = zip((ONE, TWO), free, strict=False)
        cards = tuple(Card(n, uuid, 16_000, room) for n, (uuid, room) in enumerate(pairs))
        monkeypatch.setattr(nvidia, "cards", lambda: cards if smi else None)
        monkeypatch.setattr(devices, "look", lambda: found)
        monkeypatch.setattr(devices, "nvidia_gpus", lambda: found.nodes)

    return make


# -- how many jobs ---------------------------------------------------------------------------------


def test_the_cpu_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a GPU asked for, none is looked for."""
    monkeypatch.setattr(devices, "look", lambda: pytest.fail("looked"))
    assert placements("cpu", 1024, 8, None) == [CPU]


@pytest.mark.parametrize(
    ("free", "jobs", "places"),
    [
        ((NEED,), 8, [1]),
        ((2 * NEED - 1,), 8, [1]),
        ((3 * NEED,), 8, [3]),
        ((3 * NEED,), 2, [2]),
        ((3 * NEED, NEED), 8, [3, 1]),
        ((3 * NEED, 3 * NEED), 3, [2, 1]),
        ((NEED - 1, 2 * NEED), 8, [2]),
        ((None,), 8, [1]),
    ],
)
def test_as_many_jobs_as_fit(
    machine: Callable[..., None], free: tuple[int | None, ...], jobs: int, places: list[int]
) -> None:
    """Free memory by what a job's workers need, spread over the GPUs, never more than `--jobs`."""
    machine(*free)
    (found,) = placements("gpu", 1024, jobs, None)
    assert (found.kind, found.device, found.memory_mb) == ("gpu", "GPU:0", 1024)
    assert [gpu.places for gpu in found.gpus] == places
    assert found.places == sum(places)


def test_both_is_the_cpu_first(machine: Callable[..., None]) -> None:
    """Two placements; how many jobs the CPU takes doesn't depend on the GPU."""
    machine(NEED)
    cpu, gpu = placements("both", 1024, 4, None)
    assert cpu == CPU
    assert cpu.places == 0
    assert [one.name for one in gpu.gpus] == [ONE]


@pytest.mark.parametrize(("wanted", "places"), [(1, [1]), (2, [1, 1]), (5, [3, 2])])
def test_as_many_jobs_as_asked_for(
    machine: Callable[..., None], wanted: int, places: list[int]
) -> None:
    """`--gpu-jobs` is obeyed whatever is free, and beyond `--jobs`."""
    machine(10, 10)
    (found,) = placements("gpu", 1024, 1, wanted)
    assert [gpu.places for gpu in found.gpus] == places


def test_on_a_machine_of_a_cluster(machine: Callable[..., None]) -> None:
    """Which GPUs there are is found there; what the first job takes leaves the second its place."""
    cpu, gpu = devices.elsewhere("both", 512)
    assert (cpu, gpu) == (CPU, Placement("gpu", "GPU:0", 512))
    assert devices.elsewhere("gpu", 512) == [gpu]
    machine(found=replace(WHOLE, nodes=()))
    assert devices.here(cpu, 3) is cpu, "nothing is looked for"
    with pytest.raises(UsageError, match="no NVIDIA GPU can be used here"):
        devices.here(gpu, 1)
    machine(NEED, 0)  # the second is full by now
    placed = devices.here(gpu, 3)
    assert [place.places for place in placed.gpus] == [2, 1]
    assert placed.meaning == gpu.meaning, "a verdict's key knows neither"


def test_no_room_for_a_job(machine: Callable[..., None]) -> None:
    """One line says how much there is, how much is needed, of what, and three ways out."""
    machine(NEED - 1, 100)
    with pytest.raises(UsageError) as caught:
        placements("gpu", 1024, 4, None)
    said = str(caught.value)
    for part in (f"{NEED - 1} MB are free", f"takes {NEED}", "gpu_memory_mb", "--gpu-jobs"):
        assert part in said


def test_without_nvidia_smi_each_gpu_takes_one_job(machine: Callable[..., None]) -> None:
    """Nothing is known of memory then, and the GPUs go by their numbers."""
    machine(smi=False, found=replace(WHOLE, nodes=("/dev/nvidia0", "/dev/nvidia1")))
    (found,) = placements("gpu", 1024, 8, None)
    assert found.gpus == (Gpu("0", 1), Gpu("1", 1))


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("1", [TWO]),
        ("1,0", [TWO, ONE]),
        (TWO[:9], [TWO]),
        ("0,7,1", [ONE]),
        ("MIG-0f00c3a1-1111-2222", ["MIG-0f00c3a1-1111-2222"]),
    ],
)
def test_only_the_gpus_that_are_allotted(
    machine: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    names: list[str],
) -> None:
    """A cluster's CUDA_VISIBLE_DEVICES is kept to, in its order, up to what isn't there."""
    machine(NEED, NEED)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", setting)
    (found,) = placements("gpu", 1024, 8, None)
    assert [gpu.name for gpu in found.gpus] == names


# -- nvidia-smi ------------------------------------------------------------------------------------


def test_the_table_of_nvidia_smi() -> None:
    """Two cards, one of which tells no memory, as under MIG."""
    text = f"0, {ONE}, 16384, 15360\n1, {TWO}, [N/A], [Insufficient Permissions]\n"
    assert nvidia.read_cards(text) == (
        Card(0, ONE, 16384, 15360),
        Card(1, TWO, None, None),
    )


@pytest.mark.parametrize(
    "text",
    [
        "No devices were found\n",
        f"0, {ONE}, 16384\n",
        f"0, {ONE}, 16384, 15360, more\n",
        f"zero, {ONE}, 16384, 15360\n",
        "0, GPU-; rm, 16384, 15360\n",
        "".join(f"{n}, {ONE}, 1, 1\n" for n in range(65)),
    ],
)
def test_another_table_is_not_believed(text: str) -> None:
    """What isn't exactly the table that was asked for tells nothing."""
    assert nvidia.read_cards(text) is None


def script(folder: Path, text: str) -> None:
    file = folder / "nvidia-smi"
    file.write_text(f"#!{sys.executable}\n{text}\n")
    file.chmod(0o755)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"print('0, {ONE}, 16384, 15360')", 1),
        ("raise SystemExit(9)", None),
        (f"print('0, {ONE}, 16384, 15360' + ' ' * 100_000)", None),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')", None),
    ],
)
def test_the_program_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, count: int | None
) -> None:
    """Run for real: an answer, a failure, too much, and no text at all."""
    script(tmp_path, text)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = nvidia.cards()
    assert (None if found is None else len(found)) == count


def test_a_program_that_hangs_or_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither stops the grader."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nvidia.cards() is None
    script(tmp_path, "import time; time.sleep(60)")
    monkeypatch.setattr(nvidia, "_SMI_SECONDS", 0.2)
    assert nvidia.cards() is None


# -- what is found, and what is said ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        (
            {"nodes": (), "driver": ""},
            ("no device node /dev/nvidia0", "no NVIDIA driver", "install NVIDIA's driver"),
        ),
        ({"nodes": ()}, ("NVIDIA driver 550.54", "docker run --gpus all")),
        ({"driver": ""}, ("/dev/nvidia0", "no NVIDIA driver", "load NVIDIA's driver")),
        (
            {"build": Build("tensorflow-cpu 2.21.0", "", ())},
            ("tensorflow-cpu 2.21.0 built without CUDA", "tensorflow[and-cuda]"),
        ),
        ({"build": None}, ("no TensorFlow", "tensorflow[and-cuda]")),
        (
            {"hidden": "CUDA_VISIBLE_DEVICES='-1'"},
            ("CUDA_VISIBLE_DEVICES='-1' in the environment", "unset CUDA_VISIBLE_DEVICES"),
        ),
        ({"nodes": (), "driver": "", "windows": True}, ("WSL2's /dev/dxg",)),
    ],
    ids=["nothing", "no node", "no driver", "cpu build", "no tensorflow", "hidden", "wsl2"],
)
def test_no_gpu_is_told_with_what_there_is(
    machine: Callable[..., None], changes: dict[str, object], parts: tuple[str, ...]
) -> None:
    """One line that fits the terminal's limit: what was found, how to mend it, the other way."""
    machine(found=replace(WHOLE, **changes))  # type: ignore[arg-type]
    for wanted in ("gpu", "both"):
        with pytest.raises(UsageError) as caught:
            placements(wanted, 1024, 1, None)
        said = str(caught.value)
        for part in (f"--device {wanted}: no NVIDIA GPU", *parts, "use --device cpu"):
            assert part in said
        assert "\n" not in said
        assert len(said) < 600


def test_missing_libraries_are_no_reason_to_refuse(machine: Callable[..., None]) -> None:
    """They may lie where only TensorFlow finds them: a worker tries; they are told if it fails."""
    lacking = replace(BUILD, missing=("nvidia-cudnn-cu12", "nvidia-cublas-cu12"))
    machine(NEED, found=replace(WHOLE, build=lacking))
    assert placements("gpu", 1024, 1, None)[0].cuda
    found = devices.look()
    assert "whose libraries lack (nvidia-cudnn-cu12, …)" in found.told()
    assert "tensorflow[and-cuda]" in found.mend()


def test_the_installed_tensorflow_is_read_and_not_imported() -> None:
    """Its build, from its own files: in a new process TensorFlow isn't there afterwards."""
    code = (
        "import sys; from grader import nvidia; b = nvidia.build(); print(b.name, bool(b.cuda));"
        "assert 'tensorflow' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    from tensorflow.python.platform.build_info import build_info

    name, cuda = done.stdout.rsplit(" ", 1)
    assert name.startswith("tensorflow")
    assert cuda.strip() == str(bool(build_info["is_cuda_build"]))


def test_an_odd_build_info_is_a_build_without_cuda(tmp_path: Path) -> None:
    """A file of another form tells nothing, and code in it isn't run."""
    file = tmp_path / "build_info.py"
    for text in (
        "build_info = dict(a=1)",
        "import collections\nbuild_info = collections.OrderedDict([(f(), 1)])",
        "def",
    ):
        file.write_text(text)
        assert nvidia._build_info(file) == {}
    assert nvidia._build_info(tmp_path / "none.py") == {}
    file.write_text("build_info = OrderedDict([('is_cuda_build', True), ('n', ['a'])])")
    assert nvidia._build_info(file) == {"is_cuda_build": True, "n": ["a"]}


@pytest.mark.parametrize(
    ("value", "hides"),
    [(None, False), ("", True), ("-1", True), ("0", False), ("GPU-1", False), ("MIG-1", False)],
)
def test_what_hides_every_gpu(
    monkeypatch: pytest.MonkeyPatch, value: str | None, hides: bool
) -> None:
    """An empty CUDA_VISIBLE_DEVICES, or one that begins with no GPU."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if value is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)
    assert bool(nvidia.hidden_by()) is hides


@pytest.mark.parametrize(
    ("found", "said", "mend"),
    [
        (WHOLE, "tries it before it grades", ""),
        (replace(WHOLE, build=Build("tensorflow 2.21.0", "12.5.1", ("x",))), "lack (x, …)", "pip"),
        (replace(WHOLE, nodes=()), "none to grade on", "docker run --gpus all"),
        (replace(WHOLE, nodes=(), driver=""), "none to grade on", ""),
    ],
)
def test_doctor_has_a_line_about_the_gpu(
    monkeypatch: pytest.MonkeyPatch, found: Found, said: str, mend: str
) -> None:
    """What there is, and how to get what lacks where there is a GPU at all."""
    monkeypatch.setattr(devices, "look", lambda: found)
    line = doctor._gpu()
    assert (line.layer, line.state) == ("GPU", "note")
    assert said in line.found
    assert (mend in line.mend) if mend else not line.mend


# -- places ----------------------------------------------------------------------------------------


def test_places_go_round_the_gpus() -> None:
    """Every GPU gets a job before any gets two; then all are taken, and one given back is free."""
    wanted = (Gpu("test-a", 2), Gpu("test-b", 1))
    held = [gpus.claim(wanted) for _ in range(3)]
    try:
        assert [place.gpu for place in held] == ["test-a", "test-b", "test-a"]
        with pytest.raises(EngineError, match=r"all 3 place\(s\) .* --gpu-jobs"):
            gpus.claim(wanted)
        held[1].claim.close()
        held[1] = gpus.claim(wanted)
        assert held[1].gpu == "test-b"
    finally:
        for place in held:
            place.claim.close()


def test_a_zygote_holds_its_place_and_gives_it_back(tmp_path: Path) -> None:
    """The GPU that it was given is the only one that its workers see; at its end it is free."""
    placement = replace(stand_in(1), gpus=(Gpu("test-held", 1),))
    config = EngineConfig(Level.STRICT, LIMITS, placement)
    zygote = Zygote(config, tmp_path)
    try:
        with pytest.raises(EngineError, match="are taken"):
            Zygote(config, tmp_path)
        assert zygote._environment()["CUDA_VISIBLE_DEVICES"] == "-1"
        zygote.config = replace(config, placement=replace(placement, device="GPU:0"))
        environment = zygote._environment()
        assert environment["CUDA_VISIBLE_DEVICES"] == "test-held"
        assert environment.items() >= GPU_SETTINGS.items()
    finally:
        zygote.close()
    gpus.claim(placement.gpus).claim.close()


# -- a trial ---------------------------------------------------------------------------------------


def test_a_trial_on_a_device_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """It passes in silence; for the CPU nothing is tried at all."""
    trial.on_each_gpu(EngineConfig(Level.STRICT, LIMITS, stand_in(1)))
    monkeypatch.setattr(trial, "Zygote", lambda *_: pytest.fail("tried"))
    trial.on_each_gpu(EngineConfig(Level.STRICT, LIMITS))


def test_a_trial_on_a_gpu_that_tensorflow_does_not_see(machine: Callable[..., None]) -> None:
    """Behind the wall that leaves GPUs reachable, TensorFlow sees none: told before a class."""
    machine(NEED)
    placement = Placement("gpu", "GPU:0", 256, (Gpu("GPU-none", 1),))
    with pytest.raises(UsageError) as caught:
        trial.on_each_gpu(EngineConfig(Level.STRICT, LIMITS, placement))
    said = str(caught.value)
    assert "no worker can compute on GPU GPU-none" in said
    assert "TensorFlow sees no GPU" in said
    assert "found: /dev/nvidia0; NVIDIA driver 550.54" in said
    assert "docs/devices.md" in said

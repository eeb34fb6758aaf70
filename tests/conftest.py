"""Fixtures for all tests: the optional shared test data, a Qt that needs no display, a toy and a demo project."""

from __future__ import annotations

import copy
import os
import pickle
import random
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import create_engine, make_url
from sqlalchemy import text as sql
from sqlalchemy.pool import NullPool

from annotator.domain.geometry import polygon
from annotator.domain.passes import PersonRole
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.processes.alone import alone
from annotator.project import Project, create_project
from annotator.project.opening import open_project
from qa.simulation.demo_project import PROJECT, Demo, build_demo

if "DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Bugs that tests provoke go to nobody's log.
os.environ["XDG_STATE_HOME"] = str(Path(tempfile.gettempdir()) / "annotator-tests")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a shell begins what it runs in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)
hypothesis.settings.register_profile("default", deadline=None)  # other programs may be busy

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photographs and golden numbers beside the checkout; skips where it is absent."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "FORMAT.md").is_file():
        pytest.skip("the shared test data are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Annotation]]:
    """The demo project at a third of its size, closed, and the true annotations; made once for all processes."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo-template"
    known = folder / "truths"
    with alone(folder, patience=500):
        if not known.is_file():
            built = build_demo(folder, scale=0.3)
            built.project.close()
            known.write_bytes(pickle.dumps(built.truths))
    return folder / PROJECT, pickle.loads(known.read_bytes())


@pytest.fixture
def demo(demo_template: tuple[Path, Mapping[str, Annotation]], tmp_path: Path) -> Iterator[Demo]:
    """A demo project of the test's own, open."""
    folder, truths = demo_template
    own = tmp_path / "demo" / folder.name
    shutil.copytree(folder, own)
    with open_project(own) as project:
        yield Demo(project, truths)


PLACES = (Path("/usr/local/bin"), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server's own database: a given one, or a server that is started for the tests."""
    given = os.environ.get("ANNOTATOR_TEST_POSTGRES")
    if given:
        yield given
        return
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    programs = {name: _program(name) for name in ("initdb", "pg_ctl", "postgres")}
    account = _account()
    if not all(programs.values()) or account is None:
        pytest.skip("no PostgreSQL server to start, and ANNOTATOR_TEST_POSTGRES names none")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    who = {} if os.getuid() else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        command = [programs[program], *arguments]
        with (folder.with_suffix(".log")).open("ab") as log:
            subprocess.run(command, cwd=folder, check=True, stdout=log, stderr=log, timeout=120, **who)

    data = str(folder / "data")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=50"
    try:
        run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "server.log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://tester@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".log").unlink(missing_ok=True)


def _program(name: str) -> str | None:
    there = [str(place / name) for place in reversed(PLACES) if (place / name).is_file()]
    return there[0] if there else shutil.which(name)


def _account() -> Any:
    """Who runs the server: PostgreSQL refuses to be run by root."""
    pwd = pytest.importorskip("pwd", reason="this system has no accounts of that kind")
    if os.getuid():
        return pwd.getpwuid(os.getuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known.get("nobody")


@contextmanager
def _database_on(server: str, template: str = "template1") -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(make_url(server), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(sql(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sql(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def on_server(postgresql: str) -> Callable[..., AbstractContextManager[str]]:
    """Makes a database on the server, empty or a copy of the named one, for a while: its address."""
    return partial(_database_on, postgresql)


Place = tuple[str | int, ...]


def _places(content: Any, place: Place = ()) -> Iterator[Place]:
    """Every part of a document; of long lists the first three members."""
    yield place
    members = content.items() if isinstance(content, dict) else enumerate(content[:3]) if type(content) is list else ()
    for key, value in members:
        yield from _places(value, (*place, key))


def _replaced(content: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    made = copy.deepcopy(content)
    inner = made
    for key in place[:-1]:
        inner = inner[key]
    if isinstance(value, str) and value == "gone":
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return made


@pytest.fixture
def forgeries() -> Callable[[Any, Sequence[Any], int], Iterator[tuple[tuple[Place, Any], Any]]]:
    """`forgeries(content, junk, number)`: documents with some part replaced, each after its place and the junk there.

    They are the same at every run. The junk `"gone"` takes a part away.
    """

    def forge(content: Any, junk: Sequence[Any], number: int) -> Iterator[tuple[tuple[Place, Any], Any]]:
        chooser, everywhere = random.Random(5), list(_places(content))
        for _ in range(number):
            place, value = chooser.choice(everywhere), chooser.choice(junk)
            yield (place, value), _replaced(content, place, value)

    return forge


SIZE = (64, 48)


@pytest.fixture
def ground_truth(tmp_path: Path) -> Path:
    """g00: queries 0 and 1 with pairs a (easy), b (hard), c (easy); g01: query 2 with pair d. Image d is missing."""
    box = [2.0, 2.0, 40.0, 40.0]
    first = {"easy": [0, 2], "hard": [1], "junk": [4], "bbx": box}
    second = {"easy": [3], "hard": [], "junk": [], "bbx": box}
    content = {"imlist": ["a", "b", "c", "d", "e"], "qimlist": ["q0", "q1", "q2"], "gnd": [first, first, second]}
    path = tmp_path / "gnd_toy.pkl"
    path.write_bytes(pickle.dumps(content))
    return path


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    pixels = np.arange(SIZE[0] * SIZE[1] * 3, dtype=np.uint32).reshape(SIZE[1], SIZE[0], 3).astype(np.uint8)
    for name in ("a", "b", "c", "q0", "q1", "q2"):
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def draw() -> Callable[..., Annotation]:
    """An annotation with one square object of the given side."""

    def square(side: float = 10.0) -> Annotation:
        ring = [[1, 1], [1 + side, 1], [1 + side, 1 + side], [1, 1 + side]]
        return Annotation(SIZE, (Shape("1", Role.OBJECT, polygon(ring)),))

    return square


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def project(
    tmp_path: Path, ground_truth: Path, images: Path, draw: Callable[..., Annotation], clock: Clock
) -> Iterator[Project]:
    """Researchers Rosa and Rui, annotators Ann, Ben, Cem, Dee; g00 is open. `project.store.clock` is a `Clock`."""
    made = create_project(tmp_path / "project", ground_truth, images)
    made.store.clock = clock
    for name in ("Rosa", "Rui"):
        made.store.add_person(name, PersonRole.RESEARCHER)
    for name in ("Ann", "Ben", "Cem", "Dee"):
        made.store.add_person(name, PersonRole.ANNOTATOR)
    made.store.save_query_mask(0, draw(20), "Rosa")
    made.store.approve_query_mask(0, "Rui")
    made.store.open_group(0, "Rosa")
    yield made
    made.close()


HEAD = '<ir_version: 8, opset_import: ["" : 17], metadata_props: ["image_numbers": "{metadata}"]>'

TOY_ENCODER = """
encoder ({given}) => (float[1,3,{side},{side}] image_embeddings)
<float[1,3,1,1] spread = {{{spread}}}, float[1,3,1,1] mean = {{{mean}}}, int64[1] zero = {{0}}>
{{
    {batched}
    grey = Mul(batched, spread)
    image_embeddings = Add(grey, mean)
}}
"""

TOY_DECODER = """
decoder ({inputs}) => ({outputs})
<int64[2] flat_shape = {{3, {pixels}}}, int64[2] points_shape = {{-1, 2}}, int64[1] row = {{-1}},
 int64[4] plane_shape = {{1, 1, {side}, {side}}}, float zero = {{0}}, float last = {{{last}}}, int64[1] axis = {{1}},
 float[2] strides = {{1, {side}}}, int64[1] two = {{2}}, float forty = {{40}}, float far = {{-1000}},
 float[1] in = {{1}}, float[1] out = {{0}}, float[4] fourfold = {{1, 1, 4, 4}}, int64[2] counts = {{1, {count}}},
 float[1,{count}] scores = {{{scores}}}>
{{
    flat = Reshape(image_embeddings, flat_shape)
    points = Reshape(point_coords, points_shape)
    labels = Reshape(point_labels, row)
    rounded = Round(points)
    inside = Clip(rounded, zero, last)
    places = MatMul(inside, strides)
    index = Cast<to=7>(places)
    clicked = Gather<axis=1>(flat, index)
    pixels = Unsqueeze(flat, two)
    colours = Unsqueeze(clicked, axis)
    difference = Sub(pixels, colours)
    away = Abs(difference)
    distance = ReduceMax<axes=[0], keepdims=0>(away)
    near = Sub(forty, distance)
    is_in = Equal(labels, in)
    is_out = Equal(labels, out)
    near_in = Where(is_in, near, far)
    near_out = Where(is_out, near, far)
    wanted = ReduceMax<axes=[1], keepdims=0>(near_in)
    unwanted = ReduceMax<axes=[1], keepdims=0>(near_out)
    allowed = Neg(unwanted)
    wanted_plane = Reshape(wanted, plane_shape)
    allowed_plane = Reshape(allowed, plane_shape)
    {joined}
    colour = Min(joined, allowed_plane)
    strength = Abs(colour)
    all = Add(strength, in)
    none = Neg(all)
    answers = Concat<axis=1>({masks})
    {ending}
}}
"""

JOINED = """earlier = Resize<mode="nearest">(mask_input, , fourfold)
    has = Equal(has_mask_input, in)
    added = Where(has, earlier, far)
    joined = Max(wanted_plane, added)"""

LOW = "low_res_masks = AveragePool<kernel_shape=[4, 4], strides=[4, 4]>(answers)"

SIZED = """side_lengths = Cast<to=7>(orig_im_size)
    sizes = Concat<axis=0>(counts, side_lengths)
    masks = Resize<mode="linear">(answers, , , sizes)"""

SCALES = {
    "0..255": ("1, 1, 1", "0, 0, 0"),
    "0..1": ("255, 255, 255", "0, 0, 0"),
    "normalised": ("58.395, 57.12, 57.375", "123.675, 116.28, 103.53"),
}

ToyModel = Callable[..., tuple[Path, Path]]


@pytest.fixture(scope="session")
def toy_click_model() -> ToyModel:
    """Writes a click-to-mask model whose answers are known: the colours within 40 grey levels of the clicked ones."""
    pytest.importorskip("onnxruntime", reason="the extra `onnx` is not installed")
    return partial(write_toy_model, pytest.importorskip("onnx", reason="the extra `train` is not installed"))


def write_toy_model(
    onnx: Any,
    folder: Path,
    *,
    side: int = 64,
    order: str = "CHW",
    image: str = "image",
    numbers: str = "0..255",
    metadata: str = "",
    without: tuple[str, ...] = (),
    masks: tuple[str, ...] = ("colour",),
    scores: tuple[float, ...] = (),
    axes: int = 3,
    ending: str = "masks = Identity(answers)",
) -> tuple[Path, Path]:
    """Encoder and decoder of a `side` by `side` input, in `folder`.

    The encoder gives back the grey levels of the image. The decoder takes the pixels whose colour is within 40 levels
    of a positive click's and of no negative click's; an earlier mask is added to those before the negative ones go.
    `masks` are several answers to one prompt: `colour`, `all`, `none`, with the predicted IoU of `scores`.
    """
    spread, mean = SCALES[numbers]
    colours_last = order == "HWC"
    turned = f"ordered = Transpose<perm=[2, 0, 1]>({image})\n    batched = Unsqueeze(ordered, zero)"
    eye = TOY_ENCODER.format(
        given=f"float[height,width,3] {image}" if colours_last else f"float[1,3,{side},{side}] {image}",
        batched=turned if colours_last else f"batched = Identity({image})",
        side=side,
        spread=spread,
        mean=mean,
    )
    ahead, count, cells = "1," * (axes - 2), len(masks), side // 4
    inputs = {
        "point_labels": f"float[{ahead}n] point_labels",
        "image_embeddings": f"float[1,3,{side},{side}] image_embeddings",
        "mask_input": f"float[1,1,{cells},{cells}] mask_input, float[1] has_mask_input",
        "orig_im_size": "float[2] orig_im_size",
        "point_coords": f"float[{ahead}n,2] point_coords",
    }
    outputs = {
        "iou_predictions": f"float[1,{count}] iou_predictions",
        "low_res_masks": f"float[1,{count},{cells},{cells}] low_res_masks",
        "masks": "float[a,b,c,d] masks",
    }
    steps = [SIZED if "orig_im_size" not in without and ending == "masks = Identity(answers)" else ending]
    steps += [LOW] if "low_res_masks" not in without else []
    steps += ["iou_predictions = Identity(scores)"] if "iou_predictions" not in without else []
    hand = TOY_DECODER.format(
        inputs=", ".join(text for name, text in inputs.items() if name not in without),
        outputs=", ".join(text for name, text in outputs.items() if name not in without),
        side=side,
        pixels=side * side,
        last=side - 1,
        count=count,
        scores=", ".join(map(str, scores or (0.9,) * count)),
        joined="joined = Identity(wanted_plane)" if "mask_input" in without else JOINED,
        masks=", ".join(masks),
        ending="\n    ".join(steps),
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("encoder", eye), ("decoder", hand)):
        onnx.save(onnx.parser.parse_model(HEAD.format(metadata=metadata) + text), folder / f"{name}.onnx")
    return folder / "encoder.onnx", folder / "decoder.onnx"

"""annotator models list, add and get; registered models as proposers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from annotator.premask.models import catalogue as listing
from annotator.premask.models import trial
from annotator.premask.models.catalogue import PublicModel
from annotator.premask.models.description import FileKind
from annotator.premask.models.files import ModelKind
from annotator.premask.models.trial import Trial
from annotator.project import open_project
from annotator.project.models import model_records, register_model
from annotator.project.premasks import premask, premask_path

CONTENT = b"a model's bytes" * 1000


@pytest.fixture
def served() -> Iterator[PublicModel]:
    """A public model on a server of this test."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/m.onnx"
    right = hashlib.sha256(CONTENT).hexdigest()
    kind = FileKind.LOCAL_FEATURES
    yield PublicModel("public", "m.onnx", kind, address, "sha256", right, len(CONTENT), "BSD-3-Clause", "a model")
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def only(served: PublicModel, monkeypatch: pytest.MonkeyPatch) -> PublicModel:
    """The one public model that there is."""
    monkeypatch.setattr(listing, "catalogue", lambda: (served,))
    return served


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, ...]]:
    """Trials that succeed without being made; the files that were given."""
    given: list[tuple[Path, ...]] = []

    def found(files: tuple[Path, ...], features: Path | None = None) -> Trial:
        given.append(files)
        kind = ModelKind.CLICK_TO_MASK if len(files) > 1 else ModelKind.LOCAL_FEATURES
        return Trial(ModelKind.MATCHER if features else kind, "ONNX Runtime", "it works")

    monkeypatch.setattr(trial, "try_model", found)
    return given


def file(folder: Path, name: str = "My Model v1.onnx", content: bytes = b"weights") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_the_list_names_the_public_models_without_a_project(cli: Any) -> None:
    found = cli("models", "list")
    assert found.code == 0
    assert "aliked-n16rot" in found.out
    data = cli("models", "list", "--json").json
    assert set(data) == {"embedded", "public"}
    assert data["public"][0]["address"].startswith("https://")
    assert {"name", "kind", "file", "address", "size", "licence", "about"} <= set(data["public"][0])


def test_the_embedded_model_is_listed_where_there_is_one(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "embedded_model", lambda: tmp_path / "features.onnx")
    assert cli("models", "list").out.startswith("With the program:")
    assert cli("models", "list", "--json").json["embedded"].endswith("features.onnx")
    monkeypatch.setattr(listing, "embedded_model", lambda: None)
    assert "With the program" not in cli("models", "list").out
    assert cli("models", "list", "--json").json["embedded"] is None


def test_add_copies_and_records_and_list_tells(cli: Any, project: Any, tmp_path: Path, tried: list[Any]) -> None:
    path = file(tmp_path)
    found = cli("models", "add", path, "--project", project.project, "--licence", "MIT", "--as", "Lena")
    assert found.code == 0, found
    assert "'my-model-v1' was added" in found.out
    assert "it works" in found.out
    assert "--proposer my-model-v1" in found.out
    assert tried == [(path,)]
    (record,) = model_records(project.project)
    assert (record.name, record.licence, record.by) == ("my-model-v1", "MIT", "Lena")
    (row,) = cli("models", "list", project.project, "--json").json["project"]
    assert (row["name"], row["state"]) == ("my-model-v1", "ok")
    text = cli("models", "list", project.project).out
    assert "my-model-v1" in text
    assert "Licence: MIT" in text


def test_add_tells_as_json_what_was_added(cli: Any, project: Any, tmp_path: Path, tried: list[Any]) -> None:
    arguments = ["--project", project.project, "--licence", "unknown", "--name", "x", "--json"]
    data = cli("models", "add", file(tmp_path), *arguments).json
    right = [hashlib.sha256(b"weights").hexdigest()]
    assert data == {"name": "x", "kind": "local features", "sha256": right, "runner": "ONNX Runtime",
                    "self_test": "it works"}  # fmt: skip
    assert tried


def test_an_encoder_and_a_decoder_are_added_as_one(cli: Any, project: Any, tmp_path: Path, tried: list[Any]) -> None:
    eyes, hand = file(tmp_path, "e.onnx"), file(tmp_path, "d.onnx")
    arguments = ["--decoder", hand, "--name", "sam", "--project", project.project, "--licence", "Apache-2.0"]
    found = cli("models", "add", eyes, *arguments)
    assert found.code == 0, found
    assert tried == [(eyes, hand)]
    assert [record.kind for record in model_records(project.project)] == [ModelKind.CLICK_TO_MASK]
    cli("premask", project.project, "--proposer", "sam").refused("click-to-mask model, no proposer")


def test_the_licence_may_be_a_file(cli: Any, project: Any, tmp_path: Path, tried: list[Any]) -> None:
    text = "MIT License\n\nPermission is hereby granted"
    file(tmp_path, "LICENSE", text.encode() + b"\n")
    arguments = ["--project", project.project, "--licence", tmp_path / "LICENSE"]
    assert cli("models", "add", file(tmp_path), *arguments).code == 0
    assert model_records(project.project)[0].licence == text
    assert "Licence: MIT License;" in cli("models", "list", project.project).out
    assert tried


def test_without_a_licence_nothing_is_added(cli: Any, project: Any, tmp_path: Path, tried: list[Any]) -> None:
    for more in ([], ["--licence", "  "]):
        found = cli("models", "add", file(tmp_path), "--project", project.project, *more)
        assert found.code == 2
        assert "unknown" in found.err
    assert tried == []
    assert not (project.project / "models.toml").exists()


def test_a_listed_file_brings_its_licence(
    cli: Any, project: Any, tmp_path: Path, only: PublicModel, tried: Any
) -> None:
    path = file(tmp_path, content=CONTENT)
    assert cli("models", "add", path, "--project", project.project).code == 0
    assert model_records(project.project)[0].licence == only.licence
    assert tried


@pytest.mark.usefixtures("tried")
def test_what_cannot_be_added_is_one_sentence(cli: Any, project: Any, tmp_path: Path) -> None:
    path, licence = file(tmp_path), ["--licence", "MIT"]
    at = ["--project", project.project]
    cli("models", "add", path, "--project", tmp_path / "none", *licence).refused("there is no such folder")
    cli("models", "add", path, "--project", tmp_path, *licence).refused("project.toml")
    cli("models", "add", path, *at, *licence, "--name", "A/B").refused("no name for a model")
    cli("models", "add", path, *at, *licence, "--name", "group").refused("name of a proposer")
    cli("models", "add", tmp_path / "none.onnx", *at, *licence).refused("no such file")
    cli("models", "add", path, *at, "--licence", file(tmp_path, "bin", b"\xff\xfe")).refused("no text in UTF-8")
    assert cli("models", "add", path, *at, *licence, "--name", "x").code == 0
    cli("models", "add", path, *at, *licence, "--name", "x").refused("already")
    assert [record.name for record in model_records(project.project)] == ["x"]


def test_a_bad_model_is_refused_and_leaves_nothing(cli: Any, project: Any, tmp_path: Path) -> None:
    bad = file(tmp_path, content=b"no model")
    cli("models", "add", bad, "--project", project.project, "--licence", "MIT").refused("it is no ONNX model")
    assert not (project.project / "models").exists()
    assert not (project.project / "models.toml").exists()


def test_a_changed_file_is_told_by_list_and_refused_by_premask(cli: Any, project: Any, tmp_path: Path) -> None:
    register_model(project.project, "mine", ModelKind.LOCAL_FEATURES, (file(tmp_path),), "MIT", "Lena")
    (project.project / "models" / "mine.onnx").write_bytes(b"other")
    (row,) = cli("models", "list", project.project, "--json").json["project"]
    assert "its content is not what was registered" in row["state"]
    cli("premask", project.project, "--proposer", "mine").refused("mine.onnx: its content is not what was registered")


def test_registered_models_are_proposers(cli: Any, project: Any, tmp_path: Path) -> None:
    register_model(project.project, "mine", ModelKind.LOCAL_FEATURES, (file(tmp_path),), "MIT", "Lena")
    known = cli("proposers", "--json").json["proposers"]
    assert set(cli("proposers", "--project", project.project, "--json").json["proposers"]) == {*known, "mine"}
    assert "mine" in cli("proposers", "--project", project.project).out
    cli("premask", project.project, "--proposer", "other").refused("there are group, pipeline")
    cli("premask", project.project, "--proposer", "dense+mine").refused("takes no local features")
    cli("premask", project.project, "--proposer", "magic+mine").refused("no proposer 'magic'")
    cli("premask", project.project, "--proposer", "mine", "--features", tmp_path / "x").refused("leave --features out")
    cli("proposers", "--project", tmp_path).refused("project.toml")


@pytest.mark.parametrize(("name", "label"), [("mine", "group+mine"), ("pipeline+mine", "pipeline+mine")])
def test_premask_uses_a_registered_model(cli: Any, project: Any, onnx_models: Any, name: str, label: str) -> None:
    path = onnx_models.sparse()
    register_model(project.project, "mine", ModelKind.LOCAL_FEATURES, (path,), "MIT", "Lena")
    data = cli("premask", project.project, "--proposer", name, "--workers", "1", "--json").json
    assert data["proposer"] == label
    assert data["proposed"] + data["refused"] > 0


def test_a_model_goes_all_the_way_from_its_file_to_pre_masks(cli: Any, project: Any, onnx_models: Any) -> None:
    path = onnx_models.sparse("toy.onnx", width=320, height=240)
    found = cli("models", "add", path, "--project", project.project, "--licence", "MIT")
    assert found.code == 0, found
    assert "views of a drawn scene are right" in found.out
    path.unlink()
    assert cli("premask", project.project, "--proposer", "toy", "--workers", "1").code == 0


def test_remove_takes_a_model_out_and_says_what_was_deleted(cli: Any, project: Any, tmp_path: Path) -> None:
    at = ["--project", project.project]
    for name in ("one", "two"):
        register_model(project.project, name, ModelKind.LOCAL_FEATURES, (file(tmp_path),), "MIT", "Lena")
    copy = project.project / "models" / "one.onnx"
    found = cli("models", "remove", "one", *at)
    assert found.code == 0, found
    words = f"the project's copy was deleted ({copy}); what was made with it stays"
    assert found.out == f"'one' was removed, and {words}.\n"
    assert not copy.exists()
    (row,) = cli("models", "list", project.project, "--json").json["project"]
    assert row["name"] == "two"
    cli("premask", project.project, "--proposer", "one").refused("no proposer 'one' here")
    cli("models", "remove", "one", *at).refused("no model 'one' (models there: two)")
    (project.project / "models" / "two.onnx").unlink()
    sums = [hashlib.sha256(b"weights").hexdigest()]
    assert cli("models", "remove", "two", *at, "--json").json == {
        "name": "two", "kind": "local features", "sha256": sums, "deleted": []}  # fmt: skip
    assert cli("models", "list", project.project).out.endswith(f"In {project.project}: none.\n")
    cli("models", "remove", "two", "--project", tmp_path).refused("project.toml")


def test_a_copy_that_was_gone_already_is_told(cli: Any, project: Any, tmp_path: Path) -> None:
    register_model(project.project, "mine", ModelKind.LOCAL_FEATURES, (file(tmp_path),), "MIT", "Lena")
    (project.project / "models" / "mine.onnx").unlink()
    found = cli("models", "remove", "mine", "--project", project.project)
    assert found.out == "'mine' was removed, and the project's copy was gone already; what was made with it stays.\n"


@pytest.mark.usefixtures("tried")
def test_the_name_of_a_removed_model_is_not_given_to_another(cli: Any, project: Any, tmp_path: Path) -> None:
    arguments = ["--project", project.project, "--licence", "MIT", "--name", "mine"]
    path, other = file(tmp_path), file(tmp_path, "other.onnx", b"others")
    assert cli("models", "add", path, *arguments).code == 0
    assert cli("models", "remove", "mine", "--project", project.project).code == 0
    cli("models", "add", other, *arguments).refused("'mine' was the name of another model of this project")
    assert cli("models", "add", path, *arguments).code == 0


def test_pre_masks_of_a_removed_model_stay(cli: Any, project: Any, onnx_models: Any) -> None:
    path = onnx_models.sparse("toy.onnx", width=320, height=240)
    register_model(project.project, "toy", ModelKind.LOCAL_FEATURES, (path,), "MIT", "Lena")
    made = cli("premask", project.project, "--proposer", "toy", "--workers", "1", "--json").json
    kept = {one: one.read_bytes() for one in (project.project / "cache" / "premasks").rglob("*.json")}
    assert len(kept) == made["proposed"] + made["refused"] > 0
    assert cli("models", "remove", "toy", "--project", project.project).code == 0
    assert cli("status", project.project).code == 0
    with open_project(project.project) as opened:
        keys = [pair.key for pair in opened.store.pairs(0) if premask_path(opened, pair.key) in kept]
        assert len(keys) == len(kept)
        assert all(premask(opened, key) is not None for key in keys)
    assert {one: one.read_bytes() for one in kept} == kept


@pytest.mark.usefixtures("tried_here")
def test_a_matcher_goes_all_the_way_from_its_file_to_pre_masks(cli: Any, project: Any, onnx_models: Any) -> None:
    more = ["--project", project.project, "--licence", "MIT"]
    toy, glue = onnx_models.sparse("toy.onnx", width=320, height=240), onnx_models.matcher("glue.onnx")
    cli("models", "add", glue, *more).refused("with --features")
    cli("models", "add", glue, *more, "--features", "toy").refused("no local-feature model 'toy'")
    assert cli("models", "add", toy, *more).code == 0
    longer = onnx_models.matcher("longer.onnx", numbers=128)
    cli("models", "add", longer, *more, "--features", "toy").refused("descriptors of 128 numbers")
    found = cli("models", "add", glue, *more, "--features", "toy")
    assert found.code == 0, found
    assert found.out.startswith("'glue' was added (matcher, run by ONNX Runtime): ")
    assert "--proposer glue" in found.out
    assert "matcher for toy" in cli("models", "list", project.project).out
    rows = cli("models", "list", project.project, "--json").json["project"]
    assert [(row["name"], row["features"], row["state"]) for row in rows] == [("toy", "", "ok"), ("glue", "toy", "ok")]
    known = cli("proposers", "--project", project.project, "--json").json["proposers"]
    assert known["glue"] == "'group' with the features of 'toy', matched by 'glue'"
    made = cli("premask", project.project, "--proposer", "glue", "--workers", "1", "--json").json
    assert made["proposer"] == "group+glue"
    assert made["proposed"] + made["refused"] > 0
    again = cli("premask", project.project, "--proposer", "toy", "--workers", "1", "--json").json
    assert again["kept"] == 0
    cli("models", "remove", "toy", "--project", project.project).refused("remove 'glue' first")
    assert cli("models", "remove", "glue", "--project", project.project).code == 0
    assert cli("models", "remove", "toy", "--project", project.project).code == 0


@pytest.mark.usefixtures("tried")
def test_features_are_named_by_a_model_of_the_project(cli: Any, project: Any, tmp_path: Path) -> None:
    register_model(project.project, "mine", ModelKind.LOCAL_FEATURES, (file(tmp_path),), "MIT", "Lena")
    arguments = ["--project", project.project, "--licence", "MIT", "--features"]
    path = file(tmp_path, "glue.onnx", b"glue")
    cli("models", "add", path, *arguments, "other").refused("(such models there: mine)")
    assert cli("models", "add", path, *arguments, "mine").code == 0
    assert [record.features for record in model_records(project.project)] == ["", "mine"]
    cli("premask", project.project, "--proposer", "prototypes+glue").refused("takes no local features")


def test_get_fetches_and_tells_the_licence(cli: Any, tmp_path: Path, only: PublicModel) -> None:
    found = cli("models", "get", "public", "--to", tmp_path / "new")
    assert found.code == 0, found
    assert "BSD-3-Clause" in found.out
    assert (tmp_path / "new" / "m.onnx").read_bytes() == CONTENT
    data = cli("models", "get", "public", "--to", tmp_path / "new", "--json").json
    assert data == {"name": "public", "file": str(tmp_path / "new" / "m.onnx"), "sha256": only.checksum,
                    "licence": "BSD-3-Clause"}  # fmt: skip


def test_get_refuses_what_is_not_listed(cli: Any, tmp_path: Path) -> None:
    cli("models", "get", "nothing", "--to", tmp_path).refused("there are aliked-n16rot")
    assert list(tmp_path.iterdir()) == []


def test_models_alone_tells_what_there_is(cli: Any) -> None:
    found = cli("models")
    assert "list" in found.out + found.err
    assert cli("models", "--help").code == 0
    assert cli("models", "nonsense").code == 2

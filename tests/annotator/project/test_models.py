"""models.toml: what is registered, what is read back, and what is refused."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from annotator.domain.errors import AnnotatorError, BadFileError, EnvironmentFault, RefusedError
from annotator.premask.models.files import ModelKind
from annotator.project.model_records import ModelRecord, read_records
from annotator.project.models import (
    ClickModelFiles,
    checked_files,
    click_model_files,
    click_model_names,
    feature_model,
    matched_model,
    model_records,
    proposer_files,
    register_model,
    remove_model,
)

FEATURES, MATCHER, CLICK = ModelKind.LOCAL_FEATURES, ModelKind.MATCHER, ModelKind.CLICK_TO_MASK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "P"
    made.mkdir()
    return made


def model(folder: Path, name: str, content: bytes = b"weights") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def registered(folder: Path, name: str = "mine", licence: str = "MIT") -> ModelRecord:
    return register_model(folder, name, FEATURES, (model(folder.parent, "some.onnx"),), licence, "Lena")


def test_a_project_without_a_record_has_no_models(folder: Path) -> None:
    assert model_records(folder) == ()
    assert click_model_names(folder) == ()
    assert feature_model(folder, "mine") is None


def test_a_registered_model_is_copied_and_read_back(folder: Path) -> None:
    licence = 'BSD "3"\nwith a second line, a tab\t, a backslash \\ and an é\x7f'
    made = registered(folder, licence=licence)
    assert model_records(folder) == (made,)
    assert (made.licence, made.by, made.origin) == (licence, "Lena", "some.onnx")
    assert made.sha256 == hashlib.sha256(b"weights").hexdigest()
    assert made.added.endswith("+00:00")
    path = feature_model(folder, "mine")
    assert path == folder / "models" / "mine.onnx"
    assert path.read_bytes() == b"weights"
    assert sorted(p.name for p in folder.rglob("*")) == ["mine.onnx", "models", "models.toml", "models.toml.lock"]


def test_the_record_survives_moving_the_project_and_losing_the_original(folder: Path, tmp_path: Path) -> None:
    made = registered(folder)
    (tmp_path / "some.onnx").unlink()
    moved = tmp_path / "elsewhere"
    shutil.move(folder, moved)
    assert model_records(moved) == (made,)
    assert feature_model(moved, "mine") == moved / "models" / "mine.onnx"


def test_encoder_and_decoder_are_one_model(folder: Path, tmp_path: Path) -> None:
    registered(folder)
    pair = model(tmp_path, "encoder.onnx", b"e"), model(tmp_path, "decoder.onnx", b"d")
    made = register_model(folder, "sam", CLICK, pair, "Apache-2.0", "Lena")
    kept = folder / "models"
    assert click_model_files(folder, "sam") == ClickModelFiles("sam", kept / "sam.onnx", kept / "sam.decoder.onnx")
    assert click_model_names(folder) == ("sam",)
    with pytest.raises(RefusedError, match="no click-to-mask model 'mine'; take another one"):
        click_model_files(folder, "mine")
    assert (kept / "sam.onnx").read_bytes() == b"e"
    assert (kept / "sam.decoder.onnx").read_bytes() == b"d"
    assert made.origin == "encoder.onnx + decoder.onnx"
    assert feature_model(folder, "sam") is None
    assert [record.name for record in model_records(folder)] == ["mine", "sam"]


def test_a_matcher_belongs_to_a_model_of_features(folder: Path, tmp_path: Path) -> None:
    glue = model(tmp_path, "glue.onnx", b"glue")
    with pytest.raises(RefusedError, match=r"no local-feature model 'mine' \(such models there: none\)"):
        register_model(folder, "glue", MATCHER, (glue,), "MIT", "Lena", "mine")
    assert model_records(folder) == ()
    registered(folder)
    made = register_model(folder, "glue", MATCHER, (glue,), "MIT", "Lena", "mine")
    assert model_records(folder)[1] == made
    assert made.features == "mine"
    kept = folder / "models"
    assert proposer_files(folder, "mine") == (kept / "mine.onnx",)
    assert proposer_files(folder, "glue") == (kept / "mine.onnx", kept / "glue.onnx")
    assert proposer_files(folder, "other") == ()
    assert feature_model(folder, "glue") is None
    assert matched_model(folder, "mine") == kept / "mine.onnx"
    with pytest.raises(RefusedError, match=r"no local-feature model 'glue' \(such models there: mine\)"):
        matched_model(folder, "glue")


def test_a_model_that_a_matcher_needs_is_not_removed(folder: Path, tmp_path: Path) -> None:
    registered(folder)
    register_model(folder, "glue", MATCHER, (model(tmp_path, "glue.onnx", b"glue"),), "MIT", "Lena", "mine")
    with pytest.raises(RefusedError, match="'glue' matches the features of 'mine'; remove 'glue' first"):
        remove_model(folder, "mine", "Rosa")
    assert (folder / "models" / "mine.onnx").is_file()
    remove_model(folder, "glue", "Rosa")
    remove_model(folder, "mine", "Rosa")
    assert model_records(folder) == ()


def test_a_matcher_with_a_changed_file_of_either_is_refused(folder: Path, tmp_path: Path) -> None:
    registered(folder)
    register_model(folder, "glue", MATCHER, (model(tmp_path, "glue.onnx", b"glue"),), "MIT", "Lena", "mine")
    (folder / "models" / "glue.onnx").write_bytes(b"other")
    with pytest.raises(BadFileError, match=r"glue\.onnx: its content is not what was registered"):
        proposer_files(folder, "glue")
    (folder / "models" / "mine.onnx").unlink()
    with pytest.raises(BadFileError, match=r"mine\.onnx"):
        proposer_files(folder, "glue")


def test_a_removed_model_goes_with_its_files_and_the_others_stay(folder: Path, tmp_path: Path) -> None:
    kept = registered(folder)
    pair = model(tmp_path, "encoder.onnx", b"e"), model(tmp_path, "decoder.onnx", b"d")
    made = register_model(folder, "sam", CLICK, pair, "Apache-2.0", "Lena")
    files = folder / "models" / "sam.onnx", folder / "models" / "sam.decoder.onnx"
    assert remove_model(folder, "sam", "Rosa") == (made, files)
    assert model_records(folder) == (kept,)
    assert click_model_names(folder) == ()
    assert [path.name for path in (folder / "models").iterdir()] == ["mine.onnx"]
    assert all(path.is_file() for path in pair)
    (gone,) = read_records(folder).removed
    assert (gone.name, gone.sums, gone.by) == ("sam", (made.sha256, made.decoder_sha256), "Rosa")
    assert gone.removed >= made.added


def test_what_is_not_there_cannot_be_removed(folder: Path) -> None:
    with pytest.raises(RefusedError, match=r"no model 'mine' \(models there: none\)"):
        remove_model(folder, "mine", "Rosa")
    assert list(folder.iterdir()) == []
    registered(folder)
    before = (folder / "models.toml").read_bytes()
    with pytest.raises(RefusedError, match=r"no model '\.\./mine' \(models there: mine\)"):
        remove_model(folder, "../mine", "Rosa")
    assert (folder / "models.toml").read_bytes() == before


def test_the_name_of_a_removed_model_is_given_to_the_same_file_alone(folder: Path, tmp_path: Path) -> None:
    """Pre-masks and passes tell of a model by its name."""
    registered(folder)
    remove_model(folder, "mine", "Rosa")
    with pytest.raises(RefusedError, match="was the name of another model"):
        register_model(folder, "mine", FEATURES, (model(tmp_path, "other.onnx", b"others"),), "MIT", "Lena")
    assert registered(folder).name == "mine"
    assert read_records(folder).removed == ()
    remove_model(folder, "mine", "Rosa")
    assert [one.name for one in read_records(folder).removed] == ["mine"]


def test_a_model_whose_file_is_gone_or_changed_can_be_removed(folder: Path) -> None:
    registered(folder)
    registered(folder, "other")
    (folder / "models" / "mine.onnx").unlink()
    (folder / "models" / "other.onnx").write_bytes(b"weighty")
    assert remove_model(folder, "mine", "Rosa")[1] == ()
    assert remove_model(folder, "other", "Rosa")[1] == (folder / "models" / "other.onnx",)
    assert list((folder / "models").iterdir()) == []


def test_nothing_is_deleted_behind_a_link(folder: Path, tmp_path: Path) -> None:
    registered(folder)
    outside = shutil.move(folder / "models", tmp_path / "outside")
    (folder / "models").symlink_to(outside)
    assert remove_model(folder, "mine", "Rosa")[1] == ()
    assert (tmp_path / "outside" / "mine.onnx").is_file()


def test_a_file_that_cannot_be_deleted_is_named(folder: Path) -> None:
    registered(folder)
    path = folder / "models" / "mine.onnx"
    path.unlink()
    path.mkdir()
    with pytest.raises(EnvironmentFault, match=r"no model of this project any more, but .*mine\.onnx cannot be"):
        remove_model(folder, "mine", "Rosa")
    assert model_records(folder) == ()


def test_a_name_is_taken_once(folder: Path) -> None:
    registered(folder)
    before = (folder / "models.toml").read_bytes()
    with pytest.raises(RefusedError, match="already"):
        registered(folder)
    assert (folder / "models.toml").read_bytes() == before


@pytest.mark.parametrize("name", ["", "../up", "A", "a b", "-a", "a.b", "a/b", "a" * 64, "group+a", "ä", "a\n"])
def test_names_that_are_none_are_refused(folder: Path, name: str) -> None:
    with pytest.raises(RefusedError, match="no name for a model"):
        registered(folder, name)
    assert list(folder.iterdir()) == []


def test_a_licence_too_long_to_keep_is_refused(folder: Path) -> None:
    with pytest.raises(RefusedError, match="too long"):
        registered(folder, licence="x" * 40_001)
    assert list(folder.iterdir()) == []


def test_text_that_utf8_cannot_hold_is_kept_as_question_marks(folder: Path) -> None:
    assert registered(folder, licence="a\udcffb").licence == "a?b"
    assert model_records(folder)[0].licence == "a?b"


@pytest.mark.parametrize("change", [lambda path: path.write_bytes(b"weighty"), lambda path: path.unlink()])
def test_a_file_that_changed_or_went_is_refused_by_name(folder: Path, change) -> None:
    record = registered(folder)
    change(folder / "models" / "mine.onnx")
    with pytest.raises(BadFileError, match=r"mine\.onnx"):
        feature_model(folder, "mine")
    with pytest.raises(BadFileError, match=r"mine\.onnx"):
        checked_files(folder, record)


def test_a_changed_decoder_is_refused_too(folder: Path, tmp_path: Path) -> None:
    pair = model(tmp_path, "e.onnx", b"e"), model(tmp_path, "d.onnx", b"d")
    register_model(folder, "sam", CLICK, pair, "unknown", "Lena")
    (folder / "models" / "sam.decoder.onnx").write_bytes(b"D")
    with pytest.raises(BadFileError, match=r"sam\.decoder\.onnx: its content is not what was registered"):
        click_model_files(folder, "sam")


def test_a_link_out_of_the_project_is_refused(folder: Path, tmp_path: Path) -> None:
    registered(folder)
    inside = folder / "models" / "mine.onnx"
    inside.unlink()
    inside.symlink_to(tmp_path / "some.onnx")
    with pytest.raises(BadFileError, match="link"):
        feature_model(folder, "mine")


def test_a_folder_of_models_that_is_a_link_takes_nothing(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "models").symlink_to(outside)
    with pytest.raises(BadFileError, match="link"):
        registered(folder)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("content", [None, b"", "folder"])
def test_what_is_no_file_with_content_is_not_registered(folder: Path, tmp_path: Path, content) -> None:
    path = tmp_path / "bad.onnx"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(BadFileError, match=r"bad\.onnx"):
        register_model(folder, "mine", FEATURES, (path,), "MIT", "Lena")
    assert list(folder.iterdir()) == []


def test_a_project_that_cannot_be_written_is_a_fault(folder: Path) -> None:
    (folder / "models").write_text("a file where the folder belongs", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="cannot be kept"):
        registered(folder)
    assert not (folder / "models.toml").exists()


GOOD = {
    "name": "mine", "kind": "local features", "file": "mine.onnx", "sha256": "a" * 64, "licence": "MIT",
    "added": "2026-01-02T03:04:05+00:00", "by": "Lena",
}  # fmt: skip


def write(folder: Path, *entries: dict[str, object], title: str = "model") -> None:
    lines = []
    for entry in entries:
        lines.append(f"[[{title}]]")
        lines += [
            f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in entry.items()
        ]
    (folder / "models.toml").write_text("\n".join(lines), encoding="utf-8")


def test_a_record_written_by_hand_is_read(folder: Path) -> None:
    write(folder, GOOD)
    assert [record.kind for record in model_records(folder)] == [FEATURES]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../mine"}, {"name": 3}, {"kind": "magic"}, {"file": "../../etc/passwd"}, {"file": "/etc/passwd"},
        {"file": "other.onnx"}, {"sha256": "a" * 63}, {"sha256": "A" * 64}, {"licence": ""}, {"licence": "x" * 50_000},
        {"added": "yesterday"}, {"by": 1}, {"decoder": "mine.decoder.onnx"}, {"kind": "click to mask"},
        {"kind": "click to mask", "decoder": "mine.decoder.onnx"}, {"name": "a" * 70}, {"kind": "matcher"},
        {"features": "mine"}, {"kind": "matcher", "features": "mine"}, {"kind": "matcher", "features": 3},
    ],
)  # fmt: skip
def test_hostile_records_are_refused_in_a_sentence(folder: Path, change: dict[str, object]) -> None:
    write(folder, GOOD | change)
    with pytest.raises(BadFileError, match=r"models\.toml: .*; correct it or restore the file\.$"):
        model_records(folder)


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_what_is_missing_is_named(folder: Path, missing: str) -> None:
    write(folder, {key: value for key, value in GOOD.items() if key != missing})
    with pytest.raises(BadFileError, match=f"'{missing}'"):
        model_records(folder)


GONE = {"name": "mine", "sha256": f"{'a' * 64} {'b' * 64}", "removed": "2026-01-02T03:04:05+00:00", "by": "Lena"}


def test_a_removal_written_by_hand_is_read(folder: Path) -> None:
    write(folder, GONE, title="removed")
    (gone,) = read_records(folder).removed
    assert (gone.name, gone.sums) == ("mine", ("a" * 64, "b" * 64))
    assert model_records(folder) == ()


@pytest.mark.parametrize(
    "change", [{"name": "../mine"}, {"sha256": "a" * 63}, {"sha256": ""}, {"removed": "yesterday"}, {"by": 1}]
)
def test_hostile_removals_are_refused_in_a_sentence(folder: Path, change: dict[str, object]) -> None:
    write(folder, GONE | change, title="removed")
    with pytest.raises(BadFileError, match=r"models\.toml: .*; correct it or restore the file\.$"):
        model_records(folder)


def test_two_models_of_one_name_are_refused(folder: Path) -> None:
    write(folder, GOOD, GOOD)
    with pytest.raises(BadFileError, match="twice"):
        model_records(folder)


@pytest.mark.parametrize(
    "content", [b"model = 3", b"model = [1]", b"removed = 3", b"\xff\xfe", b"[[model", b"x" * (1 << 21)]
)
def test_files_that_are_no_records_are_refused(folder: Path, content: bytes) -> None:
    (folder / "models.toml").write_bytes(content)
    with pytest.raises(AnnotatorError, match=r"models\.toml"):
        model_records(folder)

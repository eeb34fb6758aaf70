"""Pre-masks of a project: who gets one, what is kept, what makes it stale."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.codec import annotation_from_text, annotation_text
from annotator.domain.dataset import PairKey
from annotator.domain.errors import EnvironmentFault
from annotator.domain.geometry import polygon
from annotator.domain.shapes import OccluderKind, Role, Shape
from annotator.domain.tracing import polygons_of
from annotator.premask.executor import Here
from annotator.premask.protocol import EachAlone, Proposal, ProposalInput
from annotator.project import Project
from annotator.project.group_work import CHUNK, GroupWork, ImageFile, chunks, run_group_work
from annotator.project.premasks import count_kept, group_work, is_done, premask, run_premasks


@dataclass(frozen=True)
class Copy(EachAlone):
    """Answers with the first reference's mask."""

    name: str = "copy"
    describe: str = "For tests."

    def propose(self, given: ProposalInput) -> Proposal:
        return Proposal(tuple(polygons_of(given.references[0].mask)), 0.9, self.name, given.references[0].name)


def make(choice: Any) -> Copy:
    return Copy(str(choice))


def silent(done: int, total: int, what: str) -> None:
    assert 0 <= done <= total
    assert what


def test_groups_without_an_approved_query_mask_wait(project: Project) -> None:
    assert {one.group for one in group_work(project, None, make, "copy")} == {0}
    assert group_work(project, [1], make, "copy") == []


def test_every_open_pair_of_the_group_is_answered(project: Project) -> None:
    work = group_work(project, None, make, "copy")
    assert {image.name for one in work for image in one.images} == {"a", "b", "c"}
    counts = run_premasks(project, work, Here(), silent)
    assert counts == {"kept": 0, "proposed": 3, "refused": 0}
    found = premask(project, PairKey(0, "a"))
    assert found is not None
    assert found.reference == "q0"
    assert found.polygons[0].bounds == (1, 1, 21, 21)


def test_a_reference_is_the_object_without_its_occluders_cut_out(project: Project) -> None:
    """What stands before the query stands elsewhere in another photograph."""
    (work, *_) = group_work(project, None, make, "copy")
    (first, *others) = work.references
    drawn = annotation_from_text(first.annotation)
    occluder = Shape("9", Role.OCCLUDER, polygon([[1, 1], [9, 1], [9, 9], [1, 9]]), OccluderKind.PERSON)
    text = annotation_text(replace(drawn, shapes=(*drawn.shapes, occluder)))
    found = run_group_work(replace(work, references=(replace(first, annotation=text), *others)))
    plain = run_group_work(work)
    assert [data["polygons"] for _, data in found] == [data["polygons"] for _, data in plain]


def test_what_is_kept_is_not_made_again(project: Project) -> None:
    work = group_work(project, None, make, "copy")
    run_premasks(project, work, Here(), silent)
    assert all(is_done(project, one) for one in work)
    assert run_premasks(project, work, Here(), silent) == {"kept": 3, "proposed": 0, "refused": 0}


def test_another_proposer_or_mask_makes_it_stale(project: Project, draw: Callable[..., Any]) -> None:
    run_premasks(project, group_work(project, None, make, "copy"), Here(), silent)
    assert not any(is_done(project, one) for one in group_work(project, None, make, "other"))
    project.store.save_query_mask(0, draw(12.0), "Rosa")
    project.store.approve_query_mask(0, "Rui")
    assert not any(is_done(project, one) for one in group_work(project, None, make, "copy"))


def test_what_is_stale_counts_as_kept_until_it_is_made_anew(project: Project) -> None:
    work = group_work(project, None, make, "copy")
    assert count_kept(project, work) == 0
    alone = [replace(one, images=one.images[:1]) for one in work]
    run_premasks(project, alone[:1], Here(), silent)
    assert count_kept(project, work) == 1
    run_premasks(project, work, Here(), silent)
    other = group_work(project, None, make, "other")
    assert (count_kept(project, other), any(is_done(project, one) for one in other)) == (3, False)


def test_a_torn_file_is_made_again(project: Project) -> None:
    work = group_work(project, None, make, "copy")
    run_premasks(project, work, Here(), silent)
    path = project.cache / "premasks" / "g00" / "a.json"
    path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")
    assert premask(project, PairKey(0, "a")) is None
    assert run_premasks(project, work, Here(), silent)["proposed"] == 3
    assert premask(project, PairKey(0, "a")) is not None


def test_another_method_makes_the_answers_stale(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    run_premasks(project, group_work(project, None, make, "copy"), Here(), silent)
    monkeypatch.setattr("annotator.project.group_work.METHOD", 0)
    assert not any(is_done(project, one) for one in group_work(project, None, make, "copy"))


class GoesAway:
    """A cluster that answers once and is gone."""

    def results(self, run: Callable[[Any], Any], work: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        yield 0, run(work[0])
        raise EnvironmentFault("The Dask cluster stopped answering; what is done is kept.")


def test_what_came_before_a_cluster_went_away_is_kept(project: Project) -> None:
    whole = group_work(project, None, make, "copy")
    single = [replace(one, images=(image,)) for one in whole for image in one.images]
    with pytest.raises(EnvironmentFault, match="is kept"):
        run_premasks(project, single, GoesAway(), silent)
    assert [is_done(project, one) for one in single] == [True, False, False]
    assert run_premasks(project, single, Here(), silent) == {"kept": 1, "proposed": 2, "refused": 0}


def test_other_parameters_make_the_answers_stale(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    run_premasks(project, group_work(project, None, make, "copy"), Here(), silent)
    assert all(is_done(project, one) for one in group_work(project, None, make, "copy"))
    monkeypatch.setattr("annotator.project.group_work.shipped_hash", lambda: "refitted")
    assert not any(is_done(project, one) for one in group_work(project, None, make, "copy"))


def test_stopping_keeps_what_is_done(project: Project) -> None:
    parts = [
        GroupWork(one.group, one.references, (image,), make, "copy")
        for one in group_work(project, None, make, "copy")
        for image in one.images
    ]

    class Stopped(Here):
        def results(self, run: Any, work: Any) -> Any:
            yield 0, run(work[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_premasks(project, parts, Stopped(), silent)
    assert run_premasks(project, parts, Here(), silent) == {"kept": 1, "proposed": 2, "refused": 0}


def test_an_image_that_cannot_be_read_is_refused_with_a_reason(project: Project, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    (work,) = group_work(project, None, make, "copy")
    images = (ImageFile("broken", broken, "0"), work.images[0])
    answers = run_group_work(GroupWork(0, work.references, images, make, "copy"))
    assert [name for name, _ in answers] == ["broken", work.images[0].name]
    assert "broken.png" in answers[0][1]["refused"]
    assert answers[1][1]["refused"] is None


def test_a_cache_that_cannot_be_written_is_a_fault_of_the_environment(project: Project) -> None:
    project.cache.mkdir(exist_ok=True)
    (project.cache / "premasks").write_text("in the way")
    with pytest.raises(EnvironmentFault):
        run_premasks(project, group_work(project, None, make, "copy"), Here(), silent)


def test_foreign_content_is_no_premask(project: Project) -> None:
    path = project.cache / "premasks" / "g00" / "a.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"proposal": {"version": 1}}), encoding="utf-8")
    assert premask(project, PairKey(0, "a")) is None


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1, 5 * CHUNK + 3])
def test_chunks_hold_every_image_once(count: int) -> None:
    images = [ImageFile(str(number), Path(), "") for number in range(count)]
    parts = list(chunks(images))
    assert sorted(int(image.name) for part in parts for image in part) == list(range(count))
    assert all(0 < len(part) <= CHUNK for part in parts)
    assert len(parts) < 2 or len(parts) % 2 == 0, "two processes end together"

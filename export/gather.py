"""From a project to what its release is made of: final annotations, histories, images, groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PairState
from annotator.project.layout import read_settings
from annotator.project.project import Project
from annotator.store.records import Decision, PairRecord, PassHead, RevisionRecord
from annotator.store.revisions import IMPORT
from export.material import IMPORTED, SETTLED, STEPS, FinishedPair, FinishedQuery, ImageFile, Material, Round
from resources import accessor


def gather(project: Project, pseudonyms: Mapping[str, str]) -> Material:
    """Everything of a project that is finished, and the list of what is not. Nothing is changed.

    The final annotation of a pair is its standing one: that of its last pass, or what the researcher settled it with.
    `pseudonyms` has one for each person's name. Raises what the store and the image library raise.
    """
    store = project.store
    records = store.pairs()
    done = [record for record in records if record.state is PairState.DONE]
    rounds = _rounds(store.all_passes(), store.decisions(), {record.key for record in done}, pseudonyms)
    begun = {key: _round_of_import(found, pseudonyms) for key, found in store.imported().items()}
    pairs = tuple(
        _pair(project, record, record.standing, rounds[record.key], begun.get(record.key))
        for record in done
        if record.standing is not None
    )
    queries = tuple(_queries(project, pseudonyms))
    drawn = {query.number for query in queries}
    finished = {record.key for record in done}
    project.library.save_cache()
    return Material(
        dataset=project.truth.dataset,
        project=project.name,
        truth=project.truth,
        groups=project.groups,
        ground_truth_file=project.folder / read_settings(project.folder).ground_truth,
        annotations=store.annotations,
        pairs=pairs,
        queries=queries,
        missing_pairs=tuple(str(record.key) for record in records if record.key not in finished),
        missing_queries=tuple(query.number for query in project.truth.queries if query.number not in drawn),
        notes={record.number: record.note for record in store.group_records() if record.note},
        rules=project.rules,
        rules_text=accessor.read_text("rules/rules.md"),
        people=tuple((pseudonyms[person.name], person.name) for person in store.people()),
    )


def pseudonyms_of(projects: Iterable[Project]) -> dict[str, str]:
    """`A1`, `A2` … by name, in the order of the projects and then of joining; one person in two projects has one."""
    found: dict[str, str] = {}
    by_folded: dict[str, str] = {}
    for project in projects:
        for person in project.store.people():
            folded = person.name.casefold()
            by_folded.setdefault(folded, f"A{len(by_folded) + 1}")
            found[person.name] = by_folded[folded]
    return found


def _rounds(
    passes: Iterable[PassHead], decisions: Iterable[Decision], done: set[PairKey], pseudonyms: Mapping[str, str]
) -> dict[PairKey, tuple[Round, ...]]:
    """The history of each finished pair in the order of the chain: passes, and decisions that set a mask."""
    found: dict[PairKey, list[tuple[int, Round]]] = defaultdict(list)
    for head in passes:
        if head.key in done:
            found[head.key].append((head.id, _round_of_pass(head, pseudonyms)))
    for made in decisions:
        if made.key in done and made.revision is not None:
            round_ = Round(SETTLED, pseudonyms[made.person], made.at, "settled", made.revision, proof=made.sha256)
            found[made.key].append((made.id, round_))
    return {
        key: tuple(round_ for _, round_ in sorted(history, key=lambda one: one[0])) for key, history in found.items()
    }


def _round_of_pass(head: PassHead, pseudonyms: Mapping[str, str]) -> Round:
    return Round(
        step=STEPS[head.pass_number],
        by=pseudonyms[head.person],
        at=head.submitted_at,
        verdict=head.verdict.value,
        revision=head.revision,
        active_seconds=head.active_seconds,
        proposer=head.proposer,
        proof=head.sha256,
    )


def _round_of_import(found: RevisionRecord, pseudonyms: Mapping[str, str]) -> Round:
    source = (found.proposer or "").removeprefix(IMPORT)
    return Round(IMPORTED, pseudonyms[found.person], found.at, "imported", found.id, proposer=source)


def _pair(
    project: Project, record: PairRecord, final: int, rounds: tuple[Round, ...], imported: Round | None
) -> FinishedPair:
    return FinishedPair(
        dataset=project.truth.dataset,
        group=record.key.group,
        index=record.index,
        difficulty=record.difficulty,
        image=_image(project, record.key.image),
        rounds=rounds,
        final=final,
        imported=imported,
    )


def _queries(project: Project, pseudonyms: Mapping[str, str]) -> Iterable[FinishedQuery]:
    for record in project.store.query_records():
        if record.annotation is not None and record.approved_by is not None and record.drawn_by is not None:
            yield FinishedQuery(
                dataset=project.truth.dataset,
                number=record.number,
                group=record.group,
                image=_image(project, record.image),
                annotation=record.annotation,
                drawn_by=pseudonyms[record.drawn_by],
                approved_by=pseudonyms[record.approved_by],
            )


def _image(project: Project, name: str) -> ImageFile:
    """The image as the library has it; one that is gone by now keeps its name, with the extension of the benchmark."""
    path = project.library.path(name)
    if path is None:
        return ImageFile(name, f"{name}.jpg", "")
    library = project.library
    return ImageFile(name, path.name, library.sha256(name), library.orientation(name), library.size(name))

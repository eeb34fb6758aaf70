"""How far a project is, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from annotator.domain.dataset import group_name
from annotator.domain.passes import PairState
from annotator.project.project import Project
from qa.remarks import count_threads, threads


def status(project: Project) -> dict[str, Any]:
    """The content of `annotator status --json`.

    `workable` counts pairs whose image is here, `waiting` those whose image is missing, so that both make `pairs`.
    `states` counts every state; its `waiting` also holds the pairs whose group no researcher opened yet
    (`waiting_for_group`). Missing images are listed by name. `remarks` counts threads, open and settled: all, those of
    each group, and those that concern each person, who wrote in them or did a pass of the pair.
    """
    pairs, queries = project.store.pairs(), project.store.query_records()
    opened = {record.number for record in project.store.group_records() if record.opened_at is not None}
    remarks = count_threads(threads(project.store.all_remarks(), pairs))
    states = Counter(pair.state for pair in pairs)
    here = sum(pair.present for pair in pairs)
    closed = sum(pair.present and pair.state is PairState.WAITING for pair in pairs)
    return {
        "name": project.name,
        "dataset": project.truth.dataset,
        "queries": len(queries),
        "query_masks": sum(query.annotation is not None for query in queries),
        "approved_query_masks": sum(query.approved_by is not None for query in queries),
        "groups": len(project.groups),
        "open_groups": len(opened),
        "pairs": len(pairs),
        "workable": here,
        "waiting": len(pairs) - here,
        "waiting_for_group": closed,
        "done": states[PairState.DONE],
        "states": {state.value: states[state] for state in PairState},
        "open_remarks": remarks.all.open,
        "remarks": {
            "open": remarks.all.open,
            "settled": remarks.all.settled,
            "groups": {group_name(number): asdict(counts) for number, counts in remarks.groups.items()},
            "people": {name: asdict(counts) for name, counts in remarks.people.items()},
        },
        "missing_index_images": sorted({pair.key.image for pair in pairs if not pair.present}),
        "missing_query_images": sorted({query.image for query in queries if not query.present}),
        "image_problems": [str(problem) for problem in project.images.problems],
    }

"""One of several people at once: does a pass wherever that is allowed, until nothing is left to do.

`python store_person.py URL PERSON ANNOTATION` prints how many leases it got and how many passes it submitted.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime

from annotator.domain.codec import annotation_from_text
from annotator.domain.errors import ConflictError
from annotator.domain.passes import PairState, Pass, Verdict
from annotator.store.store import Store

DUE = {
    PairState.OPEN: (1, PairState.AFTER_1),
    PairState.AFTER_1: (2, PairState.AFTER_2),
    PairState.AFTER_2: (3, PairState.DONE),
}


def main(url: str, person: str, text: str) -> None:
    store, drawn = Store.open(url), annotation_from_text(text)
    taken = recorded = 0
    while True:
        todo = [pair for pair in store.pairs() if pair.state in DUE and person not in pair.seats]
        if not todo:
            break
        random.Random(recorded).shuffle(todo)
        for seen in todo[:200]:
            try:
                store.take_lease(seen.key, person, 5)
            except ConflictError:
                continue
            taken += 1
            pair = store.pair(seen.key)
            if pair.state not in DUE or person in pair.seats:
                store.release_lease(seen.key, person)
                continue
            number, new = DUE[pair.state]
            verdict = Verdict.SUBMITTED if number == 1 else Verdict.APPROVED
            pass_ = Pass(pair.key, number, person, verdict, drawn, datetime.now(UTC), base_revision=pair.standing)
            store.record_pass(pass_, pair.state, new)
            recorded += 1
    print(taken, recorded)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

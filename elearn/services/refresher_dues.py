"""When the questions an officer answered are due: worked out once, and kept while nothing new is known of the officer.

To space 800 answers takes 20 ms, and the home page asks each time. Kept are times only, of a few officers. Whether they
still hold is read in the same transaction: whoever writes, this program or another, adds to what is compared here.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from elearn.core.learning.course import EXAM
from elearn.core.learning.refresher import Asked, Review, dues
from elearn.core.projections.base import VOIDED_IDS
from elearn.core.projections.reviews import REVIEW
from elearn.core.vocab.kept import BROUGHT
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction

KEPT_IN_MEMORY = 64
"""Officers; one with 250 questions takes about 60 kB."""


@dataclass(frozen=True)
class Answered:
    """questions: all that were ever answered; dues: when those are due whose answers are believed."""

    questions: Collection[Asked]
    dues: Mapping[Asked, str]


@dataclass(frozen=True)
class _Kept:
    """mark: of all that the times follow from; latest: when the last answer was given, "" for none."""

    mark: tuple[object, ...]
    latest: str
    answered: Answered


_kept: OrderedDict[str, _Kept] = OrderedDict()
_lock = Lock()


def dues_of(tx: Transaction, person: str, attempts: Iterable[Row], now: str) -> Answered:
    """Return what the officer answered, and when it is due by what was said up to ``now``. attempts: all there are.

    Of an exam only what was handed in counts, as it was handed in.
    """
    handed_in = frozenset(str(row["attempt"]) for row in attempts if row["submitted_at"])
    mark = (*_mark(tx, person), handed_in)
    with _lock:
        kept = _kept.get(person)
        if kept is not None and kept.mark == mark and kept.latest <= now:
            _kept.move_to_end(person)
            return kept.answered
    reviews = _reviews(tx.tables.select(REVIEW, {"subject": person}), handed_in)
    latest = max((one.at for found in reviews.values() for one in found), default="")
    times = dues(reviews, now)
    if latest > now:  # answers that lie ahead will count one after the other, as time goes on
        return Answered(frozenset(reviews), times)
    answered = Answered(times.keys(), times)
    _keep(person, _Kept(mark, latest, answered))
    return answered


def _keep(person: str, found: _Kept) -> None:
    with _lock:
        _kept[person] = found
        _kept.move_to_end(person)
        while len(_kept) > KEPT_IN_MEMORY:
            _kept.popitem(last=False)


def _mark(tx: Transaction, person: str) -> tuple[object, ...]:
    """Return what is other as soon as an answer of the officer came, was voided, or was brought in a file.

    What was brought can be dropped for the sake of an entry about somebody else, so then every entry counts.
    """
    brought = tx.tables.count(BROUGHT, {"subject": person})
    return (
        tx.ledger.newest_about(person),
        tx.tables.count(REVIEW, {"subject": person}),
        tx.tables.count(VOIDED_IDS),
        (brought, tx.ledger.size()) if brought else (),
    )


def _reviews(rows: Iterable[Row], handed_in: frozenset[str]) -> dict[Asked, list[Review]]:
    found: dict[Asked, list[Review]] = {}
    in_exams: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row["place"] == EXAM:
            key = (str(row["attempt"]), str(row["question"]))
            known = in_exams.get(key)
            if known is None or (known["at"], known["id"]) < (row["at"], row["id"]):
                in_exams[key] = row
        else:
            _add(found, row)
    for (attempt, _), row in in_exams.items():
        if attempt in handed_in:
            _add(found, row)
    return found


def _add(found: dict[Asked, list[Review]], row: Row) -> None:
    asked = Asked(str(row["course"]), str(row["question"]))
    found.setdefault(asked, []).append(Review(row["at"], row["id"], bool(row["right"]), row["confidence"] or ""))

"""Counts of the satisfaction forms for one question, not yet protected."""

from elearn.core.projections.satisfaction import SATISFACTION
from elearn.core.stats.measures import Filters, span_of
from elearn.core.stats.satisfaction import UNKNOWN_OF_ANSWERS, Heard
from elearn.core.vocab.satisfaction import ITEMS
from elearn.core.vocab.tables import Where
from elearn.ports import Transaction

_BY = ("course", "language")
_Counts = dict[tuple[str, str], dict[str, dict[int | str, int]]]


def opinions(tx: Transaction, scope: Where, filters: Filters) -> list[Heard] | None:
    """Return what was answered, by course and language; None under a filter that answers know nothing of.

    scope: {"node": id} or {}. Outcome and area are not looked at: the report shows the courses of its own tables only.
    """
    if UNKNOWN_OF_ANSWERS & filters.chosen.keys():
        return None
    where: Where = {**scope, **{name: value for name, value in filters.chosen.items() if name in _BY}}
    if filters.since or filters.until:
        where["said_on"] = span_of(filters.since, filters.until, filters.calendar)
    counts: _Counts = {}
    for column in (*ITEMS, "helped"):
        for row in tx.tables.group(SATISFACTION, (*_BY, column), where):
            key = (str(row["course"] or ""), str(row["language"] or ""))
            counts.setdefault(key, {}).setdefault(column, {})[row[column]] = row["n"]
    return [
        Heard(
            course,
            language,
            {item: {int(mark): n for mark, n in found[item].items()} for item in ITEMS},
            {str(choice): n for choice, n in found["helped"].items()},
        )
        for (course, language), found in sorted(counts.items())
    ]

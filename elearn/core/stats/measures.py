"""What can be asked of the figures: dimensions, filters, and periods as days of a place.

Everything counts exams passed (`core/projections/completions.py`): persons are counted once, however many exams they
passed and at however many posts; completions stand beside them.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta

from elearn.core.vocab.action_plan import AREAS, OUTCOMES, area_of
from elearn.core.vocab.dates import zone_of
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.people import Agency, Country, RankBand, Sex
from elearn.core.vocab.tables import Span
from elearn.core.vocab.times import text_of

COLUMNS = ("country", "agency", "post", "sex", "rank_band", "course", "language")
"""Dimensions that are columns of a completion, and can be filtered by."""

OUTCOME, AREA = "outcome", "area"
GROUPS = (OUTCOME, AREA)
"""Dimensions that put courses together: by the main outcome of the action plan they serve, and by its area."""

NARROWING = (*COLUMNS, *GROUPS)
"""Dimensions that can be filtered by."""

PERIOD = "period"
DIMENSIONS = (*NARROWING, PERIOD)

MONTHS_IN = {"month": 1, "quarter": 3, "semester": 6, "year": 12}
"""Kinds of period, by how many months they take."""

ALLOWED: dict[str, tuple[str, ...]] = {
    "country": tuple(one.value for one in Country),
    "agency": tuple(one.value for one in Agency),
    "sex": tuple(one.value for one in Sex),
    "rank_band": tuple(one.value for one in RankBand),
    "language": tuple(LANGUAGES),
    OUTCOME: tuple(OUTCOMES),
    AREA: tuple(AREAS),
}
"""Values of the dimensions that have a fixed list, in the order tables show them."""

LONGEST_VALUE = 200
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class Filters:
    """One question. "" in a dimension: all of it.

    since, until: first and last day, ISO, local; "" = open. by: kind of period. rows, columns: of the cross table.
    on: the day certificates are looked at, ISO. calendar: country whose days and months are meant.
    """

    country: str = ""
    agency: str = ""
    post: str = ""
    sex: str = ""
    rank_band: str = ""
    course: str = ""
    language: str = ""
    outcome: str = ""
    area: str = ""
    since: str = ""
    until: str = ""
    by: str = "month"
    rows: str = "agency"
    columns: str = "sex"
    on: str = ""
    calendar: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """Return the dimensions that are narrowed, with their values."""
        return {name: getattr(self, name) for name in NARROWING if getattr(self, name)}

    @property
    def columns_chosen(self) -> dict[str, str]:
        """Return those of them that are columns of a completion."""
        return {name: value for name, value in self.chosen.items() if name in COLUMNS}

    def takes(self, outcome: str) -> bool:
        """Tell whether courses of this outcome are asked for."""
        return all(getattr(self, name) in {"", group_of(name, outcome)} for name in GROUPS)


def group_of(dimension: str, outcome: str) -> str:
    """Return which line of a dimension in `GROUPS` courses of this outcome belong to."""
    return area_of(outcome) if dimension == AREA else outcome


def filters_from(said: Mapping[str, str], today: date, country: str) -> Filters:
    """Return the question a form or a command line asks; what it does not say has its default.

    said: names as in `Filters`, but "from" and "to" for the days; a day may be cut to a month or a year.
    Raises Invalid: "figures.value-unknown" (field, value), "figures.date" (value), "figures.dates-turned" (since,
    until), "figures.same-dimension".
    """
    usual = {field.name: str(field.default) for field in fields(Filters)}
    told = {name: said.get(name, "").strip() or default for name, default in usual.items()}
    told["since"] = first_day(said.get("from", ""))
    told["until"] = last_day(said.get("to", ""))
    told["on"] = last_day(said.get("on", "")) or today.isoformat()
    told["calendar"] = country
    lists = {**ALLOWED, "by": tuple(MONTHS_IN), "rows": DIMENSIONS, "columns": DIMENSIONS}
    for name, value in told.items():
        if (value and name in lists and value not in lists[name]) or len(value) > LONGEST_VALUE:
            raise Invalid("figures.value-unknown", field=name, value=value[:LONGEST_VALUE])
    if told["since"] and told["until"] and told["since"] > told["until"]:
        raise Invalid("figures.dates-turned", since=told["since"], until=told["until"])
    if told["rows"] == told["columns"]:
        raise Invalid("figures.same-dimension", dimension=told["rows"])
    return Filters(**told)


def first_day(typed: str) -> str:
    """Return the first day of 2026, 2026-03 or 2026-03-05, "" for "". Raises Invalid("figures.date", value=)."""
    return _day(typed, last=False)


def last_day(typed: str) -> str:
    """Return the last day of 2026, 2026-03 or 2026-03-05, "" for "". Raises Invalid("figures.date", value=)."""
    return _day(typed, last=True)


def _day(typed: str, *, last: bool) -> str:
    text = typed.strip()
    if not text:
        return ""
    match = _DATE.fullmatch(text) if text.isascii() else None
    try:
        if match is None:
            raise ValueError
        year = int(match[1])
        month = int(match[2] or (12 if last else 1))
        day = int(match[3] or (calendar.monthrange(year, month)[1] if last else 1))
        return date(year, month, day).isoformat()
    except ValueError:
        raise Invalid("figures.date", value=text[:40]) from None


def span_of(since: str, until: str, country: str) -> Span:
    """Return the instants of these local days, both included; "" leaves a side open."""
    after = ""
    if until and until != date.max.isoformat():
        after = _midnight(date.fromisoformat(until) + timedelta(days=1), country)
    return Span(_midnight(date.fromisoformat(since), country) if since else None, after or None)


def _midnight(day: date, country: str) -> str:
    """Return the first instant of a day there; the calendar's own first day has none before it."""
    try:
        return text_of(datetime.combine(day, time(), zone_of(country)).astimezone(UTC))
    except OverflowError:
        return text_of(datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Period:
    """code: 2026-03, 2026-Q1, 2026-S1 or 2026; since, until: its first and last day, ISO."""

    code: str
    since: str
    until: str


def period_of(day: date, by: str) -> Period:
    """Return the period of this kind in which the day lies."""
    months = MONTHS_IN[by]
    number = (day.month - 1) // months
    first = number * months + 1
    last = first + months - 1
    code = {
        "month": f"{day.year:04}-{day.month:02}",
        "quarter": f"{day.year:04}-Q{number + 1}",
        "semester": f"{day.year:04}-S{number + 1}",
        "year": f"{day.year:04}",
    }[by]
    until = date(day.year, last, calendar.monthrange(day.year, last)[1])
    return Period(code, date(day.year, first, 1).isoformat(), until.isoformat())


def period_after(period: Period, by: str) -> Period | None:
    """Return the next one, None at the end of the calendar."""
    last = date.fromisoformat(period.until)
    return None if last == date.max else period_of(last + timedelta(days=1), by)

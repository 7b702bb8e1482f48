"""Dates for people: which day it is at a border post, how many months later, and how a language writes it.

None of the six countries shifts its clocks in summer, so a fixed offset a country is the whole time zone table.
"""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from babel.core import Locale
from babel.dates import format_date as babel_date

from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.times import instant_of, text_of

OFFSET_MINUTES = {"KH": 420, "CN": 480, "LA": 420, "MM": 390, "TH": 420, "VN": 420}
"""Minutes ahead of UTC, by country; others count as UTC."""

_BUDDHIST_ERA = {"th": "พ.ศ.", "lo": "ພ.ສ."}
_COMMON_ERA = {"th": "ค.ศ.", "lo": "ຄ.ສ."}
_BUDDHIST_YEARS = 543


def zone_of(country: str) -> timezone:
    """Return the time zone of a country (alpha-2), UTC for others."""
    return timezone(timedelta(minutes=OFFSET_MINUTES.get(country, 0)))


def local_date(instant: str, country: str) -> date:
    """Return which day it was there. instant: ISO 8601 with a zone. Raises Invalid("time.unreadable")."""
    return instant_of(instant).astimezone(zone_of(country)).date()


def start_of_day(day: date, country: str) -> str:
    """Return the first instant of a day there, as the ledger writes it."""
    return text_of(datetime.combine(day, time(), zone_of(country)).astimezone(UTC))


def end_of_day(day: date, country: str) -> str:
    """Return the last instant of a day there, as the ledger writes it."""
    return text_of(datetime.combine(day, time(23, 59, 59, 999999), zone_of(country)).astimezone(UTC))


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day: 31 August + 6 months = 28 or 29 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def format_date(language: str, iso: str, buddhist: bool = False, country: str = "") -> str:
    """Return a date in words: ``3 March 2026``, ``3 มีนาคม พ.ศ. 2569``; digits are always 0-9.

    iso: a date ``2026-03-03``, or an instant, shown as the day it was in ``country``. buddhist: years of the Buddhist
    era, where the language offers them. Raises Invalid("time.unreadable").
    """
    day = date.fromisoformat(iso) if len(iso) == 10 else local_date(iso, country)
    language = language if language in LANGUAGES else SOURCE
    locale = Locale.parse(language)
    if buddhist and language in _BUDDHIST_ERA:
        pattern = _with_buddhist_year(locale.date_formats["long"].pattern, language, day.year)
        return babel_date(day, pattern, locale=locale)
    if language == SOURCE:
        return babel_date(day, "d MMMM y", locale=locale)
    return babel_date(day, "long", locale=locale)


def format_date_both(language: str, iso: str, country: str = "") -> str:
    """Return a date with the year in both eras, ``3 มีนาคม พ.ศ. 2569 (ค.ศ. 2026)``; as `format_date` in other languages.

    iso, country: as there. Raises Invalid("time.unreadable").
    """
    words = format_date(language, iso, buddhist=True, country=country)
    if language not in _COMMON_ERA:
        return words
    day = date.fromisoformat(iso) if len(iso) == 10 else local_date(iso, country)
    return f"{words} ({_COMMON_ERA[language]} {day.year})"


def format_moment(language: str, instant: str, country: str, buddhist: bool = False) -> tuple[str, str]:
    """Return (date, time of day) there, for a sentence with two places for them. Raises Invalid("time.unreadable")."""
    when = instant_of(instant).astimezone(zone_of(country))
    return format_date(language, when.date().isoformat(), buddhist), when.strftime("%H:%M")


def _with_buddhist_year(pattern: str, language: str, year: int) -> str:
    """Return the pattern with era and year written out: Babel knows the Gregorian calendar only.

    The year can't be added to the date itself: 29 February 2028 would be a day that is not in 2571.
    """
    without_era = re.sub(r"G+\s*", "", pattern)
    return re.sub(r"y+", f"'{_BUDDHIST_ERA[language]} {year + _BUDDHIST_YEARS}'", without_era)

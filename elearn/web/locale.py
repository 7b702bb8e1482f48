"""Which language a page is in: chosen > the account's > the browser's > English. All seven stand equal.

The chosen one is kept in a cookie, so that it can be chosen before signing in.
"""

from functools import lru_cache

from babel import support
from babel.dates import format_time
from babel.numbers import format_decimal, format_percent
from flask import Flask, g, request
from flask_babel import Babel, get_translations

from elearn.core.vocab.dates import format_date, zone_of
from elearn.core.vocab.languages import LANGUAGES, SOURCE, Language
from elearn.core.vocab.times import instant_of
from elearn.web.context import current_about

COOKIE = "elearn_language"


def offered() -> list[Language]:
    """Return the languages this node offers, in the table's order; all of them before set-up."""
    mine = current_about()
    tags = mine.languages if mine and mine.languages else tuple(LANGUAGES)
    return [language for tag, language in LANGUAGES.items() if tag in tags]


def chosen_language() -> str:
    """Return the tag of the language of this request."""
    if "language" not in g:
        g.language = _choose()
    tag: str = g.language
    return tag


def current_language() -> Language:
    """Return the row of the language of this request."""
    return LANGUAGES[chosen_language()]


def _choose() -> str:
    tags = [language.tag for language in offered()]
    cookie = request.cookies.get(COOKIE, "")
    if cookie in tags:
        return cookie
    session = g.get("session")
    if session is not None and session.language in tags:
        return str(session.language)
    by_bcp47 = {LANGUAGES[tag].bcp47.lower(): tag for tag in tags}
    wanted = request.accept_languages.best_match([LANGUAGES[tag].bcp47 for tag in tags])
    if wanted:
        return by_bcp47[wanted.lower()]
    if any(value.lower().startswith("zh") for value, _ in request.accept_languages) and "zh_Hans" in tags:
        return "zh_Hans"
    return SOURCE if SOURCE in tags else tags[0]


def number(value: float) -> str:
    """Return a number as the language writes it."""
    return _decimal(value, chosen_language())


@lru_cache(maxsize=2048, typed=True)
def _decimal(value: float, language: str) -> str:
    """Return the same: a page has dozens, and each takes as long as a query."""
    return str(format_decimal(value, locale=language))


def percent(value: float) -> str:
    """Return a share 0..1 as the language writes whole percents; never rounds up to a pass."""
    return str(format_percent(int(value * 100 + 1e-9) / 100, locale=chosen_language()))


def draft_interface() -> bool:
    """Tell whether the words of this page are a translation that no native speaker has signed yet."""
    return chosen_language() != SOURCE and not get_translations().info().get("x-reviewed-by")


def day(moment_or_date: str) -> str:
    """Return a date or instant as the day it was here, in words."""
    return format_date(chosen_language(), moment_or_date, country=_country())


def moment(instant: str) -> str:
    """Return an instant as day and time of the place."""
    here = instant_of(instant).astimezone(zone_of(_country()))
    return f"{day(instant)}, {format_time(here.time(), 'HH:mm', locale=chosen_language())}"


def _country() -> str:
    mine = current_about()
    return mine.country if mine else ""


def use_locale(app: Flask, catalogs: str) -> None:
    """Give the app its catalogs and its filters. catalogs: folder of compiled translations."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = catalogs
    Babel(app, locale_selector=chosen_language, timezone_selector=lambda: "UTC")
    _find_catalogs_once(app)
    app.jinja_env.filters["number"] = number
    app.jinja_env.filters["percent"] = percent
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["moment"] = moment


def _find_catalogs_once(app: Flask) -> None:
    """Have templates look the catalog up once a page: Flask-Babel does it three times a sentence, a fifth of a page."""

    def catalog() -> support.NullTranslations:
        found: support.NullTranslations | None = g.get("catalog")
        if found is None:
            found = g.catalog = get_translations()
        return found

    def one(message: str) -> str:
        return str(catalog().ugettext(message))

    def several(singular: str, plural: str, count: int) -> str:
        return str(catalog().ungettext(singular, plural, count))

    app.jinja_env.install_gettext_callables(one, several, newstyle=True)  # type: ignore[attr-defined]

"""What stands in the drop-down lists, in the reader's language: countries, agencies, sexes, rank bands, roles."""

from collections.abc import Iterable

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.people import Agency, Country, RankBand, Sex
from elearn.core.vocab.roles import Role
from elearn.web.locale import chosen_language

AGENCIES = {
    Agency.POLICE: _l("Police"),
    Agency.CUSTOMS: _l("Customs"),
    Agency.IMMIGRATION: _l("Immigration"),
    Agency.NARCOTICS: _l("Narcotics control"),
    Agency.BORDER_GUARD: _l("Border guard"),
    Agency.OTHER: _l("Other service"),
}
SEXES = {
    Sex.FEMALE: _l("Female"),
    Sex.MALE: _l("Male"),
    Sex.UNDISCLOSED: _l("Not stated"),
}
RANK_BANDS = {
    RankBand.JUNIOR: _l("Junior ranks"),
    RankBand.MIDDLE: _l("Middle ranks"),
    RankBand.SENIOR: _l("Senior ranks"),
    RankBand.CIVILIAN: _l("Civilian staff"),
}
ROLES = {
    Role.OFFICER: _l("Officer"),
    Role.TRAINER: _l("Trainer"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.ADMINISTRATOR: _l("Administrator"),
}


READERS = {
    Role.OFFICER: _l("For officers"),
    Role.TRAINER: _l("For trainers"),
    Role.COORDINATOR: _l("For coordinators"),
    Role.ADMINISTRATOR: _l("For administrators"),
}
"""Whom a lesson is for."""


def countries() -> list[tuple[str, str]]:
    """Return (code, name) of the six countries, sorted as the language sorts."""
    names = Locale.parse(chosen_language()).territories
    return sorted(((one.value, names[one.value]) for one in Country), key=lambda pair: pair[1])


def agencies() -> list[tuple[str, str]]:
    """Return (value, words) of the agencies."""
    return [(one.value, str(words)) for one, words in AGENCIES.items()]


def sexes() -> list[tuple[str, str]]:
    """Return (value, words)."""
    return [(one.value, str(words)) for one, words in SEXES.items()]


def rank_bands() -> list[tuple[str, str]]:
    """Return (value, words)."""
    return [(one.value, str(words)) for one, words in RANK_BANDS.items()]


def roles() -> list[tuple[str, str]]:
    """Return (value, words)."""
    return [(one.value, str(words)) for one, words in ROLES.items()]


def readers(audience: Iterable[str]) -> list[str]:
    """Return the words for the roles a lesson is for, in the order of the roles."""
    return [str(words) for one, words in READERS.items() if one.value in set(audience)]


def words_of(kind: str, value: str) -> str:
    """Return the words for a stored value; kind: country, agency, sex, rank_band or role. Unknown: "not known"."""
    lists = {"country": countries, "agency": agencies, "sex": sexes, "rank_band": rank_bands, "role": roles}
    return dict(lists[kind]()).get(value, _("Not known"))


def field_codes(error: Invalid) -> dict[str, str]:
    """Return field -> code of an error about a form; raises it again if it is about something else."""
    fields = error.details.get("fields")
    if not isinstance(fields, dict):
        raise error
    return {str(name): str(code) for name, code in fields.items()}

"""What is said about one officer, as typed and in its clean form."""

from dataclasses import dataclass, fields, replace
from enum import Enum

from elearn.core.roster.words import LONGEST_POST, clean, name_problem, text_problem
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.people import Agency, Country, RankBand, Sex
from elearn.core.vocab.pins import fold_number, fold_pin, number_problem, pin_problem
from elearn.core.vocab.roles import Role


@dataclass(frozen=True)
class OfficerForm:
    """One officer as typed on a page or in a sheet; "" where nothing was said. Fields are columns of the sheet too."""

    service_number: str
    name: str
    sex: str = ""
    country: str = ""
    agency: str = ""
    post: str = ""
    rank_band: str = ""
    role: str = ""
    language: str = ""
    pin: str = ""


FIELDS = tuple(field.name for field in fields(OfficerForm))
REQUIRED = ("service_number", "name")

_SPOKEN: dict[str, dict[str, str]] = {
    "country": {
        **{country.name.lower().replace("_", "-"): country.value for country in Country},
        "laos": "LA",
        "lao": "LA",
        "vietnam": "VN",
    },
    "sex": {"f": "female", "m": "male", "woman": "female", "man": "male"},
    "rank_band": {},
    "agency": {},
    "role": {"admin": "administrator"},
    "language": {
        **{row.english_name.casefold(): tag for tag, row in LANGUAGES.items()},
        **{row.own_name.casefold(): tag for tag, row in LANGUAGES.items()},
        "zh": "zh_Hans",
    },
}
"""What else people write in a column for one of its values."""


def _values(kind: type[Enum]) -> dict[str, str]:
    return {_key(item.value): item.value for item in kind}


def _key(text: str) -> str:
    return "-".join(text.casefold().replace("_", " ").replace("-", " ").split())


_KNOWN: dict[str, dict[str, str]] = {
    column: {**{_key(spoken): value for spoken, value in _SPOKEN[column].items()}, **values}
    for column, values in {
        "country": _values(Country),
        "sex": _values(Sex),
        "rank_band": _values(RankBand),
        "agency": _values(Agency),
        "role": _values(Role),
        "language": {_key(tag): tag for tag in LANGUAGES},
    }.items()
}


def tidied(form: OfficerForm) -> tuple[OfficerForm, dict[str, str]]:
    """Return the form in its clean form, and field -> code of everything wrong. What was left blank stays blank.

    Codes: those of `name_problem`, `number_problem`, `pin_problem`; post.*; <field>.unknown.
    """
    chosen, problems = _chosen(form)
    tidy = replace(
        form,
        service_number=fold_number(form.service_number),
        name=clean(form.name),
        post=clean(form.post),
        pin=fold_pin(form.pin),
        **chosen,
    )
    post_problem = text_problem(tidy.post, LONGEST_POST)
    found = {
        "service_number": number_problem(tidy.service_number),
        "name": name_problem(tidy.name),
        "post": f"post.{post_problem}" if post_problem else None,
        "pin": pin_problem(tidy.pin, tidy.service_number) if tidy.pin else None,
    }
    return tidy, problems | {field: code for field, code in found.items() if code}


def filled(form: OfficerForm, defaults: dict[str, str]) -> OfficerForm:
    """Return the form with blanks filled from ``defaults`` (field -> value)."""
    return replace(form, **{field: value for field, value in defaults.items() if not getattr(form, field)})


def _chosen(form: OfficerForm) -> tuple[dict[str, str], dict[str, str]]:
    chosen, problems = {}, {}
    for column, known in _KNOWN.items():
        said = clean(str(getattr(form, column)))
        chosen[column] = known.get(_key(said), "")
        if said and not chosen[column]:
            problems[column] = f"{column.replace('_', '-')}.unknown"
    return chosen, problems

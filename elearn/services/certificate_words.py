"""A certificate in words of one language: its labels and values, its holder's unit, who signs it."""

from dataclasses import dataclass

from elearn.core.content.version import without_build
from elearn.core.credential.page import CertificateWords, Signatory
from elearn.core.credential.pictures import SIGNATURES
from elearn.core.vocab.dates import format_date, format_date_both
from elearn.core.vocab.languages import SOURCE
from elearn.core.vocab.tables import Row
from elearn.services.certificate_look import Look, title_in
from elearn.services.node import Node
from elearn.services.packages import Package


@dataclass(frozen=True)
class Told:
    """What is put into words. version: with or without its build; score: 0..1; issued_at, expires_at: instants or days,
    expires_at "" = never; country: whose day it is; titles: of the course, by language."""

    package: Package | None
    course: str
    version: str
    score: float
    issued_at: str
    expires_at: str
    country: str


def told_of(row: Row, package: Package | None, country: str) -> Told:
    """Return what a row of the certificates tells. country: of this node."""
    return Told(
        package=package,
        course=str(row["course"]),
        version=row["version"] or "",
        score=row["score"] or 0.0,
        issued_at=row["issued_at"],
        expires_at=row["expires_at"] or "",
        country=country,
    )


def words_in(node: Node, told: Told, look: Look, language: str) -> CertificateWords:
    """Return the words of one language."""
    say, package = node.phrases.say, told.package
    title = str(package.words(language).get("title", told.course)) if package else told.course
    draft = bool(package and package.language(language) == language and package.draft(language))
    outcome = package.course.main_outcome if package else ""
    write_day = format_date_both if look.both_eras else format_date
    percent = say(language, "%(percent)s %%", percent=round(told.score * 100))
    expires = write_day(language, told.expires_at, country=told.country) if told.expires_at else ""
    return CertificateWords(
        heading=say(language, "Certificate of completion"),
        awarded_to=say(language, "This certificate is awarded to"),
        has_completed=say(language, "who has completed the course"),
        course_title=title,
        number_label=say(language, "Certificate number"),
        version_label=say(language, "Version"),
        version=without_build(told.version),
        score_label=say(language, "Score") if look.score else "",
        score=percent if look.score else "",
        issued_label=say(language, "Issued on"),
        issued=write_day(language, told.issued_at, country=told.country),
        expires_label=say(language, "Valid until"),
        expires=expires or say(language, "No expiry"),
        verify_hint=say(
            language,
            "To check this certificate, scan the code or type the number at any post. No connection is needed.",
        ),
        outcome=say(language, "Serves outcome %(outcome)s of the action plan", outcome=outcome) if outcome else "",
        draft=say(language, "Draft translation, not yet reviewed") if draft else "",
    )


def unit_in(node: Node, person: Row, language: str) -> str:
    """Return agency and post of the officer in one line; a post's name is as people there write it."""
    agency = agency_name(node, person["agency"] or "", language)
    post = person["post"] or ""
    if agency and post:
        return node.phrases.say(language, "%(agency)s, %(post)s", agency=agency, post=post)
    return agency or post


def agency_name(node: Node, agency: str, language: str) -> str:
    """Return the name of an agency in a language, "" for one not known."""
    say = node.phrases.say
    names = {
        "police": say(language, "Police"),
        "customs": say(language, "Customs"),
        "immigration": say(language, "Immigration"),
        "narcotics": say(language, "Narcotics control"),
        "border-guard": say(language, "Border guard"),
    }
    return names.get(agency, "")


def signatories_in(look: Look, language: str) -> tuple[Signatory, ...]:
    """Return who signs, in the order of the page; English beside where it says something else."""
    signing = [one for one in look.signing if one.name]
    return tuple(
        Signatory(
            one.name,
            title_in(one, language),
            english if (english := one.titles.get(SOURCE, "")) != title_in(one, language) else "",
            look.pictures.get(SIGNATURES[one.place - 1], b""),
        )
        for one in signing
    )

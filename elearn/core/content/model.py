"""A course as values: its structure once, its words per language, each knowing the line it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elearn.core.content.finding import At
from elearn.core.content.raster import Header


@dataclass(frozen=True)
class Text:
    """A piece of text and its place."""

    text: str
    at: At = field(compare=False)


@dataclass(frozen=True)
class Source:
    """Where a fact was read. year: of the publication."""

    title: str
    body: str
    year: int
    section: str
    url: str


@dataclass(frozen=True)
class Fact:
    """One row of the fact register. read, review_by: ISO dates; mark: V = read, K = widely known."""

    id: str
    claim: str
    source: Source
    read: str
    review_by: str
    mark: str
    at: At = field(compare=False)


@dataclass(frozen=True)
class Question:
    """A question without its words. use: check | pretest | exam; linked: pre-test item measuring the same, or "".

    plan: the fields only its kind has, as plain texts, lists and mappings; confidence: asks how sure the officer is;
    places: name of a field -> where it stands.
    """

    id: str
    kind: str
    objective: str
    use: str
    options: tuple[str, ...]
    correct: tuple[str, ...]
    critical: bool
    linked: str
    facts: tuple[str, ...]
    plan: Mapping[str, Any]
    confidence: bool
    places: Mapping[str, At] = field(compare=False)
    at: At = field(compare=False)

    @property
    def accepted(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """Return {}: what may be typed stands in the words of each language."""
        return {}


@dataclass(frozen=True)
class Lesson:
    """A lesson without its words. checks: question ids asked after it; audience: roles it is for, () = everybody;
    optional: it need not be read."""

    id: str
    number: int
    minutes: int
    objectives: tuple[Text, ...]
    checks: tuple[Text, ...]
    audience: tuple[Text, ...]
    optional: bool
    at: At = field(compare=False)


@dataclass(frozen=True)
class Structure:
    """course.yaml. draft: still being written, not to be published; places: name of a field -> where it stands.

    requires: courses to be passed before this one is begun. examined: there is an exam; without one there is nothing to
    pass, and pass_mark to attempts and exam are 0. review: see `learning.course.Course`. renewal: the course says how
    a certificate is renewed; renewal_draw {} = by the whole exam; renewal_months 0 = however late.
    """

    id: str
    code: str
    version: str
    draft: bool
    source_language: str
    languages: tuple[Text, ...]
    sap: tuple[Text, ...]
    requires: tuple[Text, ...]
    pass_mark: float
    validity_months: int
    attempts_limit: int
    wait_minutes: int
    glossary: tuple[Text, ...]
    objectives: tuple[Text, ...]
    lessons: tuple[Lesson, ...]
    pretest: tuple[Text, ...]
    examined: bool
    exam_minutes: int
    draw: dict[str, int]
    review: str
    renewal: bool
    renewal_draw: dict[str, int]
    renewal_months: int
    places: dict[str, At] = field(compare=False)

    def at(self, name: str) -> At:
        """Return where a field stands, the top of course.yaml if it is not there."""
        return self.places.get(name) or At("course.yaml", 1)


@dataclass(frozen=True)
class Stamp:
    """What a translated unit was made from. source: digest of the source unit; blocks: digests of a lesson's blocks."""

    source: str
    state: str
    reviewer: str
    date: str
    blocks: tuple[str, ...]
    at: At = field(compare=False)


@dataclass(frozen=True)
class Words:
    """Everything in one language.

    texts: flat path -> text: `title`, `outcomes/0`, `objectives/<id>`, `lessons/<id>/title`, `glossary/<id>/name`,
    `questions/<id>/options/a`, `questions/<id>/feedback/a` ...; bodies: lesson id -> CommonMark;
    complete: every file is there, so the language may be published.
    """

    language: str
    texts: dict[str, Text]
    bodies: dict[str, Text]
    stamps: dict[str, Stamp]
    complete: bool


@dataclass(frozen=True)
class Raster:
    """A picture made of pixels, without its bytes, which stay in the file. header: what the bytes say of themselves.

    named: the end of its name, ``png``; digest: SHA-256 of the file; size: bytes.
    """

    header: Header
    named: str
    digest: str
    size: int
    at: At = field(compare=False)


@dataclass(frozen=True)
class Course:
    """A course folder, read. words: only languages of which there is at least one file; pictures: id -> SVG;
    rasters: id -> language -> picture made of pixels, "" = the one for all languages."""

    structure: Structure
    facts: tuple[Fact, ...]
    questions: tuple[Question, ...]
    words: dict[str, Words]
    files: tuple[str, ...]
    pictures: dict[str, Text]
    rasters: dict[str, dict[str, Raster]] = field(default_factory=dict)

    def raster(self, picture: str, language: str) -> Raster | None:
        """Return the picture to show in a language: its own, else the one for all, else the source language's."""
        found = self.rasters.get(picture, {})
        return found.get(language) or found.get("") or found.get(self.structure.source_language)

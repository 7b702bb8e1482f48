"""A checked course becomes a package: the rows of PACKAGE, LESSON_PAGE and QUESTION_TEXT, named by one digest.

The digest is taken over what people wrote (structure, words, stamps, facts), not over the HTML made from it: the same
files give the same digest on every machine and with every later version of the renderer.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from elearn.core.content.check import check_course
from elearn.core.content.digest import TranslationState, Unit, state_of, units_of
from elearn.core.content.finding import Finding, Findings
from elearn.core.content.lesson_pages import media_name, page_of
from elearn.core.content.model import Course, Fact, Raster, Structure, Words
from elearn.core.content.package_questions import question_structure, question_words
from elearn.core.content.page import Page
from elearn.core.content.parse import parse_course
from elearn.core.content.terms import TermList
from elearn.core.content.version import of_source
from elearn.core.xapi.canonical import digest_of

Json = dict[str, Any]


@dataclass(frozen=True)
class Package:
    """One course version. source: digest of structure and source words alone, without translations.

    pages: (lesson, language) -> page; questions: (question, language) -> {stem, options, feedback}; media: path ->
    picture file, without its bytes: a package may stay in memory, many megabytes of pictures may not.
    """

    digest: str
    source: str
    course: str
    version: str
    structure: Json
    texts: dict[str, Json]
    translation: dict[str, Json]
    pages: dict[tuple[str, str], Page]
    questions: dict[tuple[str, str], Json]
    media: dict[str, Raster]

    def as_version(self, version: str) -> "Package":
        """Return the same package under another version (a build); the digest stays."""
        return replace(self, version=version, structure={**self.structure, "version": version})

    def sources(self, page: Page) -> list[Json]:
        """Return the facts a page cites: [{number, fact, claim, source, read, review_by, mark}]."""
        return cited_facts(page, self.structure["facts"])


def signed_words(digest: str) -> bytes:
    """Return what is signed for a package. The digest already pins every word, key and fact in it."""
    return f"elearn package 1\n{digest}\n".encode()


def compile_course(
    course_id: str, files: Mapping[str, bytes], today: date, terms: Mapping[str, TermList] | None = None
) -> tuple[Package | None, tuple[Finding, ...]]:
    """Return the package of a course folder and all findings; None instead of the package if one is an error.

    course_id: name of the folder; files: path in it -> content; today: decides which reviews are overdue; terms:
    language -> term list.
    """
    read = read_course(course_id, files, today, terms)
    return read.package, read.findings


@dataclass(frozen=True)
class ReadCourse:
    """What a course folder says. course: None if course.yaml cannot be read; package: None if it may not be published.

    translation: language -> state, also of a damaged course.
    """

    course: Course | None
    package: Package | None
    translation: dict[str, Json]
    findings: tuple[Finding, ...]


def read_course(
    course_id: str, files: Mapping[str, bytes], today: date, terms: Mapping[str, TermList] | None = None
) -> ReadCourse:
    """Return everything there is to know about a course folder; arguments as in `compile_course`."""
    findings = Findings()
    course = parse_course(files, findings)
    if course is None:
        return ReadCourse(None, None, {}, findings.listed())
    check_course(course, course_id, today, findings, terms)
    listed = findings.listed()
    package = None if blocked(course, listed) else package_of(course)
    return ReadCourse(course, package, package.translation if package else translation_of(course), listed)


def blocked(course: Course, findings: tuple[Finding, ...]) -> bool:
    """Tell whether a finding forbids publishing: errors in languages still being translated do not."""
    published = {*published_languages(course), course.structure.source_language}
    unfinished = tuple(f"{tag}/" for tag in course.words if tag not in published)
    return any(finding.severity == "error" and not finding.file.startswith(unfinished) for finding in findings)


def package_of(course: Course) -> Package:
    """Return the package of a course without errors."""
    languages = published_languages(course)
    structure = structure_of(course, languages)
    written = {tag: _written(course.words[tag]) for tag in languages}
    source = course.structure.source_language
    return Package(
        digest=digest_of({"form": 1, "structure": structure, "words": written}),
        source=digest_of({"form": 1, "structure": of_source(structure), "words": written[source]["texts"]}),
        course=course.structure.id,
        version=course.structure.version,
        structure=structure,
        texts={tag: texts_of(course.words[tag]) for tag in languages},
        translation=translation_of(course),
        pages={
            (lesson.id, tag): page_of(course, tag, lesson.id)
            for tag in languages
            for lesson in course.structure.lessons
        },
        questions={
            (question.id, tag): question_words(course, tag, question)
            for tag in languages
            for question in course.questions
        },
        media={raster.at.file: raster for rasters in _media(course, languages).values() for raster in rasters.values()},
    )


def published_languages(course: Course) -> list[str]:
    """Return the listed languages of which every file is there, in the course's order."""
    listed = [text.text for text in course.structure.languages]
    return [tag for tag in listed if tag in course.words and course.words[tag].complete]


def structure_of(course: Course, languages: list[str]) -> Json:
    """Return course.yaml, questions.yaml and facts.yaml as one value. Holds the answer keys: never for a page."""
    structure = course.structure
    passing = {
        "pass_mark": structure.pass_mark,
        "validity_months": structure.validity_months,
        "attempts": {"limit": structure.attempts_limit, "wait_minutes": structure.wait_minutes},
        "exam": {
            "minutes": structure.exam_minutes,
            "draw": structure.draw,
            **({"review": structure.review} if structure.review else {}),
        },
        **({"renewal": _renewal(structure)} if structure.renewal else {}),
    }
    # What a course does not have is left out, so that the digests of courses without it stay what they were.
    media = {
        picture: {tag: _media_file(raster) for tag, raster in rasters.items()}
        for picture, rasters in _media(course, languages).items()
    }
    return {
        "id": structure.id,
        "code": structure.code,
        "version": structure.version,
        "source_language": structure.source_language,
        "languages": languages,
        "sap": [text.text for text in structure.sap],
        "glossary": [text.text for text in structure.glossary],
        "objectives": [text.text for text in structure.objectives],
        "lessons": [
            {
                "id": lesson.id,
                "number": lesson.number,
                "minutes": lesson.minutes,
                "objectives": [text.text for text in lesson.objectives],
                "checks": [text.text for text in lesson.checks],
                **({"audience": [text.text for text in lesson.audience]} if lesson.audience else {}),
                **({"optional": True} if lesson.optional else {}),
            }
            for lesson in structure.lessons
        ],
        "pretest": [text.text for text in structure.pretest],
        "questions": {question.id: question_structure(course, question, languages) for question in course.questions},
        "facts": facts_of(course),
        "pictures": {name: text.text for name, text in course.pictures.items()},
        **(passing if structure.examined else {}),
        **({"requires": [text.text for text in structure.requires]} if structure.requires else {}),
        **({"media": media} if media else {}),
    }


def _renewal(structure: Structure) -> Json:
    return {"draw": structure.renewal_draw, "within_months": structure.renewal_months}


def _media(course: Course, languages: list[str]) -> dict[str, dict[str, Raster]]:
    """Return the picture files that belong to the languages published: id -> language ("" = all) -> file."""
    return {
        picture: {tag: raster for tag, raster in rasters.items() if not tag or tag in languages}
        for picture, rasters in course.rasters.items()
    }


def _media_file(raster: Raster) -> Json:
    width, height = raster.header.width, raster.header.height
    return {"name": media_name(raster), "width": width, "height": height, "size": raster.size}


def cited_facts(page: Page, facts: Mapping[str, Json]) -> list[Json]:
    """Return the facts a page cites, in the order of their numbers; one that is not registered has only its id."""
    return [{"number": number, "fact": fact, **facts.get(fact, {})} for number, fact in enumerate(page.cited, start=1)]


def facts_of(course: Course) -> dict[str, Json]:
    """Return fact id -> {claim, source, read, review_by, mark}."""
    return {fact.id: _fact(fact) for fact in course.facts}


def texts_of(words: Words) -> Json:
    """Return {title, summary, outcomes, objectives, lessons, glossary} of a language."""
    tree: Json = {"title": "", "summary": "", "outcomes": {}, "objectives": {}, "lessons": {}, "glossary": {}}
    for path, text in words.texts.items():
        if not path.startswith(("questions/", "pictures/")):
            _plant(tree, path.split("/"), text.text)
    tree["outcomes"] = [tree["outcomes"][key] for key in sorted(tree["outcomes"], key=int)]
    return tree


def translation_of(course: Course) -> dict[str, Json]:
    """Return language -> {state, units, current, behind, missing, unstamped} for every language listed.

    The source language also has digests: {unit: digest}.
    """
    source = course.structure.source_language
    units = units_of(course.words[source]) if source in course.words else {}
    return {text.text: _state(course, text.text, units) for text in course.structure.languages}


def _state(course: Course, tag: str, source: dict[str, Unit]) -> Json:
    if tag == course.structure.source_language:
        state = TranslationState("source", len(source), len(source), (), (), ())
        # So that later versions can tell which units are other; beside the digest, which covers the words themselves.
        return {**_listed(state), "digests": {unit: one.digest for unit, one in source.items()}}
    words = course.words.get(tag)
    return _listed(state_of(source, units_of(words) if words else {}, words.stamps if words else {}))


def _listed(state: TranslationState) -> Json:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(state).items()}


def _written(words: Words) -> Json:
    return {
        "texts": {
            **{path: text.text for path, text in words.texts.items()},
            **{f"body/{lesson}": body.text for lesson, body in words.bodies.items()},
        },
        "stamps": {
            unit: {"source": stamp.source, "state": stamp.state, "reviewer": stamp.reviewer, "date": stamp.date}
            for unit, stamp in words.stamps.items()
        },
    }


def _fact(fact: Fact) -> Json:
    return {
        "claim": fact.claim,
        "source": asdict(fact.source),
        "read": fact.read,
        "review_by": fact.review_by,
        "mark": fact.mark,
    }


def _plant(tree: Json, steps: list[str], text: str) -> None:
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = text

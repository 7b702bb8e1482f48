"""A lesson to look something up in: for anyone signed in, on every node, without path, checks or trace."""

from dataclasses import dataclass

from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import LESSON_PAGE
from elearn.services.lesson_terms import TermNote, with_terms
from elearn.services.node import Node
from elearn.services.packages import current_package


@dataclass(frozen=True)
class Reading:
    """A lesson's page. html: safe to print; sources: facts cited; draft: translation not yet reviewed; terms: those of
    the glossary that html links to; behind: anchors of paragraphs whose source changed since, "" = the whole lesson."""

    course: str
    course_title: str
    id: str
    title: str
    html: str
    sources: tuple[dict[str, object], ...]
    language: str
    draft: bool
    terms: tuple[TermNote, ...] = ()
    behind: tuple[str, ...] = ()


def lesson_to_read(node: Node, course: str, lesson: str, language: str) -> Reading:
    """Return a published lesson in a language, in English where it is not translated.

    Raises NotFound("course.unknown" | "lesson.unknown").
    """
    with node.store.reading() as tx:
        package = current_package(tx, course)
        package.course.lesson(lesson)
        shown = package.language(language)
        row = tx.tables.get(LESSON_PAGE, package.digest, lesson, shown)
    if row is None:
        raise NotFound("lesson.unknown", course=course, lesson=lesson)
    html, terms = with_terms(package, language, row["html"])
    return Reading(
        course=course,
        course_title=str(package.words(language).get("title", course)),
        id=lesson,
        title=str(package.lesson_words(language, lesson)["title"]),
        html=html,
        sources=tuple(row["sources"] or ()),
        language=shown,
        draft=package.draft(language),
        terms=terms,
        behind=package.stale_paragraphs(language, lesson),
    )

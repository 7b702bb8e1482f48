"""A lesson to look something up in: for anyone signed in, on every node, without path, checks or trace."""

from dataclasses import dataclass

from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import LESSON_PAGE
from elearn.services.node import Node
from elearn.services.packages import current_package


@dataclass(frozen=True)
class Reading:
    """A lesson's page. html: safe to print; sources: facts cited; draft: translation not yet reviewed."""

    course: str
    course_title: str
    title: str
    html: str
    sources: tuple[dict[str, object], ...]
    language: str
    draft: bool


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
    return Reading(
        course=course,
        course_title=str(package.words(language).get("title", course)),
        title=str(package.lesson_words(language, lesson)["title"]),
        html=row["html"],
        sources=tuple(row["sources"] or ()),
        language=shown,
        draft=package.draft(language),
    )

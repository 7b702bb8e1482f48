"""A lesson with the same lesson in a second language beside it, for who learns in one and works in another."""

from dataclasses import dataclass

from elearn.core.content.side_by_side import Row, beside
from elearn.core.vocab.kept import LESSON_PAGE
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.services.node import Node
from elearn.services.packages import current_package


@dataclass(frozen=True)
class SecondText:
    """What stands beside a lesson. offered: languages it can be had in besides the one shown; language: chosen, "" =
    none, and then there are no rows; draft: not yet reviewed; behind: something in it is older than its source."""

    offered: tuple[str, ...]
    language: str = ""
    title: str = ""
    draft: bool = False
    behind: bool = False
    rows: tuple[Row, ...] = ()


def second_text(node: Node, place: tuple[str, str], shown: tuple[str, str], wanted: str) -> SecondText:
    """Return a lesson's text beside the one that is shown.

    place: (course, lesson); shown: (language, HTML) of the page; wanted: the second language, "" or one that the
    lesson has not for none. Raises NotFound("course.unknown" | "lesson.unknown").
    """
    course, lesson = place
    language, html = shown
    with node.store.reading() as tx:
        package = current_package(tx, course)
        package.course.lesson(lesson)
        offered = tuple(tag for tag in LANGUAGES if tag in package.texts and tag != language)
        row = tx.tables.get(LESSON_PAGE, package.digest, lesson, wanted) if wanted in offered else None
    if row is None:
        return SecondText(offered)
    return SecondText(
        offered=offered,
        language=wanted,
        title=str(package.lesson_words(wanted, lesson)["title"]),
        draft=package.draft(wanted),
        behind=wanted != SOURCE and bool(package.behind(wanted, f"lesson/{lesson}")),
        rows=tuple(beside(html, row["html"], LANGUAGES[wanted].bcp47.lower())),
    )

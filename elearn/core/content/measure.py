"""How long a course is: words, minutes and questions, for those who plan it."""

from dataclasses import dataclass

from elearn.core.content.blocks import read_lesson
from elearn.core.content.model import Course
from elearn.core.questions.all import KINDS
from elearn.core.vocab.languages import LANGUAGES


@dataclass(frozen=True)
class LessonSize:
    """minutes: as course.yaml says; sizes: language -> words, or characters where the script has no blanks."""

    lesson: str
    minutes: int
    checks: int
    blocks: int
    sizes: dict[str, int]


def lesson_sizes(course: Course) -> tuple[LessonSize, ...]:
    """Return the size of every lesson in every language there is."""
    found = []
    for lesson in course.structure.lessons:
        readings = {
            tag: read_lesson(words.bodies[lesson.id].text).blocks
            for tag, words in course.words.items()
            if lesson.id in words.bodies
        }
        sizes = {tag: sum(_size(block.text, tag) for block in blocks) for tag, blocks in readings.items()}
        most = max((len(blocks) for blocks in readings.values()), default=0)
        found.append(LessonSize(lesson.id, lesson.minutes, len(lesson.checks), most, sizes))
    return tuple(found)


def questions_by_use(course: Course) -> dict[str, int]:
    """Return use -> how many questions."""
    uses = [question.use for question in course.questions]
    return {use: uses.count(use) for use in dict.fromkeys(uses)}


def questions_by_kind(course: Course) -> dict[str, int]:
    """Return kind -> how many questions, in the order of the list of kinds."""
    kinds = [question.kind for question in course.questions]
    return {kind: kinds.count(kind) for kind in KINDS if kind in kinds}


def _size(text: str, tag: str) -> int:
    return len(text.split()) if LANGUAGES[tag].spaced else sum(not character.isspace() for character in text)

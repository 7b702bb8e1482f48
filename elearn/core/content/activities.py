"""The questions of a package as xAPI activities, so that another record store can show what was asked and answered.

Statements themselves name only the activity: a definition with the key in it would travel with every answer.
"""

from typing import Any

from elearn.core.content.package import Package
from elearn.core.learning.course import course_of
from elearn.core.questions.all import kind_of
from elearn.core.questions.base import QUESTION_TYPE
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.xapi.verbs import question_iri


def activities(package: Package) -> list[dict[str, Any]]:
    """Return an Activity (xAPI 1.0.3, 2.4.4.1) for each question, with its right answers: never for a page."""
    course = course_of(package.structure)
    found = []
    for question in course.questions.values():
        words = {tag: package.questions[question.id, tag] for tag in package.texts}
        kind = kind_of(question)
        names = {LANGUAGES[tag].bcp47: kind.stem(one) for tag, one in words.items()}
        definition = {"type": QUESTION_TYPE, "name": names, **kind.definition(question, words)}
        found.append({"objectType": "Activity", "id": question_iri(course.id, question.id), "definition": definition})
    return found

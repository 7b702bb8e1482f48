"""All rules over a course that was read, in one go. Each looks at one thing and never stops at the first mistake."""

from collections.abc import Mapping
from datetime import date

from elearn.core.content.finding import Findings
from elearn.core.content.model import Course
from elearn.core.content.rules_facts import check_facts
from elearn.core.content.rules_lessons import check_lessons
from elearn.core.content.rules_path import check_path
from elearn.core.content.rules_pictures import check_pictures
from elearn.core.content.rules_questions import check_questions
from elearn.core.content.rules_structure import check_files, check_structure
from elearn.core.content.rules_terms import check_terms
from elearn.core.content.rules_translation import check_translation
from elearn.core.content.rules_words import check_words
from elearn.core.content.terms import TermList


def check_course(
    course: Course, folder: str, today: date, findings: Findings, terms: Mapping[str, TermList] | None = None
) -> None:
    """Note everything that is wrong. folder: the course folder's name; today: decides which reviews are overdue;
    terms: language -> term list, none where a post was installed without them."""
    check_files(course, findings)
    check_structure(course, folder, findings)
    check_path(course, findings)
    check_questions(course, findings)
    check_facts(course, today, findings)
    check_words(course, findings)
    check_lessons(course, findings)
    check_pictures(course, findings)
    check_translation(course, findings)
    check_terms(course, terms or {}, findings)

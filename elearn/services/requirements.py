"""Which courses an officer has to pass before a course opens, read from the projections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from elearn.core.learning.requires import still_missing
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.projections.progress import PROGRESS
from elearn.core.vocab.revoking import REPLACED
from elearn.ports import Transaction
from elearn.services.packages import Package
from elearn.services.revocations import taken_back


@dataclass(frozen=True)
class RequiredCourse:
    """A course to be passed before another. language: of the title."""

    id: str
    title: str
    language: str


def missing_courses(tx: Transaction, person: str, role: str, taught: Iterable[Package]) -> dict[str, tuple[str, ...]]:
    """Return course -> courses to be passed before it, only of courses that lack one. taught: all courses taught here.

    Once passed is enough, also when the certificate has ended; one that was taken back is no pass. A course without an
    exam is passed when every lesson for one's role was read.
    """
    packages = list(taught)
    requires = {one.course.id: one.course.requires for one in packages}
    wanted = {one for required in requires.values() for one in required}
    if not wanted:
        return {}
    passed = {one.course.id for one in packages if one.course.id in wanted and _is_passed(tx, person, role, one)}
    missing = {course: still_missing(course, requires, passed) for course in requires}
    return {course: found for course, found in missing.items() if found}


def in_words(packages: Mapping[str, Package], courses: Iterable[str], language: str) -> tuple[RequiredCourse, ...]:
    """Return courses as a page names them; packages: those taught now, by course."""
    found = [packages[one] for one in courses if one in packages]
    return tuple(
        RequiredCourse(one.course.id, str(one.words(language).get("title", one.course.id)), one.language(language))
        for one in found
    )


def _stands(tx: Transaction, number: str) -> bool:
    """Tell whether the pass of a certificate stands: not taken back, or only replaced by a newer one, held anywhere."""
    back = taken_back(tx, number)
    return back is None or back.kind == REPLACED


def _is_passed(tx: Transaction, person: str, role: str, package: Package) -> bool:
    course = package.course
    progress = tx.tables.get(PROGRESS, person, course.id)
    if not course.examined:
        read = (progress["lessons"] or {}) if progress else {}
        needed = [lesson.id for lesson in course.lessons if lesson.is_needed(role)]
        return all(lesson in read for lesson in needed)
    rows = [one for one in tx.tables.select(CERTIFICATE, {"subject": person}) if one["course"] == course.id]
    if any(one["issued_at"] and _stands(tx, one["number"]) for one in rows):
        return True
    return not rows and bool(progress and progress["completed_at"])

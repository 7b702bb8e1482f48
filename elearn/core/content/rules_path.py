"""Rules over the way through a course: what it requires, what is optional, what a result shows, how it is renewed.

Whether the courses it requires exist, only the folder beside it can tell: `shelf_findings`.
"""

from collections import Counter
from collections.abc import Mapping

from elearn.core.content.finding import Finding, Findings
from elearn.core.content.model import Course, Structure
from elearn.core.content.parse import COURSE
from elearn.core.content.rules_structure import once
from elearn.core.content.tree import Fields, Items, Leaf, read_tree
from elearn.core.learning.course import REVIEWS
from elearn.core.learning.requires import Requires, all_required


def check_path(course: Course, findings: Findings) -> None:
    """Note what would lead an officer into a dead end, or into an exam on what was never taught."""
    structure = course.structure
    once(structure.requires, "requires.twice", findings)
    for text in structure.requires:
        if text.text == structure.id:
            findings.add("requires.itself", text.at)
    if structure.review and structure.review not in REVIEWS:
        findings.add("review.unknown", structure.at("review"), review=structure.review, known=", ".join(REVIEWS))
    _optional(structure, findings)
    if structure.renewal_draw:
        _renewal(course, findings)


def requires_of(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the courses that a course folder requires, () where course.yaml cannot be read."""
    if COURSE not in files:
        return ()
    tree = read_tree(files[COURSE], COURSE, Findings())
    listed = tree.fields.get("requires") if isinstance(tree, Fields) else None
    return tuple(one.text for one in listed.items if isinstance(one, Leaf)) if isinstance(listed, Items) else ()


def shelf_findings(course: Course, shelf: Requires) -> tuple[Finding, ...]:
    """Return what is wrong with the courses it requires. shelf: every course there is -> courses it requires."""
    findings, own = Findings(), course.structure.id
    for text in course.structure.requires:
        if text.text not in shelf:
            findings.add("requires.unknown", text.at, id=text.text)
        elif text.text != own and own in all_required(text.text, shelf):
            findings.add("requires.circle", text.at, id=text.text)
    return findings.listed()


def _optional(structure: Structure, findings: Findings) -> None:
    """An exam must not ask about what somebody who read all there is to read has never read."""
    if structure.lessons and all(lesson.optional for lesson in structure.lessons):
        findings.add("lesson.all-optional", structure.at("lessons"))
    needed = {text.text for lesson in structure.lessons if not lesson.optional for text in lesson.objectives}
    for lesson in structure.lessons:
        for text in lesson.objectives if lesson.optional else ():
            if text.text not in needed and structure.draw.get(text.text):
                findings.add("optional.examined", text.at, objective=text.text)


def _renewal(course: Course, findings: Findings) -> None:
    """Look at the exam that renews a certificate: shorter than the whole one, with every critical question in it."""
    structure, draw = course.structure, course.structure.renewal_draw
    drawn, whole = sum(draw.values()), sum(structure.draw.values())
    if not 0 < drawn < whole:
        findings.add("renewal.sum", structure.at("renewal"), n=drawn, whole=whole)
    known = {text.text for text in structure.objectives}
    pool = Counter(question.objective for question in course.questions if question.use == "exam")
    critical = Counter(question.objective for question in course.questions if question.critical)
    for objective, n in draw.items():
        at = structure.at(f"renewal/{objective}")
        if objective not in known:
            findings.add("objective.unknown", at, id=objective)
        elif pool[objective] < n:
            findings.add("exam.too-few", at, wanted=n, objective=objective, have=pool[objective])
    for objective, n in sorted(critical.items()):
        if draw.get(objective, 0) < n:
            at = structure.at(f"renewal/{objective}" if objective in draw else "renewal")
            findings.add("exam.critical-crowded", at, objective=objective, critical=n, drawn=draw.get(objective, 0))

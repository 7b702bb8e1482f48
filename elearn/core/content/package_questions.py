"""The questions of a package: their structure, which holds every key, and their words, which hold none.

What may be typed is written beside the words, because it is another in each language; here it goes over to the keys.
"""

from typing import Any

from elearn.core.content.drawing import drawn_alone, read_drawing
from elearn.core.content.model import Course, Question, Words
from elearn.core.questions.text import GAP

Json = dict[str, Any]
ACCEPTED = "accepted"


def question_structure(course: Course, question: Question, languages: list[str]) -> Json:
    """Return a question without its words, but with what may be typed in the languages published.

    What a question does not have is left out, so that the digests of courses without it stay what they were.
    """
    accepted = _accepted(course, question, languages)
    return {
        "kind": question.kind,
        "objective": question.objective,
        "use": question.use,
        "options": list(question.options),
        "correct": list(question.correct),
        "critical": question.critical,
        "linked": question.linked,
        "facts": list(question.facts),
        **({"plan": dict(question.plan)} if question.plan else {}),
        **({ACCEPTED: accepted} if accepted else {}),
        **({"confidence": True} if question.confidence else {}),
    }


def question_words(course: Course, language: str, question: Question) -> Json:
    """Return {stem, options, feedback} of a question in a language, and what else its kind has; ``picture``: the
    drawing it shows, as SVG."""
    tree: Json = {"stem": "", "options": {}, "feedback": {}}
    words = course.words[language]
    for steps, text in _texts(words, question.id):
        if steps[0] != ACCEPTED:
            _plant(tree, steps, text)
    picture = question.plan.get("picture")
    if isinstance(picture, str) and picture in course.pictures:
        tree["picture"] = _drawing(course, words, picture)
    return tree


def _accepted(course: Course, question: Question, languages: list[str]) -> Json:
    """Return gap -> language -> texts, in the author's order."""
    found: Json = {}
    for language in languages:
        for steps, text in _texts(course.words[language], question.id):
            if steps[0] == ACCEPTED:
                gap = steps[1] if len(steps) == 3 else GAP
                found.setdefault(gap, {}).setdefault(language, []).append(text)
    return found


def _texts(words: Words, question: str) -> list[tuple[list[str], str]]:
    prefix = f"questions/{question}/"
    return [
        (path.removeprefix(prefix).split("/"), text.text)
        for path, text in words.texts.items()
        if path.startswith(prefix)
    ]


def _drawing(course: Course, words: Words, picture: str) -> str:
    svg = course.pictures[picture].text
    if read_drawing(svg).problems:
        return ""
    prefix = f"pictures/{picture}/labels/"
    labels = {path.removeprefix(prefix): text.text for path, text in words.texts.items() if path.startswith(prefix)}
    alternative = words.texts.get(f"pictures/{picture}/alt")
    return drawn_alone(svg, alternative.text if alternative else "", labels)


def _plant(tree: Json, steps: list[str], text: str) -> None:
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = text

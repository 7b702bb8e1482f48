"""Rules over the words of questions: what their kind needs in every language, no two options that read the same."""

from collections.abc import Mapping

from elearn.core.content.characters import has_letters, has_script
from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Course, Question, Text, Words
from elearn.core.questions.all import KINDS
from elearn.core.vocab.languages import LANGUAGES

FREE = ("options", "targets", "accepted", "unit", "labels")
"""Parts that may be the same in every language: a number, a code, a name."""
_SIDES = ("options", "targets")
Texts = Mapping[str, Text]


def question_paths(question: Question, source: Words) -> list[str]:
    """Return the paths of all words a question must have in every language: ``questions/<id>/stem`` ..."""
    prefix = f"questions/{question.id}/"
    written = {path.removeprefix(prefix) for path in source.texts if path.startswith(prefix)}
    kind = KINDS.get(question.kind)
    needed = kind.words(question, written) if kind else ()
    return [f"{prefix}{path}" for path in ("stem", *needed)]


def is_more_accepted(path: str, expected: set[str]) -> bool:
    """Tell whether a path is one more accepted answer beside the first one."""
    head, _, last = path.rpartition("/")
    return last.isdigit() and "/accepted" in head and f"{head}/0" in expected


def is_free(path: str) -> bool:
    """Tell whether a text may be the same in every language, and without a letter."""
    return any(f"/{part}/" in path or path.endswith(f"/{part}") for part in FREE)


def check_question_words(course: Course, words: Words, source: Words, findings: Findings) -> None:
    """Note what is wrong with the words of questions in one language, beside what every text must keep to."""
    by_question, of_source = _by_question(words), _by_question(source)
    for question in course.questions:
        texts = by_question.get(question.id, {})
        kind = KINDS.get(question.kind)
        if not texts or kind is None:
            continue
        for fault in kind.check_words(question, {path: one.text for path, one in texts.items()}, words.language):
            findings.add(fault.code, _at(texts, fault.place), question=question.id, **fault.details)
        _same(question, texts, findings)
        _in_the_script(question, texts, of_source.get(question.id, {}), words.language, findings)
        stem = texts.get("stem")
        if kind.asks and stem and stem.text and words.language == "en" and "?" not in stem.text:
            findings.add("text.no-question", stem.at, question=question.id)


def _by_question(words: Words) -> dict[str, dict[str, Text]]:
    found: dict[str, dict[str, Text]] = {}
    for path, text in words.texts.items():
        steps = path.split("/", maxsplit=2)
        if steps[0] == "questions" and len(steps) == 3:
            found.setdefault(steps[1], {})[steps[2]] = text
    return found


def _at(texts: Texts, place: str) -> At:
    return (texts.get(place) or texts.get("stem") or next(iter(texts.values()))).at


def _same(question: Question, texts: Texts, findings: Findings) -> None:
    """Note two options of one list (of one step of a scenario, of one side of pairs) that read the same."""
    seen: dict[tuple[str, str], str] = {}
    for path, text in texts.items():
        head, _, key = path.rpartition("/")
        if not text.text or head.split("/")[0] not in _SIDES:
            continue
        read = (head, " ".join(text.text.casefold().split()).rstrip(".。"))
        if read in seen:
            findings.add("options.same", text.at, first=seen[read], second=key, question=question.id)
        seen.setdefault(read, key)


def _in_the_script(question: Question, texts: Texts, source: Texts, language: str, findings: Findings) -> None:
    """Note a list of accepted answers without a single one in the language's script, codes aside."""
    lists: dict[str, list[Text]] = {}
    for path, text in texts.items():
        if path.startswith("accepted/"):
            lists.setdefault(path.rpartition("/")[0], []).append(text)
    codes = {one.text for path, one in source.items() if path.startswith("accepted/") and one.text == one.text.upper()}
    for accepted in lists.values():
        written = [one for one in accepted if has_letters(one.text) and one.text not in codes]
        if written and not any(has_script(one.text, language) for one in written):
            name = LANGUAGES[language].english_name
            findings.add("accepted.wrong-script", written[0].at, question=question.id, language=name)

"""Rules over the words of each language: nothing missing, nothing left over, readable, and in the language it says."""

from dataclasses import replace

from elearn.core.content.characters import check_characters, has_letters, has_script
from elearn.core.content.drawing import read_drawing
from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Course, Text, Words
from elearn.core.content.parse import GLOSSARY, QUESTIONS, TEXTS
from elearn.core.content.rules_question_words import check_question_words, is_free, is_more_accepted, question_paths
from elearn.core.questions.standard import VERDICTS
from elearn.core.vocab.languages import LANGUAGES

_LIMITS = {"title": 80, "name": 80, "stem": 400, "summary": 400, "meaning": 300, "alt": 400, "caption": 300}

_MISSING = {"options": "options.missing", "feedback": "feedback.missing", "accepted": "accepted.missing"}
_UNKNOWN = {"options": "options.unknown", "feedback": "feedback.unknown"}


def check_words(course: Course, findings: Findings) -> None:
    """Note what is wrong with titles, questions and terms in every language there is."""
    source = course.words.get(course.structure.source_language)
    unread = _labels_nobody_can_know(course)
    for words in course.words.values():
        expected = expected_paths(course, source or words)
        _missing(words, expected, findings)
        _unknown(words, expected, unread, findings)
        _outcomes(words, source or words, findings)
        for path, text in words.texts.items():
            _text(path, text, words.language, findings)
        if source and words is not source:
            _same_as_source(words, source, findings)
        check_question_words(course, words, source or words, findings)


def expected_paths(course: Course, source: Words) -> list[str]:
    """Return every path a language must fill, outcomes as many as the source has."""
    structure = course.structure
    outcomes = [path for path in source.texts if path.startswith("outcomes/")] or ["outcomes/0"]
    paths = ["title", "summary", *outcomes]
    paths += [f"objectives/{text.text}" for text in structure.objectives]
    paths += [f"lessons/{lesson.id}/{part}" for lesson in structure.lessons for part in ("title", "summary")]
    paths += [f"glossary/{text.text}/{part}" for text in structure.glossary for part in ("name", "meaning")]
    for picture, text in course.pictures.items():
        paths.append(f"pictures/{picture}/alt")
        paths += [f"pictures/{picture}/labels/{label}" for label in read_drawing(text.text).labels]
    for picture in course.rasters:
        paths += [f"pictures/{picture}/alt"]
        caption = f"pictures/{picture}/caption"
        paths += [caption] if caption in source.texts else []
    for question in course.questions:
        paths += question_paths(question, source)
    return list(dict.fromkeys(paths))


def _missing(words: Words, expected: list[str], findings: Findings) -> None:
    told: set[str] = set()
    for path in expected:
        if path in words.texts or not _was_read(path, words) or any(one.startswith(f"{path}/") for one in words.texts):
            continue
        steps = path.split("/")
        code = _code_of_missing(steps) if f"{'/'.join(steps[:2])}/stem" in words.texts else ""
        if code:
            findings.add(code, _near(path, words), option="/".join(steps[3:]), question=steps[1])
            continue
        # A question, term or lesson without a single word is one mistake, not ten.
        unit = "/".join(steps[:2])
        whole = len(steps) > 2 and not any(known.startswith(f"{unit}/") for known in words.texts)
        name = unit if whole else path
        if name not in told and not path.startswith("outcomes/"):
            findings.add("unit.missing", _near(path, words), unit=name, language=_name(words))
        told.add(name)


def _code_of_missing(steps: list[str]) -> str:
    """Return the finding for words a question lacks, "" where there is none of its own."""
    if steps[0] != "questions" or len(steps) < 4:
        return ""
    if steps[2] == "feedback" and steps[3] in VERDICTS:
        return "feedback.verdict-missing"
    return _MISSING.get(steps[2], "")


def _was_read(path: str, words: Words) -> bool:
    """Tell whether the file of a path gave anything; one that did not was reported as a whole."""
    prefix = path.split("/", maxsplit=1)[0] + "/" if path.startswith(("questions/", "glossary/")) else ""
    if prefix:
        return any(known.startswith(prefix) for known in words.texts)
    return any(not known.startswith(("questions/", "glossary/")) for known in words.texts)


def _labels_nobody_can_know(course: Course) -> tuple[str, ...]:
    """Return how paths of labels begin whose drawing cannot be read: to remove these words would be wrong advice."""
    drawings = {picture: read_drawing(text.text) for picture, text in course.pictures.items()}
    return tuple(f"pictures/{picture}/labels/" for picture, one in drawings.items() if one.problems and not one.labels)


def _unknown(words: Words, expected: list[str], unread: tuple[str, ...], findings: Findings) -> None:
    known, told = set(expected), set()
    branches = {"/".join(path.split("/")[:depth]) for path in expected for depth in range(1, path.count("/") + 1)}
    for path, text in words.texts.items():
        steps = path.split("/")
        if path in known or steps[0] == "outcomes" or is_more_accepted(path, known) or path.startswith(unread):
            continue
        below = next(("/".join(steps[:n]) for n in range(1, len(steps)) if "/".join(steps[:n]) in known), None)
        if below or path in branches:
            findings.add("unit.not-text" if below else "unit.unknown", text.at, unit=below or path)
        elif steps[0] == "questions" and "/".join(steps[:-1]) in branches and len(steps) > 3 and steps[2] in _UNKNOWN:
            findings.add(_UNKNOWN[steps[2]], text.at, option="/".join(steps[3:]), question=steps[1])
        else:
            unit = next(
                ("/".join(steps[:n]) for n in range(1, len(steps) + 1) if "/".join(steps[:n]) not in branches), path
            )
            if unit not in told:
                findings.add("unit.unknown", text.at, unit=unit)
            told.add(unit)


def _outcomes(words: Words, source: Words, findings: Findings) -> None:
    mine = [text for path, text in words.texts.items() if path.startswith("outcomes/")]
    wanted = sum(path.startswith("outcomes/") for path in source.texts)
    if len(mine) != wanted and _was_read("title", words):
        at = mine[0].at if mine else At(f"{words.language}/{TEXTS}", 1)
        findings.add("outcomes.count", at, n=len(mine), wanted=wanted)
    if words is source and not mine and _was_read("title", words):
        findings.add("unit.missing", At(f"{words.language}/{TEXTS}", 1), unit="outcomes", language=_name(words))


def _text(path: str, text: Text, language: str, findings: Findings) -> None:
    last = path.rsplit("/", maxsplit=1)[-1]
    if not text.text:
        findings.add("unit.empty", text.at, unit=path)
        return
    check_characters(text, findings, markup=True)
    limit = _LIMITS.get(last)
    if limit and len(text.text) > limit:
        findings.add("text.too-long", text.at, unit=path, n=len(text.text), limit=limit)
    free = is_free(path)
    if not free and not has_letters(text.text):
        findings.add("text.no-words", text.at, unit=path)
    elif not free and not has_script(text.text, language):
        findings.add("text.wrong-script", text.at, unit=path, language=LANGUAGES[language].english_name)


def _same_as_source(words: Words, source: Words, findings: Findings) -> None:
    for path, text in words.texts.items():
        original = source.texts.get(path)
        if original and not is_free(path) and text.text == original.text and has_letters(text.text):
            findings.add("text.untranslated", text.at, unit=path)


def _near(path: str, words: Words) -> At:
    """Return the line of the nearest relative that is there: a translator then sees where the text belongs."""
    steps = path.split("/")
    for depth in range(len(steps) - 1, 0, -1):
        prefix = "/".join(steps[:depth]) + "/"
        lines = [text.at for known, text in words.texts.items() if known.startswith(prefix)]
        if lines and prefix not in {"questions/", "glossary/"}:
            return replace(lines[0])
    name = {"questions": QUESTIONS, "glossary": GLOSSARY}.get(steps[0], TEXTS)
    return At(f"{words.language}/{name}", 1)


def _name(words: Words) -> str:
    return LANGUAGES[words.language].english_name

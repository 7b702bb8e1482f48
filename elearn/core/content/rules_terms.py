"""Rules over words that were agreed on: every language says the same thing by the same word, in all courses."""

from collections.abc import Mapping

from elearn.core.content.blocks import blocks_of
from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Course, Text, Words
from elearn.core.content.term_words import Sentence, sentence_of_words
from elearn.core.content.terms import TermList
from elearn.core.vocab.languages import SOURCE

_NOTHING = sentence_of_words("")


def check_terms(course: Course, lists: Mapping[str, TermList], findings: Findings) -> None:
    """Note every text that does not hold to the term list of its language. lists: language -> list, may be empty."""
    english = course.words.get(SOURCE)
    languages = [words for tag, words in course.words.items() if tag in lists and tag != SOURCE]
    if english is None or not languages:
        return
    texts = {path: sentence_of_words(text.text) for path, text in english.texts.items()}
    bodies = {lesson: _sentences(body) for lesson, body in english.bodies.items()}
    for words in languages:
        terms = lists[words.language].courses
        _texts(words, texts, terms, findings)
        _bodies(words, bodies, terms, findings)


def _sentences(body: Text) -> list[Sentence]:
    return [sentence_of_words(block.prose) for block in blocks_of(body.text)]


def _texts(words: Words, english: dict[str, Sentence], terms: TermList, findings: Findings) -> None:
    for path, text in words.texts.items():
        if "/accepted" in path:
            continue  # What officers may type, in each language its own: no translation of the English list.
        _judge(text.text, english.get(path, _NOTHING), terms, text.at, findings)


def _bodies(words: Words, english: dict[str, list[Sentence]], terms: TermList, findings: Findings) -> None:
    for lesson, body in words.bodies.items():
        blocks, sentences = blocks_of(body.text), english.get(lesson, [])
        if len(blocks) != len(sentences):
            continue  # Told by blocks.count; which block belongs to which is anybody's guess.
        for block, sentence in zip(blocks, sentences, strict=True):
            _judge(block.text, sentence, terms, At(body.at.file, block.line), findings)


def _judge(text: str, english: Sentence, terms: TermList, at: At, findings: Findings) -> None:
    for breach in terms.breaches(english, text) if text else ():
        findings.add(breach.code, at, **breach.details)

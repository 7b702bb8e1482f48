"""A question put into words for a page: one lookup in the package's texts, never its key."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from elearn.core.learning.blueprint import Drawn
from elearn.core.learning.course import Question
from elearn.core.learning.grade import is_right
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import QUESTION_TEXT
from elearn.core.vocab.languages import SOURCE
from elearn.ports import Transaction
from elearn.services.learning_pages import CheckView, FeedbackView, OptionView, QuestionView
from elearn.services.packages import Package


def question_view(
    tx: Transaction, package: Package, drawn: Drawn, chosen: Sequence[str], language: str
) -> QuestionView:
    """Return a question in the language to show. chosen: the keys answered so far."""
    question = package.course.question(drawn.id)
    view = _view(_words(tx, package, question, language), package, drawn, chosen, language)
    return _with_source(tx, view, package, question)


def check_view(
    tx: Transaction, package: Package, question: Question, chosen: Sequence[str] | None, language: str
) -> CheckView:
    """Return a check with feedback on what was chosen. chosen: None or a key that is no more = not answered."""
    keys = tuple(chosen or ())
    if not set(keys) <= set(question.options):
        keys = ()
    words = _words(tx, package, question, language)
    return CheckView(
        question=_with_source(
            tx, _view(words, package, Drawn(question.id, question.options), keys, language), package, question
        ),
        answered=bool(keys),
        right=bool(keys) and is_right(question, keys),
        feedback=tuple(FeedbackView(key, words["feedback"].get(key, ""), key in question.correct) for key in keys),
    )


def _words(tx: Transaction, package: Package, question: Question, language: str) -> dict[str, Any]:
    """Raises NotFound("question.no-words") where a package holds a question without its texts."""
    row = tx.tables.get(QUESTION_TEXT, package.digest, question.id, package.language(language))
    if row is None:
        raise NotFound("question.no-words", course=package.course.id, question=question.id, language=language)
    words: dict[str, Any] = row["words"]
    return words


def _view(words: dict[str, Any], package: Package, drawn: Drawn, chosen: Sequence[str], language: str) -> QuestionView:
    behind = drawn.id in package.stale_questions(language)
    return QuestionView(
        id=drawn.id,
        kind=package.course.question(drawn.id).kind,
        stem=str(words["stem"]),
        options=tuple(OptionView(key, str(words["options"].get(key, key))) for key in drawn.options),
        chosen=tuple(chosen),
        language=package.language(language),
        draft=package.draft(language),
        behind=behind,
    )


def _with_source(tx: Transaction, view: QuestionView, package: Package, question: Question) -> QuestionView:
    """Put the source language beside a translation that is behind it: nobody shall fail by a stale sentence."""
    if not view.behind:
        return view
    words = _words(tx, package, question, SOURCE)
    options = tuple(replace(one, source=str(words["options"].get(one.key, ""))) for one in view.options)
    return replace(view, options=options, source_stem=str(words["stem"]))

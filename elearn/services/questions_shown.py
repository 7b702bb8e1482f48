"""A question put into words for a page: one lookup in the package's texts, never its key."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from elearn.core.learning.blueprint import Drawn, in_lesson
from elearn.core.learning.course import Question
from elearn.core.learning.grade import is_right
from elearn.core.questions.all import kind_of
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import QUESTION_TEXT
from elearn.core.vocab.languages import SOURCE
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.answers_given import still_fits
from elearn.services.learning_pages import CheckView, FeedbackView, OptionView, QuestionView
from elearn.services.packages import Package


def question_view(tx: Transaction, package: Package, drawn: Drawn, answer: Row | None, language: str) -> QuestionView:
    """Return a question in the language to show. answer: its row of ANSWER, None = not answered."""
    question = package.course.question(drawn.id)
    words, response = _words(tx, package, question, language), answer["response"] if answer else ()
    view = replace(_view(words, package, drawn, response, language), sure=(answer or {}).get("confidence") or "")
    return _with_source(tx, view, package, drawn)


def check_view(
    tx: Transaction,
    package: Package,
    question: Question,
    chosen: Sequence[str] | None,
    language: str,
    *,
    sure: str = "",
    drawn: Drawn | None = None,
) -> CheckView:
    """Return a check with feedback on what was chosen.

    chosen: None, or a response that fits no more = not answered; sure: level of confidence said with it; drawn: the
    order it is shown in, that of lessons if None.
    """
    response = still_fits(question, chosen or ())
    drawn = drawn or in_lesson(question)
    words = _words(tx, package, question, language)
    view = replace(_view(words, package, drawn, response, language), sure=sure if response else "")
    kind = kind_of(question)
    answered = kind.complete(question, response)
    return CheckView(
        question=_with_source(tx, view, package, drawn),
        answered=answered,
        right=answered and is_right(question, response),
        feedback=tuple(
            FeedbackView(said.key, said.text, said.right)
            for said in (kind.feedback(question, words, response) if answered else ())
        ),
    )


def _words(tx: Transaction, package: Package, question: Question, language: str) -> dict[str, Any]:
    """Raises NotFound("question.no-words") where a package holds a question without its texts."""
    row = tx.tables.get(QUESTION_TEXT, package.digest, question.id, package.language(language))
    if row is None:
        raise NotFound("question.no-words", course=package.course.id, question=question.id, language=language)
    words: dict[str, Any] = row["words"]
    return words


def _view(
    words: Mapping[str, Any], package: Package, drawn: Drawn, response: Sequence[str], language: str
) -> QuestionView:
    question = package.course.question(drawn.id)
    kind = kind_of(question)
    parts = kind.view(question, words, drawn.options, response)
    return QuestionView(
        id=drawn.id,
        kind=question.kind,
        stem=kind.stem(words),
        options=tuple(OptionView(one["key"], one["text"] or one["key"]) for one in parts.get("options", ())),
        chosen=tuple(response),
        language=package.language(language),
        draft=package.draft(language),
        behind=drawn.id in package.stale_questions(language),
        parts=parts,
        confidence=question.confidence,
        closed=kind.stepwise and kind.complete(question, response),
    )


def _with_source(tx: Transaction, view: QuestionView, package: Package, drawn: Drawn) -> QuestionView:
    """Put the source language beside a translation that is behind it: nobody shall fail by a stale sentence."""
    if not view.behind:
        return view
    source = _view(_words(tx, package, package.course.question(drawn.id), SOURCE), package, drawn, view.chosen, SOURCE)
    texts = {one.key: one.text for one in source.options}
    options = tuple(replace(one, source=texts.get(one.key, "")) for one in view.options)
    return replace(view, options=options, source_stem=source.stem, parts=_beside(view.parts, source.parts))


def _beside(part: Any, source: Any) -> Any:
    """Return what a template needs, with the source's text beside each text: {text, source}."""
    if isinstance(part, list) and isinstance(source, list):
        return [_beside(one, other) for one, other in zip(part, source, strict=True)]
    if not isinstance(part, dict) or not isinstance(source, dict):
        return part
    told = {name: _beside(one, source[name]) for name, one in part.items()}
    return {**told, "source": source["text"]} if "text" in part else told

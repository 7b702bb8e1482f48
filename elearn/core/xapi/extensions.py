"""The shapes of our own extensions: what the folds may rely on in a statement that was checked."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.satisfaction import SCALE
from elearn.core.vocab.times import instant_of, text_of

LONGEST_TEXT = 1000
_CODE = re.compile(r"[a-z]{1,20}(-[a-z]{1,20})?")


@dataclass(frozen=True)
class Shape:
    """Tells whether a value fits, and says what would."""

    said: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_amount(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def _is_instant(value: Any) -> bool:
    try:
        return isinstance(value, str) and text_of(instant_of(value)) == value
    except (Invalid, OverflowError):
        return False


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(one) for one in value)


def _are_questions(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and _is_text(one.get("id")) and _are_texts(one.get("options")) for one in value
    )


def _are_ratings(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_text(item) and _is_rating(one) for item, one in value.items())


def _is_rating(value: Any) -> bool:
    return _is_whole(value) and value in SCALE


def _are_cards(value: Any) -> bool:
    return _are_questions(value) and all(_is_text(one.get("course")) and _is_text(one.get("digest")) for one in value)


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _are_codes(value: Any) -> bool:
    return isinstance(value, list) and all(_is_code(one) for one in value)


TEXT = Shape(f"a text of at most {LONGEST_TEXT} signs", _is_text)
FLAG = Shape("true or false", _is_flag)
WHOLE = Shape("a whole number, 0 or more", _is_whole)
AMOUNT = Shape("a number, 0 or more", _is_amount)
INSTANT = Shape("an instant as 2026-11-24T07:59:45.000000Z", _is_instant)
TEXTS = Shape("an array of texts", _are_texts)
QUESTIONS = Shape("an array of {id, options}", _are_questions)
CARDS = Shape("an array of {course, digest, id, options}", _are_cards)
CODE = Shape("one of the words offered: small letters, no free text", _is_code)
CODES = Shape("an array of the words offered: small letters, no free text", _are_codes)
RATINGS = Shape("an object of whole numbers from 1 to 5", _are_ratings)

CONTEXT: dict[str, Shape] = {
    **dict.fromkeys(("country", "agency", "post", "sex", "rank_band"), TEXT),
    **dict.fromkeys(("node", "subject", "course", "language", "digest", "version", "place", "reason", "role"), TEXT),
    "outcome": TEXT,
    **dict.fromkeys(("medium", "held_on"), TEXT),
    **dict.fromkeys(("kind", "certificate", "replaces", "replaced_by", "proposal"), TEXT),
    "clock_uncertain": FLAG,
    "expires_at": INSTANT,
    "passed_at": INSTANT,
}

RESULT: dict[str, Shape] = {
    "questions": QUESTIONS,
    "cards": CARDS,
    "passed_days": WHOLE,
    "seed": WHOLE,
    "short": FLAG,
    "ends_at": INSTANT,
    "used_s": AMOUNT,
    "confidence": TEXT,
    "missed": TEXTS,
    "critical_missed": TEXTS,
    "ratings": RATINGS,
    "helped": TEXT,
    "form": WHOLE,
    "used": CODE,
    "stopped": CODES,
    "seen": CODE,
}

"""How keys follow each other: both sign, only a step from the known key counts, and nothing old comes back."""

from typing import Any

import pytest

from elearn.adapters.system import Ed25519Keys
from elearn.core.sync.succession import (
    MOST_STEPS,
    Succession,
    read_succession,
    read_successions,
    steps_from,
    steps_to,
    succession_message,
    succession_words,
)
from elearn.core.vocab.errors import Invalid, Refused

AT = "2026-11-24T08:00:00.000000Z"
KEYS = [Ed25519Keys(bytes([at]) * 32) for at in range(1, 6)]
FIRST, SECOND, THIRD, FOURTH, OTHER = KEYS


def step(old: Ed25519Keys, new: Ed25519Keys, node: str = "post", **changes: Any) -> Succession:
    words = succession_words(node, old.public_key, new.public_key, AT)
    message = succession_message(words)
    by = {"old_by": old, "new_by": new, **changes}
    return Succession(
        node, old.public_key, new.public_key, AT, words, by["old_by"].sign(message), by["new_by"].sign(message)
    )


def problem(value: Any) -> str:
    with pytest.raises(Invalid) as refused:
        read_succession(value, FIRST.check)
    return str(refused.value.details.get("reason") or refused.value.code)


def test_a_step_travels_and_is_read_as_it_was_said() -> None:
    said = step(FIRST, SECOND)

    assert read_succession(said.said(), OTHER.check) == said
    assert (said.old_id, said.new_id) == (FIRST.key_id, SECOND.key_id)


def test_a_step_the_old_key_did_not_sign_is_refused() -> None:
    assert problem(step(FIRST, SECOND, old_by=OTHER).said()) == "not signed by the old key"
    assert problem(step(FIRST, SECOND, old_by=SECOND).said()) == "not signed by the old key"


def test_a_step_the_new_key_did_not_sign_is_refused_so_nobody_claims_a_strangers_key() -> None:
    assert problem(step(FIRST, SECOND, new_by=FIRST).said()) == "not signed by the new key"


def test_any_other_word_is_refused() -> None:
    right = step(FIRST, SECOND)
    other = succession_words("another", FIRST.public_key, SECOND.public_key, AT)

    assert problem({**right.said(), "words": other}) == "not signed by the old key"
    assert problem({**right.said(), "words": "{}"}) == "another form"
    assert problem({**right.said(), "words": "nothing"}) not in ("", "another form")
    assert problem("nothing") == "peer.part"


def test_a_key_does_not_follow_itself() -> None:
    assert problem(step(FIRST, FIRST).said()) == "a key that follows itself"


def test_steps_lead_from_the_known_key_to_the_last_whatever_else_is_among_them() -> None:
    steps = [step(THIRD, FOURTH), step(FIRST, SECOND), step(SECOND, THIRD), step(OTHER, FIRST)]

    found = steps_from(steps, "post", SECOND.public_key, FOURTH.public_key)

    assert [one.new_id for one in found] == [THIRD.key_id, FOURTH.key_id]
    assert steps_from(steps, "post", FOURTH.public_key, FOURTH.public_key) == ()


@pytest.mark.parametrize(
    ("steps", "known", "end"),
    [
        ([], FIRST, SECOND),
        ([step(FIRST, SECOND)], THIRD, SECOND),  # an old step sent again, after the key went on
        ([step(FIRST, SECOND, node="another")], FIRST, SECOND),
        ([step(FIRST, THIRD), step(THIRD, FIRST)], FIRST, FOURTH),  # in a circle
    ],
)
def test_steps_that_do_not_lead_there_are_refused(
    steps: list[Succession], known: Ed25519Keys, end: Ed25519Keys
) -> None:
    with pytest.raises(Refused, match=r"key\.not-followed"):
        steps_from(steps, "post", known.public_key, end.public_key)


def test_steps_to_a_key_go_as_far_back_as_they_are_known() -> None:
    steps = [step(SECOND, THIRD), step(OTHER, FOURTH), step(FIRST, SECOND)]

    assert [one.old_id for one in steps_to(steps, "post", THIRD.public_key)] == [FIRST.key_id, SECOND.key_id]
    assert steps_to([step(FIRST, SECOND), step(SECOND, FIRST)], "post", FIRST.public_key)  # a circle ends too


def test_endless_steps_are_refused_before_a_signature_is_looked_at() -> None:
    with pytest.raises(Invalid, match=r"peer\.part"):
        read_successions([{}] * (MOST_STEPS + 1), FIRST.check)

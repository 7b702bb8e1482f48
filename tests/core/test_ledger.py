"""The chain: what follows what, and that a gap, a change or a stranger in it is noticed and named."""

from dataclasses import replace

import pytest
from cast import NumberedIds
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.ledger.entry import ORIGIN, Entry, Head, check_chain, follow, head_after, link_digest
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.people import Particulars
from elearn.core.xapi import verbs
from elearn.core.xapi.build import Saying, build
from elearn.core.xapi.canonical import sha256_hex
from elearn.core.xapi.statement import Statement

SAYING = Saying("anna", Particulars("LA", "", "", "", ""), "2026-11-24T08:00:00.000000Z", "here")


def chain(length: int, node: str = "here") -> list[Entry]:
    ids = NumberedIds(6)
    head, entries = Head(node), []
    for number in range(length):
        lesson = verbs.lesson_iri("interdiction", f"l{number}")
        entries.append(follow(head, build(SAYING, ids.new(), verbs.COMPLETED, lesson)))
        head = head_after(entries[-1])
    return entries


def refusal(entries: list[Entry], head: Head | None = None) -> tuple[str, object]:
    with pytest.raises(ElearnError) as refused:
        check_chain(head or Head("here"), entries)
    return refused.value.code, refused.value.details.get("number")


def test_a_whole_chain_is_followed_to_its_end_and_on_from_any_middle() -> None:
    entries = chain(5)

    assert check_chain(Head("here"), entries) == Head("here", 5, entries[4].digest)
    assert check_chain(head_after(entries[1]), entries[2:]) == Head("here", 5, entries[4].digest)
    assert check_chain(Head("here"), []) == Head("here", 0, ORIGIN)


def test_a_digest_is_of_all_that_came_before_the_id_and_the_content() -> None:
    first, second = chain(2)

    text = first.digest + second.statement.id + second.statement.digest
    assert second.digest == link_digest(first.digest, second.statement) == sha256_hex(text.encode())


def test_a_gap_is_refused() -> None:
    entries = chain(4)

    assert refusal([*entries[:1], *entries[2:]]) == ("chain.gap", 3)


def test_an_entry_that_comes_twice_is_refused() -> None:
    entries = chain(2)

    assert refusal([entries[0], entries[0]]) == ("chain.gap", 1)


def test_a_strangers_entry_is_refused() -> None:
    assert refusal(chain(1, "there"))[0] == "chain.foreign"


def test_a_removed_entry_shows_even_if_all_are_numbered_anew() -> None:
    entries = chain(3)

    assert refusal([entries[0], replace(entries[2], number=2)]) == ("chain.altered", 2)


@given(at=st.integers(0, 4), field=st.sampled_from(["timestamp", "language"]))
def test_a_changed_statement_shows_wherever_it_stands(at: int, field: str) -> None:
    entries = chain(5)
    body = {**entries[at].statement.body, "timestamp": "2030-01-01T00:00:00.000000Z"}
    if field == "language":
        body = {**entries[at].statement.body, "context": {**body["context"], "language": "km"}}
    entries[at] = replace(entries[at], statement=Statement(body))

    assert refusal(entries) == ("chain.altered", at + 1)


def test_the_order_of_properties_is_not_a_change() -> None:
    entries = chain(2)
    turned = Statement(dict(reversed(entries[0].statement.body.items())))

    assert check_chain(Head("here"), [replace(entries[0], statement=turned), entries[1]]).number == 2


def test_when_it_was_stored_is_each_nodes_own_and_not_in_the_chain() -> None:
    entries = [replace(entry, stored="2031-01-01T00:00:00.000000Z") for entry in chain(2)]

    assert check_chain(Head("here"), entries).number == 2

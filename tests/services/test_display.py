"""How pages look to an officer: kept with the account, for every session of it, and for nobody else."""

from pathlib import Path

import pytest
from cast import PIN, officer, sqlite_node

from elearn.core.vocab.display import COLOURS, LINES, SIZES, Display, display_of
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import DISPLAY, PERSON
from elearn.services import accounts
from elearn.services.node import Node

WISH = Display("largest", "wider", "high")


def signed_in(node: Node, person: str) -> accounts.Session:
    with node.store.reading() as tx:
        row = tx.tables.get(PERSON, person)
    assert row is not None
    token = accounts.sign_in(node, row["service_number"], PIN, device="192.0.2.1").token
    session = accounts.session(node, token)
    assert session is not None
    return session


def test_it_follows_the_officer_to_the_next_session(tmp_path: Path) -> None:
    node = sqlite_node(tmp_path)
    one, other = officer(node, "One"), officer(node, "Other")
    assert signed_in(node, one).display is None
    accounts.set_display(node, signed_in(node, one), Display("large"))
    accounts.set_display(node, signed_in(node, one), WISH)

    assert signed_in(node, one).display == WISH
    assert signed_in(node, other).display is None
    node.store.close()


def test_names_of_a_later_version_lock_nobody_out(tmp_path: Path) -> None:
    node = sqlite_node(tmp_path)
    person = officer(node)
    row = {"person": person, "size": "enormous", "lines": "usual", "colours": "device"}
    node.store.write(lambda tx: tx.tables.put(DISPLAY, row))

    assert signed_in(node, person).display is None
    node.store.close()


@pytest.mark.parametrize("said", [("", "usual", "device"), ("large", "x", "device"), ("large", "usual", "pink")])
def test_a_name_that_is_none_is_refused(said: tuple[str, str, str]) -> None:
    with pytest.raises(Invalid, match=r"display\.unknown"):
        Display(*said)


def test_every_wish_is_read_as_it_was_written() -> None:
    wishes = [Display(size, lines, colours) for size in SIZES for lines in LINES for colours in COLOURS]

    assert [display_of(wish.as_text) for wish in wishes] == wishes
    assert [display_of(text) for text in ("", "large", "large.usual", "a.b.c", "large.usual.dark.x", "…")] == [None] * 6

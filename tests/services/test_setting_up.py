"""Laws of the first start."""

from dataclasses import replace
from pathlib import Path

import pytest
from account_scenes import CHIEF_PIN, FORM, bare_node, chief, entered, verbs

from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import ACCOUNT, NODE_FACT, PERSON, TRUSTED_KEY
from elearn.core.vocab.nodes import NodeKind
from elearn.services.node import Node, about, keep_fact, known, must_be_of_this_kind
from elearn.services.setting_up import (
    SetUpForm,
    check_secret,
    is_set_up,
    one_time_link_secret,
    set_up,
)


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return bare_node(tmp_path)


def secret_of(node: Node) -> str:
    secret = one_time_link_secret(node)
    assert secret is not None
    return secret


def problems(node: Node, form: SetUpForm) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        set_up(node, form, secret_of(node))
    assert raised.value.code == "form.fields"
    fields = raised.value.details["fields"]
    assert isinstance(fields, dict)
    return fields


def test_setting_up_makes_the_node_its_administrator_its_key_and_its_first_entry(node: Node) -> None:
    person = set_up(node, FORM, secret_of(node))

    with node.store.reading() as tx:
        mine = known(tx)
        key = tx.tables.get(TRUSTED_KEY, node.keys.key_id)
    assert (mine.name, mine.country, mine.agency) == ("Poipet Border Post", "KH", "police")
    assert mine.languages == ("en", "km")
    assert mine.issuer == "Poipet Border Post"
    assert mine.demo is False
    assert key is not None
    assert (key["node"], key["public_key"], key["vouched_by"]) == (mine.id, node.keys.public_key, mine.id)
    assert verbs(node) == [("role-given", person)]
    assert chief(node).person == person
    assert chief(node).must_change_pin is False


def test_the_link_works_once(node: Node) -> None:
    secret = secret_of(node)
    set_up(node, FORM, secret)

    with pytest.raises(Refused) as raised:
        set_up(node, replace(FORM, service_number="B-2", name="Somebody else"), secret)
    assert raised.value.code == "set-up.done"
    assert not check_secret(node, secret)
    assert one_time_link_secret(node) is None
    with node.store.reading() as tx:
        assert tx.tables.count(ACCOUNT) == 1
    assert len(verbs(node)) == 1


def test_every_start_makes_a_new_link_and_voids_the_old_one(node: Node) -> None:
    first, second = secret_of(node), secret_of(node)

    assert not check_secret(node, first)
    assert check_secret(node, second)
    with pytest.raises(Refused) as raised:
        set_up(node, FORM, first)
    assert raised.value.code == "set-up.link"
    assert not is_set_up(node)


@pytest.mark.parametrize("guess", ["", "x", "\ud800"])
def test_no_secret_opens_nothing(node: Node, guess: str) -> None:
    assert not check_secret(node, guess)
    secret_of(node)

    assert not check_secret(node, guess)


def test_the_secret_itself_is_not_stored(node: Node) -> None:
    secret = secret_of(node)

    with node.store.reading() as tx:
        assert secret not in str(tx.tables.select(NODE_FACT))


def test_everything_wrong_is_said_at_once_and_nothing_is_kept(node: Node) -> None:
    wrong = SetUpForm(" ", "FR", "", (), "", "  ", "12345", sex="x", rank_band="king", issuer="UNODC Regional Office")

    assert problems(node, wrong) == {
        "node_name": "node-name.missing",
        "country": "country.unknown",
        "agency": "agency.missing",
        "languages": "languages.none",
        "name": "name.missing",
        "service_number": "service-number.missing",
        "pin": "pin.too-short",
        "sex": "sex.unknown",
        "rank_band": "rank-band.unknown",
        "issuer": "issuer.not-neutral",
    }
    with node.store.reading() as tx:
        assert about(tx) is None
        assert (tx.tables.count(PERSON), tx.tables.count(ACCOUNT), tx.tables.count(TRUSTED_KEY)) == (0, 0, 0)
    assert check_secret(node, secret_of(node))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("pin", "", "pin.missing"),
        ("pin", "A-0001", "pin.too-short"),
        ("pin", "123456", "pin.too-common"),
        ("languages", ("en", "xx"), "language.unknown"),
        ("node_name", "United Nations Post", "node-name.not-neutral"),
        ("node_name", "x" * 81, "node-name.too-long"),
        ("node_name", "a\x07b", "node-name.characters"),
        ("name", "=1+1", "name.formula"),
        ("country", "", "country.missing"),
    ],
)
def test_each_field_has_its_own_answer(node: Node, field: str, value: object, code: str) -> None:
    assert problems(node, replace(FORM, **{field: value})) == {field: code}  # type: ignore[arg-type]


def test_an_issuer_and_a_language_of_ones_own_are_kept(node: Node) -> None:
    set_up(node, replace(FORM, issuer=" General  Commissariat ", language="en"), secret_of(node))

    with node.store.reading() as tx:
        assert known(tx).issuer == "General Commissariat"
    assert entered(node, FORM.service_number, CHIEF_PIN).language == "en"


def test_who_reads_a_language_that_is_not_offered_gets_the_first_that_is(node: Node) -> None:
    set_up(node, replace(FORM, language="th"), secret_of(node))

    assert chief(node).language == "km"


def test_a_folder_is_served_only_as_what_it_was_set_up_as(node: Node) -> None:
    must_be_of_this_kind(node)  # not set up yet: anything may come of it
    set_up(node, FORM, secret_of(node))
    must_be_of_this_kind(node)

    with pytest.raises(Refused) as raised:
        must_be_of_this_kind(replace(node, settings=replace(node.settings, kind=NodeKind.HUB)))
    assert raised.value.code == "node.other-kind"


def test_a_folder_set_up_before_folders_said_their_kind_is_served(node: Node) -> None:
    set_up(node, FORM, secret_of(node))
    node.store.write(lambda tx: keep_fact(tx, "kind", ""))

    must_be_of_this_kind(node)

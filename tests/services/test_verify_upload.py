"""An uploaded credential, and the PDF it lies in: every answer, at the post that issued it and at others."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import TickingClock, memory_node, officer
from small_course import certificate_of, publish

from elearn.core.credential import data_integrity, quads
from elearn.core.credential.certificate_file import CertificateFile, says_another
from elearn.core.credential.data_integrity import did_of
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.kept import REVOCATION, TRUSTED_KEY
from elearn.services import certify
from elearn.services.node import Node, keep_fact
from elearn.services.verify import CertificateCheck
from elearn.services.verify_upload import verify_upload

VECTORS = Path(__file__).parent.parent / "core" / "vectors"
NOY = "ນ້ອຍ ວົງ"


@pytest.fixture
def post() -> Node:
    node = memory_node()
    node.store.write(publish)
    return node


@pytest.fixture
def other() -> Node:
    """A post that has never spoken to the first."""
    node = memory_node(series=9)
    node.store.write(publish)
    return node


def issued(node: Node, name: str = NOY) -> tuple[str, dict[str, Any]]:
    """Return (number, credential)."""
    number = certificate_of(node, officer(node, name))
    page = certify.certificate_page(node, number, "lo")
    assert page.credential
    return number, json.loads(page.credential(b""))


def sent(document: Any) -> bytes:
    return json.dumps(document).encode()


def trust(node: Node, issuer: Node, **changes: object) -> None:
    row = {
        "key_id": issuer.keys.key_id,
        "node": "00000000-0000-4000-9000-000000000000",
        "node_name": "Post of Huay Xai",
        "country": "LA",
        "public_key": issuer.keys.public_key,
        "valid_from": "2026-01-01T00:00:00.000000Z",
        "valid_until": None,
        "vouched_by": "hub",
    }
    node.store.write(lambda tx: tx.tables.put(TRUSTED_KEY, {**row, **changes}))


def signed_again(document: dict[str, Any], node: Node, form: Callable[[dict[str, Any]], str]) -> dict[str, Any]:
    bare = {key: value for key, value in document.items() if key != "proof"}
    return data_integrity.sign(bare, node.keys.public_key, "2026-11-24T00:00:00Z", node.keys.sign, form)


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    whole: Any = json.loads(json.dumps(document))
    inside = whole
    *steps, last = path.split("/")
    for step in steps:
        inside = inside[int(step) if step.isdigit() else step]
    assert last not in inside or inside[last] != value
    inside[last] = value
    return dict(whole)


def test_a_credential_of_this_post_is_valid_with_all_it_says(post: Node) -> None:
    number, document = issued(post)

    assert verify_upload(post, sent(document), "en") == CertificateCheck(
        state="valid",
        signed=True,
        list_date="",
        number=number,
        name=NOY,
        course="Seals",
        version="1.0.0",
        issuer="Border Training Service",
        issued="2026-11-24",
        expires="2028-11-24",
    )


def test_another_post_that_trusts_the_key_verifies_it_however_the_json_is_laid_out(post: Node, other: Node) -> None:
    number, document = issued(post)
    trust(other, post)

    for text in (json.dumps(document, indent=4), json.dumps(dict(reversed(document.items())), ensure_ascii=False)):
        found = verify_upload(other, b"\xef\xbb\xbf" + text.encode(), "en")

        assert (found.state, found.number, found.name, found.issuer) == ("valid", number, NOY, "Post of Huay Xai")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("credentialSubject/identifier/0/identityHash", "Somebody Else"),
        ("credentialSubject/achievement/version", "9.0.0"),
        ("credentialSubject/achievement/name", "Everything"),
        ("credentialSubject/achievement/criteria/narrative", "Nothing."),
        ("credentialSubject/result/0/value", "99"),
        ("credentialSubject/rank", "General"),
        ("validUntil", "2099-11-24T23:59:59Z"),
        ("validFrom", "2026-11-23T00:00:00Z"),
        ("id", "urn:uuid:00000000-0000-4000-8000-00000000ffff"),
        ("issuer/name", "Ministry of Trains"),
        ("issuer/id", did_of(bytes(range(32)))),
        ("proof/created", "2026-11-25T00:00:00Z"),
        ("proof/proofValue", "z" + "1" * 64),
    ],
)
def test_an_altered_credential_says_nothing_of_what_it_says(post: Node, path: str, value: str) -> None:
    _, document = issued(post)
    forged = changed(document, path, value)

    found = verify_upload(post, sent(forged), "en")

    # With another issuer's key as issuer it speaks of that one, who is not known.
    expected = "unknown_issuer" if path == "issuer/id" else "altered"
    assert found.state == expected
    assert path == "issuer/id" or found == CertificateCheck("altered", True, "")


def test_a_key_nobody_vouched_for_is_an_unknown_issuer(post: Node, other: Node) -> None:
    _, document = issued(post)

    found = verify_upload(other, sent(document), "en")

    assert (found.state, found.issuer, found.name) == ("unknown_issuer", "", NOY)


def test_a_certificate_in_our_name_with_a_key_of_their_own_is_altered(post: Node, other: Node) -> None:
    _, document = issued(post)
    forged = signed_again(document, other, quads.canonical)
    assert forged["issuer"]["id"] == did_of(post.keys.public_key)

    assert verify_upload(post, sent(forged), "en") == CertificateCheck("altered", True, "")
    trust(post, other)
    assert verify_upload(post, sent(forged), "en") == CertificateCheck("altered", True, "")


def test_a_badge_of_anybody_else_is_of_an_unknown_issuer_and_is_not_shown(post: Node) -> None:
    badge = (VECTORS / "open_badges" / "simple-did-key-method.json").read_bytes()

    assert verify_upload(post, badge, "en") == CertificateCheck("unknown_issuer", True, "")


def test_another_kind_of_credential_signed_by_somebody_trusted_is_said_to_be_one(post: Node) -> None:
    _, document = issued(post)
    later = signed_again({**document, "type": [*document["type"], "NextCredential"]}, post, json.dumps)

    with pytest.raises(Invalid, match=r"credential\.other"):
        verify_upload(post, sent(later), "en")


def test_it_expires_is_revoked_and_its_key_ends_as_its_code_does(post: Node, other: Node) -> None:
    number, document = issued(post)
    trust(other, post, valid_until="2026-11-23")
    assert verify_upload(other, sent(document), "en").state == "key_ended"
    trust(other, post)
    assert isinstance(other.clock, TickingClock)

    other.clock.shift(timedelta(days=732))
    assert verify_upload(other, sent(document), "en").state == "expired"
    row = {"number": number, "revoked_at": "2026-11-24T09:00:00.000000Z", "listed_at": "", "listed_by": "hub"}
    other.store.write(lambda tx: tx.tables.put(REVOCATION, row))
    other.store.write(lambda tx: keep_fact(tx, "revocations_at", "2026-11-24T10:00:00.000000Z"))
    found = verify_upload(other, sent(document), "en")

    assert (found.state, found.revoked, found.list_date) == ("revoked", "2026-11-24", "2026-11-24")


def test_a_clock_in_1970_is_said_to_be_doubtful_and_judges_nothing(post: Node, other: Node) -> None:
    _, document = issued(post)
    young = replace(other, clock=TickingClock(datetime(1970, 1, 1, tzinfo=UTC)))
    trust(young, post)

    found = verify_upload(young, sent(document), "en")
    forged = verify_upload(young, sent(changed(document, "name", "Licence")), "en")

    assert (found.state, found.clock_doubtful, found.name) == ("valid", True, NOY)
    assert forged.state == "altered"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"proof": {}, "proof": {}}',
        b'{"score": NaN}',
        b'{"name": "\\ud800"}',
        b"\xff\xfe{}",
        b"[" * 50_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"a": "' + b"x" * 70_000 + b'"}',
        b'{"proof": [1, 2]}',
        b'{"proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}}',
    ],
)
def test_what_is_no_credential_is_unreadable(post: Node, data: bytes) -> None:
    with pytest.raises(Invalid, match=r"credential\.unreadable"):
        verify_upload(post, data, "en")


def test_a_key_written_twice_is_not_read_one_way_here_and_another_way_there(post: Node) -> None:
    _, document = issued(post)
    twice = sent(document).replace(b'"name":', b'"name": "Licence", "name":', 1)

    with pytest.raises(Invalid, match=r"credential\.unreadable"):
        verify_upload(post, twice, "en")


# --- the words on the page


NUMBER = "7K3M-9QXA-2BTF-HW4C"


@pytest.mark.parametrize(
    ("printed", "said", "name", "another"),
    [
        (f"Mara Lim {NUMBER}", "", "Mara Lim", False),
        ("Mara\nLim\n7K3M-9QXA-\n2BTF-HW4C", "", "Mara Lim", False),
        (f"Vera Lim {NUMBER}", "", "Mara Lim", True),
        ("Mara Lim 2222-2222-2222-2222", "", "Mara Lim", True),
        ("Mara Lim", "", "Mara Lim", False),
        ("", "", "Mara Lim", False),
        ("", f"Vera Lim {NUMBER}", "Mara Lim", True),
        (f"Vera Lim {NUMBER}", f"Mara Lim {NUMBER}", "Mara Lim", True),
        (f"Kha Hc {NUMBER} chứng chỉ", "", "Khoa Hoc", False),  # as Vietnamese pages are read back
        (f"Kha Hc {NUMBER} chứng chỉ", f"Vera {NUMBER}", "Khoa Hoc", True),
        (f"Hoa Le {NUMBER}", "", "Hoà Lê", False),
        (f"សុខ ដាា {NUMBER}", "", "សុខ ដារា", False),  # Khmer read back with a mistake
        (f"សុខ ដាា {NUMBER}", f"សុខ ដារា {NUMBER}", "សុខ ដារា", False),
        (f"សុខ ដាា {NUMBER}", f"ចាន់ ធី {NUMBER}", "សុខ ដារា", True),
        (f"李娜 {NUMBER}", f"李\u200b娜 {NUMBER}", "李娜", False),
    ],
)
def test_only_what_is_surely_another_name_or_number_is_called_so(
    printed: str, said: str, name: str, another: bool
) -> None:
    assert says_another(CertificateFile("", printed=printed, said=said), name, NUMBER) is another

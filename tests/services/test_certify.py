"""Certificates: issued once, put into words, given to the holder, taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cast import TickingClock, memory_node, officer, sqlite_node
from small_course import certificate_of, publish, structure

from elearn.core.credential.number import number_from, parse_number
from elearn.core.credential.payload import decode
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.errors import NotFound, Refused, Unavailable
from elearn.core.vocab.kept import PERSON, REVOCATION
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Role
from elearn.core.vocab.tables import Row
from elearn.services import certify, learn
from elearn.services.accounts import Session
from elearn.services.node import Node, keep_fact


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    yield node
    node.store.close()


def session_of(node: Node, role: Role, **changes: object) -> Session:
    """Return a session of somebody with this role."""
    person = officer(node, "Kham La", role=role.value)
    one = Session("s", person, "Kham La", "LA-1", role, "en", "csrf", False, (), "2026-11-24T08:00:00.000000Z")
    return replace(one, **changes)  # type: ignore[arg-type]


def row_of(node: Node, number: str) -> Row:
    with node.store.reading() as tx:
        row = tx.tables.get(CERTIFICATE, number)
    assert row is not None
    return row


def test_the_number_follows_from_the_attempt_so_one_pass_has_one_number(post: Node) -> None:
    number = certificate_of(post, officer(post))

    assert number == number_from(row_of(post, number)["attempt"])
    assert parse_number(number.lower().replace("-", " ")) == number


def test_a_certificate_is_put_into_two_languages(post: Node) -> None:
    number = certificate_of(post, officer(post, "Noy Vong"), "km")

    page = certify.certificate_page(post, number, "km")

    assert (page.language, page.person_name, page.number) == ("km", "Noy Vong", number)
    assert (page.local.course_title, page.english.course_title) == ("ខ្មែរ Seals", "Seals")
    assert (page.local.issued, page.english.issued) == ("24 វិច្ឆិកា 2026", "24 November 2026")
    assert (page.local.expires, page.english.expires) == ("24 វិច្ឆិកា 2028", "24 November 2028")
    assert (page.english.score, page.english.version) == ("100 %", "1.0.0")
    assert (page.issuer, page.issued) == ("Border Training Service", date(2026, 11, 24))
    assert (page.unit, page.watermark) == ("Customs, Huay Xai", "")


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_language_gets_its_certificate_without_an_empty_word(language: str) -> None:
    node = memory_node()
    node.store.write(publish)
    number = certificate_of(node, officer(node), language)

    page = certify.certificate_page(node, number, "")

    assert page.language == language
    optional = {"outcome", "draft"}
    assert [name for name, text in vars(page.local).items() if not text and name not in optional] == []


def test_the_code_on_it_is_signed_and_carries_the_name_of_the_person(post: Node) -> None:
    number = certificate_of(post, officer(post, "ນ້ອຍ ວົງ"), "lo")

    signed = decode(certify.certificate_page(post, number, "lo").payload)

    assert post.keys.check(post.keys.public_key, signed.message, signed.signature)
    claims = signed.claims
    assert (claims.person_name, claims.number, claims.course, claims.course_version) == (
        "ນ້ອຍ ວົງ",
        number,
        "T1",
        "1.0.0",
    )
    assert (claims.issued, claims.expires, claims.score) == (date(2026, 11, 24), date(2028, 11, 24), 1.0)
    assert claims.issuer_key_id == post.keys.key_id


def test_no_name_is_in_the_ledger(post: Node) -> None:
    noy = officer(post, "Noyphone Vongsavath")
    certificate_of(post, noy)

    with post.store.reading() as tx:
        told = repr([statement.body for statement in tx.ledger.about(noy)])
    assert noy in told
    assert "Noyphone" not in told


def test_the_day_of_issue_is_the_day_at_the_post(post: Node) -> None:
    late = memory_node(series=3, clock=TickingClock(post.clock.now() + timedelta(hours=10)))
    late.store.write(publish)

    number = certificate_of(late, officer(late))

    page = certify.certificate_page(late, number, "en")
    assert row_of(late, number)["issued_at"].startswith("2026-11-24T18")
    assert (page.issued, page.english.expires) == (date(2026, 11, 25), "25 November 2028")


def test_a_course_without_validity_gives_a_certificate_without_an_end(post: Node) -> None:
    post.store.write(lambda tx: publish(tx, structure(validity_months=0)))
    number = certificate_of(post, officer(post))

    page = certify.certificate_page(post, number, "en")

    assert row_of(post, number)["expires_at"] is None
    assert page.english.expires == "No expiry"
    assert decode(page.payload).claims.expires is None


def test_a_build_of_a_version_is_printed_as_the_version(post: Node) -> None:
    post.store.write(lambda tx: publish(tx, structure(version="1.0.0+3fa21b07")))
    number = certificate_of(post, officer(post))

    assert certify.certificate_page(post, number, "en").english.version == "1.0.0"
    assert row_of(post, number)["version"] == "1.0.0+3fa21b07"


def test_a_draft_translation_says_so_on_the_certificate_in_that_language_only(post: Node) -> None:
    post.store.write(lambda tx: publish(tx, structure(), {"km": {"state": "draft"}}))
    number = certificate_of(post, officer(post))

    page = certify.certificate_page(post, number, "km")

    assert (page.local.draft, page.english.draft) == ("Draft translation, not yet reviewed", "")


def test_a_demonstration_is_marked(post: Node) -> None:
    number = certificate_of(post, officer(post))
    post.store.write(lambda tx: keep_fact(tx, "demo", True))

    assert certify.certificate_page(post, number, "en").watermark == "DEMONSTRATION"


def test_signatories_are_those_of_the_node_three_at_most(post: Node) -> None:
    people = [{"name": f"Head {n}", "title": "ຫົວໜ້າ", "title_english": "Head"} for n in range(4)]
    post.store.write(lambda tx: keep_fact(tx, "signatories", people))
    number = certificate_of(post, officer(post))

    page = certify.certificate_page(post, number, "lo")

    assert [one.name for one in page.signatories] == ["Head 0", "Head 1", "Head 2"]
    assert page.signatories[0].title_english == "Head"


def test_the_holder_gets_it_a_colleague_does_not_an_administrator_does(post: Node) -> None:
    noy, som = officer(post), officer(post, "Som Chan")
    number = certificate_of(post, noy)
    chief = session_of(post, Role.ADMINISTRATOR).person

    assert "Noy Vong" in certify.certificate_printable(post, noy, number.lower(), "en")
    assert "Noy Vong" in certify.certificate_printable(post, chief, number, "en")
    with pytest.raises(Refused, match=r"certificate\.not-yours"):
        certify.certificate_printable(post, som, number, "en")


def test_without_a_press_that_is_said_and_the_page_can_still_be_printed(post: Node) -> None:
    noy = officer(post)
    number = certificate_of(post, noy)

    with pytest.raises(Unavailable, match=r"press\.missing"):
        certify.certificate_pdf(post, noy, number, "en")
    assert number in certify.certificate_printable(post, noy, number, "en")


def test_where_the_identity_is_gone_no_certificate_is_printed(post: Node) -> None:
    noy = officer(post)
    number = certificate_of(post, noy)
    post.store.write(lambda tx: tx.tables.delete(PERSON, {"id": noy}))

    with pytest.raises(NotFound, match=r"certificate\.no-person"):
        certify.certificate_page(post, number, "en")


def test_a_certificate_on_the_hubs_list_is_revoked_here_too(post: Node) -> None:
    noy = officer(post)
    number = certificate_of(post, noy)
    listed = {"number": number, "revoked_at": "2026-11-24T09:00:00.000000Z", "listed_at": "", "listed_by": "hub"}
    post.store.write(lambda tx: tx.tables.put(REVOCATION, listed))

    assert learn.my_courses(post, noy, "en")[0].state == "revoked"
    with pytest.raises(Refused, match=r"certificate\.revoked"):
        certify.certificate_page(post, number, "en")

"""What was taken back at one node is taken back at all others once they have exchanged, over real sockets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cast import TickingClock, officer
from exchange_scenes import rows
from real_line import node_in, served
from revoking_scenes import approved, certified_many, chief, proposed

from elearn.core.vocab.kept import ACCOUNT, REVOCATION
from elearn.core.vocab.nodes import NodeKind
from elearn.services import certify
from elearn.services.certificate_history import history
from elearn.services.certificates_found import Sought
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.my_record import my_record
from elearn.services.node import Node
from elearn.services.posts import give_code
from elearn.services.reissue import reissue
from elearn.services.revoking import revoke
from elearn.services.verify import CertificateCheck, verify_code, verify_payload


@dataclass
class Country:
    """A hub, the post that issued certificates to one officer, and another post that checks them."""

    hub: Node
    issuing: Node
    checking: Node
    noy: str
    numbers: list[str]
    papers: dict[str, str]

    def exchange(self) -> None:
        """Let both posts exchange, the issuing one first."""
        assert exchange_once(self.issuing).ok
        assert exchange_once(self.checking).ok

    def checked(self, number: str) -> CertificateCheck:
        """Return what the other post says of the paper."""
        return verify_payload(self.checking, self.papers[number], "en")


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with (
        node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9) as hub,
        node_in(tmp_path / "issuing", series=1) as issuing,
        node_in(tmp_path / "checking", series=2) as checking,
        served(hub) as port,
    ):
        for post, name in ((issuing, "Huay Xai"), (checking, "Boten")):
            enrol(post, f"http://127.0.0.1:{port}", give_code(hub, name))
        noy = officer(issuing, "Noy Vong")
        numbers = certified_many(issuing, 4, noy)
        papers = {one: certify.certificate_page(issuing, one, "en").payload for one in numbers}
        found = Country(hub, issuing, checking, noy, numbers, papers)
        found.exchange()
        yield found


def test_taken_back_at_the_hub_it_is_revoked_at_every_post_with_the_date_of_the_list(country: Country) -> None:
    one, other = country.numbers[:2]
    before = country.checked(one)

    revoke(country.hub, chief(country.hub), one, "exam", "Told by the academy")
    unsent = country.checked(one).state
    country.exchange()

    assert (before.state, unsent) == ("valid", "valid")
    told = country.checked(one)
    assert (told.state, told.revoked, told.list_date, told.replaced) == ("revoked", "2026-11-24", "2026-11-24", False)
    assert verify_code(country.checking, one, "en").state == "revoked"
    assert country.checked(other).state == "valid"
    states = {line.number: line.state for line in my_record(country.issuing, country.noy, "en").certificates}
    assert (states[one], states[other]) == ("revoked", "valid")
    [account] = rows(country.issuing, ACCOUNT, person=country.noy)
    assert [(told["code"], told["by"]) for told in account["notice"]] == [("notice.certificate-revoked", "Vientiane")]
    assert [row["kind"] for row in rows(country.checking, REVOCATION)] == ["exam"]


def test_taken_back_at_a_post_it_is_revoked_at_the_others_and_the_hub_reads_why(country: Country) -> None:
    one = country.numbers[0]
    by = chief(country.issuing)

    revoke(country.issuing, by, one, "name", "Written with the name of a brother")
    country.exchange()

    assert (country.checked(one).state, verify_code(country.hub, one, "en").state) == ("revoked", "revoked")
    event = history(country.hub, chief(country.hub), one, "en").events[-1]
    assert (event.what, event.kind, event.reason) == ("revoked", "name", "Written with the name of a brother")
    assert "brother" not in repr(rows(country.checking, REVOCATION))


def test_issued_anew_at_a_post_the_old_one_is_replaced_everywhere(country: Country) -> None:
    one = country.numbers[0]

    new = reissue(country.issuing, chief(country.issuing), one)
    country.papers[new] = certify.certificate_page(country.issuing, new, "en").payload
    country.exchange()

    assert [(country.checked(number).state, country.checked(number).replaced) for number in (one, new)] == [
        ("revoked", True),
        ("valid", False),
    ]
    assert verify_code(country.hub, new, "en").state == "valid"
    # Nobody is told twice what was done on the own post.
    [account] = rows(country.issuing, ACCOUNT, person=country.noy)
    assert [told["code"] for told in account["notice"]] == ["notice.certificate-reissued"]


def test_replaced_and_then_taken_back_it_is_revoked_everywhere(country: Country) -> None:
    one = country.numbers[0]
    reissue(country.issuing, chief(country.issuing), one)
    country.exchange()

    revoke(country.hub, chief(country.hub), one, "identity")
    country.exchange()

    assert (country.checked(one).state, country.checked(one).replaced) == ("revoked", False)
    assert (verify_code(country.issuing, one, "en").replaced, rows(country.checking, REVOCATION)[0]["kind"]) == (
        False,
        "identity",
    )


def test_many_taken_back_by_two_people_at_the_hub_arrive_at_the_posts(country: Country) -> None:
    maker, second = chief(country.hub), chief(country.hub, "Dara Sok")
    proposal = proposed(country.hub, maker, Sought(node="00000001-0000-4000-9000-000000000000"))
    country.exchange()
    waiting = [country.checked(one).state for one in country.numbers]

    approved(country.hub, second, proposal)
    country.exchange()

    assert waiting == ["valid"] * 4
    assert [country.checked(one).state for one in country.numbers] == ["revoked"] * 4


def test_a_hub_whose_clock_stands_in_1970_takes_back_all_the_same(tmp_path: Path) -> None:
    clock = TickingClock(datetime(1970, 1, 2, tzinfo=UTC))
    with (
        node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9, clock=clock) as hub,
        node_in(tmp_path / "post", series=1) as post,
        served(hub) as port,
    ):
        enrol(post, f"http://127.0.0.1:{port}", give_code(hub, "Huay Xai"))
        [number] = certified_many(post, 1)
        paper = certify.certificate_page(post, number, "en").payload
        assert exchange_once(post).ok

        revoke(hub, chief(hub, service_number="HUB-1"), number, "mistake")
        assert exchange_once(post).ok

        told = verify_payload(post, paper, "en")
        assert (told.state, told.revoked, rows(post, REVOCATION)[0]["revoked_at"][:4]) == ("revoked", "", "1970")

"""Many certificates are taken back by two people, or not at all: the list, the two, the days, and sudden death."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cast import memory_node, officer, sqlite_node
from revoking_scenes import DEVICE, approved, certified_many, chief, proposed

from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.vocab.errors import Refused
from elearn.core.vocab.kept import ACCOUNT, REVOCATION_PROPOSAL
from elearn.core.vocab.roles import Role
from elearn.core.vocab.tables import Span
from elearn.core.xapi.verbs import REVOCATION_APPROVED, REVOCATION_DECLINED, REVOCATION_PROPOSED, REVOKED
from elearn.services import revoking_many, revoking_shown
from elearn.services.accounts import Session
from elearn.services.certificate_history import history
from elearn.services.certificates_found import Sought
from elearn.services.node import Node
from elearn.services.reissue import reissue
from elearn.services.revoking import revoke

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    yield node
    node.store.close()


def taken(node: Node) -> list[str]:
    """Return the numbers taken back, sorted."""
    with node.store.reading() as tx:
        return [row["number"] for row in tx.tables.select(CERTIFICATE, {"revoked_at": Span()})]


def verbs(node: Node, person: str) -> list[str]:
    with node.store.reading() as tx:
        return [one.verb for one in tx.ledger.about(person)]


def state(node: Node, by: Session, proposal: str) -> str:
    return revoking_shown.proposal_page(node, by, proposal, "en").state


def change_account(node: Node, person: str, **changes: object) -> None:
    node.store.write(lambda tx: tx.tables.put(ACCOUNT, {**tx.tables.get(ACCOUNT, person), **changes}))


def test_nothing_happens_before_another_administrator_approves(post: Node) -> None:
    maker, second = chief(post), chief(post, "Dara Sok")
    numbers = certified_many(post, 5)

    proposal = proposed(post, maker)
    revoking_many.tick(post)
    before = taken(post)
    approved(post, second, proposal)

    assert (before, taken(post)) == ([], numbers)
    page = revoking_shown.proposal_page(post, second, proposal, "en")
    assert (page.state, page.done, page.revoked, page.count) == ("done", 5, 5, 5)
    assert (page.made_by, page.decided_by, page.kind, page.reason) == ("Somchai Dee", "Dara Sok", "key", "Stolen.")
    assert verbs(post, maker.person) == [REVOCATION_PROPOSED]
    assert verbs(post, second.person) == [REVOCATION_APPROVED]
    event = history(post, maker, numbers[0], "en").events[-1]
    assert (event.by, event.proposed_by, event.reason, event.proposal) == (
        "Dara Sok",
        "Somchai Dee",
        "Stolen.",
        proposal,
    )


def test_nobody_approves_what_they_proposed(post: Node) -> None:
    maker = chief(post)
    certified_many(post, 2)
    proposal = proposed(post, maker)

    with pytest.raises(Refused, match=r"revoking\.own"):
        approved(post, maker, proposal)

    assert (taken(post), revoking_shown.seconds(post, maker)) == ([], 0)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TRAINER, Role.COORDINATOR])
def test_only_administrators_propose_approve_and_decline(post: Node, role: Role) -> None:
    certified_many(post, 2)
    proposal = proposed(post, chief(post))
    other = chief(post, "Other", role)

    for errand in (
        lambda: proposed(post, other),
        lambda: revoking_many.approve(post, other, proposal, "d", "1", DEVICE),
        lambda: revoking_many.decline(post, other, proposal),
        lambda: revoking_shown.proposals(post, other),
    ):
        with pytest.raises(Refused, match="permission"):
            errand()
    assert taken(post) == []


@pytest.mark.parametrize("changes", [{"role": "trainer"}, {"active": 0}])
def test_who_was_demoted_meanwhile_cannot_approve_nor_have_proposed(post: Node, changes: dict[str, object]) -> None:
    maker, second, third = chief(post), chief(post, "Dara Sok"), chief(post, "Third")
    certified_many(post, 2)
    proposal = proposed(post, maker)

    change_account(post, second.person, **changes)
    with pytest.raises(Refused, match="permission"):
        approved(post, second, proposal)  # with the session of before
    with pytest.raises(Refused, match="permission"):
        revoking_many.decline(post, second, proposal)
    change_account(post, maker.person, **changes)
    with pytest.raises(Refused, match=r"revoking\.maker-gone"):
        approved(post, third, proposal)

    assert taken(post) == []


def test_approving_asks_for_the_pin_of_who_approves(post: Node) -> None:
    maker, second = chief(post), chief(post, "Dara Sok")
    certified_many(post, 2)
    proposal = proposed(post, maker)

    with pytest.raises(Refused, match=r"pin\.wrong"):
        approved(post, second, proposal, pin="000000")

    assert (taken(post), state(post, second, proposal)) == ([], "waiting")


def test_a_proposal_waits_fourteen_days(post: Node) -> None:
    maker, second = chief(post), chief(post, "Dara Sok")
    certified_many(post, 2)
    proposal = proposed(post, maker)
    post.clock.shift(timedelta(days=14))  # type: ignore[attr-defined]

    with pytest.raises(Refused, match=r"revoking\.expired"):
        approved(post, second, proposal)

    assert (taken(post), state(post, second, proposal)) == ([], "expired")
    revoking_many.decline(post, maker, proposal)
    assert state(post, second, proposal) == "withdrawn"


def test_what_was_declined_or_withdrawn_is_not_approved_any_more(post: Node) -> None:
    maker, second = chief(post), chief(post, "Dara Sok")
    certified_many(post, 2)
    declined, withdrawn = proposed(post, maker), proposed(post, maker)

    revoking_many.decline(post, second, declined)
    revoking_many.decline(post, maker, withdrawn)

    for proposal in (declined, withdrawn):
        with pytest.raises(Refused, match=r"revoking\.decided"):
            approved(post, second, proposal)
        with pytest.raises(Refused, match=r"revoking\.decided"):
            revoking_many.decline(post, second, proposal)
    assert [state(post, maker, one) for one in (declined, withdrawn)] == ["declined", "withdrawn"]
    assert verbs(post, second.person) == [REVOCATION_DECLINED]
    assert taken(post) == []


def test_the_list_is_frozen_and_what_is_issued_later_is_not_in_it(post: Node) -> None:
    maker, second = chief(post), chief(post, "Dara Sok")
    numbers = certified_many(post, 3)
    proposal = proposed(post, maker)
    later = certified_many(post, 2)

    approved(post, second, proposal)

    assert taken(post) == numbers
    assert not set(later) & set(numbers)


def test_a_list_that_is_not_the_one_seen_is_neither_proposed_nor_approved(post: Node) -> None:
    maker, second = chief(post), chief(post, "Dara Sok")
    certified_many(post, 3)
    seen = revoking_shown.preview(post, maker, Sought(), "en").digest
    certified_many(post, 1)

    with pytest.raises(Refused, match=r"revoking\.list-changed"):
        revoking_many.propose(post, maker, Sought(), ("key", ""), seen)
    proposal = proposed(post, maker)
    post.store.write(lambda tx: _tamper(tx, proposal))
    with pytest.raises(Refused, match=r"revoking\.list-changed"):
        approved(post, second, proposal)

    assert taken(post) == []


def _tamper(tx: object, proposal: str) -> None:
    row = tx.tables.get(REVOCATION_PROPOSAL, proposal)  # type: ignore[attr-defined]
    tx.tables.put(REVOCATION_PROPOSAL, {**row, "numbers": row["numbers"][:1]})  # type: ignore[attr-defined]


def test_what_was_taken_back_meanwhile_is_gone_over_and_what_was_replaced_is_taken_back(post: Node) -> None:
    maker, second = chief(post), chief(post, "Dara Sok")
    one, two, three = certified_many(post, 3, officer(post))
    proposal = proposed(post, maker)
    revoke(post, maker, one, "mistake")
    new = reissue(post, maker, two)

    approved(post, second, proposal)

    page = revoking_shown.proposal_page(post, second, proposal, "en")
    assert (page.state, page.done, page.revoked) == ("done", 3, 2)
    assert taken(post) == sorted([one, two, three])
    assert new not in taken(post)


def test_nothing_found_is_nothing_to_propose(post: Node) -> None:
    certified_many(post, 1)

    with pytest.raises(Refused, match=r"revoking\.nothing"):
        proposed(post, chief(post), Sought(course="other"))


def test_others_who_may_decide_are_told(post: Node) -> None:
    maker, second = chief(post), chief(post, "Dara Sok")
    certified_many(post, 2)
    proposed(post, maker)

    with post.store.reading() as tx:
        told = {one: tx.tables.get(ACCOUNT, one)["notice"] for one in (maker.person, second.person)}  # type: ignore[index]
    assert [one["code"] for one in told[second.person]] == ["notice.revocation-proposed"]
    assert not told[maker.person]
    assert revoking_shown.waiting_for(post, second) == 1


def test_it_goes_on_slice_by_slice_and_says_nothing_twice(post: Node) -> None:
    maker, second = chief(post), chief(post, "Dara Sok")
    noy = officer(post)
    numbers = certified_many(post, 2 * revoking_many.SLICE + 30, noy)
    proposal = proposed(post, maker)

    approved(post, second, proposal)
    after_first = len(taken(post))
    # As if the power had gone after a slice was written and before that was noted.
    post.store.write(lambda tx: _forget(tx, proposal))
    revoking_many.tick(post)
    revoking_many.tick(post)

    assert (after_first, taken(post)) == (revoking_many.SLICE, numbers)
    assert verbs(post, noy).count(REVOKED) == len(numbers)
    assert state(post, maker, proposal) == "done"


def _forget(tx: object, proposal: str) -> None:
    row = tx.tables.get(REVOCATION_PROPOSAL, proposal)  # type: ignore[attr-defined]
    tx.tables.put(REVOCATION_PROPOSAL, {**row, "done": 0})  # type: ignore[attr-defined]


_GO_ON = """
import sys
sys.path.insert(0, "tests")
from pathlib import Path
from cast import sqlite_node
from elearn.services import revoking_many
revoking_many.SLICE = 5
node = sqlite_node(Path(sys.argv[1]), series=7)
write = node.store.write
def told(work):
    done = write(work)
    print("slice", flush=True)
    return done
object.__setattr__(node.store, "write", told)
revoking_many.tick(node)
"""


def test_killed_in_the_middle_it_goes_on_after_the_start(tmp_path: Path) -> None:
    post = sqlite_node(tmp_path)
    maker, second = chief(post), chief(post, "Dara Sok")
    noy = officer(post)
    numbers = certified_many(post, 600, noy)
    proposal = proposed(post, maker)
    with post.store.reading() as tx:
        row = tx.tables.get(REVOCATION_PROPOSAL, proposal)
    decided = {"decision": "approved", "decided_by": second.person, "decided_at": post.now()}
    post.store.write(lambda tx: tx.tables.put(REVOCATION_PROPOSAL, {**(row or {}), **decided}))
    post.store.close()
    going = subprocess.Popen(
        [sys.executable, "-c", _GO_ON, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert going.stdout is not None
    lines = [going.stdout.readline() for _ in range(3)]
    going.kill()
    going.wait(10)
    going.stdout.close()

    again = sqlite_node(tmp_path)
    middle = len(taken(again))
    revoking_many.tick(again)

    assert lines == ["slice\n"] * 3
    assert 0 < middle < len(numbers)
    assert taken(again) == numbers
    assert verbs(again, noy).count(REVOKED) == len(numbers)
    assert state(again, replace(maker), proposal) == "done"
    again.store.close()

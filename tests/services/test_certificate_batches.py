"""Certificates many at once: who may, which ones, what cannot be printed, and that each file is what it says."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from batch_scenes import COURSE, TAGS, batch_node, certificates, issue
from cast import NoPress, memory_node, officer
from paper_scenes import Room, signed_in
from PIL import Image, ImageChops
from press_cast import LONG, SHORT
from pypdf import PdfReader

from elearn.adapters.weasy_press import WeasyPress
from elearn.core.credential.certificate_batch import BatchStands
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused, Unavailable
from elearn.core.vocab.kept import PERSON
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.roles import Role
from elearn.core.xapi.verbs import EXPORTED
from elearn.services import certificate_batches, paper_keying, revoking
from elearn.services.accounts import Session
from elearn.services.certificate_choice import Choice, choice_of, found, options
from elearn.services.certify import certificate_page
from elearn.services.node import Node
from elearn.services.revoking import certificate_row
from elearn.services.verify_upload import verify_upload

ROOT = Path(__file__).resolve().parents[2]
WRONG = "X" * 400


class Standing(NoPress):
    """A press that could print, and is never asked to."""

    def missing(self) -> str | None:
        """Return that nothing is."""
        return None


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return batch_node(tmp_path, press=Standing())


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


def chosen(node: Node, by: Session, **choice: str) -> list[str]:
    return [one.number for one in found(node, by, Choice(**choice), "en").good]


def made(node: Node, by: Session, **choice: str) -> tuple[BatchStands, bytes]:
    batch = certificate_batches.order(node, by, Choice(**choice), "en")
    node.batches.wait()  # type: ignore[attr-defined]
    stands = certificate_batches.batch(node, by, batch)
    _, file = certificate_batches.opened(node, by, batch)
    with file:
        return stands, file.read()


def moved(node: Node, person: str, **changes: str) -> None:
    def work(tx: object) -> None:
        row = tx.tables.get(PERSON, person)  # type: ignore[attr-defined]
        tx.tables.put(PERSON, {**row, **changes})  # type: ignore[attr-defined]

    node.store.write(work)


# --- which ones ----------------------------------------------------------------------------------------------------


def test_a_course_a_unit_and_a_period_are_found_and_nothing_beside(node: Node) -> None:
    chief = signed_in(node, "Chief", Role.COORDINATOR)
    here, there = officer(node, "Here", agency="customs"), officer(node, "There", agency="police")
    moved(node, there, post="Far Gate")
    new, old, far = issue(node, here), issue(node, here, days_ago=40), issue(node, there)

    assert set(chosen(node, chief)) == {new, old, far}
    assert chosen(node, chief, agency="police") == [far]
    assert chosen(node, chief, post="Far Gate") == [far]
    assert set(chosen(node, chief, since="2026-11-01")) == {new, far}
    assert chosen(node, chief, until="2026-11-01") == [old]
    assert set(chosen(node, chief, since="2026-11-24", until="2026-11-24")) == {new, far}
    assert chosen(node, chief, since="2026-11-25") == []
    assert set(chosen(node, chief, course=COURSE)) == {new, old, far}
    assert chosen(node, chief, course="other") == []


def test_names_stand_in_the_order_of_the_language_numbers_in_theirs(node: Node) -> None:
    chief = signed_in(node, "Chief", Role.COORDINATOR)
    names = ["赵云", "Đặng", "安然", "Dũng", "An", "Ân", "ກອງ", "ແກ້ວ"]
    by_name = {name: issue(node, officer(node, name)) for name in names}
    numbers = {number: name for name, number in by_name.items()}

    def order(language: str) -> list[str]:
        return [numbers[one] for one in chosen(node, chief, language=language)]

    assert [one for one in order("vi") if one in {"An", "Ân", "Dũng", "Đặng"}] == ["An", "Ân", "Dũng", "Đặng"]
    assert [one for one in order("zh_Hans") if one in {"赵云", "安然"}] == ["安然", "赵云"]
    assert [one for one in order("lo") if one in {"ກອງ", "ແກ້ວ"}] == ["ກອງ", "ແກ້ວ"]
    assert chosen(node, chief, order="number") == sorted(by_name.values())


def test_what_cannot_be_printed_is_told_before_and_why(node: Node) -> None:
    chief = signed_in(node, "Chief", Role.ADMINISTRATOR)
    good = issue(node, officer(node, "Good"))
    revoked = issue(node, officer(node, "Revoked"))
    revoking.revoke(node, chief, revoked, "other", "by mistake")
    expired = issue(node, officer(node, "Expired"), days_ago=2000)
    strange = issue(node, officer(node, "Strange \U0001f600"))
    long = issue(node, officer(node, WRONG))
    gone_person = officer(node, "Gone")
    gone = issue(node, gone_person)
    node.store.write(lambda tx: tx.tables.delete(PERSON, {"id": gone_person}))
    seen = found(node, chief, Choice(), "en")

    assert [one.number for one in seen.good] == [good]
    assert {why: [one.number for one in those] for why, those in seen.cannot.items()} == {
        "revoked": [revoked],
        "expired": [expired],
        "signs": [strange],
        "too-long": [long],
        "no-person": [gone],
    }


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"from": "2026-02-30"}, "figures.date"),
        ({"to": "24.11.2026"}, "figures.date"),
        ({"from": "0001-01-01"}, "figures.date"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "figures.dates-turned"),
        ({"form": "exe"}, "figures.value-unknown"),
        ({"order": "x"}, "figures.value-unknown"),
        ({"language": "xx"}, "figures.value-unknown"),
        ({"agency": "spies"}, "figures.value-unknown"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(said: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        choice_of(said)
    assert caught.value.code == code


# --- who may -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_among_all_officers_only_coordinators_and_administrators_choose(node: Node, role: Role) -> None:
    issue(node, officer(node, "Somebody"))
    by = signed_in(node, "Asking", role)
    codes = []
    for errand in (
        lambda: found(node, by, Choice(), "en"),
        lambda: certificate_batches.order(node, by, Choice(), "en"),
    ):
        try:
            errand()
            codes.append("")
        except ElearnError as error:
            codes.append(error.code)
    allowed = role in {Role.COORDINATOR, Role.ADMINISTRATOR}

    refusal = "printing.own-session" if role is Role.TRAINER else "permission"
    assert codes == (["", ""] if allowed else [refusal] * 2)
    assert bool(node.batches.every()) is allowed


def test_a_trainer_prints_those_of_an_own_session_and_no_others(tmp_path: Path) -> None:
    room = Room(node=batch_node(tmp_path, press=Standing()))
    [code] = room.printed("Noy Vong")
    for by in (room.bo, room.li):
        paper_keying.key_in(room.node, by, code, room.marks(code))
    other = issue(room.node, officer(room.node, "Elsewhere"))
    mine = chosen(room.node, room.bo, session=room.session)

    assert len(mine) == 1
    assert mine != [other]
    assert [one.id for one in options(room.node, room.bo, "en").sessions] == [room.session]
    assert options(room.node, room.li, "en").sessions == ()
    with pytest.raises(Refused) as caught:
        chosen(room.node, room.li, session=room.session)
    assert caught.value.code == "printing.own-session"
    batch = certificate_batches.order(room.node, room.bo, Choice(session=room.session), "en")
    assert certificate_batches.batch(room.node, room.bo, batch).plan.numbers == tuple(mine)
    with pytest.raises(NotFound):
        certificate_batches.batch(room.node, room.li, batch)
    assert certificate_batches.batches(room.node, room.li) == []


def test_nobody_else_sees_stops_or_opens_a_batch(node: Node) -> None:
    issue(node, officer(node, "Somebody"))
    chief = signed_in(node, "Chief", Role.COORDINATOR)
    batch = certificate_batches.order(node, chief, Choice(), "en")
    node.batches.wait()  # type: ignore[attr-defined]
    codes = []
    for role in (Role.OFFICER, Role.TRAINER):
        by = signed_in(node, f"A {role.value}", role)
        for errand in (
            certificate_batches.batch,
            certificate_batches.cancel,
            certificate_batches.try_again,
            certificate_batches.opened,
        ):
            with pytest.raises(ElearnError) as caught:
                errand(node, by, batch)
            codes.append(caught.value.code)

    assert codes == ["permission"] * 4 + ["printing.gone"] * 4
    assert certificate_batches.batch(node, chief, batch).plan.id == batch


def test_a_node_without_identities_prints_for_nobody() -> None:
    node = memory_node(kind=NodeKind.REGIONAL_HUB)
    with pytest.raises(Refused) as caught:
        found(node, signed_in(node, "Chief", Role.ADMINISTRATOR), Choice(), "en")
    assert caught.value.code == "node.power"


# --- ordering ------------------------------------------------------------------------------------------------------


def test_without_a_press_it_is_said_and_nothing_is_begun(tmp_path: Path) -> None:
    node = batch_node(tmp_path)
    issue(node, officer(node, "Somebody"))
    with pytest.raises(Unavailable) as caught:
        certificate_batches.order(node, signed_in(node, "Chief", Role.COORDINATOR), Choice(), "en")

    assert caught.value.code == "press.missing"
    assert node.batches.every() == []


def test_a_press_that_went_away_stops_it_and_it_is_kept(tmp_path: Path) -> None:
    node = batch_node(tmp_path, press=Standing())
    issue(node, officer(node, "Somebody"))
    chief = signed_in(node, "Chief", Role.COORDINATOR)
    batch = certificate_batches.order(node, chief, Choice(), "en")
    node.batches.wait()  # type: ignore[attr-defined]
    stands = certificate_batches.batch(node, chief, batch)

    assert (stands.state, stands.error) == ("failed", "press.missing")


def test_where_nothing_is_found_nothing_is_made(node: Node) -> None:
    with pytest.raises(Refused) as caught:
        certificate_batches.order(node, signed_in(node, "Chief", Role.COORDINATOR), Choice(), "en")
    assert caught.value.code == "printing.nothing"


def test_who_had_which_certificates_made_is_in_the_ledger_without_names(node: Node) -> None:
    issue(node, officer(node, "Somebody Special"))
    chief = signed_in(node, "Chief", Role.COORDINATOR)
    certificate_batches.order(node, chief, Choice(agency="customs"), "en")
    with node.store.reading() as tx:
        said = [entry.statement for entry in tx.ledger.every() if entry.statement.verb == EXPORTED]

    assert [one.actor for one in said] == [chief.person]
    assert said[0].extension("filters") == {"agency": "customs", "order": "name", "form": "pdf"}
    assert len(str(said[0].extension("digest"))) == 64
    assert "Special" not in str(said[0].body)


# --- what comes out ------------------------------------------------------------------------------------------------


def names_in(node: Node) -> dict[str, str]:
    chief = signed_in(node, "Reader", Role.COORDINATOR)
    return {one.number: one.name for one in found(node, chief, Choice(), "en").good}


def numbers_on(pdf: bytes, numbers: list[str]) -> list[list[str]]:
    """Return for each page the certificate numbers that stand on it."""
    said = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return [[one for one in numbers if one in text] for text in said]


@pytest.mark.pango
def test_a_zip_holds_each_certificate_once_and_every_one_verifies(tmp_path: Path, press: WeasyPress) -> None:
    node = batch_node(tmp_path, press=press)
    numbers = certificates(node, 7)
    chief = signed_in(node, "Chief", Role.COORDINATOR)
    stands, content = made(node, chief, form="zip")
    with ZipFile(BytesIO(content)) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    checks = [verify_upload(node, pdf, "en") for pdf in files.values()]

    assert (stands.state, stands.done, stands.left_out) == ("ready", 7, {})
    assert sorted(name[:19] for name in files) == sorted(numbers)
    assert [check.state for check in checks] == ["valid"] * 7
    assert sorted(check.number for check in checks) == sorted(numbers)


@pytest.mark.pango
def test_one_pdf_holds_a_page_for_each_in_order_and_is_the_same_as_the_single_one(
    tmp_path: Path, press: WeasyPress
) -> None:
    node = batch_node(tmp_path, press=press)
    numbers = certificates(node, 25)
    chief = signed_in(node, "Chief", Role.COORDINATOR)
    stands, content = made(node, chief, order="number")
    (tmp_path / "all.pdf").write_bytes(content)
    (tmp_path / "one.pdf").write_bytes(press.certificate(certificate_page(node, numbers[7], "")))
    place = sorted(numbers).index(numbers[7]) + 1

    assert (stands.state, stands.done) == ("ready", 25)
    assert numbers_on(content, numbers) == [[number] for number in sorted(numbers)]
    assert alike(picture(tmp_path / "all.pdf", place), picture(tmp_path / "one.pdf", 1))
    assert not alike(picture(tmp_path / "all.pdf", place - 1), picture(tmp_path / "one.pdf", 1))
    # The border's ornaments are in it once: a page adds little to what its part shares.
    assert len(content) < 25 * 14_000


def picture(pdf: Path, page: int) -> Image.Image:
    command = ["pdftoppm", "-r", "60", "-f", str(page), "-l", str(page), "-gray", str(pdf)]
    return Image.open(BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Tell whether two pages look the same: numbers written with fewer digits may move a hair line by a shade."""
    most: int = ImageChops.difference(one, other).getextrema()[1]  # type: ignore[assignment]
    return one.size == other.size and most < 128


@pytest.mark.pango
def test_one_language_can_be_asked_for_all(tmp_path: Path, press: WeasyPress) -> None:
    node = batch_node(tmp_path, press=press)
    for tag in TAGS:
        issue(node, officer(node, SHORT[tag]), language=tag)
    _, content = made(node, signed_in(node, "Chief", Role.COORDINATOR), language="en")
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]

    assert len(pages) == 7
    assert all("Certificate of completion" in page and "Certificate number" in page for page in pages)


@pytest.mark.pango
def test_what_was_taken_back_or_renamed_meanwhile_is_left_out_and_named(tmp_path: Path, press: WeasyPress) -> None:
    node = batch_node(tmp_path, press=press)
    numbers = certificates(node, 4)
    people = dict(zip(numbers, _holders(node, numbers), strict=True))
    chief = signed_in(node, "Chief", Role.ADMINISTRATOR)
    with node.store.reading() as tx:
        plan = certificate_batches.plan_of(tx, node, chief.person, Choice(order="number"), "en")
    revoking.revoke(node, chief, numbers[0], "other", "by mistake")
    moved(node, people[numbers[1]], name="No \U0001f600")
    moved(node, people[numbers[2]], name=WRONG)
    node.batches.begin(plan, certificate_batches.maker(node, plan))
    node.batches.wait()  # type: ignore[attr-defined]
    stands = certificate_batches.batch(node, chief, plan.id)
    _, file = certificate_batches.opened(node, chief, plan.id)
    with file:
        content = file.read()

    assert stands.left_out == {numbers[0]: "revoked", numbers[1]: "signs", numbers[2]: "too-long"}
    assert numbers_on(content, numbers) == [[numbers[3]]]


def _holders(node: Node, numbers: list[str]) -> list[str]:
    with node.store.reading() as tx:
        return [str(certificate_row(tx, number)["person"]) for number in numbers]


CHILD = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from pathlib import Path
from batch_scenes import batch_node, certificates
from paper_scenes import signed_in
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.vocab.roles import Role
from elearn.services import certificate_batches
from elearn.services.certificate_choice import Choice
node = batch_node(Path({folder!r}), disk=True, press=WeasyPress())
certificates(node, 16)
chief = signed_in(node, "Chief", Role.COORDINATOR)
print(certificate_batches.order(node, chief, Choice(form="zip", order="number"), "en"), flush=True)
node.batches.wait()
"""


@pytest.mark.pango
def test_killed_in_the_middle_it_goes_on_at_the_next_start(tmp_path: Path, press: WeasyPress) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(root=str(ROOT), tests=str(ROOT / "tests"), folder=str(tmp_path))],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    batch = child.stdout.readline().strip()
    journal = tmp_path / "cache" / "certificates" / batch / "made.jsonl"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 5:
        assert child.poll() is None
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    node = batch_node(tmp_path, disk=True, press=press, series=5)
    before = node.batches.look(batch)
    assert before is not None
    assert 3 <= before.done < 16

    certificate_batches.go_on(node)
    node.batches.wait()  # type: ignore[attr-defined]
    stands, opened = node.batches.look(batch), node.batches.open(batch)
    assert stands is not None
    assert opened is not None
    with opened, ZipFile(opened) as bundle:
        names = bundle.namelist()
        checks = [verify_upload(node, bundle.read(name), "en").state for name in names]
    node.store.close()

    assert (stands.state, stands.done, stands.left_out) == ("ready", 16, {})
    assert [name[:19] for name in names] == list(stands.plan.numbers)
    assert len(set(names)) == 16
    assert len(checks) == 16


@pytest.mark.pango
def test_the_names_in_a_zip_are_as_the_officers_write_them(tmp_path: Path, press: WeasyPress) -> None:
    node = batch_node(tmp_path, press=press)
    numbers = {issue(node, officer(node, SHORT[tag]), language=tag): SHORT[tag] for tag in TAGS}
    numbers[issue(node, officer(node, LONG["km"]))] = LONG["km"]
    _, content = made(node, signed_in(node, "Chief", Role.COORDINATOR), form="zip")
    with ZipFile(BytesIO(content)) as bundle:
        names = {one.filename[:19]: one.filename[20:-4] for one in bundle.infolist()}

    assert {number: name for number, name in names.items() if numbers[number] != LONG["km"]} == {
        number: name for number, name in numbers.items() if name != LONG["km"]
    }
    [cut] = [name for number, name in names.items() if numbers[number] == LONG["km"]]
    assert LONG["km"].startswith(cut)
    assert len(cut.encode()) <= 120

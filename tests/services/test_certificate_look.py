"""What certificates look like: said by the administrator, printed on every certificate, checked before it is kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cast import memory_node, officer, sqlite_node
from paper_scenes import signed_in
from raster_files import raster
from small_course import certificate_of, publish

from elearn.adapters.weasy_press import WeasyPress
from elearn.core.content.raster import read_header
from elearn.core.credential.payload import decode
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.roster.form import OfficerForm
from elearn.core.vocab.errors import Invalid, Refused
from elearn.core.vocab.kept import CERTIFICATE_PICTURE
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.roles import Role
from elearn.services import certify
from elearn.services.accounts import Session
from elearn.services.certificate_look import Look, LookForm, Signing, look_of, picture
from elearn.services.certificate_sample import LONG_NAMES, change_look, sample_page
from elearn.services.node import Node, keep_fact
from elearn.services.officers import add_officer

EMPTY = LookForm("", {}, (), both_eras=False, score=True, pictures={}, removed=frozenset())
FULL = LookForm(
    issuer="Border School",
    issuers={"lo": "ໂຮງຮຽນຊາຍແດນ", "en": " Border  School "},
    signing=(
        Signing(1, "Bounmy Keo", {"lo": "ຫົວໜ້າ", "en": "Head"}),
        Signing(2, "", {"lo": "ຜູ້ຊ່ວຍ"}),
        Signing(3, "Mara Lim", {"en": "Trainer"}),
    ),
    both_eras=True,
    score=False,
    pictures={"seal": raster("png", 300, 300), "signature-3": raster("jpg", 400, 100)},
    removed=frozenset(),
)


@pytest.fixture(params=["memory", "sqlite"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    node = memory_node() if request.param == "memory" else sqlite_node(tmp_path)
    node.store.write(publish)
    yield node
    node.store.close()


def chief(node: Node, role: Role = Role.ADMINISTRATOR) -> Session:
    return signed_in(node, "Kham La", role)


def refused(node: Node, form: LookForm) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        change_look(node, chief(node), form)
    return dict(caught.value.details["fields"])


def kept_pictures(node: Node) -> set[str]:
    with node.store.reading() as tx:
        return {row["name"] for row in tx.tables.select(CERTIFICATE_PICTURE)}


def test_it_is_neutral_until_somebody_says_otherwise(post: Node) -> None:
    page = certify.certificate_page(post, certificate_of(post, officer(post)), "lo")

    assert look_of(post, chief(post)) == Look("Border Training Service", {}, ())
    assert (page.seal, page.signatories, page.issuer_english) == (b"", (), "")
    assert (page.english.score, page.local.issued) == ("100 %", "24 ພະຈິກ 2026")


def test_all_that_was_said_is_on_certificates_of_before_and_after(post: Node) -> None:
    number = certificate_of(post, officer(post))

    change_look(post, chief(post), FULL)

    page = certify.certificate_page(post, number, "lo")
    assert (page.issuer, page.issuer_english) == ("ໂຮງຮຽນຊາຍແດນ", "Border School")
    assert [(one.name, one.title, one.title_english) for one in page.signatories] == [
        ("Bounmy Keo", "ຫົວໜ້າ", "Head"),
        ("Mara Lim", "Trainer", ""),
    ]
    assert (page.local.issued, page.english.issued) == ("24 ພະຈິກ ພ.ສ. 2569 (ຄ.ສ. 2026)", "24 November 2026")
    assert (page.local.score, page.local.score_label, page.english.score) == ("", "", "")
    assert [bool(one.picture) for one in page.signatories] == [False, True]
    assert read_header(page.seal).height == 236
    assert certify.certificate_page(post, number, "km").issuer == "Border School"


def test_pictures_stay_until_they_are_taken_away_or_nobody_signs_there(post: Node) -> None:
    by = chief(post)
    change_look(post, by, FULL)
    again = replace(FULL, pictures={})
    change_look(post, by, again)
    assert kept_pictures(post) == {"seal", "signature-3"}
    assert picture(post, by, "seal") is not None

    change_look(post, by, replace(again, removed=frozenset({"seal"})))
    assert kept_pictures(post) == {"signature-3"}
    change_look(post, by, replace(again, signing=FULL.signing[:1]))
    assert kept_pictures(post) == set()
    assert picture(post, by, "signature-3") is None


def test_everything_wrong_is_said_at_once_and_nothing_is_kept(post: Node) -> None:
    bad = LookForm(
        issuer="UNODC Academy",
        issuers={"km": "x" * 121},
        signing=(Signing(1, "=formula", {"lo": "a\ufffeb"}),),
        both_eras=False,
        score=True,
        pictures={
            "seal": b"<svg/>",
            "signature-1": raster("png", 20, 20),
            "signature-2": raster("png", 90, 90, "white"),
        },
        removed=frozenset(),
    )
    change_look(post, chief(post), FULL)
    before = look_of(post, chief(post))

    assert refused(post, bad) == {
        "issuer": "issuer.not-neutral",
        "issuer-km": "issuer.too-long",
        "name-1": "issuer.formula",
        "title-1-lo": "issuer.characters",
        "seal": "certificate-picture.drawing",
        "signature-1": "certificate-picture.too-small",
        "signature-2": "certificate-picture.empty",
    }
    assert look_of(post, chief(post)) == before


def test_a_picture_over_4_megabytes_is_not_even_unpacked(post: Node) -> None:
    large = raster("png", 90, 90) + bytes(4_000_000)

    assert refused(post, replace(FULL, pictures={"seal": large})) == {"seal": "certificate-picture.too-large"}


def test_what_the_press_refuses_is_not_kept(post: Node) -> None:
    strict = replace(post, press=WeasyPress({"ELEARN_PANGO": "none"}))
    wide = Signing(1, "W" * 110, {})
    with pytest.raises(Invalid) as caught:
        change_look(strict, chief(post), replace(FULL, signing=(wide,), pictures={}))
    strict.press.close()

    assert (caught.value.code, caught.value.details["field"]) == ("page.too-long", "signatory")

    assert look_of(post, chief(post)) == Look("Border Training Service", {}, ())


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TRAINER, Role.COORDINATOR])
def test_only_who_manages_the_node_may(post: Node, role: Role) -> None:
    by = chief(post, role)
    for act in (lambda: change_look(post, by, FULL), lambda: look_of(post, by), lambda: picture(post, by, "seal")):
        with pytest.raises(Refused, match="permission"):
            act()
    assert kept_pictures(post) == set()


def test_signatories_from_before_there_were_languages_are_read(post: Node) -> None:
    old = [{"name": "Bounmy Keo", "title": "ຫົວໜ້າ"}]
    post.store.write(lambda tx: keep_fact(tx, "signatories", old))
    number = certificate_of(post, officer(post))

    signing = certify.certificate_page(post, number, "lo").signatories
    assert [(one.name, one.title, one.title_english) for one in signing] == [("Bounmy Keo", "ຫົວໜ້າ", "")]
    assert look_of(post, chief(post)).signing[0].titles["lo"] == "ຫົວໜ້າ"


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_sample_is_complete_and_proves_nothing(post: Node, language: str) -> None:
    change_look(post, chief(post), FULL)

    page = sample_page(post, look_of(post, chief(post)), language)

    assert (page.person_name, page.watermark) == (LONG_NAMES[language], "SAMPLE")
    assert (bool(page.seal), len(page.signatories)) == (True, 2)
    signed = decode(page.payload)
    assert not post.keys.check(post.keys.public_key, signed.message, signed.signature)
    with post.store.reading() as tx:
        assert tx.tables.get(CERTIFICATE, page.number) is None


def test_a_name_without_room_on_a_certificate_is_refused_before_it_is_kept(post: Node) -> None:
    wide = OfficerForm(service_number="W-1", name="赟" * 90, country="LA", agency="customs", language="lo")
    with pytest.raises(Invalid) as caught:
        add_officer(post, chief(post), wide)

    assert caught.value.details["fields"] == {"name": "name.too-wide"}

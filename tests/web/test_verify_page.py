"""The page that checks a certificate: open to everyone, every answer in words, a frame of a camera in JSON."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from cast import TickingClock
from page_reader import Reader
from photo_scenes import page, saved
from web_scenes import Site, Visitor, pass_exam, read_everything, site

from elearn.core.credential.number import number_from
from elearn.core.credential.payload import decode, encode
from elearn.core.credential.verify import State
from elearn.core.vocab.kept import REVOCATION
from elearn.core.vocab.languages import LANGUAGES
from elearn.services import certify
from elearn.services.node import DOUBT, keep_fact
from elearn.services.revocations import LISTED_AT
from elearn.services.verify import CertificateCheck
from elearn.web.verify.answers import LOOKS, OLD_LIST_DAYS, answer_to

UNKNOWN = number_from("00000000-0000-4000-8000-00000000ffff")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("verify"))
    read_everything(found, found.people["officer"])
    yield found
    found.node.codes.close()  # type: ignore[attr-defined]
    found.node.store.close()


@pytest.fixture(scope="module")
def number(here: Site) -> str:
    return pass_exam(here, here.people["officer"])[1]


@pytest.fixture(scope="module")
def payload(here: Site, number: str) -> str:
    return certify.certificate_page(here.node, number, "en").payload


def ask(here: Site, language: str = "en", **form: Any) -> tuple[Visitor, Any]:
    visitor = here.visitor(language)
    visitor.get("/verify")
    return visitor, visitor.post("/verify", form)


def frame(here: Site, data: bytes) -> Any:
    visitor = here.visitor()
    visitor.get("/verify")
    # Put together here: the test client leaves the temporary file of a large one open.
    parts = (
        f'--part\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{visitor.token}\r\n'
        '--part\r\nContent-Disposition: form-data; name="frame"; filename="frame.jpg"\r\n\r\n'
    )
    body = parts.encode() + data + b"\r\n--part--\r\n"
    return visitor.client.post("/verify/frame", data=body, content_type="multipart/form-data; boundary=part")


def words(answer: Any) -> str:
    """Return the words of the answer's card, blanks as one."""
    card = re.search(r'<section class="verdict.*?</section>', answer.text, re.DOTALL)
    assert card, answer.text
    return " ".join(" ".join(text for _, text in Reader(card[0]).texts).split())


def test_anybody_checks_with_a_photo_and_sees_the_name_as_signed(here: Site, payload: str) -> None:
    _, answer = ask(here, file=(BytesIO(saved(page(payload), quality=60)), "IMG_0001"))

    assert answer.status_code == 200
    assert "Valid This certificate is good. Compare the name and the number" in words(answer)
    assert "Person of officer" in words(answer)
    assert "Its signature was checked." in words(answer)


def test_a_number_alone_shows_first_letters_and_says_what_that_is_worth(here: Site, number: str) -> None:
    _, answer = ask(here, typed=number.lower().replace("-", "  "))

    assert "P… o… o…" in words(answer)
    assert "Person" not in answer.text
    assert "Only the number was looked up." in words(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("7K3M-9QXA-2BTF-HW4", "A certificate number has 16 signs, and these are 15."),
        ("7K3M-9QXA-2BTF-HW4O", "Look at sign 16 again: it was read as “O”."),
        ("7K3M-9QXA-2BTF-HW41", "never 0, 1, I, L or O"),
        ("7K3M-9QXA-2BTF-HW4C", "has a mistake in it"),
        ("EL1:ABC", "The text of the QR code is not complete or has a mistake."),
        ("<script>", "Look at sign 1 again: it was read as “&lt;”."),
        ("", "these are 0"),
    ],
)
def test_a_mistake_in_what_was_typed_is_pointed_at(here: Site, typed: str, said: str) -> None:
    _, answer = ask(here, typed=typed)

    assert answer.status_code == 400
    assert said in answer.text
    assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_the_answer_and_the_mistake_take_the_focus(here: Site, number: str) -> None:
    for typed, part in ((number, r'<section class="verdict[^>]*>'), ("7", r'<p class="flash flash-bad"[^>]*>')):
        _, answer = ask(here, typed=typed)
        tags = re.findall(part, answer.text)
        assert len(tags) == 1
        assert 'tabindex="-1" autofocus' in tags[0]


def checks() -> dict[str, CertificateCheck]:
    """Return one answer of every state, with all that a state may have."""
    common = {"number": UNKNOWN, "name": "Noy Vong", "course": "Seals", "version": "1.0", "issued": "2026-11-24"}
    listed = "2026-11-24"
    more = {
        "revoked": {"revoked": "2026-11-25"},
        "key_lost": {"key_lost": "2026-11-20"},
        "doubtful": {"key_lost": "2026-12-20"},
        "key_ended": {"key_ended": "2026-11-01"},
        "altered": {"page": "differs"},
    }
    return {
        state: CertificateCheck(state, True, listed, **{**common, **more.get(state, {})})  # type: ignore[arg-type]
        for state in LOOKS
    }


def test_every_state_has_its_word_its_icon_and_its_sentence_in_every_language(here: Site) -> None:
    assert set(LOOKS) == {state.value.replace("-", "_") for state in State} | {"unknown"}
    for language in LANGUAGES:
        said = set()
        for state, check in checks().items():
            with here.app.test_request_context("/verify", headers={"Cookie": f"elearn_language={language}"}):
                answer = answer_to(here.node, check)
                said.add((str(answer.look.sentence), *answer.notes[:1]))
            assert answer.notes, state
            assert all(text and "%(" not in text for text in (*answer.notes, *answer.looked_at)), state
        assert len(said) == len(LOOKS)


def test_colour_is_never_the_only_sign(here: Site, number: str) -> None:
    looks = {state: (look.kind, look.icon, str(look.word)) for state, look in LOOKS.items()}
    _, answer = ask(here, typed=number)

    assert {icon for kind, icon, _ in looks.values() if kind == "valid"} == {"done"}
    assert "done" not in {icon for kind, icon, _ in looks.values() if kind != "valid"}
    assert {state for state, look in looks.items() if look[2] == "Valid"} == {"valid"}
    assert re.search(r'<h2 id="answer"><span class="verdict-sign"><svg', answer.text)


def test_an_unknown_issuer_tells_of_the_last_list_of_keys(here: Site) -> None:
    with here.app.test_request_context("/verify"):
        never = answer_to(here.node, CertificateCheck("unknown_issuer", True, "", number=UNKNOWN)).notes
        once = answer_to(here.node, CertificateCheck("unknown_issuer", True, "2026-11-20", number=UNKNOWN)).notes
        bare = answer_to(here.node, CertificateCheck("unknown_issuer", True, "")).notes

    assert "this post has never received a list of keys" in never[0]
    assert "(last list of keys: 20 November 2026)" in once[0]
    assert never[1] == once[1] == "Below is what it says; nobody here can confirm it."
    assert len(bare) == 1


def test_a_signature_whose_key_is_unknown_is_not_said_to_be_checked(here: Site) -> None:
    with here.app.test_request_context("/verify"):
        unknown = answer_to(here.node, CertificateCheck("unknown_issuer", True, "", number=UNKNOWN)).looked_at
        altered = answer_to(here.node, CertificateCheck("altered", True, "")).looked_at

    assert unknown == ["Checked on this machine, without a line."]
    assert altered == ["Its signature was checked.", "Checked on this machine, without a line."]


def test_what_is_told_of_the_page_of_a_file_fits_what_is_known_of_it(here: Site) -> None:
    def told(state: str, page: str) -> str:
        return answer_to(here.node, CertificateCheck(state, True, "", number=UNKNOWN, page=page)).notes[0]

    with here.app.test_request_context("/verify"):
        assert "What is printed in the file is not what was signed" in told("altered", "differs")
        assert "with those that are printed" in told("valid", "unread")
        assert told("valid", "unread") == told("valid", "")
        assert "The file is as it was issued." in told("valid", "agrees")


def test_a_certificate_with_a_newer_one_says_so(here: Site) -> None:
    with here.app.test_request_context("/verify"):
        check = CertificateCheck("revoked", True, "", number=UNKNOWN, replaced=True)
        assert answer_to(here.node, check).notes == ["A newer certificate stands in its place."]


def test_an_old_list_of_revocations_says_how_old(here: Site, payload: str) -> None:
    clock = here.node.clock
    assert isinstance(clock, TickingClock)
    here.node.store.write(lambda tx: keep_fact(tx, LISTED_AT, "2026-11-24T10:00:00.000000Z"))
    _, fresh = ask(here, typed=payload)
    clock.shift(timedelta(days=OLD_LIST_DAYS + 1))
    _, old = ask(here, typed=payload)
    clock.shift(-timedelta(days=OLD_LIST_DAYS + 1))
    clock.shift(-timedelta(days=400))
    _, back = ask(here, typed=payload)
    clock.shift(timedelta(days=400))
    here.node.store.write(lambda tx: keep_fact(tx, LISTED_AT, ""))

    assert "days old" not in words(fresh)
    assert "The list of revoked certificates here is 8 days old." in words(old)
    assert "days old" not in words(back)
    assert "It is dated later than today on this machine." in words(back)


def test_a_machine_that_doubts_its_clock_says_so_beside_what_depends_on_today(here: Site, payload: str) -> None:
    doubt = {"kind": "back", "known": "2026-11-25T00:00:00.000000Z", "found_at": "2026-11-24T08:00:00.000000Z"}
    _, before = ask(here, typed=payload)
    here.node.store.write(lambda tx: keep_fact(tx, DOUBT, doubt))
    _, valid = ask(here, typed=payload)
    _, unknown = ask(here, typed=UNKNOWN)
    here.node.store.write(lambda tx: keep_fact(tx, DOUBT, None))
    said = "The clock of this machine may be wrong"

    assert [said in words(one) for one in (before, valid, unknown)] == [False, True, False]


def test_a_revoked_certificate_tells_when_and_as_of_which_list(here: Site, number: str, payload: str) -> None:
    row = {"number": number, "revoked_at": "2026-11-24T09:00:00.000000Z", "listed_at": "", "listed_by": "hub"}
    here.node.store.write(lambda tx: tx.tables.put(REVOCATION, row))
    here.node.store.write(lambda tx: keep_fact(tx, LISTED_AT, "2026-11-24T10:00:00.000000Z"))
    _, answer = ask(here, file=(BytesIO(saved(page(payload), "PNG")), "x.png"))
    here.node.store.write(lambda tx: tx.tables.delete(REVOCATION, {"number": number}))
    here.node.store.write(lambda tx: keep_fact(tx, LISTED_AT, ""))

    assert "Revoked This certificate was revoked. Do not accept it." in words(answer)
    assert "Revoked 24 November 2026" in words(answer)
    assert "against the list of 24 November 2026" in words(answer)


def test_an_altered_code_shows_nothing_of_what_it_says(here: Site, payload: str) -> None:
    forged = encode(decode(payload).claims, lambda message: bytes(64))
    _, answer = ask(here, file=(BytesIO(saved(page(forged), "PNG")), "x.png"))

    assert "Altered This is not the certificate that was issued" in words(answer)
    assert "Person of officer" not in answer.text


def test_a_frame_is_answered_with_the_text_of_the_code_or_with_what_was_seen(here: Site, payload: str) -> None:
    assert frame(here, saved(page(payload))).json == {"text": payload, "said": ""}
    assert frame(here, saved(page())).json == {"text": "", "said": ""}
    assert frame(here, saved(page("https://example.org"))).json == {
        "text": "",
        "said": "There is a code in this picture, but not that of a certificate.",
    }


def test_a_frame_is_bounded_and_comes_from_our_page_only(here: Site) -> None:
    large = frame(here, b"\xff\xd8\xff" + b"\x00" * 700_000)
    visitor = here.visitor()

    assert large.status_code == 400
    assert "too large" in large.json["said"]
    assert visitor.post("/verify/frame", {"frame": (BytesIO(b"x"), "f")}).status_code == 403
    visitor.get("/verify")
    assert visitor.post("/verify/frame").status_code == 400


def test_only_this_page_may_ask_for_the_camera(here: Site) -> None:
    visitor = here.visitor()

    assert visitor.get("/verify").headers["Permissions-Policy"].startswith("camera=(self),")
    assert visitor.get("/sign-in").headers["Permissions-Policy"].startswith("camera=(),")


def test_the_forms_work_without_a_script(here: Site) -> None:
    text = here.visitor().get("/verify").text

    assert re.search(r"<section[^>]* data-camera hidden", text)
    assert '<input id="photo" name="file" type="file" accept="image/*" capture="environment" required>' in text
    assert text.count('enctype="multipart/form-data"') == 2
    # image/jpeg by name makes phones hand over JPEG instead of HEIC
    assert "image/jpeg" in re.search(r'<input id="file"[^>]*>', text)[0]  # type: ignore[index]

"""Laws of the Open Badges credential: written one way, read only as it was written, signed with pyld or without."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.adapters.linked_data import BundledLinkedData
from elearn.adapters.system import Ed25519Keys
from elearn.core.credential import data_integrity, quads
from elearn.core.credential.data_integrity import did_of, from_multibase, key_of, multibase, proof_of
from elearn.core.credential.open_badge import OpenBadge, badge_of, created_of, document_of
from elearn.core.credential.payload import CertificateClaims
from elearn.core.vocab.errors import Invalid

KEYS = Ed25519Keys(bytes(range(32)))
LINKED = BundledLinkedData()
CLAIMS = CertificateClaims(
    certificate_id="12345678-1234-4234-8234-123456789abc",
    person_name="ສົມຊາຍ ເພັດສະຫວັນ",
    course="C5",
    course_version="1.2.0",
    score=0.9231,
    issued=date(2026, 11, 24),
    expires=date(2028, 11, 23),
    issuer_key_id=KEYS.key_id,
    language="zh_Hans",
)
BADGE = OpenBadge(
    claims=CLAIMS,
    public_key=KEYS.public_key,
    issuer="Border Training Academy",
    heading="Certificate of completion",
    title='Seals: "check", do not \\trust',
    description="Seals\n\n封条",
    criteria="Read all.\n\n全部读完。",
    score_label="Score",
    pass_mark=0.8,
    outcome="TA2-O6",
    outcome_name="Serves outcome TA2-O6 of the action plan",
    file_digest=bytes(range(32)),
)


def signed(badge: OpenBadge = BADGE) -> dict[str, Any]:
    return data_integrity.sign(
        document_of(badge), badge.public_key, created_of(badge.claims), KEYS.sign, quads.canonical
    )


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
claims = st.builds(
    CertificateClaims,
    certificate_id=st.uuids().map(str),
    person_name=words.filter(lambda text: text.replace("\u200b", "").strip()),
    course=words.filter(lambda text: len(text.encode()) <= 64),
    course_version=words.filter(lambda text: len(text.encode()) <= 64),
    score=st.integers(0, 10_000).map(lambda n: n / 10_000),
    issued=st.dates(date(2020, 1, 1), date(2080, 1, 1)),
    expires=st.none() | st.dates(date(2080, 1, 1), date(2099, 1, 1)),
    issuer_key_id=st.just(KEYS.key_id),
    language=st.sampled_from(["en", "km", "zh_Hans"]),
)
badges = st.builds(
    OpenBadge,
    claims=claims,
    public_key=st.just(KEYS.public_key),
    issuer=words,
    heading=words,
    title=words,
    description=st.lists(words, min_size=1, max_size=2).map("\n\n".join),
    criteria=words,
    score_label=words,
    pass_mark=st.none() | st.integers(0, 100).map(lambda n: n / 100),
    outcome=st.just("") | words,
    outcome_name=words,
    file_digest=st.just(b"") | st.binary(min_size=32, max_size=32),
).map(lambda badge: badge if badge.outcome else replace(badge, outcome_name=""))


@settings(max_examples=150, deadline=None)
@given(badges)
def test_the_short_way_to_canonical_quads_is_pylds_for_any_texts(badge: OpenBadge) -> None:
    document = document_of(badge)

    assert quads.canonical(document) == LINKED.canonical(document)


@settings(deadline=None)
@given(badges)
def test_what_is_written_is_read_as_it_was(badge: OpenBadge) -> None:
    assert badge_of(json.loads(json.dumps(document_of(badge)))) == badge


def test_signed_with_pyld_or_without_it_is_the_same_and_the_same_every_time() -> None:
    with_pyld = data_integrity.sign(
        document_of(BADGE), KEYS.public_key, created_of(CLAIMS), KEYS.sign, LINKED.canonical
    )

    assert signed() == signed() == with_pyld
    assert signed()["proof"] == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-24T00:00:00Z",
        "verificationMethod": f"{did_of(KEYS.public_key)}#{did_of(KEYS.public_key).removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
        "proofValue": signed()["proof"]["proofValue"],
    }


def test_a_proof_holds_for_its_document_and_no_other() -> None:
    document = signed()
    proof = proof_of(document)
    other = document_of(replace(BADGE, claims=replace(CLAIMS, score=1.0)))

    def holds(of: dict[str, Any]) -> bool:
        message = data_integrity.message_of(of, proof.options, LINKED.canonical)
        return KEYS.check(proof.public_key, message, proof.signature)

    assert (holds(document), holds(other)) == (True, False)


def test_it_says_what_open_badges_asks_of_an_achievement() -> None:
    document = signed()
    subject = document["credentialSubject"]
    achievement = subject["achievement"]

    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["issuer"] == {"id": did_of(KEYS.public_key), "type": ["Profile"], "name": BADGE.issuer}
    assert (document["validFrom"], document["validUntil"]) == ("2026-11-24T00:00:00Z", "2028-11-23T23:59:59Z")
    assert subject["identifier"] == [
        {"type": "IdentityObject", "hashed": False, "identityHash": CLAIMS.person_name, "identityType": "name"}
    ]
    assert subject["licenseNumber"] == CLAIMS.number
    assert (achievement["version"], achievement["humanCode"], achievement["inLanguage"]) == ("1.2.0", "C5", "zh-Hans")
    assert subject["result"][0]["value"] == "92.31"
    assert subject["result"][0]["resultDescription"] == achievement["resultDescription"][0]["id"]
    assert achievement["alignment"][0]["targetCode"] == "TA2-O6"


MODEL = {
    "OpenBadgeCredential": "@context id type issuer validFrom credentialSubject"
    " [name validUntil proof relatedResource]",
    "Profile": "id type [name]",
    "AchievementSubject": "type achievement identifier [licenseNumber result]",
    "IdentityObject": "type hashed identityHash identityType",
    "Achievement": "id type name description criteria [achievementType alignment humanCode inLanguage version"
    " resultDescription]",
    "ResultDescription": "id type name resultType [requiredValue valueMin valueMax]",
    "Result": "type [resultDescription value]",
    "Alignment": "type targetName targetUrl [targetCode]",
}
"""What Open Badges 3.0 asks of each class, and in brackets what of the rest we say: 1EdTech/openbadges-specification,
ob_v3p0/common_credentials.lines, commit 1af145ff2dc6e22627e79eb5d0f9afca06ea2489. A credential may say more, as
relatedResource of VC 2.0; of a subject, id or identifier is asked."""


def objects(document: Any) -> list[dict[str, Any]]:
    inside = document.values() if isinstance(document, dict) else document
    found = [one for value in inside if isinstance(value, dict | list) for one in objects(value)]
    return [document, *found] if isinstance(document, dict) else found


def test_every_part_has_what_open_badges_asks_of_its_class_and_nothing_it_does_not_know() -> None:
    seen = set()
    for part in objects({**document_of(BADGE), "proof": None}):
        kinds = {part.get("type")} if isinstance(part.get("type"), str) else set(part.get("type", []))
        for kind in kinds & MODEL.keys():
            required, _, optional = MODEL[kind].partition("[")
            assert set(required.split()) <= part.keys() <= {*required.split(), *optional.strip("]").split()}
            seen.add(kind)

    assert seen == MODEL.keys()


def test_what_there_is_not_is_not_said() -> None:
    bare = replace(BADGE, claims=replace(CLAIMS, expires=None), outcome="", outcome_name="", file_digest=b"")
    document = document_of(bare)

    assert not {"validUntil", "relatedResource"} & document.keys()
    assert "alignment" not in document["credentialSubject"]["achievement"]
    assert badge_of(document).claims.expires is None


def put(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return the document with the value at a path; a step is a key or a number."""
    whole: Any = json.loads(json.dumps(document))
    inside = whole
    *steps, last = path.split("/")
    for step in steps:
        inside = inside[int(step) if step.isdigit() else step]
    inside[int(last) if last.isdigit() else last] = value
    return dict(whole)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("credentialSubject/rank", "General"),
        ("credentialSubject/achievement/@context", {"version": None}),
        ("credentialSubject/identifier/0/salt", "x"),
        ("credentialSubject/identifier/0/hashed", True),
        ("credentialSubject/achievement/type", []),
        ("credentialSubject/result/0/value", "92.3100"),
        ("credentialSubject/result/0/value", 92.31),
        ("credentialSubject/licenseNumber", "2222-2222-2222-2222"),
        ("credentialSubject", []),
        ("relatedResource", []),
        ("relatedResource/0/digestMultibase", multibase(bytes(34))),
        ("validFrom", "2026-11-24T08:00:00Z"),
        ("validUntil", None),
        ("issuer", did_of(KEYS.public_key)),
        ("issuer/id", "https://elearn.invalid/issuer"),
        ("id", "12345678-1234-4234-8234-123456789abc"),
        ("name", ""),
    ],
)
def test_what_is_never_written_is_not_read(path: str, value: Any) -> None:
    with pytest.raises(Invalid, match=r"credential\.form"):
        badge_of(put(document_of(BADGE), path, value))


def places(document: Any, way: str = "") -> list[str]:
    """Return the path of every value."""
    inside = document.items() if isinstance(document, dict) else enumerate(document)
    found = []
    for key, value in inside:
        found.append(f"{way}{key}")
        if isinstance(value, dict | list):
            found += places(value, f"{way}{key}/")
    return found


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["inf", "nan", "1e999", "z1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(places(document_of(BADGE))), anything)
def test_whatever_stands_in_a_place_it_is_read_as_written_or_refused(path: str, value: Any) -> None:
    document = put(document_of(BADGE), path, value)

    try:
        badge = badge_of(document)
    except Invalid as error:
        assert error.code in ("credential.form", "credential.other")  # noqa: PT017 (either is right)
    else:
        assert document_of(badge) == document


@pytest.mark.parametrize(
    ("path", "value"),
    [("@context", ["https://www.w3.org/ns/credentials/v2"]), ("type", ["VerifiableCredential"]), ("type", None)],
)
def test_another_kind_of_credential_is_told_from_a_changed_one(path: str, value: Any) -> None:
    with pytest.raises(Invalid, match=r"credential\.other"):
        badge_of(put(document_of(BADGE), path, value))


@pytest.mark.parametrize("text", ["", "bell\a", "delete\x7f", "next\x85", "half\ud800"])
def test_words_nobody_can_read_are_not_signed(text: str) -> None:
    with pytest.raises(Invalid, match=r"badge\.text"):
        replace(BADGE, title=text)


@given(st.binary(max_size=64))
def test_base58_gives_back_every_byte(data: bytes) -> None:
    assert from_multibase(multibase(data)) == data


def test_base58_is_bitcoins() -> None:
    # From the Base58 draft (draft-msporny-base58-03), section 5.
    assert multibase(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"
    assert multibase(bytes.fromhex("0000287fb4cd")) == "z11233QC4"


@pytest.mark.parametrize("text", ["", "2NEpo7", "z0", "zl", "z" + "1" * 200, "uSGVsbG8"])
def test_what_is_no_base58_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"credential\.multibase"):
        from_multibase(text)


@pytest.mark.parametrize(
    "method",
    [
        "https://example.org/keys/1",
        "did:web:example.org",
        "did:key:zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76",  # P-256
        "did:key:" + multibase(b"\xed\x01" + bytes(31)),
        did_of(bytes(32)) + "#" + did_of(bytes(range(32))).removeprefix("did:key:"),
        "did:key:",
    ],
)
def test_only_an_ed25519_key_that_names_itself_is_taken(method: str) -> None:
    with pytest.raises(Invalid, match=r"credential\.key"):
        key_of(method)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("type", "Ed25519Signature2020"),
        ("cryptosuite", "eddsa-jcs-2022"),
        ("proofPurpose", "authentication"),
        ("proofValue", "z11"),
        ("proofValue", None),
        ("verificationMethod", 7),
    ],
)
def test_another_kind_of_proof_is_refused(key: str, value: Any) -> None:
    with pytest.raises(Invalid, match=r"credential\.proof"):
        proof_of(put(signed(), f"proof/{key}", value))


def test_none_or_two_proofs_are_refused() -> None:
    document = signed()

    for proof in (None, [], [document["proof"]] * 2, "z11"):
        with pytest.raises(Invalid, match=r"credential\.proof"):
            proof_of({**document, "proof": proof})


def test_signing_loads_neither_pyld_nor_lxml() -> None:
    code = (
        "import sys\n"
        "import elearn.app, elearn.wiring\n"
        "from test_credential_open_badge import signed\n"
        "assert signed()['proof']\n"
        "print(sorted({'pyld', 'lxml'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
    )

    assert done.stdout.strip() == "[]"

"""The transcript says what the record says, in two languages, and never the same twice."""

from cast import memory_node, officer
from small_course import answer_exam, certificate_of, publish, ready_for_exam

from elearn.core.credential.transcript import TranscriptPage
from elearn.core.vocab.kept import NODE_FACT
from elearn.services import sit
from elearn.services.accounts import Session, session, sign_in
from elearn.services.node import Node
from elearn.services.revoking import revoke
from elearn.services.transcript import transcript_page


def post() -> Node:
    node = memory_node()
    node.store.write(publish)
    return node


def chief_of(node: Node) -> Session:
    person = officer(node, "Chan Vanna", role="administrator", service_number="A-1")
    found = session(node, sign_in(node, "A-1", "739164", "here").token)
    assert found is not None
    assert found.person == person
    return found


def local(page: TranscriptPage, section: int) -> list[list[str]]:
    return [[cell.local for cell in row] for row in page.sections[section].rows]


def test_courses_and_certificates_stand_in_it_with_versions_dates_and_numbers() -> None:
    node = post()
    noy = officer(node)
    number = certificate_of(node, noy)

    page = transcript_page(node, noy, "en")

    day = "24 November 2026"
    assert (page.person_name, page.issuer) == ("Noy Vong", "Border Training Service")
    assert local(page, 0) == [["Seals", "1.0.0", day, "2", "100 %", day]]
    assert local(page, 1) == [["Seals", "1.0.0", number, day, "24 November 2028", "valid"]]
    assert not page.bilingual
    assert not any(cell.english for section in page.sections for row in section.rows for cell in row)


def test_the_other_language_has_english_beside_it_where_it_differs() -> None:
    node = post()
    noy = officer(node)
    certificate_of(node, noy)

    row = transcript_page(node, noy, "km").sections[0].rows[0]

    assert (row[0].local, row[0].english) == ("ខ្មែរ Seals", "Seals")
    assert (row[1].local, row[1].english) == ("1.0.0", "")


def test_a_course_under_way_has_no_score_and_no_end() -> None:
    node = post()
    noy = officer(node)
    ready_for_exam(node, noy)

    page = transcript_page(node, noy, "en")

    assert [row[4:] for row in local(page, 0)] == [["–", "–"]]
    assert page.sections[1].rows == ()


def test_an_exam_that_was_failed_shows_its_best_score_and_no_end() -> None:
    node = post()
    noy = officer(node)
    ready_for_exam(node, noy)
    attempt = sit.start(node, noy, "seals", "exam", "en")
    answer_exam(node, noy, attempt, wrong=("e-one", "e-two", "e-three", "e-five"))
    sit.submit(node, noy, attempt)

    [row] = local(transcript_page(node, noy, "en"), 0)

    assert row[4] not in ("–", "100 %")
    assert row[5] == "–"


def test_a_certificate_taken_back_says_so() -> None:
    node = post()
    noy = officer(node)
    number = certificate_of(node, noy)
    revoke(node, chief_of(node), number, "identity", "Somebody else sat the exam.")

    assert local(transcript_page(node, noy, "en"), 1)[0][-1] == "revoked"


def test_a_demonstration_is_marked() -> None:
    node = post()
    noy = officer(node)
    node.store.write(lambda tx: tx.tables.put(NODE_FACT, {"name": "demo", "value": True}))

    assert transcript_page(node, noy, "en").watermark == "DEMONSTRATION"

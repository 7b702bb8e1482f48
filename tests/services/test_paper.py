"""An exam on paper: drawn at print, keyed in twice, settled, and then the very same as one on a screen."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cast import memory_node, officer, sqlite_node
from figures_scenes import coordinator
from paper_scenes import Room, marks_on, signed_in
from small_course import certificate_of, publish, question, structure

from elearn.core.learning.course import EXAM
from elearn.core.learning.path import Gate, path
from elearn.core.paper.form import SessionForm
from elearn.core.projections.attempts import ANSWER, ATTEMPT
from elearn.core.projections.attendance import ATTENDANCE
from elearn.core.vocab.errors import ElearnError, Invalid, NotFound, Refused
from elearn.core.vocab.kept import QUESTION_TEXT
from elearn.core.vocab.roles import Role
from elearn.core.xapi.check import check
from elearn.core.xapi.statement import Statement
from elearn.core.xapi.verbs import ANSWERED, ATTENDED, CERTIFIED, COMPLETED, INITIALIZED, PASSED, REGISTERED
from elearn.services import coordinate, paper_keying, paper_lists, paper_printing, paper_sessions, record, sit
from elearn.services.learn import course_page
from elearn.services.my_record import my_record
from elearn.services.node import Node
from elearn.services.packages import current_package
from elearn.services.paper_sessions import ABSENT, LOST, PRESENT
from elearn.services.record_copy import record_copy
from elearn.services.standing import standing


def refused(code: str, errand: Callable[[], object]) -> ElearnError:
    with pytest.raises(ElearnError) as caught:
        errand()
    assert caught.value.code == code
    return caught.value


def said_of(node: Node, person: str) -> list[Statement]:
    with node.store.reading() as tx:
        return tx.ledger.about(person)


def gate(node: Node, person: str) -> Gate:
    with node.store.reading() as tx:
        return path(current_package(tx, "seals").course, standing(tx, person, "seals"), node.now()).exam.gate


def state(room: Room, name: str) -> str:
    page = paper_lists.session_page(room.node, room.bo, room.session, "en")
    return next(one.state for one in page.members if one.person == room.people[name])


def test_two_equal_readings_are_an_exam_handed_in_with_its_certificate() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    noy = room.people["Noy Vong"]

    assert paper_keying.key_in(room.node, room.bo, code, room.marks(code)) == "second"
    assert my_record(room.node, noy, "en").certificates == ()
    assert paper_keying.key_in(room.node, room.li, code, room.marks(code)) == "done"

    record_now = my_record(room.node, noy, "en")
    assert [(one.state, one.course) for one in record_now.certificates] == [("valid", "seals")]
    assert [(one.kind, one.score, one.success, one.answers) for one in record_now.sittings] == [("exam", 1.0, True, 4)]
    assert gate(room.node, noy) is Gate.DONE
    assert state(room, "Noy Vong") == "done"


def test_the_statements_are_those_of_a_screen_with_the_trainer_and_the_medium() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    for by in (room.bo, room.li):
        paper_keying.key_in(room.node, by, code, room.marks(code))
    on_screen = officer(room.node)
    certificate_of(room.node, on_screen)

    def exam_of(person: str) -> list[Statement]:
        about = said_of(room.node, person)
        verbs = {INITIALIZED, ANSWERED, PASSED, COMPLETED, CERTIFIED}
        exam = next(one.attempt for one in about if one.verb == PASSED and one.object_id.endswith("/exam"))
        return [one for one in about if one.verb in verbs and one.attempt == exam]

    paper, screen = exam_of(room.people["Noy Vong"]), exam_of(on_screen)
    assert sorted(one.verb for one in paper) == sorted(one.verb for one in screen)
    assert {one.verb: one.object_id.rsplit("/", 1)[0] for one in paper if one.verb != CERTIFIED} == {
        one.verb: one.object_id.rsplit("/", 1)[0] for one in screen if one.verb != CERTIFIED
    }
    assert {one.actor for one in paper} == {room.people["Noy Vong"]}
    assert {one.body["context"]["instructor"]["account"]["name"] for one in paper} == {room.bo.person}
    assert {one.extension("medium") for one in paper} == {"paper"}
    assert {one.extension("medium") for one in screen} == {None}
    for one in said_of(room.node, room.people["Noy Vong"]):
        assert check(one.body).id == one.id


def test_the_second_reading_must_be_another_persons() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    paper_keying.key_in(room.node, room.bo, code, room.marks(code))

    refused("sheet.same-person", lambda: paper_keying.key_in(room.node, room.bo, code, room.marks(code)))
    assert paper_keying.sheet(room.node, room.bo, code, "en").another
    assert not paper_keying.sheet(room.node, room.li, code, "en").another
    assert state(room, "Noy Vong") == "key-second"


def test_nobody_sees_the_first_reading_before_the_second_is_kept() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    paper_keying.key_in(room.node, room.bo, code, room.marks(code))

    view = paper_keying.sheet(room.node, room.li, code, "en")

    assert view.due == "second"
    assert [(one.first, one.second) for one in view.lines] == [("", "")] * 4


def test_what_differs_is_settled_question_by_question_and_only_then_counts() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    right = room.marks(code)
    wrong = {**right, "2": []}
    paper_keying.key_in(room.node, room.bo, code, wrong)
    assert paper_keying.key_in(room.node, room.li, code, right) == "third"

    view = paper_keying.sheet(room.node, room.bo, code, "en")
    assert [(one.number, one.first, one.second) for one in view.lines] == [(2, "", "".join(right["2"]))]
    assert my_record(room.node, room.people["Noy Vong"], "en").sittings == ()
    error = refused("sheet.unsettled", lambda: paper_keying.settle(room.node, room.bo, code, {}, {}))
    assert error.details == {"number": 2}
    refused("sheet.differs", lambda: paper_keying.key_in(room.node, room.li, code, right))

    paper_keying.settle(room.node, room.bo, code, {"2": "second"}, {})

    assert [one.score for one in my_record(room.node, room.people["Noy Vong"], "en").sittings] == [1.0]


def test_a_third_look_counts_where_both_misread() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    right = room.marks(code)
    letters = {"A", "B", "C"} - set(right["1"])
    one, other = min(letters), right["1"][0]
    paper_keying.key_in(room.node, room.bo, code, {**right, "1": [one]})
    paper_keying.key_in(room.node, room.li, code, {**right, "1": [one, other]})

    paper_keying.settle(room.node, room.li, code, {"1": "third"}, {"1": right["1"]})

    assert [one.score for one in my_record(room.node, room.people["Noy Vong"], "en").sittings] == [1.0]


def test_a_sheet_that_counts_is_not_keyed_in_again_and_stays_one_exam() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    for by in (room.bo, room.li):
        paper_keying.key_in(room.node, by, code, room.marks(code))
    before = said_of(room.node, room.people["Noy Vong"])

    refused("sheet.done", lambda: paper_keying.key_in(room.node, room.bo, code, {}))
    refused("sheet.done", lambda: paper_keying.settle(room.node, room.bo, code, {}, {}))
    refused(
        "session.keyed-in",
        lambda: paper_sessions.say_attendance(room.node, room.bo, room.session, {room.people["Noy Vong"]: ABSENT}),
    )

    assert said_of(room.node, room.people["Noy Vong"]) == before
    assert sum(one.verb == PASSED for one in before) == 1


def test_an_empty_sheet_is_a_failed_exam_and_two_marks_for_one_answer_are_none() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    marks = {number: ["A", "B"] for number in ("1", "2", "3", "4")}
    for by in (room.bo, room.li):
        paper_keying.key_in(room.node, by, code, marks)
    attempt = room.attempt(code)

    with room.node.store.reading() as tx:
        answers = tx.tables.select(ANSWER, {"attempt": attempt})
        row = tx.tables.get(ATTEMPT, attempt)
    several = {one for one, asked in structure()["questions"].items() if asked["kind"] == "multiple"}
    assert row is not None
    assert (row["success"], row["medium"]) == (0, "paper")
    assert {one["question"] for one in answers} <= several


def test_an_exam_on_paper_is_neither_begun_nor_answered_nor_handed_in_on_a_screen() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    noy, attempt = room.people["Noy Vong"], room.attempt(code)

    assert gate(room.node, noy) is Gate.ON_PAPER
    refused("sitting.on-paper", lambda: sit.start(room.node, noy, "seals", EXAM, "en"))
    refused("sitting.on-paper", lambda: sit.sitting(room.node, noy, attempt))
    refused("sitting.on-paper", lambda: sit.answer(room.node, noy, attempt, "e-one", ["a"]))
    refused("sitting.on-paper", lambda: sit.submit(room.node, noy, attempt, anyway=True))
    page = course_page(room.node, noy, "seals", "en")
    assert page.exam is not None
    assert page.exam.gate is Gate.ON_PAPER


@pytest.mark.parametrize("word", [ABSENT, LOST])
def test_who_was_absent_or_whose_sheet_is_lost_has_used_no_try(word: str) -> None:
    room = Room()
    (code,) = room.printed("Noy Vong", said="")
    noy = room.people["Noy Vong"]

    paper_sessions.say_attendance(room.node, room.bo, room.session, {noy: word})

    assert gate(room.node, noy) is Gate.PRETEST_FIRST
    refused("sheet.withdrawn", lambda: paper_keying.key_in(room.node, room.bo, code, {}))
    with room.node.store.reading() as tx:
        assert tx.tables.select(ATTEMPT, {"subject": noy}) == []
        there = [row["session"] for row in tx.tables.select(ATTENDANCE, {"subject": noy})]
    assert there == ([room.session] if word == LOST else [])
    assert state(room, "Noy Vong") == word


def test_attendance_said_by_mistake_is_taken_back() -> None:
    room = Room()
    room.printed("Noy Vong")
    noy = room.people["Noy Vong"]
    paper_sessions.say_attendance(room.node, room.bo, room.session, {noy: ABSENT})
    assert [one.said for one in my_record(room.node, noy, "en").sessions] == [ABSENT]

    paper_sessions.say_attendance(room.node, room.bo, room.session, {noy: PRESENT})
    assert paper_sessions.make_sheets(room.node, room.bo, room.session) == 1

    assert [one.said for one in my_record(room.node, noy, "en").sessions] == [PRESENT]
    assert gate(room.node, noy) is Gate.ON_PAPER
    assert sum(one.verb == ATTENDED for one in said_of(room.node, noy)) == 2


def test_a_sheet_is_keyed_in_only_of_who_was_there() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong", said="")

    refused("sheet.attendance-first", lambda: paper_keying.key_in(room.node, room.bo, code, {}))


def test_nobody_keys_in_the_own_exam() -> None:
    room = Room()
    chan = signed_in(room.node, "Chan Trainer")
    paper_sessions.put_on_list(room.node, room.bo, room.session, [chan.person])
    room.people["Chan"] = chan.person
    paper_sessions.make_sheets(room.node, room.bo, room.session)
    paper_sessions.say_attendance(room.node, room.bo, room.session, {chan.person: PRESENT})

    refused("sheet.own", lambda: paper_keying.key_in(room.node, chan, room.code("Chan"), {}))


@pytest.mark.parametrize("typed", ["", "7K3M", "0000-0000", "x" * 5000, "7K3M-9QXA\x00", "ក" * 8])
def test_a_text_that_is_no_code_is_refused(typed: str) -> None:
    room = Room()

    refused("sheet.code", lambda: paper_keying.sheet(room.node, room.bo, typed, "en"))


def test_a_code_is_found_however_it_is_typed_and_a_wrong_sign_never_opens_another_sheet() -> None:
    room = Room()
    codes = set(room.printed("Noy Vong", "Sok Dara", "Aye Aye"))
    (code, *_rest) = codes

    assert paper_keying.sheet(room.node, room.bo, f" {code.lower().replace('-', ' ')} ", "en").code == code
    for place in range(len(code)):
        for sign in "23456789ABCDEFGH":
            typed = code[:place] + sign + code[place + 1 :]
            if typed != code and code[place] != "-":
                refused("sheet.code", lambda typed=typed: paper_keying.sheet(room.node, room.bo, typed, "en"))
    other = memory_node(series=7)
    refused("sheet.unknown", lambda: paper_keying.sheet(other, room.bo, code, "en"))


def test_each_officer_gets_an_own_draw_and_printing_again_prints_the_same() -> None:
    room = Room()
    room.printed("Noy Vong", "Sok Dara", "Aye Aye")

    first = paper_printing.papers(room.node, room.bo, room.session, "booklets", "en")
    assert paper_sessions.make_sheets(room.node, room.bo, room.session) == 0
    again = paper_printing.papers(room.node, room.li, room.session, "booklets", "en")

    assert again.booklets == first.booklets
    asked = [
        tuple((one.stem, *(option.text for option in one.options)) for one in two.questions) for two in first.booklets
    ]
    assert len(set(asked)) == 3


def test_papers_are_in_each_officers_language_and_tell_no_answer() -> None:
    room = Room()
    room.listed("Sok Dara", language="km")
    room.listed("Noy Vong")
    room.listed("Somchai", language="th")
    paper_sessions.make_sheets(room.node, room.bo, room.session)

    sheets = paper_printing.papers(room.node, room.bo, room.session, "sheets", "en")
    booklets = paper_printing.papers(room.node, room.bo, room.session, "booklets", "en")
    attendance = paper_printing.papers(room.node, room.bo, room.session, "attendance", "lo")

    # The course has no Thai words: such an officer gets the source language, as on a screen.
    assert sorted(one.language for one in sheets.sheets) == ["en", "en", "km"]
    assert sorted(one.words_language for one in booklets.booklets) == ["en", "en", "km"]
    assert attendance.attendance is not None
    assert attendance.attendance.language == "lo"
    assert [name for name, _ in attendance.attendance.rows] == ["Noy Vong", "Sok Dara", "Somchai"]
    with room.node.store.reading() as tx:
        package = current_package(tx, "seals")
        words = [row["words"] for row in tx.tables.select(QUESTION_TEXT, {"digest": package.digest})]
    feedback = {text for one in words for text in one["feedback"].values() if text}
    assert feedback
    assert not feedback.intersection(booklets.texts())
    assert {len(one.lines) for one in sheets.sheets} == {sum(package.course.draw.values())}


def test_an_objective_with_too_few_boxes_refuses_the_session_and_says_so() -> None:
    node = memory_node()
    questions = structure()["questions"]
    numbers = {
        "e-four": {**question("o-stop", "exam"), "kind": "number"},
        "e-five": {**question("o-stop", "exam"), "kind": "text"},
    }
    node.store.write(lambda tx: publish(tx, structure(questions={**questions, **numbers})))
    bo = signed_in(node, "Bo Trainer")

    error = refused(
        "session.too-few",
        lambda: paper_sessions.make_session(node, bo, SessionForm("seals", "2026-11-24", "Room 2", "45")),
    )

    assert error.details == {"course": "seals", "objective": "o-stop", "needed": 2, "found": 1}
    assert paper_lists.courses_on_paper(node, bo, "en") == []


def test_who_may_not_sit_the_exam_gets_no_sheet_and_the_list_says_why() -> None:
    room = Room()
    room.listed("Noy Vong")
    certificate_of(room.node, room.people["Noy Vong"])
    room.listed("Sok Dara")

    assert paper_sessions.make_sheets(room.node, room.bo, room.session) == 1

    page = paper_lists.session_page(room.node, room.bo, room.session, "en")
    assert [(one.name, one.state, one.gate) for one in page.members] == [
        ("Noy Vong", "listed", "done"),
        ("Sok Dara", "printed", ""),
    ]


def test_an_officer_is_given_one_sheet_in_two_sessions() -> None:
    room = Room()
    room.printed("Noy Vong")
    second = room.new_session(place="Room 3")
    paper_sessions.put_on_list(room.node, room.li, second, [room.people["Noy Vong"]])

    assert paper_sessions.make_sheets(room.node, room.li, second) == 0
    page = paper_lists.session_page(room.node, room.li, second, "en")
    assert [one.gate for one in page.members] == ["on-paper"]


def test_a_new_version_of_the_course_changes_nothing_on_a_sheet() -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    right = room.marks(code)
    # In the new version other options are right.
    turned = {
        name: {**one, "correct": ["c"] if one["kind"] == "choice" else one["correct"]}
        for name, one in structure()["questions"].items()
    }
    room.node.store.write(lambda tx: publish(tx, structure(version="2.0.0", questions=turned)))

    for by in (room.bo, room.li):
        paper_keying.key_in(room.node, by, code, right)

    found = my_record(room.node, room.people["Noy Vong"], "en").sittings
    assert [(one.score, one.version) for one in found] == [(1.0, "1.0.0")]


def test_the_list_is_changed_only_where_nothing_happened_yet() -> None:
    room = Room()
    room.listed("Noy Vong", "Sok Dara")
    noy, sok = room.people["Noy Vong"], room.people["Sok Dara"]
    paper_sessions.change_list(room.node, room.bo, room.session, {noy: "km", sok: "xx"}, [sok])
    page = paper_lists.session_page(room.node, room.bo, room.session, "en")
    assert [(one.person, one.language) for one in page.members] == [(noy, "km")]

    paper_sessions.make_sheets(room.node, room.bo, room.session)
    paper_sessions.change_list(room.node, room.bo, room.session, {noy: "en"}, [noy])

    page = paper_lists.session_page(room.node, room.bo, room.session, "en")
    assert [(one.person, one.language, one.state) for one in page.members] == [(noy, "km", "printed")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("held_on", "", "session.day"),
        ("held_on", "2026-02-30", "session.day"),
        ("held_on", "20261124", "session.day"),
        ("place", "  ", "session.place"),
        ("place", "x" * 101, "session.place"),
        ("place", "a\x00b", "session.place"),
        ("minutes", "0", "session.minutes"),
        ("minutes", "601", "session.minutes"),
        ("minutes", "-1", "session.minutes"),
        ("minutes", "\u0e51\u0e52", "session.minutes"),
    ],
)
def test_a_session_needs_a_day_a_place_and_minutes(field: str, value: str, code: str) -> None:
    room = Room()
    with pytest.raises(Invalid) as caught:
        room.new_session(**{field: value})

    assert caught.value.details == {"fields": {field: code}}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COORDINATOR])
def test_only_trainers_and_administrators_hold_sessions_and_key_in(role: Role) -> None:
    room = Room()
    (code,) = room.printed("Noy Vong")
    by = signed_in(room.node, "Somebody", role)
    errands: list[Callable[[], object]] = [
        lambda: paper_sessions.make_session(room.node, by, SessionForm("seals", "2026-11-24", "Room", "45")),
        lambda: paper_sessions.put_on_list(room.node, by, room.session, []),
        lambda: paper_sessions.change_list(room.node, by, room.session, {}, []),
        lambda: paper_sessions.make_sheets(room.node, by, room.session),
        lambda: paper_sessions.say_attendance(room.node, by, room.session, {}),
        lambda: paper_lists.sessions(room.node, by, "en"),
        lambda: paper_lists.courses_on_paper(room.node, by, "en"),
        lambda: paper_lists.session_page(room.node, by, room.session, "en"),
        lambda: paper_printing.papers(room.node, by, room.session, "sheets", "en"),
        lambda: paper_keying.sheet(room.node, by, code, "en"),
        lambda: paper_keying.key_in(room.node, by, code, {}),
        lambda: paper_keying.settle(room.node, by, code, {}, {}),
    ]
    for errand in errands:
        refused("permission", errand)


def test_figures_count_an_exam_on_paper_once_and_as_one_on_a_screen() -> None:
    room = Room()
    names = [f"Officer {number}" for number in range(6)]
    for code in room.printed(*names):
        for by in (room.bo, room.li):
            paper_keying.key_in(room.node, by, code, room.marks(code))
    screens = memory_node()
    screens.store.write(publish)
    for name in names:
        certificate_of(screens, officer(screens, name))

    def counted(node: Node) -> tuple[object, ...]:
        chief = coordinator(node)
        found = coordinate.figures(node, chief, coordinate.question(node, {}))
        return found.persons, found.completions, found.mean_score, found.table("course"), found.certificates

    assert counted(room.node)[:3] == (6, 6, 1.0)
    assert counted(room.node) == counted(screens)


def test_a_power_cut_between_two_readings_loses_nothing(tmp_path: Path) -> None:
    room = Room(sqlite_node(tmp_path))
    (code,) = room.printed("Noy Vong")
    paper_keying.key_in(room.node, room.bo, code, room.marks(code))
    room.node.store.close()
    again = sqlite_node(tmp_path)
    again.clock.shift(timedelta(days=-400))  # type: ignore[attr-defined]

    assert paper_keying.key_in(again, room.li, code, marks_on(again, code)) == "done"
    assert [one.score for one in my_record(again, room.people["Noy Vong"], "en").sittings] == [1.0]
    again.store.close()


def test_a_sheet_printed_at_another_post_bars_no_exam_here() -> None:
    room = Room()
    room.printed("Noy Vong")
    noy = room.people["Noy Vong"]
    with room.node.store.reading() as tx:
        entries = [entry for one in tx.ledger.about(noy) if (entry := tx.ledger.find(one.id))]
    other = memory_node(series=7)
    other.store.write(publish)
    officer(other, id=noy, person=noy)

    assert other.store.write(lambda tx: {record.bring_in(tx, one) for one in entries}) == {"new"}

    assert gate(room.node, noy) is Gate.ON_PAPER
    assert gate(other, noy) is Gate.PRETEST_FIRST


def test_folding_anew_gives_the_same_screens_after_a_session_with_a_withdrawn_sheet() -> None:
    room = Room()
    code, _lost = room.printed("Noy Vong", "Sok Dara")
    paper_sessions.say_attendance(room.node, room.bo, room.session, {room.people["Sok Dara"]: ABSENT})
    for by in (room.bo, room.li):
        paper_keying.key_in(room.node, by, code, room.marks(code))

    def screens() -> list[object]:
        with room.node.store.reading() as tx:
            return [tx.tables.select(table) for table in (ATTEMPT, ANSWER, ATTENDANCE)]

    before = screens()
    record.rebuild_projections(room.node)
    assert screens() == before
    assert len(before[0]) == 1  # type: ignore[arg-type]


def test_a_session_registers_an_officer_who_never_opened_the_course() -> None:
    room = Room()
    room.printed("Noy Vong")

    assert sum(one.verb == REGISTERED for one in said_of(room.node, room.people["Noy Vong"])) == 1
    assert b'"sessions"' in record_copy(room.node, room.people["Noy Vong"], "en")


def test_an_unknown_session_or_paper_is_not_found() -> None:
    room = Room()
    with pytest.raises(NotFound, match=r"session\.unknown"):
        paper_lists.session_page(room.node, room.bo, "no-such", "en")
    with pytest.raises(NotFound, match=r"papers\.unknown"):
        paper_printing.papers(room.node, room.bo, room.session, "posters", "en")
    with pytest.raises(Refused, match=r"session\.no-sheets"):
        paper_printing.papers(room.node, room.bo, room.session, "sheets", "en")

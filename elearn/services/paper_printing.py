"""What is printed for a session: the attendance list, an answer sheet and a booklet of questions for each officer."""

from elearn.core.learning.paper import LETTERS, TAKES_SEVERAL
from elearn.core.paper.page import (
    ATTENDANCE,
    BOOKLETS,
    KINDS,
    SHEETS,
    AnswerSheet,
    AttendanceList,
    Booklet,
    Fact,
    Option,
    PaperQuestion,
    Papers,
)
from elearn.core.vocab.dates import format_date, local_date
from elearn.core.vocab.errors import NotFound, Refused
from elearn.core.vocab.kept import PAPER_MEMBER, PERSON
from elearn.core.vocab.languages import LANGUAGES, SOURCE
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.attempts import Attempt, attempt_of
from elearn.services.node import Node, known
from elearn.services.packages import current_package
from elearn.services.paper_sessions import session_row, sheet_row
from elearn.services.questions_shown import question_view

SPARE_LINES = 8


def papers_pdf(node: Node, by: Session, session: str, kind: str, language: str) -> bytes:
    """Return one file to print as PDF. Raises as `papers`, and as `ports.Press.papers`."""
    return node.press.papers(papers(node, by, session, kind, language))


def papers_printable(node: Node, by: Session, session: str, kind: str, language: str) -> str:
    """Return the same as a page a browser can print. Raises as `papers`."""
    return node.press.papers_printable(papers(node, by, session, kind, language))


def papers(node: Node, by: Session, session: str, kind: str, language: str) -> Papers:
    """Return one file to print, put into words. kind: of KINDS; language: of the attendance list.

    Sheets and booklets are in each officer's language, sheets that were withdrawn left out.
    Raises Refused("permission"), NotFound("session.unknown" | "papers.unknown"), Refused("session.no-sheets").
    """
    demand(by, Permission.HOLD_SESSION)
    if kind not in KINDS:
        raise NotFound("papers.unknown", kind=kind)
    language = language if language in LANGUAGES else SOURCE
    with node.store.reading() as tx:
        return _Writer(tx, node, session_row(tx, session)).papers(kind, language)


class _Writer:
    """Puts the papers of one session into words."""

    def __init__(self, tx: Transaction, node: Node, session: Row) -> None:
        self._tx, self._node, self._session = tx, node, session
        self._mine = known(tx)
        members = tx.tables.select(PAPER_MEMBER, {"session": session["id"]})
        people = [(tx.tables.get(PERSON, one["person"]), one) for one in members]
        there = [(person, one) for person, one in people if person is not None]
        self._people = sorted(there, key=lambda pair: (pair[0]["name"], pair[0]["id"]))

    def papers(self, kind: str, language: str) -> Papers:
        """Return one file."""
        say = self._node.phrases.say
        titles = {
            ATTENDANCE: say(language, "Attendance list"),
            SHEETS: say(language, "Answer sheets"),
            BOOKLETS: say(language, "Question booklets"),
        }
        attempts = [] if kind == ATTENDANCE else self._attempts()
        return Papers(
            kind=kind,
            language=language,
            title=titles[kind],
            issuer=self._mine.issuer or self._mine.name,
            made_on=local_date(self._node.now(), self._mine.country),
            watermark=say(language, "DEMONSTRATION") if self._mine.demo else "",
            attendance=self._attendance(language) if kind == ATTENDANCE else None,
            sheets=tuple(self._sheet(*one) for one in attempts) if kind == SHEETS else (),
            booklets=tuple(self._booklet(*one) for one in attempts) if kind == BOOKLETS else (),
        )

    def _attempts(self) -> list[tuple[Row, str, Attempt]]:
        found = []
        for person, member in self._people:
            if member["code"]:
                sheet = sheet_row(self._tx, member["code"])
                found.append((person, member["code"], attempt_of(self._tx, person["id"], sheet["attempt"])))
        if not found:
            raise Refused("session.no-sheets")
        return found

    def _day(self, language: str) -> str:
        return format_date(language, self._session["held_on"], country=self._mine.country)

    def _facts(self, language: str) -> tuple[Fact, ...]:
        say = self._node.phrases.say
        return (say(language, "Date"), self._day(language)), (say(language, "Where it is held"), self._session["place"])

    def _attendance(self, language: str) -> AttendanceList:
        say, package = self._node.phrases.say, current_package(self._tx, self._session["course"])
        trainer = self._tx.tables.get(PERSON, self._session["trainer"])
        by = ((say(language, "Trainer"), trainer["name"]),) if trainer else ()
        return AttendanceList(
            language=language,
            heading=say(language, "Attendance list"),
            course=str(package.words(language).get("title", package.course.id)),
            facts=(*self._facts(language), *by),
            columns=("#", say(language, "Name"), say(language, "Service number"), say(language, "Sign here")),
            rows=tuple((person["name"], person["service_number"]) for person, _ in self._people),
            spare=SPARE_LINES,
        )

    def _sheet(self, person: Row, code: str, found: Attempt) -> AnswerSheet:
        say, language = self._node.phrases.say, found.language
        return AnswerSheet(
            language=found.language,
            heading=say(language, "Answer sheet"),
            course=_title(found),
            facts=((say(language, "Service number"), person["service_number"]), *self._facts(found.language)),
            code=code,
            how=(
                say(language, "Mark a box with a cross. To take a mark back, fill the whole box."),
                say(language, "Where the booklet asks for one answer, two marks count as no answer."),
            ),
            lines=tuple(LETTERS[: len(one.options)] for one in found.drawn),
        )

    def _booklet(self, person: Row, code: str, found: Attempt) -> Booklet:
        say, language = self._node.phrases.say, found.language
        minutes = self._session["minutes"]
        return Booklet(
            language=found.language,
            words_language=found.package.language(found.language),
            heading=say(language, "Question booklet"),
            course=_title(found),
            facts=(
                (say(language, "Service number"), person["service_number"]),
                *self._facts(found.language),
                (say(language, "Minutes for the exam"), str(minutes)),
                (say(language, "Answer sheet"), code),
            ),
            how=(say(language, "Write your answers on the answer sheet. What is written here does not count."),),
            questions=tuple(self._question(found, number) for number in range(len(found.drawn))),
        )

    def _question(self, found: Attempt, at: int) -> PaperQuestion:
        say, language, drawn = self._node.phrases.say, found.language, found.drawn[at]
        asked = found.package.course.question(drawn.id)
        view = question_view(self._tx, found.package, drawn, None, found.language)
        words = {one.key: one for one in view.options}
        values = {"true": say(language, "True"), "false": say(language, "False")}
        texts = [(words[key].text, words[key].source) if key in words else (values[key], "") for key in drawn.options]
        note = (
            say(language, "Choose every answer that is right.")
            if asked.kind in TAKES_SEVERAL
            else say(language, "Choose one answer.")
        )
        return PaperQuestion(
            stem=view.stem,
            note=say(language, "Is this true or false?") if asked.kind == "truefalse" else note,
            options=tuple(Option(letter, *text) for letter, text in zip(LETTERS, texts, strict=False)),
            source=view.source_stem,
        )


def _title(found: Attempt) -> str:
    return str(found.package.words(found.language).get("title", found.package.course.id))

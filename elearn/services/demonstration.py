"""Invented officers who really learn: every entry of a demonstration is made by the same errands as a true one.

The clock is turned from session to session, the answers are drawn from a seed: the same demonstration every time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from elearn.core.learning.course import EXAM, PRETEST
from elearn.core.learning.satisfaction import CHOICE
from elearn.core.learning.shuffle import shuffled
from elearn.core.questions.all import kind_of
from elearn.core.roster.form import OfficerForm, filled, tidied
from elearn.core.vocab.errors import ElearnError, Refused
from elearn.core.vocab.people import Agency, RankBand
from elearn.core.vocab.roles import Role
from elearn.core.vocab.satisfaction import HELPED, ITEMS
from elearn.core.vocab.times import text_of
from elearn.ports import Transaction
from elearn.services import learn, satisfaction, sit
from elearn.services.audit import role_given
from elearn.services.clock_guard import NEWEST_PUBLISHED
from elearn.services.node import Node, about, keep_fact, known
from elearn.services.officers import defaults, open_account
from elearn.services.packages import Package, current_packages
from elearn.services.record import record_in
from elearn.services.setting_up import SetUpForm, one_time_link_secret, set_up

PIN = "840291"
"""The PIN of every account of a demonstration; printed and shown, for there is nothing to protect."""

T = TypeVar("T")

DAYS = 210
GAP = timedelta(minutes=3)


# Given and family names as a phone book might have them; nobody in particular.
@dataclass(frozen=True)
class Names:
    """How a country's names are put together, and of what."""

    order: str
    families: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]


NAMES: dict[str, Names] = {
    "KH": Names(
        "{family} {given}",
        ("សុខ", "ចាន់", "ហេង", "លី", "កែវ"),
        ("សុភា", "ដារ៉ា", "ស្រីមុំ", "បុប្ផា"),
        ("វិចិត្រ", "រតនា", "សំណាង", "ពិសិដ្ឋ"),
    ),
    "LA": Names(
        "{given} {family}",
        ("ວົງສາ", "ພົມມະຈັນ", "ແສງສະຫວັນ", "ໄຊຍະວົງ"),
        ("ມະລີ", "ບົວແກ້ວ", "ນາງວັນ"),
        ("ສົມສັກ", "ບຸນມີ", "ຄຳພອນ"),
    ),
    "MM": Names("{given}{family}", ("", "မြင့်", "ထွန်း", "ဦး"), ("သီရိ", "ခင်လေး", "နှင်းဝေ"), ("ကျော်ဇော", "အောင်မင်း")),
    "TH": Names("{given} {family}", ("ใจดี", "ศรีสุข", "วงศ์ทอง"), ("มาลี", "สมหญิง", "นภา"), ("สมชาย", "อนันต์", "ประเสริฐ")),
    "VN": Names(
        "{family} {given}", ("Nguyễn", "Trần", "Lê"), ("Thị Hoa", "Thu Hà", "Minh Anh"), ("Văn Minh", "Quốc Bảo")
    ),
    "CN": Names("{family}{given}", ("王", "李", "张", "岩"), ("丽", "晓红", "玉香"), ("伟", "建国", "志强")),
}
LANGUAGE_OF = {"KH": "km", "LA": "lo", "MM": "my", "TH": "th", "VN": "vi", "CN": "zh_Hans"}
STAFF = (
    ("ADMIN", "Chanthy (administrator)", Role.ADMINISTRATOR),
    ("TRAINER", "Malee (trainer)", Role.TRAINER),
    ("COORD", "Minh (coordinator)", Role.COORDINATOR),
    ("OFFICER", "Sokha (officer)", Role.OFFICER),
)


class TurnedClock:
    """A clock that is set by hand and moves on a step whenever it is read."""

    def __init__(self, at: datetime, step: timedelta = timedelta(seconds=15)) -> None:
        self.at = at
        self.step = step

    def now(self) -> datetime:
        """Return the time, a step later each time."""
        self.at += self.step
        return self.at


@dataclass(frozen=True)
class Place:
    """One invented post or hub. sign: begins the service numbers of its people."""

    sign: str
    name: str
    country: str
    agency: str
    officers: int


Step = tuple[datetime, Callable[[], None]]


def must_be_demo(node: Node) -> bool:
    """Tell whether the node is filled already. Raises Refused where true and invented data would mix."""
    with node.store.reading() as tx:
        mine = about(tx)
    if mine is None:
        return False
    if mine.demo != node.settings.demo:
        code = "demo.demo-post" if mine.demo else "demo.real-post"
        raise Refused(code, path=str(node.settings.data))
    return True


def set_up_place(node: Node, place: Place, until: datetime) -> None:
    """Set the node up as ``place``, with one account for each role, a day before the first officer learns there.

    until: when the demonstration ends. Its courses count as published that day: otherwise all that is invented here
    would be of a clock in doubt.
    """
    began = until - timedelta(days=DAYS + 1)
    node = replace(node, clock=TurnedClock(began, timedelta(milliseconds=20)))
    node.store.write(lambda tx: keep_fact(tx, NEWEST_PUBLISHED, text_of(began)))
    job, name, _ = STAFF[0]
    secret = one_time_link_secret(node)
    form = SetUpForm(
        node_name=place.name,
        country=place.country,
        agency=place.agency,
        languages=("en", "km", "lo", "my", "th", "vi", "zh_Hans"),
        name=name,
        service_number=f"{place.sign}-{job}",
        pin=PIN,
        sex="undisclosed",
        language="en",
    )
    set_up(node, form, secret or "")
    pin_hash = node.passwords.hash(PIN)
    for job, name, role in STAFF[1:]:
        form_of = OfficerForm(service_number=f"{place.sign}-{job}", name=name, role=role.value, language="en")
        node.store.write(partial(_account, node=node, form=form_of, pin_hash=pin_hash))


def let_learn(node: Node, place: Place, until: datetime, progress: Callable[[int, int], None]) -> None:
    """Let the place's officers learn from ``DAYS`` before ``until`` on. progress: (steps done, of how many)."""
    clock = TurnedClock(until - timedelta(days=DAYS))
    turned = replace(node, clock=clock)
    pin_hash = node.passwords.hash(PIN)
    with node.store.reading() as tx:
        packages = [one for one in current_packages(tx) if one.course.examined]
    steps: list[Step] = []
    for number in range(1, place.officers + 1):
        learner = _Learner(turned, place, number, pin_hash)
        steps += learner.steps(packages, clock.at)
    # A day is left free at the end: a crowded week pushes its last sessions on.
    last = until - timedelta(days=1)
    steps = sorted((step for step in steps if step[0] < last), key=lambda step: step[0])
    for done, (at, act) in enumerate(steps, start=1):
        clock.at = max(at, clock.at + GAP)
        act()
        progress(done, len(steps))


class _Learner:
    """One invented officer: how able, how eager, and what they do on which day."""

    def __init__(self, node: Node, place: Place, number: int, pin_hash: str) -> None:
        self.node = node
        self.place = place
        self.number = number
        self.pin_hash = pin_hash
        self.seed = int.from_bytes(place.name.encode()[:6], "big") + number
        self.person = f"{self.seed:08x}"
        self.drawn = 0

    def steps(self, packages: list[Package], begin: datetime) -> Iterator[Step]:
        """Yield what the officer does, with the time it is planned for."""
        day = begin + timedelta(days=self._pick(range(DAYS - 4)), hours=self._pick(range(9, 21)))
        yield day, self._arrive
        for place, package in enumerate(packages):
            if place and self._pick(range(10)) > 1:  # everybody takes the first course, some take more
                continue
            eager = self._pick(range(10))
            yield day + timedelta(hours=1), partial(self._sit, package, PRETEST, 4)
            if eager < 1:
                return
            lessons = package.course.lessons if eager > 2 else package.course.lessons[:1]
            for one in lessons:
                day += timedelta(days=self._pick((0, 1, 1, 2, 4)), hours=2)
                yield day, partial(self._read, package, one.id)
            if len(lessons) < len(package.course.lessons):
                return
            first = self._pick((6, 9, 9, 10, 10))
            yield day + timedelta(hours=3), partial(self._sit, package, EXAM, first)
            yield day + timedelta(days=3), partial(self._sit, package, EXAM, 10)
            yield day + timedelta(days=3, hours=1), partial(self._opine, package)

    def _arrive(self) -> None:
        node, place = self.node, self.place
        names = NAMES[place.country]
        sex = self._pick(("female", "male", "male", "female", "male", "undisclosed"))
        given = self._pick(names.women if sex == "female" else names.men)
        form = OfficerForm(
            service_number=f"{place.sign}-{1000 + self.number}",
            name=names.order.format(family=self._pick(names.families), given=given),
            sex=sex,
            country=place.country,
            agency=self._pick([agency.value for agency in Agency][:5]),
            rank_band=self._pick([band.value for band in RankBand]),
            language=LANGUAGE_OF[place.country],
        )
        self.person = node.store.write(lambda tx: _account(tx, node, form, self.pin_hash))

    def _read(self, package: Package, lesson: str) -> None:
        course, language = package.course, LANGUAGE_OF[self.place.country]
        for question in course.lesson(lesson).checks:
            for keys in self._answer(package, question, 7):
                learn.check_answer(self.node, self.person, course.id, lesson, question, keys, language)
        learn.finish_lesson(self.node, self.person, course.id, lesson, language)

    def _sit(self, package: Package, kind: str, able: int) -> None:
        """Sit it if it can be sat; an officer who passed already, or stopped before, does not."""
        try:
            attempt = sit.start(self.node, self.person, package.course.id, kind, LANGUAGE_OF[self.place.country])
        except Refused:
            return
        for mark in sit.sitting(self.node, self.person, attempt).marks:
            for keys in self._answer(package, mark.id, able):
                sit.answer(self.node, self.person, attempt, mark.id, keys)
        sit.submit(self.node, self.person, attempt)

    def _opine(self, package: Package) -> None:
        """Answer the satisfaction form, as seven of ten do who passed."""
        if self._pick(range(10)) > 6:
            return
        said = {item: str(self._pick((2, 3, 4, 4, 5, 5))) for item in ITEMS}
        with suppress(Refused):
            satisfaction.answer(self.node, self.person, package.course.id, {**said, CHOICE: self._pick(list(HELPED))})

    def _answer(self, package: Package, question: str, able: int) -> list[list[str]]:
        """Return responses to be kept one after the other: right in ``able`` of ten cases (always where critical, from
        9 up)."""
        asked = package.course.questions[question]
        kind = kind_of(asked)
        sure = able >= 9 and asked.critical
        if sure or self._pick(range(10)) < able:
            return kind.stages(kind.right(asked))
        wrong = [key for key in asked.options if key not in asked.correct]
        # One of several wrong options, so that the figures of a demonstration do not all show the same mistake.
        return kind.stages([self._pick(wrong)] if wrong and asked.correct else kind.wrong(asked))

    def _pick(self, items: Sequence[T]) -> T:
        self.drawn += 1
        return shuffled(items, self.seed, str(self.drawn))[0]


def _account(tx: Transaction, node: Node, form: OfficerForm, pin_hash: str) -> str:
    tidy, problems = tidied(form)
    if problems:
        raise ElearnError("demo.form", problems=problems)
    person = node.ids.new()
    whole = filled(tidy, defaults(known(tx)))
    open_account(tx, node, person, whole, pin_hash, must_change=False)
    record_in(tx, node, role_given(tx, node, person, person, Role(whole.role)))
    return person

"""Prerequisites, optional lessons, tries given, renewal; and that an officer is never left without a step."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_course import structure

from elearn.core.learning.blueprint import draw
from elearn.core.learning.course import Course, course_of
from elearn.core.learning.path import Gate, Path, Sat, Standing, next_step, path
from elearn.core.learning.renewal import Held, days_left, holding, stage
from elearn.core.learning.requires import all_required, still_missing
from elearn.core.vocab.times import instant_of, text_of

NOW = "2026-11-24T08:00:00.000000Z"
PRETESTED = Sat("p", "pretest", "2024-11-01T08:00:00.000000Z", "2024-11-01T08:10:00.000000Z")
READ = {"looking": "2024-11-02T08:00:00.000000Z", "stopping": "2024-11-03T08:00:00.000000Z"}
PASSED = Sat("s", "exam", "2024-11-04T08:00:00.000000Z", "2024-11-04T09:00:00.000000Z", True)
RENEWAL = {"draw": {"o-stop": 1}, "within_months": 12}


def course(**changes: Any) -> Course:
    return course_of(structure(**changes))


def held(expires_at: str, **changes: Any) -> Held:
    return replace(Held("A", "1.0.0", "2024-11-04T09:00:00.000000Z", expires_at), **changes)


def failed(attempt: str, minute: int) -> Sat:
    return Sat(attempt, "exam", "2026-11-24T06:00:00.000000Z", f"2026-11-24T07:{minute:02}:00.000000Z")


# what it requires


def test_a_course_that_requires_another_opens_nothing_until_that_was_passed() -> None:
    closed = path(course(), Standing({}, (), missing=["lorries"]), NOW)
    opened = path(course(), Standing({}, ()), NOW)

    assert next_step(closed) == ("requires", "lorries")
    assert (closed.pretest.gate, closed.exam.gate) == (Gate.REQUIRES_FIRST, Gate.REQUIRES_FIRST)
    assert [one.open for one in closed.lessons] == [False, False]
    assert next_step(opened) == ("pretest", "")


def test_a_course_without_pre_test_is_closed_as_well() -> None:
    closed = path(course(pretest=[]), Standing({}, (), missing=["lorries"]), NOW)

    assert next_step(closed) == ("requires", "lorries")
    assert [(one.open, one.advised) for one in closed.lessons] == [(False, False)] * 2


def test_what_somebody_has_begun_is_not_closed_by_a_rule_that_came_later() -> None:
    begun = path(course(), Standing({}, [PRETESTED], missing=["lorries"]), NOW)

    assert next_step(begun) == ("lesson", "looking")
    assert begun.missing == ()


def test_only_courses_taught_here_and_not_resting_on_this_one_are_asked_for() -> None:
    requires = {"a": ("b", "gone", "b"), "b": (), "c": ("d",), "d": ("c",), "e": ("e",)}

    assert still_missing("a", requires, ()) == ("b",)
    assert still_missing("a", requires, {"b"}) == ()
    assert [still_missing(one, requires, ()) for one in "cde"] == [(), (), ()]
    assert all_required("c", requires) == {"c", "d"}


COURSES = ("a", "b", "c", "d", "e")


@given(
    requires=st.dictionaries(st.sampled_from(COURSES), st.lists(st.sampled_from((*COURSES, "gone")), max_size=4)),
    passed=st.sets(st.sampled_from(COURSES)),
)
def test_among_courses_not_passed_one_can_always_be_begun(requires: dict[str, list[str]], passed: set[str]) -> None:
    left = set(requires) - passed

    assert not left or any(still_missing(one, requires, passed) == () for one in left)


# optional lessons


def test_an_optional_lesson_is_not_needed_for_the_exam_and_never_advised() -> None:
    looking, stopping = structure()["lessons"]
    plan = course(lessons=[{**looking, "optional": True}, stopping])
    before = path(plan, Standing({}, [PRETESTED]), NOW)
    after = path(plan, Standing({"stopping": NOW}, [PRETESTED]), NOW)

    assert next_step(before) == ("lesson", "stopping")
    assert [(one.open, one.needed, one.advised) for one in before.lessons] == [(True, False, False), (True, True, True)]
    assert (after.exam.gate, after.lessons_done, after.lessons_needed) == (Gate.OPEN, 1, 1)
    assert not any(one.advised for one in after.lessons)


# one more try


def test_a_try_given_is_one_more_and_two_are_two() -> None:
    strict = course(attempts={"limit": 2, "wait_minutes": 0})
    standing = Standing(READ, [PRETESTED, failed("f", 10), failed("g", 20)])

    assert path(strict, standing, NOW).exam.gate is Gate.USED_UP
    once = path(strict, replace(standing, more_tries=[NOW]), NOW).exam
    assert (once.gate, once.tries_left) == (Gate.OPEN, 1)
    assert path(strict, replace(standing, more_tries=[NOW, NOW]), NOW).exam.tries_left == 2


def test_a_try_given_before_the_last_pass_counts_no_more() -> None:
    strict = course(attempts={"limit": 1, "wait_minutes": 0})
    standing = Standing(READ, [PRETESTED, PASSED, failed("f", 10)], [held("2026-11-23T00:00:00.000000Z")])

    assert path(strict, replace(standing, more_tries=["2024-11-03T09:00:00.000000Z"]), NOW).exam.gate is Gate.USED_UP
    assert path(strict, replace(standing, more_tries=[NOW]), NOW).exam.gate is Gate.OPEN


def test_without_a_limit_a_try_given_changes_nothing() -> None:
    assert path(course(), Standing(READ, [PRETESTED], more_tries=[NOW]), NOW).exam.tries_left is None


# renewal


@pytest.mark.parametrize(
    ("expires_at", "version", "gate", "short"),
    [
        ("2027-03-01T00:00:00.000000Z", "1.0.0", Gate.DONE, False),
        ("2027-02-22T00:00:00.000000Z", "1.0.0", Gate.OPEN, True),
        ("2026-11-23T00:00:00.000000Z", "1.0.0", Gate.OPEN, True),
        ("2025-11-24T00:00:00.000000Z", "1.0.0", Gate.OPEN, True),
        ("2025-11-22T00:00:00.000000Z", "1.0.0", Gate.LESSONS_FIRST, False),
        ("2027-03-01T00:00:00.000000Z", "2.0.0", Gate.OPEN, False),
    ],
    ids=["holds", "ends-soon", "ended", "ended-a-year-ago", "ended-longer-ago", "changed-in-meaning"],
)
def test_the_short_way_is_open_from_90_days_before_the_end_until_it_lapses(
    expires_at: str, version: str, gate: Gate, short: bool
) -> None:
    found = path(course(version=version, renewal=RENEWAL), Standing(READ, [PRETESTED, PASSED], [held(expires_at)]), NOW)

    assert (found.exam.gate, found.exam.short, found.short) == (gate, short, short)


def test_long_after_its_end_every_lesson_is_read_again_and_what_was_read_since_counts() -> None:
    plan, certificate = course(renewal=RENEWAL), held("2025-01-01T00:00:00.000000Z")
    old = path(plan, Standing(READ, [PRETESTED, PASSED], [certificate]), NOW)
    again = path(plan, Standing({**READ, "looking": NOW}, [PRETESTED, PASSED], [certificate]), NOW)

    assert (old.lapsed, [one.done for one in old.lessons]) == (True, [False, False])
    assert next_step(old) == ("lesson", "looking")
    assert [one.done for one in again.lessons] == [True, False]


def test_without_a_rule_a_certificate_never_lapses() -> None:
    found = path(course(), Standing(READ, [PRETESTED, PASSED], [held("2020-01-01T00:00:00.000000Z")]), NOW)

    assert (found.lapsed, found.short, found.exam.gate, found.exam.short) == (False, True, Gate.OPEN, False)


def test_a_lesson_changed_in_meaning_is_read_again_for_the_renewal() -> None:
    # Standing leaves lessons changed in meaning out of those read (services/standing).
    standing = Standing({"looking": READ["looking"]}, [PRETESTED, PASSED], [held("2026-12-01T00:00:00.000000Z")])
    found = path(course(version="2.0.0", renewal=RENEWAL), replace(standing, changed={"stopping": "meaning"}), NOW)

    assert (found.exam.gate, next_step(found)) == (Gate.LESSONS_FIRST, ("lesson", "stopping"))


def test_who_brings_a_certificate_along_is_not_asked_the_questions_before_the_course() -> None:
    renewing = path(course(), Standing(READ, (), [held("2026-12-01T00:00:00.000000Z")]), NOW)
    taken_back = path(course(), Standing(READ, (), [held("2026-12-01T00:00:00.000000Z", revoked_at=NOW)]), NOW)

    assert (renewing.pretest.gate, renewing.exam.gate) == (Gate.DONE, Gate.OPEN)
    assert taken_back.pretest.gate is Gate.OPEN


def test_after_one_was_taken_back_an_older_one_is_not_renewed_the_short_way() -> None:
    older = held("2026-12-01T00:00:00.000000Z")
    newer = held("2028-12-01T00:00:00.000000Z", number="B", issued_at="2026-11-01T00:00:00.000000Z", revoked_at=NOW)

    assert holding(course(), [older], NOW).short
    assert not holding(course(), [newer, older], NOW).short


@given(seed=st.integers(0, 2**32))
def test_the_exam_that_renews_draws_by_its_own_blueprint_with_the_critical_question(seed: int) -> None:
    plan = course(renewal=RENEWAL)
    short, whole = draw(plan, "exam", seed, short=True), draw(plan, "exam", seed)

    assert [one.id for one in short] == ["e-six"]
    assert len(whole) == 4
    assert len(draw(course(), "exam", seed, short=True)) == 4


def test_the_end_is_told_in_three_stages_by_the_calendar() -> None:
    last = date(2027, 3, 3)

    assert [stage(days) for days in (91, 90, 61, 60, 31, 30, 1, 0)] == [0, 90, 90, 60, 60, 30, 30, 30]
    assert [days_left(last - timedelta(days=n), last) for n in (90, 1, 0)] == [90, 1, 0]


# never stuck

MOMENTS = [text_of(instant_of(NOW) + timedelta(days=n)) for n in (-1500, -800, -500, -200, -40, -1, 0)]
moments = st.sampled_from(MOMENTS)


@st.composite
def courses(draw_: st.DrawFn) -> Course:
    lessons = [
        {**lesson, "optional": draw_(st.booleans()), "audience": draw_(st.sampled_from(([], ["trainer"], ["officer"])))}
        for lesson in structure()["lessons"]
    ]
    return course(
        version=draw_(st.sampled_from(("1.0.0", "1.2.0", "2.0.0"))),
        lessons=lessons,
        pretest=draw_(st.sampled_from(([], ["p-one", "p-two"]))),
        attempts={"limit": draw_(st.integers(0, 2)), "wait_minutes": draw_(st.sampled_from((0, 60, 40_000)))},
        **draw_(st.sampled_from(({}, {"renewal": RENEWAL}, {"renewal": {"draw": {}, "within_months": 0}}))),
    )


@st.composite
def standings(draw_: st.DrawFn) -> Standing:
    sittings = [
        Sat(
            f"{number}",
            draw_(st.sampled_from(("pretest", "exam"))),
            MOMENTS[0],
            draw_(st.sampled_from(("", *MOMENTS))),
            draw_(st.booleans()),
        )
        for number in range(draw_(st.integers(0, 4)))
    ]
    certificates = [
        Held(
            f"N{number}",
            draw_(st.sampled_from(("1.0.0", "2.0.0"))),
            draw_(moments),
            draw_(st.sampled_from(("", *MOMENTS, text_of(instant_of(NOW) + timedelta(days=60))))),
            draw_(st.sampled_from(("", NOW))),
        )
        for number in range(draw_(st.integers(0, 2)))
    ]
    return Standing(
        draw_(st.dictionaries(st.sampled_from(("looking", "stopping", "gone")), moments)),
        sittings,
        certificates,
        role=draw_(st.sampled_from(("officer", "trainer"))),
        changed=draw_(st.dictionaries(st.sampled_from(("looking", "stopping")), st.sampled_from(("meaning", "new")))),
        more_tries=draw_(st.lists(moments, max_size=2)),
        missing=draw_(st.sampled_from(((), ("lorries",)))),
    )


def do(step: tuple[str, str], plan: Course, standing: Standing, now: str) -> tuple[Standing, str]:
    """Do the step that is offered; return how far the officer is then, and when."""
    what, name = step
    later = text_of(instant_of(now) + timedelta(minutes=1))
    if what in {"pretest", "exam"}:
        rest = [one for one in standing.sittings if one.attempt != name]
        sat = Sat(name or f"new {later}", what, now, later, True)
        sittings = [*rest, sat]
        if what == "pretest":
            return replace(standing, sittings=sittings), later
        new = Held(f"new {later}", plan.version, later, text_of(instant_of(later) + timedelta(days=700)))
        return replace(standing, sittings=sittings, held=[*standing.held, new]), later
    if what == "lesson":
        return replace(standing, lessons={**standing.lessons, name: later}), later
    if what == "wait":
        assert name > now
        return standing, name
    if what == "used-up":
        return replace(standing, more_tries=[*standing.more_tries, later]), later
    assert what == "requires"
    return replace(standing, missing=()), later


def usable(found: Path, step: tuple[str, str]) -> bool:
    """Tell whether what is offered can be done now."""
    what, name = step
    if what == "lesson":
        return any(one.id == name and one.open and one.needed and not one.done for one in found.lessons)
    if what in {"pretest", "exam"}:
        line = found.pretest if what == "pretest" else found.exam
        return line.gate in {Gate.OPEN, Gate.RUNNING}
    return True


@given(plan=courses(), standing=standings())
def test_doing_what_is_offered_always_leads_to_the_certificate(plan: Course, standing: Standing) -> None:
    now = NOW
    for _ in range(20):
        found = path(plan, standing, now)
        step = next_step(found)
        assert usable(found, step), (step, found)
        if step[0] == "certificate":
            assert found.valid is not None
            return
        standing, now = do(step, plan, standing, now)
    pytest.fail(f"still at {step}")

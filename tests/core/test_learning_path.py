"""What is open to an officer next, and how the time of a sitting is counted."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_course import reading, structure

from elearn.core.learning.course import course_of
from elearn.core.learning.path import Gate, Path, Sat, SittingStep, Standing, next_step, path
from elearn.core.learning.renewal import Held
from elearn.core.learning.sitting import GRACE_S, IDLE_S, is_late, spent, time_left

NOW = "2026-11-24T08:00:00.000000Z"
PRETESTED = Sat("p", "pretest", "2026-11-01T08:00:00.000000Z", "2026-11-01T08:10:00.000000Z")
READ = {"looking": "2026-11-02T08:00:00.000000Z", "stopping": "2026-11-03T08:00:00.000000Z"}
CERTIFICATE = Held("A", "1.0.0", "2026-11-04T08:00:00.000000Z", "2028-11-04T16:59:59.999999Z")


def course(**changes: Any) -> Any:
    return course_of(structure(**changes))


def exam(attempt: str, submitted_at: str, success: bool) -> Sat:
    return Sat(attempt, "exam", "2026-11-04T08:00:00.000000Z", submitted_at, success)


FAILED = exam("f", "2026-11-24T07:30:00.000000Z", False)
PASSED = exam("s", "2026-11-04T08:00:00.000000Z", True)


def test_the_pre_test_comes_first_and_closes_everything_else() -> None:
    found = path(course(), Standing({}, ()), NOW)

    assert found.pretest == SittingStep(Gate.OPEN)
    assert [(one.open, one.done, one.advised) for one in found.lessons] == [(False, False, False)] * 2
    assert found.exam.gate is Gate.PRETEST_FIRST


def test_a_course_without_pre_test_begins_with_its_lessons() -> None:
    found = path(course(pretest=[]), Standing({}, ()), NOW)

    assert [one.open for one in found.lessons] == [True, True]


def test_a_running_pre_test_is_gone_on_with_and_a_done_one_not_sat_again() -> None:
    running = path(course(), Standing({}, [replace(PRETESTED, submitted_at="")]), NOW)
    done = path(course(), Standing({}, [PRETESTED]), NOW)

    assert running.pretest == SittingStep(Gate.RUNNING, "p")
    assert done.pretest == SittingStep(Gate.DONE, "p")


def test_lessons_are_open_in_any_order_and_the_first_unread_is_advised() -> None:
    found = path(course(), Standing({"stopping": NOW}, [PRETESTED]), NOW)

    assert [(one.id, one.open, one.done, one.advised) for one in found.lessons] == [
        ("looking", True, False, True),
        ("stopping", True, True, False),
    ]
    assert found.lessons_done == 1
    assert found.exam.gate is Gate.LESSONS_FIRST


def test_the_exam_opens_when_all_lessons_of_this_version_are_read() -> None:
    found = path(course(), Standing({**READ, "of-an-older-version": NOW}, [PRETESTED]), NOW)

    assert found.exam == SittingStep(Gate.OPEN)
    assert found.lessons_done == 2


def test_a_running_exam_is_gone_on_with_whatever_else() -> None:
    found = path(course(), Standing({}, [replace(FAILED, submitted_at="")]), NOW)

    assert found.exam == SittingStep(Gate.RUNNING, "f")


def test_after_a_fail_the_exam_is_open_again() -> None:
    assert path(course(), Standing(READ, [PRETESTED, FAILED]), NOW).exam == SittingStep(Gate.OPEN, "f")


def test_where_the_course_says_wait_the_exam_opens_when_the_wait_is_over() -> None:
    slow = course(attempts={"limit": 0, "wait_minutes": 60})
    standing = Standing(READ, [PRETESTED, FAILED])

    assert path(slow, standing, NOW).exam == SittingStep(Gate.WAIT, "f", "2026-11-24T08:30:00.000000Z")
    assert path(slow, standing, "2026-11-24T08:30:00.000000Z").exam.gate is Gate.OPEN


def test_attempts_are_used_up_at_the_limit_and_not_before() -> None:
    strict = course(attempts={"limit": 2, "wait_minutes": 0})
    second = exam("g", "2026-11-24T07:40:00.000000Z", False)

    assert path(strict, Standing(READ, [PRETESTED, FAILED]), NOW).exam == SittingStep(Gate.OPEN, "f", tries_left=1)
    assert path(strict, Standing(READ, [second, PRETESTED, FAILED]), NOW).exam == SittingStep(
        Gate.USED_UP, "g", tries_left=0
    )


def test_after_a_pass_there_is_a_certificate_and_no_further_exam() -> None:
    found = path(course(), Standing(READ, [PRETESTED, PASSED], [CERTIFICATE]), NOW)

    assert found.exam == SittingStep(Gate.DONE, "s")
    assert found.valid == found.latest == CERTIFICATE


@pytest.mark.parametrize(
    ("certificate", "version", "gate"),
    [
        (CERTIFICATE, "1.9.0", Gate.DONE),
        (CERTIFICATE, "2.0.0", Gate.OPEN),
        (replace(CERTIFICATE, expires_at="2027-02-23T00:00:00.000000Z"), "1.0.0", Gate.DONE),
        (replace(CERTIFICATE, expires_at="2027-02-22T00:00:00.000000Z"), "1.0.0", Gate.OPEN),
        (replace(CERTIFICATE, expires_at="2026-11-23T00:00:00.000000Z"), "1.0.0", Gate.OPEN),
        (replace(CERTIFICATE, expires_at=""), "1.0.0", Gate.DONE),
        (replace(CERTIFICATE, revoked_at=NOW), "1.0.0", Gate.OPEN),
    ],
)
def test_the_exam_reopens_to_renew_what_ends_or_changed_in_meaning(certificate: Held, version: str, gate: Gate) -> None:
    found = path(course(version=version), Standing(READ, [PRETESTED, PASSED], [certificate]), NOW)

    assert found.exam.gate is gate


def test_a_renewal_starts_with_a_clean_sheet_of_attempts() -> None:
    strict = course(attempts={"limit": 1, "wait_minutes": 0})
    early_fail = exam("f", "2026-11-03T08:00:00.000000Z", False)
    ended = replace(CERTIFICATE, expires_at="2026-11-23T00:00:00.000000Z")

    found = path(strict, Standing(READ, [PRETESTED, early_fail, PASSED], [ended]), NOW)

    assert found.exam == SittingStep(Gate.OPEN, "s", tries_left=1)
    assert found.valid is None
    assert found.latest == ended


def test_a_revoked_certificate_does_not_hide_a_good_one() -> None:
    newer = replace(CERTIFICATE, number="B", issued_at="2026-11-10T08:00:00.000000Z", revoked_at=NOW)

    assert path(course(), Standing(READ, [PRETESTED], [newer, CERTIFICATE]), NOW).valid == CERTIFICATE


def test_time_runs_while_questions_are_answered() -> None:
    assert time_left(600, 60, 30) == 30 * 60 - 660
    assert time_left(1790, 60, 30) == 0.0


def test_without_a_limit_there_is_no_time_left_to_show() -> None:
    assert time_left(600, 60, 0) is None
    assert is_late(10**9, 10**9, 0) is False


def test_a_break_of_an_hour_costs_five_minutes_at_most() -> None:
    assert time_left(600, 3600, 30) == 30 * 60 - 600 - IDLE_S


def test_a_break_in_the_last_minutes_ends_the_sitting() -> None:
    assert time_left(1680, 3600, 30) == 0.0
    assert is_late(1680, 3600, 30) is True


def test_a_clock_that_went_back_costs_nothing() -> None:
    assert time_left(600, -(10**9), 30) == 1200


def test_an_answer_on_its_way_when_the_time_ran_out_is_taken() -> None:
    assert is_late(1790, 10 + GRACE_S, 30) is False
    assert is_late(1790, 11 + GRACE_S, 30) is True


@given(st.floats(0, 1800), st.floats(-1e6, 1e6))
def test_time_never_runs_backwards_nor_faster_than_the_clock(used: float, gap: float) -> None:
    assert used <= spent(used, gap) <= used + max(0.0, gap) + 1e-6


def handbook(role: str, *read: str) -> Path:
    return path(course_of(reading()), Standing(dict.fromkeys(read, NOW), (), (), role), NOW)


@pytest.mark.parametrize(
    ("role", "needed"),
    [
        ("officer", ["looking", "writing"]),
        ("trainer", ["looking", "stopping", "writing"]),
        ("coordinator", ["looking", "calling", "writing"]),
        ("administrator", ["looking", "calling", "writing"]),
    ],
)
def test_a_course_that_is_only_read_is_read_when_the_lessons_of_ones_role_are(role: str, needed: list[str]) -> None:
    for n in range(len(needed)):
        found = handbook(role, *needed[:n])
        assert next_step(found) == ("lesson", needed[n])
        assert [one.id for one in found.lessons if one.advised] == [needed[n]]
        assert (found.read, found.lessons_done, found.lessons_needed) == (False, n, len(needed))
    whole = handbook(role, *needed)

    assert next_step(whole) == ("read", "")
    assert (whole.read, whole.lessons_done) == (True, len(needed))
    assert whole.exam == SittingStep(Gate.NONE)
    assert whole.valid is None
    assert not any(one.advised for one in whole.lessons)


def test_every_lesson_of_a_course_that_is_only_read_is_open_at_once_whomever_it_is_for() -> None:
    found = handbook("officer", "stopping")

    assert [one.open for one in found.lessons] == [True] * 4
    assert [one.done for one in found.lessons] == [False, True, False, False]
    assert found.lessons_done == 0


def test_a_course_with_nothing_for_a_role_is_not_read_by_having_done_nothing() -> None:
    lessons = [{**one, "audience": ["trainer"]} for one in reading()["lessons"]]
    found = path(course_of(reading(lessons=lessons)), Standing({}, ()), NOW)

    assert (found.read, found.lessons_needed, next_step(found)) == (False, 0, ("read", ""))


def test_the_exam_waits_only_for_the_lessons_of_ones_role() -> None:
    looking, stopping = structure()["lessons"]
    lessons = [looking, {**stopping, "audience": ["trainer"]}]
    read = {"looking": NOW}
    officer = path(course(lessons=lessons), Standing(read, [PRETESTED]), NOW)
    trainer = path(course(lessons=lessons), Standing(read, [PRETESTED], role="trainer"), NOW)

    assert officer.exam.gate is Gate.OPEN
    assert trainer.exam.gate is Gate.LESSONS_FIRST


def test_an_exam_that_runs_is_gone_on_with_though_the_course_has_none_any_more() -> None:
    running = replace(FAILED, submitted_at="")

    assert next_step(path(course_of(reading()), Standing({}, [running]), NOW)) == ("exam", "f")
    assert path(course_of(reading()), Standing({}, [FAILED]), NOW).exam.gate is Gate.NONE

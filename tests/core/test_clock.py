"""A clock is doubted for what is known to have happened, never for what a person has said since."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from elearn.core.ledger.clock import LEAP, Doubt, Evidence, Said, doubt

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
UNSET = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = datetime(2035, 1, 1, tzinfo=UTC)


def kind(now: datetime, **known: object) -> str:
    found = doubt(now, Evidence(**known))  # type: ignore[arg-type]
    return found.kind if found else ""


def test_nothing_known_speaks_against_no_clock() -> None:
    assert kind(UNSET) == ""


def test_a_clock_before_the_last_entry_the_newest_course_or_the_hubs_time_is_back() -> None:
    assert doubt(UNSET, Evidence(stored=NOON)) == Doubt("back", NOON)
    assert kind(NOON, published=NOON + DAY) == "back"
    assert kind(NOON - DAY, hub=NOON, own_then=NOON) == "back"
    assert kind(NOON - DAY, hub=NOON, own_then=NOON - 9 * DAY) == "back"


def test_a_post_a_few_minutes_behind_its_hub_is_not_doubted() -> None:
    assert kind(NOON, hub=NOON + timedelta(minutes=5), own_then=NOON) == ""


def test_two_seconds_back_are_no_lie_and_three_are() -> None:
    assert kind(NOON - timedelta(seconds=2), stored=NOON) == ""
    assert kind(NOON - timedelta(seconds=3), stored=NOON) == "back"


def test_a_rainy_season_off_is_believed_and_a_day_more_is_asked_about() -> None:
    assert kind(NOON + LEAP, stored=NOON) == ""
    assert kind(NOON + LEAP + DAY, stored=NOON) == "leapt"


def test_a_leap_is_counted_from_the_last_look_even_if_an_entry_hides_it() -> None:
    assert kind(AHEAD, stored=AHEAD, looked=NOON) == "leapt"


def test_a_hub_half_a_day_off_is_a_doubt_until_the_next_exchange_or_a_persons_word() -> None:
    far = {"hub": NOON - DAY, "own_then": NOON}
    assert kind(NOON + timedelta(hours=1), **far) == "hub"
    assert kind(NOON + timedelta(hours=1), **far, said=Said(NOON, NOON)) == ""
    assert kind(NOON - DAY, **far) == ""
    assert kind(NOON, hub=NOON - timedelta(hours=7), own_then=NOON) == ""


def test_a_hub_that_agrees_answers_a_leap() -> None:
    assert kind(AHEAD, looked=NOON, hub=AHEAD, own_then=AHEAD) == ""


def test_a_person_can_say_that_it_was_the_past_that_ran_ahead() -> None:
    said = Said(NOON, AHEAD)
    creeping = AHEAD + timedelta(milliseconds=3)

    assert kind(NOON + DAY, stored=creeping, said=said) == ""
    assert kind(NOON - DAY, stored=creeping, said=said) == "back"
    assert kind(NOON + DAY, stored=AHEAD + 2 * DAY, said=said) == "back"


instants = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by timezones


@given(now=instants, stored=st.none() | instants, published=st.none() | instants, hub=st.none() | instants)
def test_after_a_persons_word_the_clock_is_believed_for_a_season_whatever_was_known(
    now: datetime, stored: datetime | None, published: datetime | None, hub: datetime | None
) -> None:
    before = Evidence(stored=stored, published=published, hub=hub, own_then=None if hub is None else now)
    said = Said(now, max(before.newest or now, now))

    after = Evidence(**{**vars(before), "said": said, "looked": now})

    assert doubt(now, after) is None
    assert doubt(now + LEAP, after) is None

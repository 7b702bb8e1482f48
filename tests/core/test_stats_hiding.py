"""Outcomes and areas print nothing that the printed courses do not tell already."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from elearn.core.stats.counted import Count, Counted
from elearn.core.stats.hiding import hidden_in, hidden_in_cross

COURSES = ("care", "hiding", "money", "prices", "searching")
OUTCOME = {"care": "TA1-O6", "hiding": "TA2-O4", "money": "TA2-O7", "prices": "TA2-O7", "searching": "TA2-O4"}
GROUPS = {"outcome": OUTCOME, "area": {course: outcome[:3] for course, outcome in OUTCOME.items()}}
SEXES = ("female", "male", "undisclosed")
Cell = tuple[str, str]
People = dict[Cell, int]
"""(course, sex) -> how many, each in one course."""

PEOPLE = st.lists(
    st.one_of(st.integers(0, 6), st.integers(0, 30)),
    min_size=len(COURSES) * len(SEXES),
    max_size=len(COURSES) * len(SEXES),
).map(lambda counts: dict(zip([(course, sex) for course in COURSES for sex in SEXES], counts, strict=True)))


def counts(found: Counter[str], values: Sequence[str]) -> list[Count]:
    return [Count(value, found[value], found[value]) for value in values]


def counted(people: People, rows: str, parts: Sequence[Counted] = ()) -> Counted:
    """Return what is counted of these people, with a cross table of ``rows`` by sex."""
    by: dict[str, Counter[str]] = {name: Counter() for name in ("course", "sex", *GROUPS)}
    crossed: Counter[Cell] = Counter()
    for (course, sex), n in people.items():
        by["course"][course] += n
        by["sex"][sex] += n
        for name, groups in GROUPS.items():
            by[name][groups[course]] += n
        crossed[(course if rows == "course" else GROUPS[rows][course], sex)] += n
    courses = sorted({course for course, _ in people})
    tables = {"course": counts(by["course"], courses), "sex": counts(by["sex"], SEXES)}
    tables |= {
        name: counts(by[name], sorted({groups[course] for course in courses})) for name, groups in GROUPS.items()
    }
    total = sum(people.values())
    return Counted(
        total=Count("", total, total),
        mean_score=None,
        told_apart=False,
        tables=tables,
        certificates=(),
        cross={cell: Count("", n, n) for cell, n in crossed.items() if n},
        groups=GROUPS,
        by_course={cell: Count("", n, n) for cell, n in people.items() if n},
        parts=parts,
    )


def printed(people: People, rows: str, found: Counted) -> Iterator[frozenset[Cell]]:
    """Yield what is printed of these people, each number as the cells it is the sum of."""
    yield frozenset(people)
    for name in ("sex", rows):
        hidden = hidden_in(name, found)
        if hidden is not None:
            yield from (members(people, name, count.value) for count in found.tables[name] if count.value not in hidden)
    cells = hidden_in_cross(rows, "sex", found)
    if cells is not None:
        every = ((row.value, sex) for row in found.tables[rows] for sex in SEXES)
        yield from (
            members(people, rows, row) & members(people, "sex", sex) for row, sex in every if (row, sex) not in cells
        )


def members(people: People, dimension: str, value: str) -> frozenset[Cell]:
    def of(cell: Cell) -> str:
        course, sex = cell
        return {"sex": sex, "course": course}.get(dimension) or GROUPS[dimension][course]

    return frozenset(cell for cell in people if of(cell) == value)


def rank(sums: set[frozenset[Cell]]) -> int:
    """Return how many of these sums tell something the others do not (Gauss)."""
    unknown = sorted(set().union(*sums))
    matrix = [[Fraction(cell in one) for cell in unknown] for one in sorted(sums, key=sorted)]
    done = 0
    for column in range(len(unknown)):
        pivot = next((r for r in range(done, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        for r in range(done + 1, len(matrix)):
            factor = matrix[r][column] / matrix[done][column]
            matrix[r] = [a - factor * b for a, b in zip(matrix[r], matrix[done], strict=True)]
        done += 1
    return done


def test_the_rank_of_these_tests_tells_what_is_new() -> None:
    one, other = frozenset({("care", "male")}), frozenset({("care", "female")})

    assert rank({one, other}) == rank({one, other, one | other}) == 2


@settings(max_examples=200, deadline=None)
@given(PEOPLE, st.sampled_from(sorted(GROUPS)))
def test_a_report_by_outcome_or_area_tells_nothing_that_the_one_by_course_does_not(people: People, rows: str) -> None:
    assume(sum(people.values()) >= 5)
    by_course = set(printed(people, "course", counted(people, "course")))
    by_group = set(printed(people, rows, counted(people, rows)))

    assert rank(by_course | by_group) == rank(by_course)


@settings(max_examples=200, deadline=None)
@given(PEOPLE, st.sampled_from(["course", "outcome"]))
def test_a_report_of_an_area_tells_nothing_that_those_of_its_courses_do_not(people: People, rows: str) -> None:
    area = {cell: n for cell, n in people.items() if GROUPS["area"][cell[0]] == "TA2"}
    alone = [{cell: n for cell, n in area.items() if cell[0] == course} for course in sorted({one for one, _ in area})]
    assume(all(sum(one.values()) >= 5 for one in alone))
    told: set[frozenset[Cell]] = set()
    for one in alone:
        told |= set(printed(one, rows, counted(one, rows)))

    found = counted(area, rows, [counted(one, rows) for one in alone])

    assert rank(told | set(printed(area, rows, found))) == rank(told)

"""Small counts are hidden, and nobody can work them out from what is printed."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.core.stats.privacy import LEAST, hidden_cells, hidden_lines

COUNT = st.one_of(st.integers(0, 6), st.integers(0, 40))
SMALL_TABLES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(COUNT, min_size=columns, max_size=columns), min_size=1, max_size=4)
)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([10, 20], set()),
        ([0, 20], set()),
        ([3, 0, 20], {0, 2}),
        ([3, 7, 20], {0, 1}),
        ([1, 5, 20], {0, 1}),
        ([20, 3, 20], {1, 0}),
        ([1, 1, 9, 30], {0, 1, 2}),
        ([4, 4, 30, 31], {0, 1}),
        ([2, 3], {0, 1}),
        ([], set()),
    ],
)
def test_small_lines_take_the_smallest_others_with_them(counts: list[int], hidden: set[int]) -> None:
    assert hidden_lines(counts) == hidden


def test_a_line_that_is_wanted_is_hidden_last() -> None:
    assert hidden_lines([10, 30, 2], wanted=0) == {1, 2}
    assert hidden_lines([10, 3], wanted=0) == {0, 1}
    assert hidden_lines([3, 30, 40], wanted=0) == {0, 1}


def test_a_table_where_everything_would_be_known_is_withheld() -> None:
    assert hidden_lines([1, 1, 1, 1, 1]) is None
    assert hidden_lines([0, 1, 1, 1, 2]) is None


@given(st.lists(COUNT, min_size=1, max_size=8))
def test_every_hidden_line_leaves_its_count_open(counts: list[int]) -> None:
    hidden = hidden_lines(counts)

    if hidden is None:
        assert sum(counts) < 3 * LEAST
        return
    assert {line for line, count in enumerate(counts) if 0 < count < LEAST} <= hidden
    assert all(counts[line] for line in hidden)
    together = sum(counts[line] for line in hidden)
    largest = together - (len(hidden) - 1)
    if hidden:
        # What a reader can add up is itself no small count, and each line may hold 1 up to `largest`.
        assert len(hidden) >= 2
        assert together >= LEAST or together == sum(counts)
        assert largest >= min(LEAST, sum(counts) - len(hidden) + 1) >= 3


@given(st.lists(COUNT, min_size=1, max_size=8))
def test_the_same_counts_hide_the_same_lines(counts: list[int]) -> None:
    assert hidden_lines(counts) == hidden_lines(tuple(counts))


def protected(cells: list[list[int]]) -> tuple[dict[tuple[int, int], int], set[tuple[int, int]]] | None:
    """Return all cells with totals (row and column -1), and those hidden; None if the tables are withheld."""
    rows = [sum(row) for row in cells]
    columns = [sum(column) for column in zip(*cells, strict=True)]
    if 0 < sum(rows) < LEAST:
        return None
    hidden_rows, hidden_columns = hidden_lines(rows), hidden_lines(columns)
    if hidden_rows is None or hidden_columns is None:
        return None
    hidden = hidden_cells(cells, rows, columns, hidden_rows, hidden_columns)
    if hidden is None:
        return None
    every = {(r, c): count for r, row in enumerate(cells) for c, count in enumerate(row)}
    every |= {(r, -1): count for r, count in enumerate(rows)} | {(-1, c): count for c, count in enumerate(columns)}
    return every, {*hidden, *((r, -1) for r in hidden_rows), *((-1, c) for c in hidden_columns)}


def equations(cells: list[list[int]]) -> list[dict[tuple[int, int], int]]:
    """Return what a reader knows: each row, each column and both lines of totals add up. The grand total is known."""
    rows, columns = range(len(cells)), range(len(cells[0]))
    return [
        *({**{(r, c): 1 for c in columns}, (r, -1): -1} for r in rows),
        *({**{(r, c): 1 for r in rows}, (-1, c): -1} for c in columns),
        {(r, -1): 1 for r in rows},
        {(-1, c): 1 for c in columns},
    ]


def determined(cells: list[list[int]], hidden: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the hidden cells that are linear combinations of printed ones (Gauss-Jordan over the equations)."""
    unknown = sorted(hidden)
    matrix = [[Fraction(line.get(cell, 0)) for cell in unknown] for line in equations(cells)]
    done = 0
    for column in range(len(unknown)):
        pivot = next((r for r in range(done, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        matrix[done] = [value / matrix[done][column] for value in matrix[done]]
        for r, row in enumerate(matrix):
            if r != done and row[column]:
                matrix[r] = [a - row[column] * b for a, b in zip(row, matrix[done], strict=True)]
        done += 1
    return {unknown[row.index(1)] for row in matrix[:done] if sum(1 for value in row if value) == 1}


def test_the_solver_of_these_tests_finds_what_can_be_worked_out() -> None:
    cells = [[3, 20], [30, 40]]

    assert determined(cells, {(0, 0)}) == {(0, 0)}
    assert determined(cells, {(0, 0), (0, 1)}) == {(0, 0), (0, 1)}
    assert determined(cells, {(0, 0), (0, 1), (1, 0), (1, 1)}) == set()
    assert determined(cells, {(0, 0), (0, 1), (1, 1), (0, -1)}) == {(0, 0), (0, 1), (1, 1), (0, -1)}


@settings(max_examples=300, deadline=None)
@given(SMALL_TABLES)
def test_no_hidden_cell_is_computable_from_printed_ones(cells: list[list[int]]) -> None:
    found = protected(cells)

    if found is None:
        return
    every, hidden = found
    assert {cell for cell, count in every.items() if 0 < count < LEAST} <= hidden
    assert determined(cells, hidden) == set()


def solutions(cells: list[list[int]], hidden: set[tuple[int, int]], most: int) -> dict[tuple[int, int], set[int]]:
    """Return the values each hidden cell has in any table of whole numbers that agrees with everything printed."""
    inner = {cell for cell in hidden if -1 not in cell}
    blank_rows = {r for r, c in inner if cells[r][c] == 0}
    blank_columns = {c for r, c in inner if cells[r][c] == 0}
    totals_c = [sum(column) for column in zip(*cells, strict=True)]
    choices = []
    for r, row in enumerate(cells):
        least = [0 if r in blank_rows or c in blank_columns else 1 for c in range(len(row))]
        spans = [range(least[c], most + 1) if (r, c) in inner else (count,) for c, count in enumerate(row)]
        ways = product(*spans)
        choices.append([way for way in ways if (r, -1) in hidden or sum(way) == sum(row)])
    seen: dict[tuple[int, int], set[int]] = {cell: set() for cell in hidden}
    for other in product(*choices):
        sums_c = [sum(column) for column in zip(*other, strict=True)]
        agree = sum(sums_c) == sum(totals_c)
        if agree and all(sums_c[c] == total or (-1, c) in hidden for c, total in enumerate(totals_c)):
            for r, c in hidden:
                seen[(r, c)].add(sums_c[c] if r == -1 else sum(other[r]) if c == -1 else other[r][c])
    return seen


TINY = st.lists(st.lists(st.integers(0, 8), min_size=2, max_size=2), min_size=2, max_size=2)


@settings(max_examples=100, deadline=None)
@given(TINY)
def test_every_hidden_small_count_leaves_at_least_three_whole_numbers_open(cells: list[list[int]]) -> None:
    found = protected(cells)

    if found is None:
        return
    every, hidden = found
    for cell, values in solutions(cells, hidden, most=14).items():
        assert len(values) >= (3 if every[cell] < LEAST else 2), (cells, cell, values)


def test_a_bridge_between_two_hidden_squares_is_not_left_to_be_worked_out() -> None:
    # Rows 0-1 with columns 0-1, and rows 2-3 with columns 2-3, hide each other; (1, 2) alone joins them.
    cells = [[3, 9, 50, 50], [9, 9, 4, 50], [50, 50, 3, 9], [50, 50, 9, 9]]

    found = protected(cells)

    assert found is not None
    assert (1, 2) in found[1]
    assert determined(cells, found[1]) == set()


def test_a_printed_margin_is_not_hidden_by_the_table_of_two() -> None:
    cells = [[3, 20, 30], [25, 21, 32]]

    found = protected(cells)

    assert found is not None
    assert found[1] == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_column_of_single_persons_is_blanked_as_a_whole() -> None:
    cells = [[20, 30, 1], [21, 31, 0], [22, 32, 1], [23, 33, 1], [24, 34, 1], [25, 35, 1]]

    found = protected(cells)

    assert found is not None
    assert {(row, 2) for row in range(6)} <= found[1]
    assert found[0][(1, 2)] == 0
    assert determined(cells, found[1]) == set()


def test_zeros_stay_printed() -> None:
    found = protected([[0, 12, 3], [14, 0, 18], [15, 16, 0]])

    assert found is not None
    assert all(found[0][cell] for cell in found[1])


def test_a_table_of_a_thousand_small_posts_is_protected() -> None:
    cells = [[(post * 7) % 6, (post * 5) % 9, (post % 11 == 0) * 1] for post in range(1000)]

    found = protected(cells)

    assert found is not None
    assert {cell for cell, count in found[0].items() if 0 < count < LEAST} <= found[1]

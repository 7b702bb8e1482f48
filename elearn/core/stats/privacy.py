"""Which cells of a table are not printed, so that no count of 1 to 4 persons can be read or worked out.

A cell of 1..4 is hidden, and with it others, until the printed ones (totals and zeros too) leave its value open. All
hidden cells look alike. If the small ones said "fewer than 5", two of them under a total of 8 would both be 4.

The cells are the flow of a network: each row and column is a node whose cells add up to its total. What a reader may
still believe is every flow with at least 1 in each hidden cell; how far one cell can be raised or lowered is how much
can be pushed around it through the other hidden cells. Counts of persons need not add up (one person may pass two
courses), but the completions beside them do: so tables are treated as if everything did.
"""

import heapq
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise

LEAST = 5
"""The smallest count of persons that is printed."""

OPEN_VALUES = 3
"""How many values a hidden cell must at least leave open where LEAST can't be among them (a total of 5 = 2 + 3)."""

Arc = tuple[int, int]
_PLENTY = 1 << 60


def is_small(persons: int) -> bool:
    """Tell whether a count points at persons; nobody at all points at nobody."""
    return 0 < persons < LEAST


def hidden_lines(counts: Sequence[int], wanted: int | None = None) -> frozenset[int] | None:
    """Return which lines of a table with a printed total are hidden; None: the whole table must be withheld.

    Complements are the smallest counts, the first line first: the same counts always give the same lines.
    wanted: a line that is taken as a complement only when no other is left.
    """
    hidden = {line for line, count in enumerate(counts) if is_small(count)}
    if not hidden:
        return frozenset()
    total = sum(counts[line] for line in hidden)
    others = ((line == wanted, count, line) for line, count in enumerate(counts) if count >= LEAST)
    for _, count, line in sorted(others):
        # Each hidden line holds 1 or more: the largest any of them can be is what the others leave.
        if len(hidden) > 1 and total - len(hidden) + 1 >= LEAST:
            break
        hidden.add(line)
        total += count
    return frozenset(hidden) if len(hidden) > 1 and total - len(hidden) + 1 >= OPEN_VALUES else None


def hidden_cells(
    cells: Sequence[Sequence[int]],
    row_totals: Sequence[int],
    column_totals: Sequence[int],
    hidden_rows: frozenset[int],
    hidden_columns: frozenset[int],
) -> frozenset[Arc] | None:
    """Return the (row, column) of cells hidden in a table with a printed grand total; None: withhold the table.

    hidden_rows, hidden_columns: totals that are hidden already, in the one-way tables of the same report; no other
    total is hidden here, so that the two never tell on each other. A zero is hidden only in a line that is blank.
    """
    network = _Network(cells, row_totals, column_totals, hidden_rows, hidden_columns)
    waiting = deque(sorted(network.hidden))
    while waiting:
        arc = waiting.popleft()
        before = set(network.hidden)
        if not (network.leaves_open(arc) or network.blanked_until_open(arc)):
            return None
        # What was found open stays so: hiding more only opens more. Only the new ones are to be looked at.
        waiting.extend(sorted(network.hidden - before))
    columns = len(column_totals)
    found = (network.cell_of(arc) for arc in network.hidden)
    return frozenset(cell for cell in found if cell[0] < len(row_totals) and cell[1] < columns)


class _Network:
    """Rows, columns, the row of totals and the column of totals as nodes; cells as arcs between them."""

    def __init__(
        self,
        cells: Sequence[Sequence[int]],
        row_totals: Sequence[int],
        column_totals: Sequence[int],
        hidden_rows: frozenset[int],
        hidden_columns: frozenset[int],
    ) -> None:
        self._rows, columns = len(row_totals), len(column_totals)
        self._totals_row = self._rows + columns
        self._totals_column = self._totals_row + 1
        self.value: dict[Arc, int] = {}
        for row, line in enumerate(cells):
            self.value.update({(row, self._rows + column): count for column, count in enumerate(line) if count})
        self.hidden = {arc for arc, count in self.value.items() if is_small(count)}
        margins = {(self._totals_column, row): row_totals[row] for row in hidden_rows}
        margins |= {(self._rows + column, self._totals_row): column_totals[column] for column in hidden_columns}
        self.value |= margins
        self.hidden |= margins.keys()
        self._loose: set[Arc] = set()
        self._beside: list[list[int]] = [[] for _ in range(self._totals_column + 1)]
        for start, end in sorted(self.value):
            self._join(start, end)

    def cell_of(self, arc: Arc) -> Arc:
        """Return (row, column); a row or column beyond the last is that of totals."""
        start, end = arc
        row = self._rows if end == self._totals_row else (end if start == self._totals_column else start)
        column = (
            self._totals_row - self._rows
            if start == self._totals_column
            else (start if end == self._totals_row else end) - self._rows
        )
        return row, column

    def _join(self, start: int, end: int) -> None:
        self._beside[start].append(end)
        self._beside[end].append(start)

    def blanked_until_open(self, arc: Arc) -> bool:
        """Hide the whole row or column of the cell, where a reader knows most about it, and then the other."""
        lines = [node for node in arc if node < self._totals_row]
        for line in sorted(lines, key=lambda node: (self._slack(node, arc), -node)):
            self._blank(line)
            if self.leaves_open(arc):
                return True
        return False

    def _slack(self, node: int, but: Arc) -> int:
        arcs = (arc for arc in self.hidden if node in arc and arc != but)
        return sum(self.value[arc] - 1 for arc in arcs)

    def _blank(self, node: int) -> None:
        """Hide every cell of a line, with the zeros a reader can't work out: then each of its cells may be a zero."""
        rows, columns = range(self._rows), range(self._rows, self._totals_row)
        line = [(node, column) for column in columns] if node < self._rows else [(row, node) for row in rows]
        zeros = [arc for arc in line if arc not in self.value]
        for arc in zeros:
            self.value[arc] = 0
            self._join(*arc)
        self.hidden.update(line)
        self._loose.update(line)
        kept = self._open_zeros(zeros)
        if not kept and any(self._push(arc[1], arc[0], 1, arc, hide_more=True) for arc in zeros):
            kept = self._open_zeros(zeros)
        if not kept:
            self._loose.difference_update(line)
        for arc in set(zeros) - kept:
            self.hidden.discard(arc)
            self._loose.discard(arc)
            del self.value[arc]
            self._beside[arc[0]].remove(arc[1])
            self._beside[arc[1]].remove(arc[0])

    def _open_zeros(self, zeros: list[Arc]) -> set[Arc]:
        """Return those a reader can't work out from what is printed now."""
        return {arc for arc in zeros if self._push(arc[1], arc[0], 1, arc, hide_more=False)}

    def leaves_open(self, arc: Arc) -> bool:
        """Hide what is needed so that the arc's value stays open; tell whether that was possible."""
        start, end = arc
        value = self.value[arc]
        if not value:
            return True
        harmless = not is_small(value)
        wanted = 1 if harmless else LEAST - value
        if self._push(end, start, wanted, arc, hide_more=False) == wanted:
            return True
        if harmless and self._push(start, end, 1, arc, hide_more=False):
            return True
        up = self._push(end, start, wanted, arc, hide_more=True)
        if up == wanted:
            return True
        down = min(value - self._lowest(arc), self._push(start, end, OPEN_VALUES, arc, hide_more=True))
        return down > 0 if harmless else up + down + 1 >= OPEN_VALUES

    def _push(self, source: int, target: int, wanted: int, around: Arc, *, hide_more: bool) -> int:
        """Push up to ``wanted`` from source to target without ``around``; return how much went."""
        flow: dict[Arc, int] = {}
        done = 0
        while done < wanted:
            path = self._free_path(source, target, flow, around)
            if path is None and hide_more:
                path = self._cheapest_path(source, target, flow, around)
            if path is None:
                break
            steps = list(pairwise(path))
            amount = min(wanted - done, *(self._room(one, other, flow, around) for one, other in steps))
            for one, other in steps:
                arc, sign = ((one, other), 1) if (one, other) in self.value else ((other, one), -1)
                flow[arc] = flow.get(arc, 0) + sign * amount
                self.hidden.add(arc)
            done += amount
        return done

    def _room(self, one: int, other: int, flow: dict[Arc, int], around: Arc) -> int:
        """Return how much can go from one node to the next: any amount along a cell, and against it what is there."""
        if around in {(one, other), (other, one)}:
            return 0
        if (one, other) in self.value:
            return _PLENTY
        return self.value[(other, one)] + flow.get((other, one), 0) - self._lowest((other, one))

    def _lowest(self, arc: Arc) -> int:
        """Return the least a reader knows a hidden cell to be: zeros are printed, but for those of blank lines."""
        return 0 if arc in self._loose else 1

    def _is_hidden(self, one: int, other: int) -> bool:
        return (one, other) in self.hidden or (other, one) in self.hidden

    def _free_path(self, source: int, target: int, flow: dict[Arc, int], around: Arc) -> list[int] | None:
        """Return a path through hidden cells, depth first: in a large table one is found after a few steps."""
        seen = {source}
        path = [source]
        trail: list[Iterator[int]] = [iter(self._beside[source])]
        while path:
            here = path[-1]
            if self._open(here, target, flow, around):
                return [*path, target]
            for node in trail[-1]:
                if node not in seen and self._open(here, node, flow, around):
                    seen.add(node)
                    path.append(node)
                    trail.append(iter(self._beside[node]))
                    break
            else:
                path.pop()
                trail.pop()
        return None

    def _open(self, one: int, other: int, flow: dict[Arc, int], around: Arc) -> bool:
        return self._is_hidden(one, other) and self._room(one, other, flow, around) > 0

    def _cheapest_path(self, source: int, target: int, flow: dict[Arc, int], around: Arc) -> list[int] | None:
        """Return the path that hides the fewest persons more; the first of equals by the order of lines."""
        best = {source: 0}
        came_from: dict[int, int] = {}
        queue = [(0, source)]
        while queue:
            cost, here = heapq.heappop(queue)
            if here == target:
                path = [target]
                while path[-1] != source:
                    path.append(came_from[path[-1]])
                return path[::-1]
            if cost > best[here]:
                continue
            for node in self._beside[here]:
                if self._room(here, node, flow, around) <= 0:
                    continue
                price = cost + self._price(here, node)
                if price < best.get(node, _PLENTY):
                    best[node] = price
                    came_from[node] = here
                    heapq.heappush(queue, (price, node))
        return None

    def _price(self, one: int, other: int) -> int:
        if self._is_hidden(one, other):
            return 0
        return self.value[(one, other)] if (one, other) in self.value else self.value[(other, one)]

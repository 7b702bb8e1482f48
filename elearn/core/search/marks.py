"""What to mark in a text that was found, and which stretch of it to show.

Works on the canonical text, by the terms the index was asked for, so that a folded or a pair match is marked where it
is. No mark and no cut falls inside a cluster.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from elearn.core.search.canonical import canonical
from elearn.core.search.clusters import Cluster, cuts, runs, snap
from elearn.core.search.passage import Piece
from elearn.core.search.plan import Plan, Run
from elearn.core.search.terms import Breaks, Word, same_letters, words

# Two to three lines on a phone, counted in letters; a Han letter is as wide as two.
SNIPPET_WIDTH = 160
_LEAD_IN = SNIPPET_WIDTH // 5
_FIRST_WIDE, _FIRST_KOREAN = "\u2e80", "\ua4d0"

Span = tuple[int, int, int]  # start, end, which thing of the query (to tell variety from repetition)


@dataclass(frozen=True)
class Snippet:
    """The pieces of the best stretch, and whether text was left off before and after it."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


class Text:
    """A canonical text with its words and clusters, each found once."""

    def __init__(self, text: str, language: str, breaks: Breaks) -> None:
        self.text = canonical(text)
        self.words = words(self.text, language, breaks)
        self.cuts = cuts(self.text)
        self.runs = [(run, [same_letters(cluster.letters) for cluster in run]) for run in runs(self.text)]
        self._exact: dict[str, list[Word]] = defaultdict(list)
        self._folded: dict[str, list[Word]] = defaultdict(list)
        for word in self.words:
            self._exact[word.exact].append(word)
            self._folded[word.folded].append(word)

    def like(self, asked: Word) -> list[Word]:
        """Return the words that match: with tones only those, if there are any; without, all."""
        exact = [] if asked.exact.isascii() else self._exact.get(asked.exact, [])
        return exact or self._folded.get(asked.folded, [])


def marked(text: str, plan: Plan, language: str, breaks: Breaks) -> tuple[Piece, ...]:
    """Return the whole canonical text in pieces."""
    read = Text(text, language, breaks)
    return _pieces(read.text, 0, len(read.text), _spans(read, plan))


def snippet(text: str, plan: Plan, language: str, breaks: Breaks) -> Snippet:
    """Return the stretch of the canonical text that shows most of what was asked for, cut between words."""
    read = Text(text, language, breaks)
    spans = _spans(read, plan)
    start, end = _window(read, spans)
    return Snippet(_pieces(read.text, start, end, spans), start > 0, end < len(read.text))


def _spans(read: Text, plan: Plan) -> list[Span]:
    found: list[Span] = []
    thing = 0
    for chunk in plan.chunks:
        for word in chunk.spaced:
            found += [(hit.start, hit.end, thing) for hit in read.like(word)]
            thing += 1
        for run in chunk.runs:
            found += [(start, end, thing) for start, end in _run_spans(read, run)]
            thing += 1
    return sorted((*snap(read.cuts, start, end), what) for start, end, what in found)


def _run_spans(read: Text, asked: Run) -> list[tuple[int, int]]:
    """Return where the run stands whole; else its words; else what is left of it in pairs of clusters."""
    whole = [span for run, letters in read.runs for span in _occurrences(run, letters, asked.letters)]
    if whole:
        return whole
    by_word = [read.like(word) for word in asked.words]
    found = [(hit.start, hit.end) for hits in by_word for hit in hits]
    if not all(by_word):
        wanted = set(asked.grams)
        found += [span for run, letters in read.runs for span in _stretches(run, letters, wanted)]
    return found


def _occurrences(run: list[Cluster], letters: list[str], asked: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    size = len(asked)
    for at in range(len(letters) - size + 1):
        if tuple(letters[at : at + size]) == asked:
            yield run[at].start, run[at + size - 1].end


def _stretches(run: list[Cluster], letters: list[str], wanted: set[str]) -> Iterator[tuple[int, int]]:
    for at in range(len(letters) - 1):
        if letters[at] + letters[at + 1] in wanted:
            yield run[at].start, run[at + 1].end


def _pieces(text: str, start: int, end: int, spans: list[Span]) -> tuple[Piece, ...]:
    """Return ``text[start:end]`` in pieces; touching and overlapping spans become one."""
    found: list[Piece] = []
    at = start
    for hit_start, hit_end in _merged(spans, start, end):
        if at < hit_start:
            found.append(Piece(text[at:hit_start], hit=False))
        found.append(Piece(text[hit_start:hit_end], hit=True))
        at = hit_end
    if at < end:
        found.append(Piece(text[at:end], hit=False))
    return tuple(found)


def _merged(spans: list[Span], start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for hit_start, hit_end, _ in spans:
        inside = max(hit_start, start), min(hit_end, end)
        if inside[0] >= inside[1]:
            continue
        if found and inside[0] <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], inside[1])
        else:
            found.append(inside)
    return found


def _window(read: Text, spans: list[Span]) -> tuple[int, int]:
    """Return start and end of the stretch to show."""
    # edges[i] = how wide the text is up to cuts[i].
    edges = [0, *accumulate(2 if _FIRST_WIDE <= read.text[cut] < _FIRST_KOREAN else 1 for cut in read.cuts[:-1])]
    if edges[-1] <= SNIPPET_WIDTH:
        return 0, len(read.text)
    first = _best(read, edges, spans)
    start = _word_start(read, _cut_at(read, edges, edges[bisect_left(read.cuts, first)] - _LEAD_IN), first)
    end = _cut_at(read, edges, edges[bisect_left(read.cuts, start)] + SNIPPET_WIDTH)
    return start, _word_end(read, end, first)


def _best(read: Text, edges: list[int], spans: list[Span]) -> int:
    """Return where the first hit of the best window stands: most different things, then most hits, then earliest."""
    best, best_worth = 0, (0, 0)
    for index, (start, _, _) in enumerate(spans):
        limit = _cut_at(read, edges, edges[bisect_left(read.cuts, start)] + SNIPPET_WIDTH - _LEAD_IN)
        things = [what for hit_start, hit_end, what in spans[index : index + 64] if hit_end <= limit]
        worth = len(set(things)), len(things)
        if worth > best_worth:
            best, best_worth = start, worth
    return best


def _cut_at(read: Text, edges: list[int], width: int) -> int:
    """Return the last cut that is not past this width."""
    return read.cuts[max(bisect_right(edges, width) - 1, 0)]


def _word_start(read: Text, cut: int, first: int) -> int:
    """Return the first word's start from ``cut`` on, not past the first hit; the text's start if it is that near."""
    if cut == 0:
        return 0
    starts = [word.start for word in read.words if cut <= word.start <= first]
    return snap(read.cuts, starts[0], starts[0])[0] if starts else cut


def _word_end(read: Text, cut: int, first: int) -> int:
    if cut == len(read.text):
        return cut
    ends = [word.end for word in read.words if first < word.end <= cut]
    return snap(read.cuts, ends[-1], ends[-1])[0] if ends else cut

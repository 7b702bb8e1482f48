"""What a query asks for, taken apart: no query language, only words.

Every blank-separated chunk must be met, either by all its words or by all the cluster pairs of its runs. Signs that
mean something to search engines (quotes, stars, brackets, AND) mean nothing here.
"""

from dataclasses import dataclass

from elearn.core.search.canonical import canonical
from elearn.core.search.clusters import Cluster, cuts, runs
from elearn.core.search.terms import Breaks, Word, pairs, same_letters, words

# Nobody types more; a pasted page would only make every passage fail to match.
LONGEST_QUERY = 200
_PASTED = 2000


@dataclass(frozen=True)
class Run:
    """A stretch of a script that writes no spaces: its clusters as terms, and the words ICU sees in it."""

    letters: tuple[str, ...]
    words: tuple[Word, ...]

    @property
    def grams(self) -> tuple[str, ...]:
        """Return the terms that must all be there: the pairs, or the one cluster."""
        return tuple(pairs(list(self.letters))) or self.letters


@dataclass(frozen=True)
class Chunk:
    """What stands between two blanks: words of scripts with spaces, and runs of scripts without."""

    spaced: tuple[Word, ...]
    runs: tuple[Run, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """Return all words, those of the runs last."""
        return self.spaced + tuple(word for run in self.runs for word in run.words)


@dataclass(frozen=True)
class Plan:
    """A query taken apart. ``words`` are those of the whole query in the order typed."""

    chunks: tuple[Chunk, ...]
    words: tuple[Word, ...]

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to look for (blanks, punctuation)."""
        return not self.chunks


def plan(query: str, language: str, breaks: Breaks) -> Plan:
    """Return what the query asks for. Takes any text; what is past `LONGEST_QUERY` code points is left off."""
    text = canonical(query[:_PASTED])
    if len(text) > LONGEST_QUERY:
        text = text[: max(cut for cut in cuts(text) if cut <= LONGEST_QUERY)]
    found: list[Chunk] = []
    all_words: list[Word] = []
    for part in text.split():
        part_words = words(part, language, breaks)
        chunk = _chunk(part_words, runs(part))
        if chunk.spaced or chunk.runs:
            found.append(chunk)
            all_words += part_words
    return Plan(tuple(found), tuple(all_words))


def _chunk(part_words: list[Word], part_runs: list[list[Cluster]]) -> Chunk:
    in_runs: list[Word] = []
    made: list[Run] = []
    for run in part_runs:
        start, end = run[0].start, run[-1].end
        inside = [word for word in part_words if start <= word.start < end]
        in_runs += inside
        letters = tuple(filter(None, (same_letters(cluster.letters) for cluster in run)))
        # A run that holds no word is a lone mark or a sign of repetition: nothing anyone looks for.
        if inside and letters:
            made.append(Run(letters, tuple(inside)))
    return Chunk(tuple(word for word in part_words if word not in in_runs), tuple(made))

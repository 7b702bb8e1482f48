"""All that is known of Whoosh: passages as its documents, a plan as its query, its writers and searchers.

Whoosh gets finished terms: none of its analyzers, and never its query parser, so nothing an officer types is syntax.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from whoosh.analysis.analyzers import Analyzer
from whoosh.fields import STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Frequency, Positions
from whoosh.index import FileIndex
from whoosh.query.compound import And, AndMaybe, Or
from whoosh.query.positional import Phrase
from whoosh.query.qcore import Query
from whoosh.query.terms import Term
from whoosh.searching import Searcher
from whoosh.system import pack_uint
from whoosh.writing import SegmentWriter

from elearn.core.search.canonical import canonical
from elearn.core.search.passage import Passage
from elearn.core.search.plan import Chunk, Plan, Run
from elearn.core.search.terms import Breaks, Word, text_grams, words

# Words in the order typed over words anywhere, a title over a mention. (Exact tones rank over folded ones by
# themselves: such a passage is found under both terms.)
PHRASE, TITLE = 2.0, 1.5
# Seven writers are open at once, on machines with 1 GB.
_WRITER_MEMORY_MB = 16
_GAP = 100  # between title and text, so that no phrase reaches across


_POSITIONS, _FREQUENCY = Positions(), Frequency()
_Postings = Generator[tuple[bytes, int, float, bytes], Any, None]


_UNUSED = Analyzer()


class _Words(FieldType):
    """A field of (term, position)s, several terms to a position where a word is folded."""

    def __init__(self) -> None:
        super().__init__(_POSITIONS, _UNUSED, scorable=True)

    def index(self, value: list[tuple[str, int]], **_: object) -> _Postings:
        """Yield (term, times, weight, what is kept) of each term."""
        places: dict[str, list[int]] = defaultdict(list)
        for term, position in value:
            places[term].append(position)
        for term, positions in places.items():
            yield term.encode(), len(positions), float(len(positions)), _POSITIONS.encode(positions)


class _Grams(FieldType):
    """A field of terms without positions."""

    def __init__(self) -> None:
        super().__init__(_FREQUENCY, _UNUSED, scorable=True)

    def index(self, value: list[str], **_: object) -> _Postings:
        """Yield (term, times, weight, what is kept) of each term."""
        for term, times in Counter(value).items():
            yield term.encode(), times, float(times), pack_uint(times)


def schema() -> Schema:
    """Return the fields of an index. Given anew whenever one is opened, so that none is unpickled from disk."""
    return Schema(words=_Words(), grams=_Grams(), title=_Words(), passage=STORED())


def document(passage: Passage, leads: bool, breaks: Breaks) -> dict[str, object]:
    """Return a passage's fields.

    leads: the first passage of its lesson. Only that one is found by the lesson's title, or else every paragraph of
    the lesson would be.
    """
    title = canonical(passage.title) if leads else ""
    text = canonical(passage.text)
    title_words = words(title, passage.language, breaks)
    text_words = words(text, passage.language, breaks)
    return {
        "words": _placed(title_words, 0) + _placed(text_words, len(title_words) + _GAP),
        "title": _placed(title_words, 0),
        "grams": [*text_grams(title), *text_grams(text)],
        "passage": json.dumps(asdict(passage)),
    }


def new_writer(folder: Path) -> SegmentWriter:
    """Return a writer to a new index in an empty folder; it ends by commit() or cancel()."""
    return FileStorage(str(folder)).create_index(schema()).writer(limitmb=_WRITER_MEMORY_MB)


def new_searcher(folder: Path) -> Searcher:
    """Return a searcher over an index, for one thread at a time; it ends by close()."""
    return FileIndex(FileStorage(str(folder)), schema=schema()).searcher()


def best(searcher: Searcher, asked: Plan, limit: int) -> list[tuple[Passage, float]]:
    """Return (passage, score) of those that meet every chunk; only where there are none, of those that meet some."""
    for query in (strict(asked), loose(asked)):
        # Unoptimized: skipping blocks by their best score is for millions of documents, not thousands.
        results = searcher.search(query, limit=limit, optimize=False)
        if found := [(Passage(**json.loads(hit["passage"])), float(hit.score)) for hit in results]:
            return found
    return []


def _placed(found: list[Word], first: int) -> list[tuple[str, int]]:
    return [(term, first + index) for index, word in enumerate(found) for term in word.terms]


def strict(plan: Plan) -> Query:
    """Return a query for the passages that meet every chunk."""
    return AndMaybe(And([_chunk(chunk) for chunk in plan.chunks]), Or(list(_bonus(plan))))


def loose(plan: Plan) -> Query:
    """Return a query for the passages that hold any word, or any whole run."""
    parts: list[Query] = [_word("words", word) for word in plan.words]
    parts += [_all_grams([run]) for chunk in plan.chunks for run in chunk.runs]
    return Or(parts)


def _chunk(chunk: Chunk) -> Query:
    by_words = And([_word("words", word) for word in chunk.words])
    if not chunk.runs:
        return by_words
    by_grams = And([*(_word("words", word) for word in chunk.spaced), _all_grams(chunk.runs)])
    return Or([by_words, by_grams])


def _all_grams(runs: Iterable[Run]) -> Query:
    return And([Term("grams", gram) for gram in dict.fromkeys(gram for run in runs for gram in run.grams)])


def _word(field: str, word: Word) -> Query:
    if word.exact == word.folded:
        return Term(field, word.exact)
    return Or([Term(field, word.exact), Term(field, word.folded)])


def _bonus(plan: Plan) -> Iterator[Query]:
    yield And([_word("title", word) for word in plan.words], boost=TITLE)
    if len(plan.words) < 2:
        return
    spellings = dict.fromkeys(
        (tuple(word.exact for word in plan.words), tuple(word.folded for word in plan.words)),
    )
    for spelling in spellings:
        yield Phrase("words", list(spelling), boost=PHRASE)
        yield Phrase("title", list(spelling), boost=PHRASE * TITLE)

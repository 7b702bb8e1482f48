"""Search on Whoosh: one index a language, rebuilt from what is published, never repaired.

The index is a cache. Whatever is wrong with it - missing, torn, of another version - it counts as not current and is
built anew; until then `find` says so.
"""

import hashlib
import logging
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import whoosh

from elearn.adapters.search_builds import Build, Builds, Stamp
from elearn.adapters.word_breaks import ICU_VERSION, word_tokens
from elearn.core.search import terms
from elearn.core.search.marks import marked, snippet
from elearn.core.search.passage import Hit, Passage
from elearn.core.search.plan import Plan, plan
from elearn.core.vocab.errors import Invalid, Unavailable

# `whoosh_index` is imported where it is first needed: 40 ms and 8 MB that a start, and a post where nobody searches,
# need not pay. (`whoosh` itself is next to nothing.)
if TYPE_CHECKING:
    from whoosh.searching import Searcher

log = logging.getLogger(__name__)

LAYOUT = 1  # of documents and folders; raise it when either changes
_TAG = re.compile(r"[A-Za-z]{2,3}(_[A-Za-z0-9]{2,8})*")
_IDLE_SEARCHERS = 4  # of all languages: one takes 3-4 MB, and a post reads two or three
_TELL_EVERY = 25
_RETRIES = 3


class WhooshSearch:
    """The `Search` port over a folder. Any number of threads and processes may find; one at a time rebuilds."""

    def __init__(self, folder: Path) -> None:
        self._builds = Builds(folder)
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._broken = ""

    def current(self, fingerprint: str) -> bool:
        """Tell whether the index in use was built from this, by this version of everything, and can be read."""
        build = self._builds.in_use()
        if build is None or build.fingerprint != _whole_fingerprint(fingerprint):
            return False
        try:
            self._open()
        except Unavailable:
            return False
        return True

    def rebuild(
        self, fingerprint: str, passages: Iterable[Passage], progress: Callable[[int], None] | None = None
    ) -> None:
        """Build from the passages beside the index in use, then put it in its place.

        passages: in the order of their pages. progress: told how many are done, now and then and at the end.
        Raises Invalid("search.language", language=), Unavailable("search.building") if another writer is at work,
        Unavailable("disk.full" | "disk.read-only", path=). Whatever it raises, what was in use stays in use.
        """

        def fill(path: Path) -> dict[str, int]:
            return _fill(path, passages, progress or (lambda _: None))

        self._builds.make(_whole_fingerprint(fingerprint), fill)

    def find(self, language: str, query: str, limit: int = 20) -> list[Hit]:
        """Return the best passages of a language, best first; [] where there is nothing to look for or to find.

        Passages that meet every chunk of the query; only where there are none, those that meet some of it.
        Takes any text. Raises Unavailable("search.building") while there is no index that can be read.
        """
        asked = plan(query, language, word_tokens)
        for _ in range(_RETRIES):
            opened = self._open()
            if asked.empty or limit < 1 or language not in opened.build.languages:
                return []
            try:
                found = opened.best(language, asked, limit)
            except Exception as error:  # noqa: BLE001 - a damaged file can make the reader raise anything at all
                # Another process may have put a new build into use, and swept this one away, in between.
                if self._builds.stamp() == opened.stamp:
                    self._give_up(opened, error)
                continue
            return [_shown(passage, score, asked) for passage, score in found]
        raise Unavailable("search.building")

    def close(self) -> None:
        """Let go of files."""
        with self._lock:
            if self._opened:
                self._opened.close()
            self._opened = None

    def _open(self) -> "_Opened":
        """Return the build in use, opened; look once per query whether it is still the one."""
        with self._lock:
            stamp = self._builds.stamp()
            if self._opened and self._opened.stamp == stamp:
                return self._opened
            if self._opened:
                self._opened.close()
            self._opened = self._newest()
            if self._opened is None:
                raise Unavailable("search.building")
            return self._opened

    def _newest(self) -> "_Opened | None":
        for _ in range(_RETRIES):
            stamp, build = self._builds.stamp(), self._builds.in_use()
            if stamp is None or build is None or build.name == self._broken:
                break
            # Once per build: Whoosh unpickles what it reads, so it gets to read nothing but what it wrote.
            if self._builds.whole(build):
                return _Opened(self._builds.path(build), build, stamp)
            # Unless another process has just swept this build away, it is damaged.
            if self._builds.stamp() == stamp:
                self._broken = build.name
        return None

    def _give_up(self, opened: "_Opened", error: Exception) -> None:
        log.error("the search index %s can't be read and has to be rebuilt: %r", opened.build.name, error)
        self._broken = opened.build.name
        self.close()
        raise Unavailable("search.building") from error


class _Opened:
    """One build with its searchers. A Whoosh searcher serves one thread at a time, so they are lent out."""

    def __init__(self, path: Path, build: Build, stamp: Stamp) -> None:
        self.build = build
        self.stamp = stamp
        self._path = path
        self._lock = threading.Lock()
        self._idle: list[tuple[str, Searcher]] = []  # the one used last at the end
        self._closed = False

    def best(self, language: str, asked: Plan, limit: int) -> list[tuple[Passage, float]]:
        """Return the best passages with their scores."""
        from elearn.adapters import whoosh_index

        with self._searcher(language) as searcher:
            return whoosh_index.best(searcher, asked, limit)

    @contextmanager
    def _searcher(self, language: str) -> Iterator["Searcher"]:
        """Lend a searcher; one that failed is not lent again."""
        from elearn.adapters import whoosh_index

        with self._lock:
            place = next((at for at in reversed(range(len(self._idle))) if self._idle[at][0] == language), None)
            lent = None if place is None else self._idle.pop(place)[1]
        lent = lent or whoosh_index.new_searcher(self._path / language)
        try:
            yield lent
        except BaseException:
            lent.close()
            raise
        with self._lock:
            self._idle.append((language, lent))
            kept = 0 if self._closed else _IDLE_SEARCHERS
            gone = [self._idle.pop(0) for _ in range(len(self._idle) - kept)]
        for _, searcher in gone:
            searcher.close()

    def close(self) -> None:
        """Close the searchers that are at rest; those at work are closed when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for _, searcher in idle:
            searcher.close()


def _whole_fingerprint(fingerprint: str) -> str:
    """Return the content's fingerprint with everything else that decides what is in an index."""
    parts = (
        fingerprint, str(LAYOUT), str(terms.VERSION), ICU_VERSION, unicodedata.unidata_version, whoosh.versionstring()
    )  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _fill(path: Path, passages: Iterable[Passage], progress: Callable[[int], None]) -> dict[str, int]:
    """Write an index per language, one after the other; return how many passages each holds.

    Seven writers at a time would each hold their terms in memory: three times as much, and Python never gives it back.
    """
    held: dict[str, int] = {}
    done = 0
    in_turn = sorted(passages, key=lambda one: one.language)
    for language, group in groupby(in_turn, key=lambda one: one.language):
        held[language] = _fill_one(path, language, group, _counting_on(progress, done))
        done += held[language]
    progress(done)
    return held


def _counting_on(progress: Callable[[int], None], before: int) -> Callable[[int], None]:
    return lambda within: progress(before + within)


def _fill_one(path: Path, language: str, passages: Iterable[Passage], progress: Callable[[int], None]) -> int:
    from elearn.adapters import whoosh_index

    writer = whoosh_index.new_writer(_folder(path, language))
    led: set[tuple[str, str, str]] = set()
    number = 0
    try:
        for number, passage in enumerate(passages, start=1):
            page = (passage.kind, passage.course, passage.place)
            writer.add_document(**whoosh_index.document(passage, page not in led, word_tokens))
            led.add(page)
            if number % _TELL_EVERY == 0:
                progress(number)
        writer.commit()
    except BaseException:
        # One that failed may fail again at this; what went wrong first is what matters.
        with suppress(Exception):
            writer.cancel()
        raise
    return number


def _folder(path: Path, language: str) -> Path:
    if not _TAG.fullmatch(language):
        raise Invalid("search.language", language=language)
    folder = path / language
    folder.mkdir()
    return folder


def _shown(passage: Passage, score: float, asked: Plan) -> Hit:
    shown = snippet(passage.text, asked, passage.language, word_tokens)
    title = marked(passage.title, asked, passage.language, word_tokens)
    return Hit(passage, score, title, shown.pieces, shown.cut_before, shown.cut_after)

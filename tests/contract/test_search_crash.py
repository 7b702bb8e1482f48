"""The index is a cache: killed, torn or swapped at any moment, it is the old one, the new one, or "building"."""

import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from elearn.adapters.whoosh_search import WhooshSearch
from elearn.core.search.passage import Passage
from elearn.core.vocab.errors import Unavailable

# Python 3.12 warns of forking if any test before left a thread running; the child here only writes files and dies.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def passages(word: str, count: int = 3) -> Iterator[Passage]:
    for language in ("en", "th"):
        for n in range(count):
            yield Passage(f"{language}{n}", language, "lesson", "c1", str(n), "p1", "Title", f"{word} ยาเสพติด")


def anchors(search: WhooshSearch, query: str) -> list[str]:
    return [hit.passage.id for hit in search.find("en", query)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


@pytest.fixture
def opened(folder: Path) -> Iterator[Callable[[], WhooshSearch]]:
    made: list[WhooshSearch] = []

    def open_one() -> WhooshSearch:
        made.append(WhooshSearch(folder))
        return made[-1]

    yield open_one
    for each in made:
        each.close()


def killed_at(folder: Path, event: int) -> bool:
    """Rebuild in a child that kills itself at its n-th touch of the disk; tell whether it got that far."""
    child = os.fork()
    if child == 0:
        left = event

        def watch(name: str, _: object) -> None:
            nonlocal left
            if name in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "fcntl.flock"}:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            WhooshSearch(folder).rebuild("new", passages("new"))
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_killed_at_any_touch_of_the_disk_the_old_index_stays_or_the_new_one_is_there(folder, opened):
    opened().rebuild("old", passages("old"))
    event, seen = 0, set()
    while killed_at(folder, event := event + 1):
        search = opened()
        is_old, is_new = search.current("old"), search.current("new")
        assert is_old != is_new
        assert len(anchors(search, "old" if is_old else "new")) == 3
        assert anchors(search, "new" if is_old else "old") == []
        seen.add(is_new)
        if is_new:
            search.rebuild("old", passages("old"))

    assert event > 50
    assert seen == {False, True}
    assert opened().current("new")
    assert len(list(folder.glob("build-*"))) == 1


def test_before_the_first_build_and_killed_in_it_search_is_building(folder, opened):
    for event in (1, 10, 40):
        assert killed_at(folder, event)
        assert not opened().current("new")
        with pytest.raises(Unavailable) as refused:
            opened().find("en", "new")
        assert refused.value.code == "search.building"


def test_a_build_that_fails_leaves_the_old_one_and_no_rubbish(folder, opened):
    search = opened()
    search.rebuild("old", passages("old"))

    def broken_off() -> Iterator[Passage]:
        yield from passages("new")
        raise ValueError("the store went away")

    with pytest.raises(ValueError, match="the store went away"):
        search.rebuild("new", broken_off())

    assert search.current("old")
    assert len(anchors(search, "old")) == 3
    assert len(list(folder.glob("build-*"))) == 1


def test_a_disk_that_takes_no_more_is_named_and_the_old_index_stays(folder, opened):
    opened().rebuild("old", passages("old"))
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
        code = ""
        try:
            WhooshSearch(folder).rebuild("new", passages("new", count=200))
        except Unavailable as error:
            code = error.code
        finally:
            os._exit(7 if code == "disk.full" else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert opened().current("old")
    assert len(anchors(opened(), "old")) == 3
    assert len(list(folder.glob("build-*"))) == 1


def test_content_version_decides_what_is_current(opened):
    search = opened()
    assert not search.current("a")

    search.rebuild("a", passages("old"))

    assert search.current("a")
    assert not search.current("b")
    assert opened().current("a")


def test_an_empty_index_is_an_index(opened):
    search = opened()
    search.rebuild("none", [])

    assert search.current("none")
    assert search.find("en", "seal") == []


def test_readers_of_another_process_see_the_new_build_at_their_next_query(opened):
    reader, writer = opened(), opened()
    writer.rebuild("old", passages("old"))
    assert len(anchors(reader, "old")) == 3

    writer.rebuild("new", passages("new"))

    assert anchors(reader, "old") == []
    assert len(anchors(reader, "new")) == 3


def test_while_builds_are_swapped_every_answer_is_wholly_old_or_wholly_new(opened):
    writer, reader = opened(), opened()
    writer.rebuild("0", passages("even"))
    done = threading.Event()
    wrong: list[object] = []
    answers = 0

    def ask(search: WhooshSearch) -> None:
        nonlocal answers
        while not done.is_set():
            try:
                # Twice the strict query: a half-made build would give other numbers than 3.
                found = len(search.find("en", "even")), len(search.find("en", "ยาเสพติด"))
                answers += 1
                if found not in {(3, 3), (0, 3)}:
                    wrong.append(found)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
                wrong.append(error)
                return

    threads = [threading.Thread(target=ask, args=(search,)) for search in (writer, reader)]
    for thread in threads:
        thread.start()
    for n in range(1, 5):
        writer.rebuild(str(n), passages("odd" if n % 2 else "even"))
    done.set()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert answers > 3


def test_a_second_writer_is_told_that_one_is_at_work(opened):
    first, second = opened(), opened()
    refused: list[Unavailable] = []

    def while_building() -> Iterator[Passage]:
        yield from passages("new")
        with pytest.raises(Unavailable) as caught:
            second.rebuild("other", passages("other"))
        refused.append(caught.value)

    first.rebuild("new", while_building())

    assert [error.code for error in refused] == ["search.building"]
    assert first.current("new")
    second.rebuild("other", passages("other"))
    assert first.current("other")


def _zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _garbage(path: Path) -> None:
    path.write_bytes(b"\x80\x04}q\x00." * (path.stat().st_size // 6))


@pytest.mark.parametrize("harm", [_zeros, _half, _garbage, Path.unlink], ids=["zeros", "half", "garbage", "gone"])
@pytest.mark.parametrize("pattern", ["build-*/en/*.seg", "build-*/en/*.toc", "in-use.json"])
def test_a_damaged_index_counts_as_not_current_and_is_mended_by_a_rebuild(folder, opened, pattern, harm):
    opened().rebuild("same", passages("old"))
    for path in folder.glob(pattern):
        harm(path)
    search = opened()

    with pytest.raises(Unavailable) as refused:
        search.find("en", "old")
    assert refused.value.code == "search.building"
    assert not search.current("same")

    search.rebuild("same", passages("old"))
    assert search.current("same")
    assert len(anchors(search, "old")) == 3


@pytest.mark.parametrize("content", ["null", "[]", "{}", '{"name": 1}', '{"name": "../..", "fingerprint": ""}'])
def test_a_name_that_names_nothing_is_no_index(folder, opened, content):
    opened().rebuild("same", passages("old"))
    (folder / "in-use.json").write_text(content, encoding="utf-8")

    assert not opened().current("same")


def test_a_name_outside_the_folder_is_no_index(folder, opened):
    opened().rebuild("same", passages("old"))
    named = json.loads((folder / "in-use.json").read_text(encoding="utf-8"))
    (folder / "in-use.json").write_text(json.dumps(named | {"name": f"build-/../{named['name']}"}), encoding="utf-8")

    assert not opened().current("same")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "plain file").write_text("in the way", encoding="utf-8")

    with pytest.raises(OSError, match="plain file"):
        WhooshSearch(tmp_path / "plain file").rebuild("x", [])

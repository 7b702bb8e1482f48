"""Laws of the shelf: made once however many ask, whole or not there, bounded, and nothing is lost with it."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from elearn.adapters.book_shelf import FolderShelf
from elearn.core.vocab.errors import Unavailable
from elearn.ports import PagesTold

WAIT_S = 30


class Maker:
    """Makes a file when it is let; counts how often it was asked to."""

    def __init__(self, content: bytes = b"%PDF") -> None:
        self.content = content
        self.let = threading.Event()
        self.begun = threading.Event()
        self.times = 0

    def __call__(self, told: PagesTold) -> bytes:
        self.times += 1
        told(2, 7)
        self.begun.set()
        assert self.let.wait(WAIT_S)
        return self.content


@pytest.fixture
def makers() -> Iterator[list[Maker]]:
    """Makers to be let go at the end, so that no thread is left behind."""
    made: list[Maker] = []
    yield made
    for one in made:
        one.let.set()


def maker(makers: list[Maker], content: bytes = b"%PDF") -> Maker:
    makers.append(Maker(content))
    return makers[-1]


def made(shelf: FolderShelf, key: str, content: bytes = b"%PDF") -> None:
    shelf.order(key, lambda _told: content)
    shelf.wait()


def test_a_file_is_none_then_made_then_ready(tmp_path: Path, makers: list[Maker]) -> None:
    shelf, one = FolderShelf(tmp_path / "books"), maker(makers)

    assert shelf.look("a").state == "none"
    shelf.order("a", one)
    assert one.begun.wait(WAIT_S)
    found = shelf.look("a")
    assert (found.state, found.done, found.pages) == ("making", 2, 7)
    assert shelf.read("a") is None
    one.let.set()
    shelf.wait()
    assert (shelf.look("a").state, shelf.look("a").size) == ("ready", 4)
    assert shelf.read("a") == b"%PDF"


def test_asked_by_many_at_once_it_is_made_once(tmp_path: Path, makers: list[Maker]) -> None:
    shelf, one = FolderShelf(tmp_path), maker(makers)
    askers = [threading.Thread(target=lambda: shelf.order("a", one)) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    one.let.set()
    shelf.wait()
    shelf.order("a", one)
    shelf.wait()

    assert one.times == 1


def test_one_is_made_at_a_time_in_the_order_of_asking(tmp_path: Path, makers: list[Maker]) -> None:
    shelf, first, second = FolderShelf(tmp_path), maker(makers), maker(makers)
    shelf.order("a", first)
    assert first.begun.wait(WAIT_S)
    assert shelf.order("b", second).state == "waiting"
    assert shelf.order("b", second).state == "waiting"
    assert second.times == 0
    first.let.set()
    second.let.set()
    shelf.wait()

    assert [shelf.look(key).state for key in "ab"] == ["ready", "ready"]
    assert second.times == 1


def test_what_fails_says_why_stops_nobody_and_can_be_ordered_again(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path)

    def fails(_told: PagesTold) -> bytes:
        raise Unavailable("press.crashed", reason="in this test")

    def breaks(_told: PagesTold) -> bytes:
        raise ValueError("a fault of the program")

    shelf.order("a", fails)
    shelf.order("b", breaks)
    shelf.order("c", lambda _told: b"%PDF")
    shelf.wait()

    assert (shelf.look("a").state, shelf.look("a").error) == ("failed", "press.crashed")
    assert (shelf.look("b").state, shelf.look("b").error) == ("failed", "press.failed")
    assert shelf.look("c").state == "ready"
    made(shelf, "a")
    assert shelf.look("a").state == "ready"


def test_a_file_that_is_ready_is_ready_after_a_restart(tmp_path: Path) -> None:
    made(FolderShelf(tmp_path), "a", b"%PDF kept")

    assert FolderShelf(tmp_path).read("a") == b"%PDF kept"


def test_half_a_file_left_by_a_crash_is_never_given_out_and_is_swept(tmp_path: Path) -> None:
    half = tmp_path / ".half-made-x"
    half.write_bytes(b"%PD")
    os.utime(half, (1, 1))
    fresh = tmp_path / ".half-made-y"
    fresh.write_bytes(b"of a program that is at work now")
    shelf = FolderShelf(tmp_path)

    assert shelf.look("half-made-x").state == "none"
    made(shelf, "a")
    assert not half.exists()
    assert fresh.exists()


def test_the_folder_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / "books")
    made(shelf, "a")
    (tmp_path / "books" / "a.pdf").unlink()
    (tmp_path / "books").rmdir()

    assert shelf.look("a").state == "none"
    assert shelf.read("a") is None
    made(shelf, "a")
    assert shelf.look("a").state == "ready"


def test_a_folder_that_cannot_be_written_is_said_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    shelf = FolderShelf(tmp_path / "file")
    made(shelf, "a")

    assert (shelf.look("a").state, shelf.look("a").error) == ("failed", "disk.failing")


def test_the_folder_stays_within_its_size_and_what_was_read_last_stays(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path, largest_bytes=250)
    for at, key in enumerate("abcd"):
        made(shelf, key, b"x" * 100 if key != "c" else b"x" * 40)
        os.utime(tmp_path / f"{key}.pdf", (at + 1, at + 1)) if key != "d" else None
        if key == "b":
            shelf.read("a")
    there = {path.stem for path in tmp_path.glob("*.pdf")}

    assert there == {"a", "c", "d"}
    assert sum(path.stat().st_size for path in tmp_path.glob("*.pdf")) <= 250


@pytest.mark.parametrize("key", ["", "../a", "a/b", "a.b", "ä", "a\x00"])
def test_a_key_that_could_lead_out_of_the_folder_is_none(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        FolderShelf(tmp_path).look(key)
    with pytest.raises(ValueError, match="not a key"):
        FolderShelf(tmp_path).read(key)

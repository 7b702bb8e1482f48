"""Courses come down over a real line: cut anywhere in a file, they go on where they were, also after a restart."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cast import MemoryCourses
from illustrated_course import illustrated
from raster_files import noise
from real_line import Proxy, node_in, served

from elearn.adapters.incoming_files import FolderIncoming
from elearn.core.sync.talk import FILE
from elearn.core.vocab.kept import LESSON_PAGE, MEDIA, PACKAGE, PEER, QUESTION_TEXT
from elearn.core.vocab.nodes import NodeKind
from elearn.services import author
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.node import Node
from elearn.services.posts import give_code

PICTURE = "en/pictures/desk.png"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Node]:
    files = {**illustrated(), PICTURE: noise("png", 300, 300)}
    with node_in(tmp_path / "hub", kind=NodeKind.HUB, series=9, course_files=MemoryCourses({"seals": files})) as node:
        author.publish_all(node)
        yield node


@pytest.fixture
def port(hub: Node) -> Iterator[int]:
    with served(hub) as listening:
        yield listening


@contextmanager
def post_at(folder: Path, hub: Node, port: int, series: int = 1) -> Iterator[Node]:
    """Give a post that is enrolled and has exchanged nothing yet."""
    with node_in(folder, series=series, incoming=FolderIncoming(folder / "incoming")) as node:
        enrol(node, f"http://127.0.0.1:{port}", give_code(hub, f"Post {series}"))
        yield node


def go_over(node: Node, port: int) -> None:
    """Let the post reach its hub at another port."""

    def work(tx: object) -> None:
        [row] = tx.tables.select(PEER)  # type: ignore[attr-defined]
        tx.tables.put(PEER, {**row, "url": f"http://127.0.0.1:{port}"})  # type: ignore[attr-defined]

    node.store.write(work)


def assert_taught(post: Node, hub: Node) -> None:
    with post.store.reading() as below, hub.store.reading() as above:
        for table in (PACKAGE, LESSON_PAGE, QUESTION_TEXT, MEDIA):
            assert below.tables.select(table) == above.tables.select(table), table.name


def test_a_course_with_pictures_comes_down_whole_and_but_once(hub: Node, port: int, tmp_path: Path) -> None:
    with post_at(tmp_path / "post", hub, port) as post, Proxy(port).running() as proxy:
        go_over(post, proxy.port)
        assert exchange_once(post).ok
        first = proxy.up.count(f"POST {FILE} ".encode())
        assert exchange_once(post).ok

        assert_taught(post, hub)
        assert first > 3
        assert proxy.up.count(f"POST {FILE} ".encode()) == first
        assert not list((tmp_path / "post" / "incoming").iterdir())


def cuts(length: int) -> list[int]:
    """Return where to cut: among headers, at and beside the ends of pieces, in the middle, in the last byte."""
    chosen = random.Random(7)
    return sorted({1, 600, 4096, length // 3, length // 2, length - 1, *(chosen.randrange(length) for _ in range(6))})


@pytest.mark.parametrize("way", ["up_left", "down_left"])
def test_cut_anywhere_it_goes_on_where_it_was(hub: Node, port: int, tmp_path: Path, way: str) -> None:
    with post_at(tmp_path / "whole", hub, port, series=5) as whole, Proxy(port).running() as proxy:
        go_over(whole, proxy.port)
        assert exchange_once(whole).ok
        length = len(proxy.up if way == "up_left" else proxy.down)
    for number, at in enumerate(cuts(length)):
        folder = tmp_path / f"post-{number}"
        with (
            post_at(folder, hub, port, series=20 + number) as post,
            Proxy(port, **{way: at}).running() as proxy,
        ):
            go_over(post, proxy.port)
            outcome = exchange_once(post)
            assert not outcome.ok
            came = sum(one.stat().st_size for one in folder.glob("incoming/*"))
        # The power goes too: all that is known afterwards is what lies on the disk.
        with (
            node_in(folder, series=20 + number, incoming=FolderIncoming(folder / "incoming")) as again,
            Proxy(port).running() as proxy,
        ):
            go_over(again, proxy.port)
            assert exchange_once(again).ok
            assert_taught(again, hub)
            assert way == "up_left" or len(proxy.down) < length + 2_000 - came


def test_a_line_that_is_cut_every_few_kilobytes_still_brings_a_large_picture(
    hub: Node, port: int, tmp_path: Path
) -> None:
    tries = 0
    with post_at(tmp_path / "post", hub, port) as post:
        while True:
            with Proxy(port, down_left=30_000).running() as proxy:
                go_over(post, proxy.port)
                outcome = exchange_once(post)
            tries += 1
            if outcome.ok:
                break
            assert tries < 40

        assert tries > 3
        assert_taught(post, hub)


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    incoming = FolderIncoming(tmp_path / "file" / "incoming")

    with pytest.raises(Exception, match=r"disk\.failing"):
        incoming.add("a" * 64, 0, b"x")
    assert (incoming.size("a" * 64), incoming.read("a" * 64)) == (0, b"")


def test_names_that_are_no_digests_lead_nowhere(tmp_path: Path) -> None:
    incoming = FolderIncoming(tmp_path / "incoming")

    for name in ("../x", "a", "A" * 64, ""):
        with pytest.raises(ValueError, match="not a digest"):
            incoming.read(name)
    incoming.keep_only(frozenset())
    assert incoming.room() > 0


def test_a_piece_written_twice_or_half_leaves_the_right_bytes(tmp_path: Path) -> None:
    incoming = FolderIncoming(tmp_path)
    name = "b" * 64
    incoming.add(name, 0, b"hello wor")
    incoming.add(name, 5, b" world")
    other = "c" * 64
    incoming.add(other, 0, b"x")
    incoming.keep_only(frozenset({name}))

    assert incoming.read(name) == b"hello world"
    assert incoming.size(other) == 0

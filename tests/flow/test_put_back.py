"""A post's folder put back from an older copy, over real sockets: cut at any byte, killed, it ends with everything."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from exchange_scenes import let_pass, rows
from real_line import Proxy, node_in, served

from elearn.core.ledger.entry import Head, check_chain
from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.vocab.kept import PEER
from elearn.core.vocab.nodes import NodeKind
from elearn.services.chains import whole_chain
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once, light
from elearn.services.node import Node, fact
from elearn.services.posts import give_code
from elearn.services.record import rebuild_projections

ROOT = Path(__file__).parent.parent.parent
LOST, SINCE = 620, 5


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Folders of a post as it was copied, with what was recorded after it was put back, and of its hub as it is now."""
    folder = tmp_path_factory.mktemp("images")
    with (
        node_in(folder / "hub", kind=NodeKind.HUB, series=9) as hub,
        node_in(folder / "post", series=1) as post,
        served(hub) as port,
    ):
        let_pass(post, 3)
        enrol(post, f"http://127.0.0.1:{port}", give_code(hub, "Huay Xai"))
        assert exchange_once(post).ok
        post.store.close()
        shutil.copytree(folder / "post", folder / "copy")
        with node_in(folder / "post", series=1) as going_on:
            going_on.ids._count = 100_000  # type: ignore[attr-defined]
            let_pass(going_on, LOST)
            assert exchange_once(going_on).ok
        with node_in(folder / "copy", series=1) as copy:
            copy.ids._count = 200_000  # type: ignore[attr-defined]
            let_pass(copy, SINCE)
    return folder / "copy", folder / "hub"


@contextmanager
def put_back(images: tuple[Path, Path], folder: Path) -> Iterator[tuple[Path, Node, int]]:
    """Give the post's folder, just put back, and its hub, serving."""
    shutil.copytree(images[0], folder / "post")
    shutil.copytree(images[1], folder / "hub")
    with node_in(folder / "hub", kind=NodeKind.HUB, series=9) as hub, served(hub) as port:
        yield folder / "post", hub, port


def move_to(post: Node, port: int) -> None:
    [row] = rows(post, PEER)
    post.store.write(lambda tx: tx.tables.put(PEER, {**row, "url": f"http://127.0.0.1:{port}"}))


def assert_healed(post: Node, hub: Node) -> None:
    """All there was is there once, whole, counted alike on both sides, and as a fold of everything counts it."""
    with post.store.reading() as tx, hub.store.reading() as there:
        mine = str(fact(tx, "id"))
        chain = tx.ledger.entries(mine)
        assert check_chain(Head(mine), chain).number == len(chain) == 3 + LOST + SINCE
        assert len({entry.statement.id for entry in chain}) == len(chain)
        assert [one.digest for one in whole_chain(there, mine)] == [one.digest for one in chain]
    before = {table.name: rows(post, table) for table in FOLDED_TABLES}
    rebuild_projections(post)
    for table in FOLDED_TABLES:
        assert rows(post, table) == before[table.name] == rows(hub, table), table.name


@pytest.fixture(scope="module")
def whole(images: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int]:
    """How many bytes it takes to put it right, up and down."""
    with (
        put_back(images, tmp_path_factory.mktemp("whole")) as (folder, hub, port),
        node_in(folder, series=1) as post,
        Proxy(port).running() as proxy,
    ):
        move_to(post, proxy.port)
        outcome = exchange_once(post)
        assert (outcome.ok, outcome.sent) == (True, SINCE)
        assert outcome.healed is not None
        assert (outcome.healed.fetched, outcome.healed.moved) == (LOST, SINCE)
        assert_healed(post, hub)
        return len(proxy.up), len(proxy.down)


@pytest.mark.parametrize("way", ["up", "down"])
@pytest.mark.parametrize("cut", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_cut_at_any_byte_it_goes_on_and_nothing_is_lost(
    images: tuple[Path, Path], tmp_path: Path, whole: tuple[int, int], way: str, cut: float
) -> None:
    at = int(whole[0 if way == "up" else 1] * cut)
    with (
        put_back(images, tmp_path) as (folder, hub, port),
        node_in(folder, series=1) as post,
        Proxy(port, **{f"{way}_left": at}).running() as proxy,
    ):
        move_to(post, proxy.port)
        first = exchange_once(post)
        proxy.up_left = proxy.down_left = None
        second = exchange_once(post)

        assert not first.ok
        assert second.ok
        assert light(post).colour == "good"
        assert_healed(post, hub)


@pytest.mark.parametrize("cut", [0.5, 0.8])
def test_killed_in_the_middle_it_goes_on_at_the_next_start(
    images: tuple[Path, Path], tmp_path: Path, whole: tuple[int, int], cut: float
) -> None:
    with (
        put_back(images, tmp_path) as (folder, hub, port),
        Proxy(port, down_left=int(whole[1] * cut), stall=True).running() as proxy,
    ):
        with node_in(folder, series=1) as post:
            move_to(post, proxy.port)
        killed = subprocess.Popen(
            [sys.executable, "-m", "elearn", "sync", "now"],
            cwd=ROOT,
            env={**os.environ, "ELEARN_DATA": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        reached = proxy.stopped.wait(30)
        killed.kill()
        killed.wait(10)
        with node_in(folder, series=1) as post:
            move_to(post, port)

            assert exchange_once(post).ok

            assert reached
            assert_healed(post, hub)

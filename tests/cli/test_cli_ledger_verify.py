"""`ledger verify` and `doctor`: whoever changes the file with other means is found out, and told what to do."""

import argparse
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from cast import sqlite_node
from exchange_scenes import HUB_URL, Line, hub_node, let_pass, post_on, with_peer

from elearn.adapters.files import FolderCourses
from elearn.cli import doctor, ledger
from elearn.cli.workbench import Workbench
from elearn.core.ledger.entry import Entry, Head, follow, head_after
from elearn.core.projections.completions import COMPLETION
from elearn.core.sync.batch import SignedHead, batch_of, head_message
from elearn.core.vocab.nodes import NodeKind
from elearn.services import ledger_check
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once
from elearn.services.node import fact
from elearn.services.posts import give_code
from elearn.services.receiving import receive_batch
from elearn.wiring import build_node, open_store

ROOT = Path(__file__).parent.parent.parent
ENTRIES = 40


def command(module: ModuleType, folder: Path, *words: str) -> int:
    environment = {"ELEARN_DATA": str(folder)}
    bench = Workbench(ROOT, environment, build_node, lambda _: None, FolderCourses, open_store)
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    code: int = module.run(parser.parse_args(words), bench)
    return code


@dataclass
class Scene:
    """A hub on disk that holds a post's chain. post: the id of the post."""

    folder: Path
    post: str
    capsys: pytest.CaptureFixture[str]

    def verified(self, *words: str) -> tuple[int, str]:
        """Return exit code and what was printed."""
        code = command(ledger, self.folder, "verify", "--hub", *words)
        return code, self.capsys.readouterr().out

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file as somebody with other means would: the guards are gone."""
        with closing(sqlite3.connect(self.folder / "elearn.db")) as connection:
            guards = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for (name,) in guards:
                connection.execute(f"DROP TRIGGER {name}")
            with connection:
                yield connection


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Scene:
    monkeypatch.setattr("elearn.services.chains.MOST_ENTRIES", 10)
    monkeypatch.setattr(ledger_check, "AT_ONCE", 7)
    hub = sqlite_node(tmp_path / "hub", kind=NodeKind.HUB, series=9)
    post = post_on(Line(hub), 1)
    let_pass(post, ENTRIES)
    enrol(post, HUB_URL, give_code(hub, "Huay Xai"))
    assert exchange_once(post).ok
    with post.store.reading() as tx:
        mine = str(fact(tx, "id"))
    hub.store.close()
    return Scene(tmp_path / "hub", mine, capsys)


def test_a_ledger_that_is_whole_is_said_to_be_with_its_signed_places(scene: Scene) -> None:
    code, said = scene.verified("--projections")

    assert code == 0
    assert re.search(rf"chain of {scene.post}: {ENTRIES} entries, whole; [1-9] signed or confirmed places hold", said)
    assert "what a fold of the whole ledger gives" in said


Damage = Callable[[sqlite3.Connection], object]


def sql(text: str, *values: object) -> Damage:
    return lambda connection: connection.execute(text, values)


def swapped(connection: sqlite3.Connection) -> None:
    """Two entries change places, each with its digest."""
    for number, to in ((5, -1), (6, 5), (-1, 6)):
        connection.execute("UPDATE entry SET number = ? WHERE number = ?", (to, number))


DAMAGES: list[tuple[str, Damage, str]] = [
    ("taken out", sql("DELETE FROM entry WHERE number = 12"), "gap: number 12 is not there"),
    ("many out", sql("DELETE FROM entry WHERE number BETWEEN 3 AND 29"), "gap: numbers 3 to 29 are not there"),
    ("first out", sql("DELETE FROM entry WHERE number = 1"), "gap: number 1 is not there"),
    ("end cut off", sql("DELETE FROM entry WHERE number > 38"), "missing head: its node signed numbers 39 to 40"),
    ("all out", sql("DELETE FROM entry"), f"missing head: its node signed numbers 1 to {ENTRIES}"),
    (
        "body of another",
        sql("UPDATE entry SET body = (SELECT body FROM entry WHERE number = 9) WHERE number = 8"),
        "tampered: number 8 does not follow",
    ),
    ("digest", sql("UPDATE entry SET digest = zeroblob(32) WHERE number = 20"), "tampered: number 20 does not follow"),
    ("unreadable", sql("UPDATE entry SET body = x'0100ff00' WHERE number = 14"), "damaged: number 14 can't be read"),
    ("other id", sql("UPDATE entry SET id = zeroblob(16) WHERE number = 4"), "tampered: number 4 is not found under"),
    ("swapped", swapped, "tampered: number 5 does not follow"),
    (
        "wrong signature",
        sql("UPDATE chain_head SET signature = zeroblob(64) WHERE number = 40"),
        "tampered: what is kept as signed at number 40 is not signed by its node",
    ),
    (
        "empty body",
        sql("UPDATE entry SET body = x'007b7d' WHERE number = 17"),
        "tampered: number 17 does not follow",
    ),
]


@pytest.mark.parametrize(("damage", "words"), [one[1:] for one in DAMAGES], ids=[one[0] for one in DAMAGES])
def test_each_kind_of_damage_is_named_with_its_number_and_the_way_out(scene: Scene, damage: Damage, words: str) -> None:
    with scene.opened() as connection:
        damage(connection)

    code, said = scene.verified()

    assert code == 1
    assert f"chain of {scene.post}" in said
    assert "BROKEN" in said
    assert words in said
    assert "backup" in said or "brings a new one" in said


def test_all_that_is_wrong_is_told_not_only_the_first(scene: Scene) -> None:
    with scene.opened() as connection:
        connection.execute("DELETE FROM entry WHERE number IN (3, 31)")
        connection.execute("UPDATE entry SET body = x'ff' WHERE number IN (10, 22)")

    _, said = scene.verified()

    found = re.findall(r"(gap|damaged): number (\d+)", said)
    assert found == [("gap", "3"), ("damaged", "10"), ("damaged", "22"), ("gap", "31")]


def test_a_chain_written_anew_with_right_digests_is_shown_by_what_its_node_signed(scene: Scene) -> None:
    node = sqlite_node(scene.folder, kind=NodeKind.HUB, series=9)
    with node.store.reading() as tx:
        entries = tx.ledger.entries(scene.post)
    node.store.close()
    head, forged = Head(scene.post), list[Entry]()
    for entry in (*entries[:14], *entries[15:]):  # one is left out, all that follow are numbered and chained again
        forged.append(follow(head, entry.statement))
        head = head_after(forged[-1])
    with scene.opened() as connection:
        connection.execute("DELETE FROM entry WHERE number = 15")
        for one in forged[14:]:
            row = (one.number, bytes.fromhex(one.digest), one.number + 1)
            connection.execute("UPDATE entry SET number = ?, digest = ? WHERE number = ?", row)

    code, said = scene.verified()

    assert code == 1
    assert "fork: number 30 is not the entry its node signed" in said
    assert f"missing head: its node signed number {ENTRIES}" in said


def test_what_a_hub_confirmed_shows_that_a_posts_own_chain_was_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub = hub_node()
    post = with_peer(sqlite_node(tmp_path / "post", series=1), Line(hub))
    let_pass(post, 12)
    enrol(post, HUB_URL, give_code(hub, "Huay Xai"))
    assert exchange_once(post).ok
    post.store.close()
    scene = Scene(tmp_path / "post", "", capsys)
    whole = command(ledger, scene.folder, "verify")
    capsys.readouterr()
    with scene.opened() as connection:
        connection.execute("DELETE FROM entry WHERE number > 10")

    code = command(ledger, scene.folder, "verify")
    said = capsys.readouterr().out

    assert (whole, code) == (0, 1)
    assert "fork: a hub confirmed another entry with number 12, or one that is not there any more" in said
    assert "the hub gives back what it confirmed since" in said


def test_tables_that_are_not_what_the_ledger_says_are_named_and_left_as_they_are(scene: Scene) -> None:
    with scene.opened() as connection:
        connection.execute("DELETE FROM completion WHERE rowid IN (SELECT rowid FROM completion LIMIT 1)")

    without, _ = scene.verified()
    code, said = scene.verified("--projections")
    again, _ = scene.verified("--projections")

    assert (without, code, again) == (0, 1, 1)
    assert f"table {COMPLETION.name} is not what the ledger says" in said
    assert command(ledger, scene.folder, "rebuild", "--hub") == 0
    assert scene.verified("--projections")[0] == 0


def test_what_was_kept_apart_is_in_its_place_and_missed_when_it_is_taken_out(scene: Scene) -> None:
    node = sqlite_node(scene.folder, kind=NodeKind.HUB, series=9)
    post = post_on(Line(node), 2)
    enrol(post, HUB_URL, give_code(node, "Poipet"))
    let_pass(post, 5)
    with post.store.reading() as tx:
        origin = str(fact(tx, "id"))
        entries = tx.ledger.entries(origin)
    head, sent = Head(origin), list[Entry]()
    for number, entry in enumerate(entries, 1):
        body = {**entry.statement.body, "result": "none"} if number == 3 else entry.statement.body
        sent.append(follow(head, type(entry.statement)(body)))
        head = head_after(sent[-1])
    signed = SignedHead(head, post.keys.sign(head_message(head)))
    assert len(receive_batch(node, origin, batch_of(Head(origin), tuple(sent), signed)).apart) == 1
    node.store.close()

    whole, said = scene.verified()
    with scene.opened() as connection:
        connection.execute("DELETE FROM quarantine")
    code, without = scene.verified()

    assert (whole, code) == (0, 1)
    assert f"chain of {origin}: 5 entries, 1 of them kept apart, whole" in said
    assert "gap: number 3 is not there" in without
    assert said_whole_of(without, scene.post)


def said_whole_of(said: str, node: str) -> bool:
    return any(f"chain of {node}" in line and "whole" in line for line in said.splitlines())


def test_doctor_looks_at_the_newest_entries_only(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "NEWEST", 10)
    command(doctor, scene.folder, "--hub")
    well = scene.capsys.readouterr().out
    with scene.opened() as connection:
        connection.execute("UPDATE entry SET digest = zeroblob(32) WHERE number = 12")
    command(doctor, scene.folder, "--hub")
    old = scene.capsys.readouterr().out
    with scene.opened() as connection:
        connection.execute("DELETE FROM entry WHERE number = 35")
    code = command(doctor, scene.folder, "--hub")
    new = scene.capsys.readouterr().out

    assert f"[ok] chain of {scene.post}: the last 10 of {ENTRIES} entries, whole" in well
    assert f"[ok] chain of {scene.post}" in old
    assert code == 1
    assert f"[!!] chain of {scene.post}" in new
    assert "[!!]   gap: number 35 is not there" in new


def test_an_end_nobody_ever_confirmed_is_missed_by_the_tables_when_it_is_cut_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post = sqlite_node(tmp_path / "post", series=1)
    let_pass(post, 6)
    post.store.close()
    with Scene(tmp_path / "post", "", capsys).opened() as connection:
        connection.execute("DELETE FROM entry WHERE number > 4")

    without = command(ledger, tmp_path / "post", "verify")
    with_tables = command(ledger, tmp_path / "post", "verify", "--projections")

    assert (without, with_tables) == (0, 1)
    assert f"table {COMPLETION.name} is not what the ledger says" in capsys.readouterr().out

"""`ledger copy`: a hub's data into PostgreSQL and back, as an operator types it."""

import argparse
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cast import sqlite_node
from exchange_scenes import let_pass
from postgres_server import Server

from elearn.adapters.files import FolderCourses
from elearn.adapters.postgres.store import PostgresStore
from elearn.adapters.sqlite.store import SqliteStore
from elearn.cli import doctor, ledger
from elearn.cli.sentences import explain
from elearn.cli.workbench import Workbench
from elearn.core.projections.all import CURSOR, FOLDED_TABLES
from elearn.core.vocab.errors import Conflict, ElearnError
from elearn.core.vocab.kept import KEPT_TABLES
from elearn.core.vocab.nodes import NodeKind
from elearn.ports import Store
from elearn.wiring import build_node, open_store

ROOT = Path(__file__).parent.parent.parent


def everything(store: Store) -> dict[str, list[Any]]:
    try:
        with store.reading() as tx:
            found: dict[str, list[Any]] = {
                table.name: tx.tables.select(table) for table in (*KEPT_TABLES, CURSOR, *FOLDED_TABLES)
            }
            return {**found, "ledger": list(tx.ledger.every())}
    finally:
        store.close()


def command(module: ModuleType, environment: dict[str, str], *words: str) -> int:
    bench = Workbench(ROOT, environment, build_node, lambda _: None, FolderCourses, open_store)
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    code: int = module.run(parser.parse_args(words), bench)
    return code


def run(environment: dict[str, str], *words: str) -> int:
    return command(ledger, environment, "copy", *words)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    node = sqlite_node(tmp_path / "hub", kind=NodeKind.HUB)
    let_pass(node, 30)
    node.store.close()
    return tmp_path / "hub"


@pytest.mark.postgres
def test_a_hub_moves_into_postgresql_and_back(
    hub: Path, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(SqliteStore(hub))

    there = run({"ELEARN_DATA": str(hub), "ELEARN_DATABASE": database})
    said = capsys.readouterr().out
    back = run({}, "--from", database, "--to", str(tmp_path / "back"))

    assert (there, back) == (0, 0)
    assert len(before["ledger"]) == 30
    assert everything(PostgresStore(database)) == before
    assert everything(SqliteStore(tmp_path / "back")) == before
    assert everything(SqliteStore(hub)) == before
    assert "Copied 30 entries" in said
    assert "ledger: 30/30" in said
    assert "node.key" in capsys.readouterr().out


@pytest.mark.postgres
def test_a_hub_in_postgresql_is_looked_over_verified_and_folded_anew(
    hub: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {"ELEARN_DATA": str(hub), "ELEARN_DATABASE": database}
    run(environment)
    before = everything(PostgresStore(database))
    capsys.readouterr()

    codes = [
        command(doctor, environment, "--hub"),
        command(ledger, environment, "verify", "--hub"),
        command(ledger, environment, "rebuild", "--hub"),
    ]
    said = capsys.readouterr().out

    assert codes == [0, 0, 0]
    assert "kept by PostgreSQL 1" in said
    assert "30 entries, whole" in said
    assert "Rebuilt from 30 entries." in said
    after = everything(PostgresStore(database))
    names = ["ledger", *(table.name for table in (CURSOR, *FOLDED_TABLES))]
    assert {name: after[name] for name in names} == {name: before[name] for name in names}


@pytest.mark.parametrize("address", ["mysql://hub:geheim@db/training", "hub:geheim@db", "postgresql:/db"])
def test_an_address_of_another_kind_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(ElearnError) as refused:
        run({"ELEARN_DATABASE": address})

    assert "ELEARN_DATABASE=... is not usable" in explain(refused.value)
    assert "geheim" not in f"{explain(refused.value)} {refused.value}"


@pytest.mark.postgres
def test_a_second_copy_onto_the_first_is_refused(hub: Path, database: str) -> None:
    run({}, "--from", str(hub), "--to", database)
    before = everything(PostgresStore(database))

    with pytest.raises(Conflict) as refused:
        run({}, "--from", str(hub), "--to", database)

    assert "holds something already (ledger, node_fact" in explain(refused.value)
    assert everything(PostgresStore(database)) == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--from", "HUB"], "Say where to"),
        (["--from", "HUB", "--to", "HUB"], "the same place"),
        (["--from", "nowhere", "--to", "HUB"], "it is not there"),
    ],
)
def test_what_cannot_be_copied_is_said(hub: Path, tmp_path: Path, words: list[str], sentence: str) -> None:
    places = {"HUB": str(hub), "nowhere": str(tmp_path / "nowhere")}

    with pytest.raises(ElearnError) as refused:
        run({}, *(places.get(word, word) for word in words))

    assert sentence in explain(refused.value)
    assert not (tmp_path / "nowhere").exists()


def test_a_hub_whose_driver_is_missing_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, hub: Path) -> None:
    for name in [name for name in sys.modules if name.startswith(("psycopg", "elearn.adapters.postgres"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(ElearnError) as refused:
        run({}, "--from", str(hub), "--to", "postgresql://hub:geheim@/training")

    assert "ELEARN_DATABASE=postgresql://... python3 run.py setup" in explain(refused.value)
    assert "geheim" not in explain(refused.value)


@pytest.mark.postgres
def test_a_post_put_into_the_address_of_a_database_stays_in_its_folder(postgres: Server, tmp_path: Path) -> None:
    bench = Workbench(ROOT, {"ELEARN_DATABASE": postgres.url("no-such")}, build_node, print, FolderCourses, open_store)

    assert bench.settings(NodeKind.POST).database == ""
    assert bench.settings(NodeKind.HUB, demo=True).database == ""
    assert bench.settings(NodeKind.HUB).database == postgres.url("no-such")
    assert "no-such" not in repr(bench.settings(NodeKind.HUB))

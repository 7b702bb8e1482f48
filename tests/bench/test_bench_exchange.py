"""The bench of the exchange measures what it says. How fast is not tested here: that is for the bench itself."""

import json
import os
import socket
import threading
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path

import pytest
from cast import memory_node

from elearn.adapters.files import FolderCourses
from elearn.app import create_app
from elearn.cli import bench
from elearn.cli.measuring import exchange
from elearn.cli.measuring.process import family
from elearn.cli.measuring.records import fill
from elearn.cli.measuring.relay import relay_to
from elearn.cli.workbench import Workbench
from elearn.core.ledger.entry import Head, check_chain
from elearn.core.projections.certificates import CERTIFICATE
from elearn.core.projections.completions import COMPLETION
from elearn.core.xapi import verbs
from elearn.core.xapi.check import check_statement
from elearn.services.node import fact
from elearn.wiring import build_node, open_store

ROOT = Path(__file__).resolve().parents[2]


def test_both_directions_an_empty_exchange_and_the_folding_are_measured_at_each_size(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "FIRST_SIZE", 60)
    monkeypatch.setattr(exchange, "EMPTY_EXCHANGES", 1)
    before = set(family(os.getpid()))
    parser = ArgumentParser()
    bench.add_arguments(parser)
    workbench = Workbench(ROOT, dict(os.environ), build_node, create_app, FolderCourses, open_store)
    code = bench.run(parser.parse_args(["exchange", "--entries", "600", "--json"]), workbench)
    measures = json.loads(capsys.readouterr().out)["measures"]
    found = {one["name"]: one for one in measures}

    assert code == 0
    for held in ("60 held", "600 held"):
        for what in ("up", "down", "nothing to do", "folded anew"):
            assert found[f"{what}, {held}"]["value"] > 0
    assert all(one["value"] > 0 for one in measures)
    assert found["up, 600 held"]["bare"] == found["up, 60 held"]["value"]
    wire = [one["value"] for one in measures if one["name"] == "  an entry on the wire, both ways"]
    empty = [one["value"] for one in measures if one["name"] == "  on the wire, both ways"]
    assert all(40 < value < 250 for value in wire)
    assert all(500 < value < 1024 for value in empty)
    left = set(family(os.getpid())) - before
    assert all("resource_tracker" in Path(f"/proc/{pid}/cmdline").read_text() for pid in left)


def test_sizes_grow_tenfold_up_to_what_was_asked_for() -> None:
    assert exchange.sizes(700) == [700]
    assert exchange.sizes(10_000) == [10_000]
    assert exchange.sizes(1_000_000) == [10_000, 100_000, 1_000_000]
    assert exchange.sizes(250_000) == [10_000, 100_000, 250_000]


def test_invented_records_are_true_statements_in_a_whole_chain() -> None:
    node = memory_node()
    fill(node, 3000, seed=1)
    fill(node, 200, seed=2)
    with node.store.reading() as tx:
        mine = str(fact(tx, "id"))
        chain = tx.ledger.entries(mine)
        counted = (tx.tables.count(COMPLETION), tx.tables.count(CERTIFICATE))
    kinds = Counter(entry.statement.verb for entry in chain)

    assert check_chain(Head(mine), chain).number == 3200
    for entry in chain:
        check_statement(entry.statement)
    assert kinds[verbs.ANSWERED] > 1000
    assert set(kinds) == {
        verbs.REGISTERED,
        verbs.INITIALIZED,
        verbs.ANSWERED,
        verbs.COMPLETED,
        verbs.PASSED,
        verbs.FAILED,
        verbs.CERTIFIED,
    }
    assert counted == (kinds[verbs.CERTIFIED], kinds[verbs.CERTIFIED])


def test_a_relay_counts_the_bytes_of_both_directions() -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        near, _ = listening.accept()
        assert near.recv(100) == b"question"
        near.sendall(b"a longer answer")
        near.close()

    answering = threading.Thread(target=answer)
    answering.start()
    with relay_to(listening.getsockname()) as relay:
        with socket.create_connection(("127.0.0.1", relay.port)) as asking, asking.makefile("rb") as heard:
            asking.sendall(b"question")
            asking.shutdown(socket.SHUT_WR)
            said = heard.read()
        answering.join()
    listening.close()

    assert said == b"a longer answer"
    assert (relay.up, relay.down, relay.total) == (8, 15, 23)

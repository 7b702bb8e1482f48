"""The bench measures what it says it does. How fast is not tested here: that is for the bench itself."""

import json
import os
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

import pytest

from elearn.adapters.files import FolderCourses
from elearn.app import create_app
from elearn.cli import bench
from elearn.cli.measuring import bare, report, scene
from elearn.cli.measuring.load import Connection, Seen, put_under_load, request
from elearn.cli.measuring.process import family, first_visit_bytes, running
from elearn.cli.workbench import Workbench
from elearn.core.vocab.nodes import NodeKind
from elearn.wiring import build_node, open_store

ROOT = Path(__file__).resolve().parents[2]


def workbench() -> Workbench:
    return Workbench(ROOT, dict(os.environ), build_node, create_app, FolderCourses, open_store)


def measured(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    parser = ArgumentParser()
    bench.add_arguments(parser)
    code = bench.run(parser.parse_args(["--seconds", "0.4", "--officers", "3", "--starts", "1", *words]), workbench())
    return code, capsys.readouterr().out


def test_everything_is_measured_and_nothing_is_left_running(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = measured(capsys, "--json")
    found = {one["name"]: one for one in json.loads(printed)["measures"]}

    assert code == 0
    assert len(found) >= 12
    for name, one in found.items():
        assert one["value"] is None or one["value"] > 0, name
        assert not one["note"].startswith("wrong"), name
    assert found["answers saved"]["bare"] > 0
    assert found["first visit on the wire, no fonts"]["note"] == "7 answers"
    assert family(os.getpid()) == [os.getpid()]


def test_every_answer_of_the_load_is_stored_anew(tmp_path: Path) -> None:
    node = build_node(replace(workbench().settings(NodeKind.POST), data=tmp_path))
    try:
        scene.set_up(node)
        shown = scene.fill(node, 1)
        client = create_app(node).test_client(use_cookies=False)
        with node.store.reading() as tx:
            before = tx.ledger.size()
        forms = scene.answers(shown.officers[0], "localhost")
        for text in forms:
            head, _, body = text.partition("\r\n\r\n")
            path = head.split(" ")[1]
            cookies = next(line[8:] for line in head.split("\r\n") if line.startswith("Cookie: "))
            kind = "application/x-www-form-urlencoded"
            answer = client.post(path, data=body, content_type=kind, headers={"Cookie": cookies})
            assert answer.status_code == 302
        with node.store.reading() as tx:
            assert tx.ledger.size() == before + len(forms)
    finally:
        node.store.close()


def test_an_answer_with_another_status_is_not_counted_as_good() -> None:
    with running(["-m", bare.__name__], dict(os.environ), ROOT, "/") as server:
        wanted = [request("GET", "/nowhere", server.host), request("GET", "/", server.host)]
        seen = put_under_load(server.address, [wanted] * 2, 200, 0.3, processes=1)

    assert len(seen.waits_ms) > 0
    assert seen.wrong["404"] > 0


def test_a_server_is_weighed_asked_and_ended() -> None:
    with running(["-m", bare.__name__], dict(os.environ), ROOT, "/") as server:
        connection = Connection(server.address)
        status, _, body = connection.ask(request("GET", "/", server.host).encode())
        connection.close()
        memory, (size, answers) = server.memory_mb(), first_visit_bytes(server, "/")

    assert status == 200
    assert body.decode() == bare.PAGE
    assert 5 < memory < 500
    assert answers == 1
    assert size > len(bare.PAGE)
    assert server.process.poll() is not None


def test_a_server_that_does_not_come_up_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(TimeoutError, match="did not answer"),
        running(["-c", "raise SystemExit(1)"], dict(os.environ), ROOT, "/"),
    ):
        raise AssertionError("it cannot have answered")


def test_percentiles_are_those_of_the_waits() -> None:
    seen = Seen(waits_ms=[float(number) for number in range(1, 101)], seconds=2.0)

    assert seen.per_second == 50.0
    assert seen.percentile_ms(50) == 50.5
    assert 95 <= seen.percentile_ms(95) <= 96
    assert Seen().per_second == 0.0


def test_the_table_has_a_line_for_each_measure(capsys: pytest.CaptureFixture[str]) -> None:
    report.print_table(
        [bench.Measure("pages", "/s", 1234.5, 2469.0, "> 1"), bench.Measure("none", "ms", None)], {"cores": 2}
    )
    lines = capsys.readouterr().out.splitlines()

    assert "0.50" in next(line for line in lines if line.startswith("pages"))
    assert "1,234" in next(line for line in lines if line.startswith("pages"))
    assert " - " in next(line for line in lines if line.startswith("none"))

"""The bench of certificates measures what it says. How fast is not tested here: that is for the bench itself."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path

import pytest

from elearn.adapters.files import FolderCourses
from elearn.app import create_app
from elearn.cli import bench
from elearn.cli.measuring.process import family
from elearn.cli.workbench import Workbench
from elearn.wiring import build_node, open_store

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.pango
def test_one_certificate_and_a_batch_are_measured_and_nothing_is_left_running(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.certificates, "ROUNDS", 14)
    parser = ArgumentParser()
    bench.add_arguments(parser)
    workbench = Workbench(ROOT, dict(os.environ), build_node, create_app, FolderCourses, open_store)
    code = bench.run(parser.parse_args(["certificates", "--count", "22", "--json"]), workbench)
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)["measures"]}
    one = found["certificate, warm, of the processor"]

    assert code == 0
    assert one["value"] > 0
    assert one["bare"] > 0
    for form in ("pdf", "zip"):
        assert found[f"batch as {form}"]["value"] > 0
        assert found[f"batch as {form}"]["note"].startswith("22 in ")
        assert found[f"batch as {form}, memory it adds"]["value"] > 20
    assert found["batch as zip, file"]["value"] > found["batch as pdf, file"]["value"]
    assert family(os.getpid()) == [os.getpid()]

"""What a start refuses, as a real process says it: a sentence that tells what, where and what to do."""

import os
import subprocess
import sys
from pathlib import Path

from account_scenes import post

from elearn.cli.measuring.process import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


def refused(folder: Path, *words: str, **environment: str) -> str:
    outcome = subprocess.run(
        [sys.executable, "-m", "elearn", *words],
        cwd=ROOT,
        env={**os.environ, "ELEARN_DATA": str(folder), "ELEARN_PORT": str(free_port()), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    return outcome.stderr


def test_a_posts_folder_is_not_served_as_a_hub(tmp_path: Path) -> None:
    post(tmp_path).store.close()

    said = refused(tmp_path, "hub")

    assert f"{tmp_path} holds a post." in said
    assert "python3 run.py" in said


def test_a_host_that_is_no_address_is_said_in_words(tmp_path: Path) -> None:
    said = refused(tmp_path, "serve", ELEARN_HOST="999.1.1.1")

    assert "Cannot listen on 999.1.1.1" in said
    assert "Unknown error" not in said

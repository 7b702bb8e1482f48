"""The command line as a whole: it ends in a sentence, never in a list of calls."""

import subprocess
import sys
from pathlib import Path

from elearn.cli.sentences import explain
from elearn.core.vocab.errors import Invalid

ROOT = Path(__file__).parents[2]


def test_a_reader_who_has_seen_enough_gets_no_list_of_calls(tmp_path: Path) -> None:
    broken = tmp_path / "courses" / "seals"
    broken.mkdir(parents=True)
    mistakes = "".join(f"field-{number}: x\n" for number in range(6000))
    (broken / "course.yaml").write_text(mistakes, encoding="utf-8")
    wording = {"ELEARN_COURSES": str(tmp_path / "courses"), "ELEARN_DATA": str(tmp_path / "data")}

    words = [sys.executable, "-m", "elearn", "courses", "check"]
    with subprocess.Popen(words, cwd=ROOT, env=wording, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline()
        program.stdout.close()
        said = program.stderr.read().decode()

    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert program.returncode == 1


def test_a_damaged_course_is_told_in_words_with_the_next_step() -> None:
    said = explain(Invalid("course.damaged", course="seals", errors=2))

    assert "2 mistakes" in said
    assert "courses check seals" in said

"""Every finding of a set of broken course folders, by file, line, code and sentence, compared to the letter.

`python -m tests.core.test_findings_golden` writes the golden file anew; see tests/golden/README.md.
"""

from datetime import date
from functools import cache
from pathlib import Path

from elearn.adapters.files import FolderCourses
from elearn.core.content.finding import Finding, Findings, sentence_of
from elearn.core.content.package import ReadCourse, read_course
from elearn.core.content.sentences import RULES
from elearn.core.content.terms import read_term_lists

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
FINDINGS = GOLDEN / "findings.txt"
TODAY = date(2026, 11, 25)

NOT_IN_A_FOLDER = {
    # Only against what is published already: tests/services/test_author.py.
    *("language.lost", "version.older", "version.not-raised", "version.too-small"),
    # Only against the folders beside: tests/core/test_content_check.py.
    *("requires.unknown", "requires.circle"),
    # Files of 60 KB to 1 MB, made where they are needed: tests/core/test_content_check.py.
    *("file.too-large", "picture.too-large", "picture.heavy"),
}


@cache
def read_all() -> tuple[tuple[Finding, ...], dict[str, ReadCourse]]:
    """Return what is wrong with the term list, and every course as it was read."""
    findings = Findings()
    terms = read_term_lists({path.stem: path.read_bytes() for path in (GOLDEN / "terms").iterdir()}, findings)
    folders = FolderCourses(GOLDEN / "broken")
    return findings.listed(), {name: read_course(name, folders.read(name), TODAY, terms) for name in folders.courses()}


def found() -> list[tuple[str, Finding]]:
    """Return (folder, finding) of everything that is wrong, terms first."""
    of_terms, courses = read_all()
    return [("terms", one) for one in of_terms] + [
        (name, one) for name, read in courses.items() for one in read.findings
    ]


def written() -> str:
    """Return the golden file: a line a finding."""
    lines = [
        f"{folder}/{one.file}:{one.line}: {one.severity}: {one.code}: {sentence_of(one)}" for folder, one in found()
    ]
    return "".join(f"{line}\n" for line in lines)


def test_every_finding_is_as_it_was_by_file_line_code_and_sentence() -> None:
    assert written().splitlines() == FINDINGS.read_text(encoding="utf-8").splitlines()


def test_every_kind_of_mistake_is_in_a_folder_but_the_few_that_cannot_be() -> None:
    shown = {one.code for _, one in found()}

    assert sorted(set(RULES) - shown) == sorted(NOT_IN_A_FOLDER)
    assert len(shown) >= 40


def test_every_sentence_is_filled_in() -> None:
    lines = FINDINGS.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if "%(" in line or "None" in line] == []
    assert len(set(lines)) == len(lines)


def test_no_broken_course_is_published() -> None:
    _, courses = read_all()

    assert len(courses) >= 10
    assert [name for name, read in courses.items() if read.package] == []


if __name__ == "__main__":
    FINDINGS.write_text(written(), encoding="utf-8", newline="\n")

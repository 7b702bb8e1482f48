"""One course in seven languages: same blocks in the same order, same question keys, same options, same terms.

Read with a YAML and a Markdown library and nothing of ours, so that a mistake of the checker is not repeated here.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2] / "courses"
LANGUAGES = ("en", "km", "lo", "my", "th", "vi", "zh_Hans")
COURSES = [path.name for path in sorted(ROOT.iterdir()) if (path / "course.yaml").exists()]
_MARKER = re.compile(r"\[\^([^\]]+)\]")
_PICTURE = re.compile(r"\]\((picture:[^)]+)\)")
_BOX = re.compile(r"^\[!(\w+)\]")
Shape = dict[str, Any]


@cache
def read(course: str, name: str) -> Any:
    return yaml.load((ROOT / course / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


def finished(course: str) -> bool:
    """Tell whether a course is to be whole: each that ends in an exam; another, once every language has its texts."""
    structure = read(course, "course.yaml")
    begun = all((ROOT / course / tag / "texts.yaml").exists() for tag in LANGUAGES)
    return not structure.get("draft") and ("exam" in structure or begun)


FINISHED = [course for course in COURSES if finished(course)]
PAIRS = [(course, tag) for course in FINISHED for tag in LANGUAGES[1:]]


def blocks(course: str, language: str, lesson: str) -> list[str]:
    """Return the reading order of a lesson: a line a block, with what must stand in it in every language."""
    text = (ROOT / course / language / f"{lesson}.md").read_text(encoding="utf-8")
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline":
            box = _BOX.match(token.content)
            said = [*_MARKER.findall(token.content), *_PICTURE.findall(token.content), *(box.groups() if box else ())]
            found.append(" ".join(["text", *said]))
        elif token.nesting >= 0:
            found.append(f"{token.tag or token.type} {token.info}".strip())
    return found


def keys(value: Any) -> Any:
    """Return everything of a value but its words: names of fields, how many rows."""
    if isinstance(value, dict):
        return {str(name): keys(one) for name, one in value.items()}
    return [keys(one) for one in value] if isinstance(value, list) else "words" if value else "nothing"


def without_accepted(questions: Shape) -> Shape:
    """Return the questions without the answers that may be typed: each language has its own spellings."""
    return {name: {part: one for part, one in words.items() if part != "accepted"} for name, words in questions.items()}


def test_there_are_six_courses_to_compare() -> None:
    assert len(FINISHED) >= 6


@pytest.mark.parametrize("course", FINISHED)
def test_every_language_has_every_file_and_no_other(course: str) -> None:
    def names(tag: str) -> set[str]:
        here = ROOT / course / tag
        return {path.relative_to(here).as_posix() for path in here.rglob("*.*")} - {"translation.yaml"}

    assert read(course, "course.yaml")["languages"] == list(LANGUAGES)
    assert {tag: names(tag) ^ names("en") for tag in LANGUAGES} == {tag: set() for tag in LANGUAGES}


@pytest.mark.parametrize(("course", "language"), PAIRS)
def test_the_reading_order_is_that_of_english(course: str, language: str) -> None:
    for lesson in read(course, "course.yaml")["lessons"]:
        source = blocks(course, "en", lesson["id"])
        assert len(source) > 20
        assert blocks(course, language, lesson["id"]) == source, lesson["id"]


@pytest.mark.parametrize(("course", "language"), PAIRS)
def test_questions_have_the_same_keys_and_options(course: str, language: str) -> None:
    structure = {one["id"]: one for one in read(course, "questions.yaml")}
    source, words = (without_accepted(read(course, f"{tag}/questions.yaml")) for tag in ("en", language))

    assert set(words) == set(structure)
    assert keys(words) == keys(source)
    for name, one in structure.items():
        if one.get("options"):
            assert set(words[name]["options"]) == set(one["options"]), name
            assert len(set(words[name]["options"].values())) == len(one["options"]), name


@pytest.mark.parametrize(("course", "language"), PAIRS)
def test_terms_outcomes_and_labels_are_the_same_in_number_and_name(course: str, language: str) -> None:
    structure = read(course, "course.yaml")
    glossary = read(course, f"{language}/glossary.yaml")

    assert set(glossary) == set(structure["glossary"])
    assert keys(glossary) == keys(read(course, "en/glossary.yaml"))
    assert keys(read(course, f"{language}/texts.yaml")) == keys(read(course, "en/texts.yaml"))


def test_the_comparison_sees_a_difference(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lesson = (
        "## One\n\nText[^a] and[^b].\n\n- first\n- second\n\n> [!country]\n> x\n\n| a | b |\n|---|---|\n| c | d |\n"
    )
    changes = {
        "markers turned round": ("Text[^a] and[^b]", "Text[^b] and[^a]"),
        "a point less": ("- first\n- second", "- first"),
        "a heading of another level": ("## One", "### One"),
        "another box": ("[!country]", "[!jobaid]"),
        "a column less": ("| a | b |\n|---|---|\n| c | d |", "| a |\n|---|\n| c |"),
    }
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    for tag, text in [("en", lesson), *((name, lesson.replace(*change)) for name, change in changes.items())]:
        (tmp_path / "c" / tag).mkdir(parents=True)
        (tmp_path / "c" / tag / "l.md").write_text(text, encoding="utf-8")
    source = blocks("c", "en", "l")

    assert [name for name in changes if blocks("c", name, "l") == source] == []

"""Packages: one digest for one content; versions; stamps that know what is behind."""

import pytest
from good_course import KM, TODAY, Files, edit, good_course

from elearn.core.content.digest import TranslationState, state_of, units_of
from elearn.core.content.finding import Findings
from elearn.core.content.model import Course
from elearn.core.content.package import Package, compile_course
from elearn.core.content.parse import parse_course
from elearn.core.content.stamps import stamped, stamps_text
from elearn.core.content.version import edit_class, needed_class, numbers_of, raised
from elearn.core.vocab.errors import ElearnError


def package(files: Files) -> Package:
    made, findings = compile_course("seals", files, TODAY)
    assert made is not None, findings
    return made


def course(files: Files) -> Course:
    read = parse_course(files, Findings())
    assert read is not None
    return read


def with_stamps(files: Files, **how: object) -> Files:
    stamps, _ = stamped(course(files), "km", "2026-11-24", **how)  # type: ignore[arg-type]
    return {**files, "km/translation.yaml": stamps_text(stamps).encode()}


def state_of_km(files: Files) -> TranslationState:
    read = course(files)
    return state_of(units_of(read.words["en"]), units_of(read.words["km"]), read.words["km"].stamps)


def test_the_same_files_give_the_same_digest_in_any_order() -> None:
    files = good_course()

    assert package(files).digest == package(dict(reversed(files.items()))).digest
    assert package(files) == package({name: bytes(data) for name, data in files.items()})


@pytest.mark.parametrize(
    ("name", "old", "new", "source_too"),
    [
        ("course.yaml", "pass_mark: 0.8", "pass_mark: 0.7", True),
        ("questions.yaml", "correct: [a]", "correct: [b]", True),
        ("facts.yaml", "Page 1", "Page 2", True),
        ("en/questions.yaml", "What about c-1?", "What of c-1?", True),
        ("en/looking.md", "then touch", "then feel", True),
        ("km/texts.yaml", "Seals", "Seal", False),
        ("km/looking.md", "then touch", "then feel", False),
    ],
)
def test_every_word_counts_in_the_digest(name: str, old: str, new: str, source_too: bool) -> None:
    before = package(good_course())
    after = package(edit(name, old, new)(good_course()))

    assert before.digest != after.digest
    assert (before.source != after.source) is source_too


def test_comments_and_layout_do_not_count() -> None:
    files = edit("course.yaml", "code: T1", "# a remark\ncode:   'T1'")(good_course())

    assert package(files).digest == package(good_course()).digest


def test_the_key_is_in_the_structure_and_nowhere_else() -> None:
    made = package(good_course())

    assert made.structure["questions"]["c-2"]["correct"] == ["a", "b"]
    assert "correct" not in repr(made.questions) + repr(made.texts)
    assert set(made.questions["c-2", "km"]) == {"stem", "options", "feedback"}


def test_texts_have_the_shape_the_pages_read() -> None:
    texts = package(good_course()).texts["km"]

    assert texts["outcomes"] == [f"{KM} The officer can read a seal.", f"{KM} The officer can stop in time."]
    assert texts["lessons"]["stopping"] == {"title": f"{KM} Stopping", "summary": f"{KM} When to stop."}
    assert texts["glossary"] == {"seal": {"name": f"{KM} Seal", "meaning": f"{KM} A numbered lock."}}


def test_a_page_cites_its_sources_in_order() -> None:
    made = package(good_course())

    sources = made.sources(made.pages["looking", "km"])
    assert [(one["number"], one["fact"], one["source"]["year"]) for one in sources] == [
        (1, "mou-1993", 2017),
        (2, "mou-1995", 2017),
    ]


def test_stamps_make_a_language_current_and_reviewed() -> None:
    drafts = package(with_stamps(good_course())).translation
    reviewed = package(with_stamps(good_course(), reviewer="Sok Dara: language")).translation

    assert package(good_course()).translation["km"]["unstamped"] != []
    assert (drafts["km"]["state"], drafts["km"]["current"]) == ("draft", drafts["km"]["units"])
    assert reviewed["km"]["state"] == "reviewed"
    assert reviewed["en"]["state"] == "source"


def test_a_paragraph_put_in_between_leaves_the_others_current() -> None:
    files = with_stamps(good_course())
    longer = edit("en/looking.md", "### Table", "New words.\n\n### Table")(files)

    read = course(longer)
    state = state_of(units_of(read.words["en"]), units_of(read.words["km"]), read.words["km"].stamps)
    assert state.behind == ("lesson/looking/p5",)


def test_only_new_units_are_stamped_unless_named() -> None:
    files = edit("en/questions.yaml", "What about c-1?", "What of c-1?")(with_stamps(good_course()))

    kept, anew = stamped(course(files), "km", "2026-12-01")
    again, named = stamped(course(files), "km", "2026-12-01", named=["question/c-1"], reviewer="Sok Dara")

    assert anew == ()
    assert kept["question/c-1"].date == "2026-11-24"
    assert named == ("question/c-1",)
    assert (again["question/c-1"].state, again["question/c-2"].state) == ("reviewed", "draft")


def test_a_paragraph_is_stamped_by_the_name_a_finding_gives_it_and_no_other_with_it() -> None:
    files = with_stamps(good_course())
    changed = edit("en/looking.md", "then touch", "then feel")(files)
    twice = edit("en/looking.md", "### Table", "New words.\n\n### Table")(changed)
    first, second = state_of_km(twice).behind

    stamps, anew = stamped(course(twice), "km", "2026-12-01", named=[first])
    half = {**twice, "km/translation.yaml": stamps_text(stamps).encode()}
    assert anew == ("lesson/looking",)
    assert state_of_km(half).behind == (second,)

    stamps, _ = stamped(course(half), "km", "2026-12-02", named=[second])
    whole = {**twice, "km/translation.yaml": stamps_text(stamps).encode()}
    assert state_of_km(whole).behind == ()


def test_stamps_survive_being_written_and_read() -> None:
    stamps, _ = stamped(course(good_course()), "km", "2026-11-24", reviewer='A "quoted": name #1')
    read = course({**good_course(), "km/translation.yaml": stamps_text(stamps).encode()})

    assert read.words["km"].stamps == stamps


@pytest.mark.parametrize(
    ("language", "named"), [("en", []), ("lo", []), ("km", ["question/none"]), ("km", ["lesson/looking/p99"])]
)
def test_what_cannot_be_stamped_is_said(language: str, named: list[str]) -> None:
    with pytest.raises(ElearnError):
        stamped(course(good_course()), language, "2026-11-24", named=named)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.0.0", "1.0.0", "same"),
        ("1.0.0+3fa21b07", "1.0.0", "same"),
        ("1.0.0", "1.0.1", "typo"),
        ("1.0.9", "1.1.0", "clarification"),
        ("1.9.9", "2.0.0", "meaning"),
    ],
)
def test_a_version_step_says_what_kind_of_edit_it_is(old: str, new: str, expected: str) -> None:
    assert edit_class(old, new) == expected


def test_versions_compare_as_numbers() -> None:
    assert (numbers_of("1.10.0") or ()) > (numbers_of("1.9.0") or ())
    assert [numbers_of(text) for text in ("1.0", "01.0.0", "1.0.0-x", "v1.0.0", "")] == [None] * 5


@pytest.mark.parametrize(
    ("name", "old", "new", "expected", "next_version"),
    [
        ("facts.yaml", "Page 1", "Page 2", "same", "1.0.1"),
        ("course.yaml", "minutes: 10", "minutes: 12", "clarification", "1.1.0"),
        ("questions.yaml", "correct: [a]", "correct: [b]", "meaning", "2.0.0"),
        ("course.yaml", "pass_mark: 0.8", "pass_mark: 0.7", "meaning", "2.0.0"),
    ],
)
def test_what_changed_decides_the_least_step(name: str, old: str, new: str, expected: str, next_version: str) -> None:
    needed = needed_class(package(good_course()).structure, package(edit(name, old, new)(good_course())).structure)

    assert needed == expected
    assert raised("1.0.0", needed) == next_version

"""Term lists: what is wrong with a list, where a term is found, and which translation does not hold to it."""

from collections.abc import Mapping

import pytest
from good_course import KM, TODAY, Files, edit, good_course, line_of
from kinds_course import COURSE, kinds_course

from elearn.core.content.finding import Finding, Findings, sentence_of
from elearn.core.content.package import read_course
from elearn.core.content.sentences import RULES
from elearn.core.content.term_words import Phrases, folded, sentence_of_words
from elearn.core.content.terms import TermList, read_term_lists, read_terms

GOOD = """notes:
  - Written plainly.
terms:
  - term: controlled delivery
    also: [controlled deliveries]
    use: [ដឹកជញ្ជូន]
  - term: seal
    use: [សំណ, ត្រា]
    avoid: [សោ]
"""


def wrong(text: str) -> tuple[Finding, ...]:
    findings = Findings()
    read_terms(text.encode(), "km", findings)
    return findings.listed()


def terms(text: str, language: str = "km") -> TermList:
    findings = Findings()
    made = read_terms(("terms:\n" + text).encode(), language, findings)
    assert findings.listed() == ()
    return made


def breaches(made: TermList, english: str, translated: str) -> list[tuple[str, str]]:
    return [(one.code, one.details["term"]) for one in made.breaches(sentence_of_words(english), translated)]


def findings_of(files: Files, lists: Mapping[str, TermList]) -> list[Finding]:
    return [one for one in read_course("seals", files, TODAY, lists).findings if one.code.startswith("term.")]


# --- the list itself


def test_a_good_list_has_no_finding() -> None:
    findings = Findings()
    made = read_term_lists({"km": GOOD.encode(), "xx": b"nonsense: ["}, findings)["km"]

    assert findings.listed() == ()
    assert made.notes == ("Written plainly.",)
    assert [(term.term, term.use, term.avoid) for term in made.terms] == [
        ("controlled delivery", ("ដឹកជញ្ជូន",), ()),
        ("seal", ("សំណ", "ត្រា"), ("សោ",)),
    ]


BROKEN = [
    ("terms.no-use", GOOD.replace("    use: [ដឹកជញ្ជូន]\n", ""), "term: controlled delivery"),
    ("terms.twice", GOOD.replace("term: seal", "term: controlled deliveries"), "term: controlled deliveries"),
    ("terms.no-words", GOOD.replace("ត្រា", "។"), "។"),
    ("terms.no-words", GOOD.replace("term: seal", 'term: "1988"'), "1988"),
    ("terms.contradiction", GOOD.replace("[សោ]", "[សំ\u200bណ]"), "avoid"),
    ("terms.where-unknown", GOOD + "    where: nowhere\n", "where: nowhere"),
    ("field.unknown", GOOD + "    used: [ត្រា]\n", "used"),
    ("field.missing", GOOD.replace("terms:", "words:"), ""),
    ("field.wrong-type", GOOD + "    checked: perhaps\n", "checked"),
    ("text.not-nfc", "terms:\n  - term: seal\n    use: [ni\u0302em]\n", "use"),
    ("yaml.broken", "terms: [", ""),
]


@pytest.mark.parametrize(("code", "text", "where"), BROKEN, ids=[row[0] for row in BROKEN])
def test_each_mistake_of_a_list_is_found_on_its_line(code: str, text: str, where: str) -> None:
    found = [one for one in wrong(text) if one.code == code]

    assert found
    assert all(one.file == "km/terms.yaml" and sentence_of(one) for one in found)
    if where:
        assert text[: text.index(where)].count("\n") + 1 in {one.line for one in found}


def test_every_rule_about_lists_is_shown_by_a_broken_list() -> None:
    assert {code for code in RULES if code.startswith("terms.")} <= {row[0] for row in BROKEN}


def test_an_entry_that_cannot_be_used_leaves_the_others() -> None:
    made = read_terms(GOOD.replace("    use: [ដឹកជញ្ជូន]\n", "").encode(), "km", Findings())

    assert [term.term for term in made.terms] == ["seal"]


def test_the_same_term_may_mean_one_thing_in_courses_and_another_in_the_interface() -> None:
    made = terms(
        "  - {term: search, use: [ឆែកឆេរ], where: courses}\n  - {term: search, use: [ស្វែងរក], where: interface}\n"
    )

    assert breaches(made.courses, "Search the lorry.", "ស្វែងរក") == [("term.not-held", "search")]
    assert breaches(made.interface, "Search", "ស្វែងរក") == []


# --- finding English phrases


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The seal is broken.", {"seal"}),
        ("SEALS, two of them", {"seal"}),
        ("the seal's number", {"seal"}),
        ("sealed and resealing", set()),
        ("A controlled delivery goes on.", {"controlled delivery"}),
        ("Two controlled deliveries and a delivery", {"controlled delivery", "delivery"}),
        ("It is controlled. Delivery follows.", {"delivery"}),
        ("controlled, delivery", {"delivery"}),
        ("the end-use and the end use", {"end use"}),
        ("Officers who read", set()),
        ("Read by WHO officers", {"WHO"}),
        ("the state of things", set()),
        ("the requested State", {"State"}),
        ("parties and a party", {"party"}),
        ("three boxes", {"box"}),
        ("Run `check --seal` of the `party`.", set()),
        ("Run `check` on the seal, then `check`.", {"seal"}),
        ("", set()),
    ],
)
def test_whole_phrases_are_found_in_any_case_and_number_and_the_longest_wins(text: str, found: set[str]) -> None:
    known = ["delivery", "seal", "controlled delivery", "end use", "WHO", "State", "party", "box"]
    phrases = Phrases((phrase, number) for number, phrase in enumerate(known))

    assert {known[number] for number in phrases.found(sentence_of_words(text))} == found


def test_of_two_phrases_the_one_with_capitals_is_meant_where_it_is_written_so() -> None:
    phrases = Phrases([("state", 0), ("State", 1)])

    assert phrases.found(sentence_of_words("the State")) == {1}
    assert phrases.found(sentence_of_words("a state")) == {0}


# --- looking for renderings


def test_without_blanks_between_words_a_rendering_is_found_anywhere_and_blanks_mean_nothing() -> None:
    assert folded("ស្ដី ពី\u200bច្បាប់", spaced=False) == folded("ស្តីពីច្បាប់", spaced=False)
    assert folded("អង្គការ WHO", spaced=False) == "អង្គការwho"


def test_with_blanks_only_whole_words_are_found() -> None:
    made = terms("  - {term: kilo, use: [cân]}\n", "vi")

    assert breaches(made, "a kilo", "Đặt lên Cân.") == []
    assert breaches(made, "a kilo", "cần, cânn") == [("term.not-held", "kilo")]


def test_an_accent_more_is_another_word_but_another_spelling_of_the_same_is_not() -> None:
    made = terms("  - {term: gate, use: [hóa]}\n", "vi")

    assert breaches(made, "gate", "ho\u0301a") == []
    assert breaches(made, "gate", "hoa") == [("term.not-held", "gate")]


def test_marks_typed_in_another_order_look_the_same_and_are_the_same() -> None:
    made = terms("  - {term: place, use: [\u0e17\u0e35\u0e48]}\n", "th")

    assert breaches(made, "place", "\u0e17\u0e48\u0e35") == []
    assert breaches(made, "place", "\u0e17\u0e35") == [("term.not-held", "place")]


def test_one_of_several_renderings_is_enough() -> None:
    made = terms("  - {term: seal, use: [សំណ, ត្រា]}\n")

    assert breaches(made, "Seal and seal", "ត្រា") == []
    [breach] = made.breaches(sentence_of_words("a seal"), "សោ")
    assert breach.details == {"term": "seal", "expected": "សំណ / ត្រា"}


def test_a_note_is_not_checked_but_keeps_the_words_in_it_from_being_found() -> None:
    made = terms("  - {term: seal, use: [សំណ]}\n  - {term: seal the deal, checked: false}\n")

    assert breaches(made, "They seal the deal.", "x") == []


def test_an_avoided_word_is_found_whatever_the_source_says() -> None:
    made = terms("  - {term: person who uses drugs, use: [អ្នកប្រើ], avoid: [អ្នកញៀន]}\n")

    assert breaches(made, "He sat down.", "អ្នក ញៀន អង្គុយ") == [("term.avoided", "person who uses drugs")]


def test_an_avoided_word_may_stand_where_the_source_has_the_term_it_renders() -> None:
    made = terms(
        "  - {term: person who uses drugs, use: [អ្នកប្រើ], avoid: [អ្នកញៀន]}\n  - {term: addict, use: [ពួកអ្នកញៀន]}\n"
    )

    assert breaches(made, "One of the addicts", "ពួកអ្នកញៀន") == []
    assert breaches(made, "A man", "ពួកអ្នកញៀន") == [("term.avoided", "person who uses drugs")]


# --- in a course


def test_a_course_that_holds_to_its_list_has_no_finding() -> None:
    assert findings_of(good_course(), {"km": terms(f"  - {{term: seal, use: [{KM}]}}\n")}) == []


@pytest.mark.parametrize("file", ["km/glossary.yaml", "km/texts.yaml", "km/looking.md", "km/questions.yaml"])
def test_a_term_that_is_not_held_is_found_by_file_and_line(file: str) -> None:
    english = {
        "km/glossary.yaml": ("A numbered lock.", "numbered"),
        "km/texts.yaml": ("title: Seals", "title"),
        "km/looking.md": ("then touch", "then touch"),
        "km/questions.yaml": ("option b of c-2", "option b of c-2"),
    }
    old, mark = english[file]
    files = edit(file.replace("km/", "en/"), old, old + " turnstile")(good_course())
    lists = {"km": terms("  - {term: turnstile, use: [ច្រក]}\n")}

    [found] = findings_of(files, lists)
    assert (found.severity, found.code, found.file, found.line) == (
        "warning",
        "term.not-held",
        file,
        line_of(files, file, mark),
    )
    assert sentence_of(found) == (
        "The source says turnstile, but ច្រក is not here. Use it, or add your word to terms.yaml."
    )
    assert findings_of(edit(file, mark, mark + " ច្រក")(files), lists) == []


def test_code_in_a_lesson_stays_english_and_holds_no_terms() -> None:
    files = edit("en/looking.md", "then touch", "then touch `turnstile --seal`")(good_course())
    files = edit("km/looking.md", "then touch", "then touch `turnstile --seal`")(files)

    assert findings_of(files, {"km": terms("  - {term: turnstile, use: [ច្រក]}\n")}) == []


def test_an_avoided_word_forbids_publishing() -> None:
    files = edit("km/looking.md", "then touch", "then touch សោ")(good_course())
    read = read_course("seals", files, TODAY, {"km": terms("  - {term: lock, use: [ខ្មែរ], avoid: [សោ]}\n")})

    [found] = [one for one in read.findings if one.code == "term.avoided"]
    assert (found.severity, found.file, found.line) == ("error", "km/looking.md", line_of(files, found.file, "សោ"))
    assert sentence_of(found) == "សោ is not to be used. Look up lock in terms.yaml and write that instead."
    assert read.package is None


def test_a_lesson_with_other_blocks_than_the_source_is_left_to_the_rule_about_blocks() -> None:
    files = edit("km/looking.md", f"- {KM} then touch\n", "")(good_course())
    read = read_course("seals", files, TODAY, {"km": terms("  - {term: touch, use: [ប៉ះ]}\n")})

    assert "blocks.count" in {one.code for one in read.findings}
    assert "term.not-held" not in {one.code for one in read.findings}


def test_a_language_without_a_list_and_the_source_language_are_not_checked() -> None:
    files = edit("en/looking.md", "then touch", "then touch the turnstile")(good_course())
    lists = {tag: terms("  - {term: turnstile, use: [x], avoid: [touch]}\n", tag) for tag in ("en", "vi")}

    assert findings_of(files, lists) == []
    assert findings_of(files, {}) == []


def test_what_officers_may_type_is_no_translation_and_holds_no_terms() -> None:
    files = kinds_course()
    lists = {"km": terms("  - {term: lorry, use: [គ្មានទេ]}\n")}
    found = read_course(COURSE, files, TODAY, lists).findings

    typed = {
        number for number, line in enumerate(files["km/questions.yaml"].decode().splitlines()) if "accepted" in line
    }
    assert any(one.code == "term.not-held" for one in found)
    assert {one.line - 1 for one in found if one.code == "term.not-held"}.isdisjoint(typed)

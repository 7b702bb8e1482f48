"""Canonical text, clusters and terms: what looks the same is the same."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.search.canonical import canonical
from elearn.core.search.clusters import cuts, runs, snap
from elearn.core.search.plan import LONGEST_QUERY, plan
from elearn.core.search.terms import same_letters, text_grams, words

SCRIPTS = "abzđéạ'’-_ 019\u200b\u0301\u0300กาำิ่้ํเ๑ๆກາຳິ່້ໍໜ໑ຼកាំ្ុដត្ញ១ကာိုး်္င်္ဂ၁毒品〇、。\ud800\x00🛂\u0f71"
TEXTS = st.text() | st.text(alphabet=SCRIPTS, max_size=60)


def blind_breaks(text: str, language: str) -> list[tuple[int, int]]:
    """Cut at blanks and after every third sign: worse than any dictionary, and often inside a cluster."""
    return [
        (at, min(at + 3, part.end()))
        for part in re.finditer(r"\S+", text)
        for at in range(part.start(), part.end(), 3)
        if any(sign.isalnum() for sign in text[at : min(at + 3, part.end())])
    ]


def blank_breaks(text: str, language: str) -> list[tuple[int, int]]:
    return [part.span() for part in re.finditer(r"\S*[^\W_]\S*", text)]


def exact(text: str, language: str = "en") -> list[str]:
    return [word.exact for word in words(canonical(text), language, blank_breaks)]


def folded(text: str, language: str) -> list[str]:
    return [word.folded for word in words(canonical(text), language, blank_breaks)]


@given(TEXTS)
def test_the_canonical_form_of_a_canonical_form_is_itself(text):
    once = canonical(text)

    assert canonical(once) == once
    assert unicodedata.normalize("NFC", once) == once
    once.encode()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("น\u0e4d\u0e32", "น\u0e33"),
        ("น\u0e49\u0e4d\u0e32มัน", "น\u0e49\u0e33มัน"),
        ("น\u0e4d\u0e49\u0e32มัน", "น\u0e49\u0e33มัน"),
        ("น\u0e33\u0e49", "น\u0e49\u0e33"),
        ("ท\u0e48\u0e35", "ท\u0e35\u0e48"),
        ("\u0e40\u0e40ดง", "\u0e41ดง"),
        ("ນ\u0ecd\u0eb2", "ນ\u0eb3"),
        ("ນ\u0ec9\u0ecd\u0eb2", "ນ\u0ec9\u0eb3"),
        ("ທ\u0ec8\u0eb5", "ທ\u0eb5\u0ec8"),
        ("ព្រំ\u200bដែន", "ព្រំដែន"),
        ("\ufeffma\u00adtuy\u0301", "matuý"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_what_looks_the_same_becomes_the_same(typed, meant):
    assert canonical(typed) == meant


def test_am_is_not_taken_apart_in_the_text():
    assert canonical("ทำงาน ນຳເຂົ້າ") == "ทำงาน ນຳເຂົ້າ"


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("ព្រំដែន", ["ព្រំ", "ដែ", "ន"]),
        ("ស្ត្រី", ["ស្ត្រី"]),
        ("အင်္ဂလိပ်", ["အ", "င်္ဂ", "လိ", "ပ်"]),
        ("ဒေါက်တာ", ["ဒေါ", "က်", "တာ"]),
        ("ပုဂ္ဂိုလ်", ["ပု", "ဂ္ဂို", "လ်"]),
        ("น้ำมัน", ["น้ำ", "มั", "น"]),
        ("ຄຳ", ["ຄຳ"]),
        ("毒品", ["毒", "品"]),
        ("tu\u0301y", ["t", "u\u0301", "y"]),
    ],
)
def test_a_cluster_is_a_base_with_all_its_marks(text, clusters):
    at = cuts(text)

    assert [text[start:end] for start, end in pairwise(at)] == clusters


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_a_snapped_stretch_holds_what_it_was_given_and_ends_at_cuts(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))

    wide_start, wide_end = snap(cuts(text), start, end)

    assert wide_start <= start <= end <= wide_end or (start == end and wide_start <= start)
    assert {wide_start, wide_end} <= set(cuts(text))


def test_runs_are_broken_by_digits_punctuation_and_other_scripts():
    letters = [["".join(c.letters) for c in run] for run in runs("毒品、ยาบ้า12 kg ម្សៅ៥ ဆေး။")]

    assert letters == [["毒", "品"], ["ย", "า", "บ้", "า"], ["ម្សៅ"], ["ဆေး"]]


def test_the_lao_ligature_is_filed_as_its_two_letters():
    assert list(text_grams("ໜັງ")) == list(text_grams("ຫນັງ")) == ["ຫ", "ນັ", "ງ", "ຫນັ", "ນັງ"]


@pytest.mark.parametrize("digits", ["2025", "២០២៥", "໒໐໒໕", "၂၀၂၅", "๒๐๒๕", "２０２５"])
def test_digits_of_every_script_are_the_same(digits):
    assert exact(digits) == ["2025"]


def test_words_are_split_at_apostrophes_and_between_digits_and_letters():
    assert exact("don't officer’s 12kg PIN2 3.5") == ["don", "t", "officer", "s", "12", "kg", "pin", "2", "3", "5"]


def test_tones_are_folded_beside_the_exact_word():
    assert exact("Ma Túy Đường", "vi") == ["ma", "túy", "đường"]
    assert folded("Ma Túy Đường", "vi") == ["ma", "tuy", "duong"]


@pytest.mark.parametrize(("language", "word"), [("th", "ที่"), ("lo", "ຊື່"), ("km", "ម្សៅ"), ("my", "ဆေး")])
def test_marks_of_scripts_without_spaces_are_never_stripped(language, word):
    assert folded(word, language) == exact(word, language)
    assert exact(word, language) != exact(word[0], language)


def test_english_plurals_are_folded_and_other_languages_left_alone():
    assert folded("precursors bodies searches sizes", "en") == ["precursor", "body", "search", "size"]
    assert folded("class classes status gas", "en") == ["class", "class", "status", "gas"]
    assert folded("los", "vi") == ["los"]


def test_khmer_subscripts_of_one_shape_are_one_letter():
    assert same_letters("ក\u17d2ដា") == same_letters("ក\u17d2តា")
    assert same_letters("កដ") != same_letters("កត")


def test_marks_of_stacking_scripts_count_in_any_order():
    assert same_letters("ភ\u17bb\u17c6") == same_letters("ភ\u17c6\u17bb")
    assert same_letters("ရ\u102f\u1036") == same_letters("ရ\u1036\u102f")


@pytest.mark.parametrize("query", ["", " \t\n", "、。!?", "*", '"', "()[]{}~^:\\/", "\x00\x07", "\u0301", "\u200b"])
def test_a_query_of_nothing_but_signs_asks_for_nothing(query):
    assert plan(query, "en", blank_breaks).empty


def test_signs_of_query_languages_mean_nothing():
    asked = plan('"seal* NOT (number OR text:x)~', "en", blank_breaks)

    assert [word.exact for word in asked.words] == ["seal", "not", "number", "or", "text", "x"]


def test_a_pasted_page_is_cut_at_a_cluster():
    asked = plan("ស្ត្រី" * 3000, "km", blank_breaks)

    assert sum(len(letters) for chunk in asked.chunks for run in chunk.runs for letters in run.letters) <= LONGEST_QUERY
    assert {letters for chunk in asked.chunks for run in chunk.runs for letters in run.letters} == {same_letters("ស្ត្រី")}


@given(TEXTS)
def test_any_text_can_be_a_query(text):
    asked = plan(text, "th", blind_breaks)

    assert all(chunk.spaced or chunk.runs for chunk in asked.chunks)
    assert all(run.grams and all(run.grams) for chunk in asked.chunks for run in chunk.runs)

"""Laws of line breaks in running text: between words of a paragraph, whatever tags run through it, and nowhere else."""

import re
import unicodedata

import pytest
from press_cast import WORDS

from elearn.adapters.press.breaking import BREAK, HOLD, broken_html
from elearn.adapters.word_breaks import with_line_breaks

DICTIONARY = ("km", "lo", "my", "th")


@pytest.mark.parametrize("language", DICTIONARY)
def test_emphasis_in_a_sentence_moves_no_break(language: str) -> None:
    sentence = WORDS[language].verify_hint
    expected = with_line_breaks(sentence, language)
    for cut in range(1, len(sentence)):
        cut_html = f"<p>{sentence[:cut]}<strong>{sentence[cut:]}</strong></p>"
        broken = broken_html(cut_html, language)
        assert re.sub(r"<[^>]*>", "", broken) == expected, cut


@pytest.mark.parametrize("language", DICTIONARY)
def test_no_break_is_inside_what_is_read_as_one_sign(language: str) -> None:
    text = "".join(vars(WORDS[language]).values())
    broken = broken_html(f"<p>{text}</p>", language)
    after = [unicodedata.category(sign) for sign in re.findall(f"{BREAK}(.)", broken)]
    before = re.findall(f"(.){BREAK}", broken)

    assert len(after) > 20
    assert not {"Mn", "Mc"} & set(after)
    assert not {"\u17d2", "\u1039"} & set(before)  # a consonant is stacked below the one before


def test_two_paragraphs_are_two_texts() -> None:
    assert broken_html("<p>គយ</p><p>គយ</p>", "km") == "<p>គយ</p><p>គយ</p>"


def test_the_mark_of_a_source_stays_with_its_word() -> None:
    html = '<p>检查<sup class="cite"><a href="#s1">1</a></sup>。</p>'

    assert broken_html(html, "zh_Hans") == html.replace("<sup", f"{HOLD}<sup")


def test_code_drawings_tags_and_signs_written_by_name_are_left_alone() -> None:
    sentence = WORDS["th"].verify_hint
    apart = f'<p title="{sentence}"><code>{sentence}</code> &amp; <svg><text>{sentence}</text></svg></p>'

    assert broken_html(apart, "th") == apart


@pytest.mark.parametrize("language", ["en", "vi", "zh_Hans"])
def test_languages_that_break_by_themselves_get_no_breaks(language: str) -> None:
    html = f"<p>{WORDS[language].verify_hint}</p>"

    assert broken_html(html, language) == html

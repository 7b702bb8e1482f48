"""Glossary terms in lessons: the longest one, once a section, in seven languages, and nowhere else."""

import re

import pytest

from elearn.core.content.lesson_terms import forms_of, link_terms
from elearn.core.content.markup import pieces
from elearn.core.content.page import make_page
from elearn.core.vocab.languages import LANGUAGES

_LINK = re.compile(r'<a class="term" href="#term-([^"]+)" role="doc-glossref">(.*?)</a>', re.DOTALL)


def found(markdown: str, names: dict[str, str], language: str = "en") -> list[tuple[str, str]]:
    """Return (term, words linked) of a lesson, in order."""
    html = make_page(markdown, "Title").html
    return _LINK.findall(link_terms(html, [(term, forms_of(name)) for term, name in names.items()], language).html)


SAME_SENTENCE = {
    "en": ("Controlled delivery", "Ask before a **controlled delivery** begins."),
    "km": ("ការប្រគល់ដោយត្រួតពិនិត្យ", "សួរមុនពេល**ការប្រគល់ដោយត្រួតពិនិត្យ**ចាប់ផ្តើម។"),
    "lo": ("ການຈັດສົ່ງພາຍໃຕ້ການຄວບຄຸມ", "ຖາມກ່ອນການຈັດສົ່ງພາຍໃຕ້ການຄວບຄຸມເລີ່ມຕົ້ນ."),
    "my": ("ထိန်းချုပ်ပေးပို့ခြင်း", "ထိန်းချုပ်ပေးပို့ခြင်းမစတင်မီ မေးပါ။"),
    "th": ("การส่งมอบภายใต้การควบคุม", "ถามก่อนการส่งมอบภายใต้การควบคุมจะเริ่ม"),
    "vi": ("Vận chuyển có kiểm soát", "Hỏi trước khi vận chuyển có kiểm soát bắt đầu."),
    "zh_Hans": ("控制下交付", "控制下交付开始之前先询问。"),
}


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_term_is_found_in_every_language(language: str) -> None:
    name, sentence = SAME_SENTENCE[language]
    links = found(sentence, {"delivery": name}, language)

    assert [(term, words.lower()) for term, words in links] == [("delivery", name.lower())]


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_longest_term_wins(language: str) -> None:
    name, sentence = SAME_SENTENCE[language]
    part = name.split()[0] if LANGUAGES[language].spaced else name[:4]
    links = found(sentence, {"part": part, "delivery": name}, language)

    assert [term for term, _ in links] == ["delivery"]


@pytest.mark.parametrize(
    ("name", "text", "linked"),
    [
        ("Exhibit", "Two exhibits. An exhibit.", ["exhibits"]),
        ("Border agency", "Border\nagencies differ.", ["Border\nagencies"]),
        ("Cross-reactivity", "cross reactivity", ["cross reactivity"]),
        ("Profile", "Profiles, not profiled and not unprofiled.", ["Profiles"]),
        ("ART", "The art of ART.", ["ART"]),
        ("Border liaison office (BLO)", "Ask the BLO.", ["BLO"]),
        ("False positive (hit)", "A hit is no false positive.", ["false positive"]),
        ("R & D", "R & D, AT&T", ["R &amp; D"]),
    ],
)
def test_english_terms_are_whole_words_in_any_case_and_number(name: str, text: str, linked: list[str]) -> None:
    assert [words for _, words in found(text, {"term": name})] == linked


def test_a_vietnamese_term_is_no_part_of_another_word() -> None:
    assert found("Ngay cả tiền chấtx và bệnh.", {"a": "Tiền chất", "b": "Bệ"}, "vi") == []


@pytest.mark.parametrize(
    ("language", "name", "inside"),
    [
        ("km", "មនត", "មនត្រី"),  # before a consonant below
        ("th", "ยาเสพติ", "ยาเสพติ์"),  # before a mark
        ("th", "ลขซีล", "เลขซีล"),  # after a vowel written first
        ("my", "မှတ်တမ်းမှာ", "မှတ်တမ်းမှာန်"),  # before the end of its syllable
        ("lo", "ສານ", "ສານເຄມີ"),  # too short to be told from a piece of a longer word
    ],
)
def test_no_term_begins_or_ends_inside_a_letter_with_its_marks(language: str, name: str, inside: str) -> None:
    assert found(f"{inside} {name} ", {"term": name}, language) == [("term", name)]
    assert found(inside, {"term": name}, language) == []


def test_signs_nobody_sees_and_the_two_spellings_of_one_shape_make_no_difference() -> None:
    assert found("ព័\u200bត៌មានស៊ើប\u200bការណ៍", {"term": "ព័ត៌មានស៊ើបការណ៍"}, "km") != []
    assert found("ស្ដង់ដារខ្ពស់", {"term": "ស្តង់ដារខ្ពស់"}, "km") != []


def test_a_term_is_linked_once_a_section() -> None:
    text = "A seal. A seal.\n\n- A seal.\n\n## Next\n\nSeals again.\n\n### More\n\nA seal."

    assert [words for _, words in found(text, {"seal": "Seal"})] == ["seal", "Seals", "seal"]


def test_headings_code_citations_and_pictures_stay_as_they_are() -> None:
    text = "## Seal\n\n`seal` and 1.[^seal]\n\n![Seal](picture:seal)\n"
    html = make_page(text, "Title", lambda _name, anchor: f'<figure id="{anchor}"><svg>Seal</svg></figure>').html
    linked = link_terms(html, [("seal", ("Seal", "1"))], "en")

    assert _LINK.findall(linked.html) == [("seal", "1")]
    assert linked.html.replace('<a class="term" href="#term-seal" role="doc-glossref">1</a>', "1") == html


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_nothing_but_links_is_added(language: str) -> None:
    name, sentence = SAME_SENTENCE[language]
    html = make_page(f"{sentence} a < b & c\n\n| a | b |\n|:-|-:|\n| {name} | x |\n", "Title").html
    linked = link_terms(html, [("term", forms_of(name))], language)

    assert linked.used == ("term",)
    assert _LINK.sub(r"\2", linked.html) == html


def test_terms_are_told_in_the_order_in_which_they_come() -> None:
    html = make_page("A seal, a manifest.\n\n## Two\n\nA profile and a seal.", "Title").html
    names = ("Profile", "Seal", "Manifest", "Mule")

    assert link_terms(html, [(name, (name,)) for name in names], "en").used == ("Seal", "Manifest", "Profile")


def test_without_terms_a_page_stays_as_it_is() -> None:
    assert link_terms("<p>x</p>", [], "en").html == "<p>x</p>"
    assert link_terms("<p>x</p>", [("a", forms_of("()"))], "th").html == "<p>x</p>"


def test_the_pieces_of_a_page_are_the_page() -> None:
    html = '<p id="p1">a &lt; b<br>c</p>\n<svg aria-label="a > b"><path d="M0 0"/></svg>'

    assert "".join(piece.written for piece in pieces(html)) == html
    assert sum(piece.step for piece in pieces(html)) == 0

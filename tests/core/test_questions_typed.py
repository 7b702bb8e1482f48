"""What officers type: numbers as seven languages write them, words that are the same in spite of how they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.core.questions.base import PAIR, RANGE, SEPARATOR
from elearn.core.questions.number import number_of
from elearn.core.questions.typed import LONGEST, folded, is_accepted, tidied
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES

THAI, LAO, KHMER, BURMESE, WIDE = (
    {str(digit): chr(zero + digit) for digit in range(10)} for zero in (0x0E50, 0x0ED0, 0x17E0, 0x1040, 0xFF10)
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        ("12.50", "12.5"),
        ("12,5", "12.5"),
        (" 007 ", "7"),
        ("-3", "-3"),
        ("−3,25", "-3.25"),
        ("+8", "8"),
        (".5", "0.5"),
        ("-,5", "-0.5"),
        ("0.125", "0.125"),
        ("-0", "0"),
        ("1 234", "1234"),
        ("1 234 567,8", "1234567.8"),
        ("1\u00a0234", "1234"),
        ("1\u202f234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1234.567", "1234.567"),
        ("๑๒.๕", "12.5"),
        ("໑໒,໕", "12.5"),
        ("១២.៥", "12.5"),
        ("၁၂.၅", "12.5"),
        ("１２．５", "12.5"),
        ("１２，５", "12.5"),
        ("1２๕", "125"),
        ("5\u200b0", "50"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: str) -> None:
    assert number_of(typed) == number
    assert number_of(number) == number


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "abc", "12 kg", "1e5", "0x10", "1 2", "1 23", "12 345 6", "1,2,3", "1.2.3", "--1", "1-2", "½", "²"),
        *("Ⅻ", "inf", "nan", "5.", "5..5", "1" * 13, "0." + "1" * 7, "1\n2", "1/2", "١٢", "9" * 100, "0,000,001"),
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        number_of(typed)

    assert refused.value.code == "answer.number"
    assert len(refused.value.details["typed"]) <= 40


@pytest.mark.parametrize("typed", ["1,234", "1.234", "-12,345", "999.000", "１，２３４", "๑.๒๓๔"])
def test_a_number_that_can_be_read_in_two_ways_is_not_guessed(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        number_of(typed)

    assert refused.value.code == "answer.number-unclear"


@given(st.decimals(-999_999, 999_999, places=2), st.sampled_from([{}, THAI, LAO, KHMER, BURMESE, WIDE]), st.booleans())
def test_every_number_is_the_same_in_every_script(number: object, digits: dict[str, str], comma: bool) -> None:
    plain = f"{number:.2f}"
    typed = "".join(digits.get(sign, sign) for sign in plain).replace(".", "," if comma else ".")

    assert float(number_of(typed)) == float(plain)


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(typed: str) -> None:
    try:
        number = number_of(typed)
    except Invalid:
        return
    assert number_of(number) == number


@pytest.mark.parametrize(
    ("language", "accepted", "typed"),
    [
        ("en", "border liaison office", "Border  Liaison Office."),
        ("en", "café", "cafe"),
        ("en", "drug-precursor", "drug precursor"),
        ("en", "officer's seal", "officers seal"),
        ("en", "seal 12", "ｓｅａｌ　１２"),
        ("vi", "niêm phong", "Niêm Phong"),
        ("vi", "niêm phong", "niem phong"),
        ("vi", "đường dây", "duong day"),
        ("vi", "niêm phong", "nie\u0302m phong"),
        ("th", "ตราผนึก", "ตรา ผนึก"),
        ("th", "น้ำ", "น\u0e49\u0e4d\u0e32"),
        ("th", "ช่อง 5", "ช่อง ๕"),
        ("lo", "ນ້ຳ", "ນ\u0ecd\u0ec9\u0eb2"),
        ("km", "ត្រា", "ត្រា\u200b"),
        ("km", "ខ្សែក្រវ៉ាត់", "ខ្សែ\u200bក្រវ៉ាត់"),
        ("my", "တံဆိပ်", "တံ ဆိပ်"),
        ("zh_Hans", "封条", "封 条。"),
        ("zh_Hans", "表A", "表Ａ"),
    ],
)
def test_a_word_is_understood_in_spite_of_how_it_is_typed(language: str, accepted: str, typed: str) -> None:
    assert is_accepted(typed, {language: [accepted]})


@pytest.mark.parametrize(
    ("language", "accepted", "typed"),
    [
        ("en", "seal", "seals"),
        ("en", "liaison office", "liaisonoffice"),
        ("vi", "niêm phong", "niềm phong"),
        ("vi", "ma", "má"),
        ("th", "ไก่", "ไข่"),
        ("th", "ปา", "ป่า"),
        ("km", "ត្រា", "ត្រី"),
        ("my", "ကား", "ကာ"),
        ("lo", "ປາ", "ປ່າ"),
        ("zh_Hans", "封条", "封"),
        ("en", "...", ""),
        ("en", "", ""),
        ("en", "?", "!"),
    ],
)
def test_another_word_is_another_word(language: str, accepted: str, typed: str) -> None:
    assert not is_accepted(typed, {language: [accepted]})


def test_a_word_may_be_typed_in_any_language_of_the_course() -> None:
    assert is_accepted("封条", {"en": ["seal"], "zh_Hans": ["封条"]})


@given(st.text(max_size=80), st.sampled_from(list(LANGUAGES)))
def test_folding_twice_is_folding_once(text: str, language: str) -> None:
    assert folded(folded(text, language), language) == folded(text, language)


@given(st.text(max_size=80) | st.lists(st.sampled_from(["[", ",", "]", ".", ":", "[,]", "a", " ", "\n"])).map("".join))
def test_what_is_kept_of_a_text_is_one_line_that_xapi_can_carry(typed: str) -> None:
    text = tidied(typed)

    assert not any(sign in text for sign in (SEPARATOR, PAIR, RANGE, "\n", "\x00", "\r"))
    assert tidied(text) == text
    text.encode()


def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(Invalid) as refused:
        tidied("a" * (LONGEST + 1))

    assert (refused.value.code, refused.value.details) == ("answer.text-long", {"limit": LONGEST})
    assert tidied("a" * LONGEST)

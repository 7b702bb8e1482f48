"""Where ICU breaks words and lines, as the rest of the house sees it."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.adapters.word_breaks import line_breaks, with_line_breaks, word_tokens
from elearn.core.search.clusters import cuts

LANGUAGES = ["en", "km", "lo", "my", "th", "vi", "zh_Hans"]
SENTENCES = {
    "en": ("The officer's 3.5 kg bag.", ["The", "officer's", "3.5", "kg", "bag"]),
    "th": ("ตรวจพบน้ำมันในรถ", ["ตรวจ", "พบ", "น้ำมัน", "ใน", "รถ"]),
    "lo": ("ກວດພົບຢູ່ຊາຍແດນ", ["ກວດ", "ພົບ", "ຢູ່", "ຊາຍແດນ"]),
    "km": ("មន្ត្រីនៅព្រំដែន", ["មន្ត្រី", "នៅ", "ព្រំដែន"]),
    "my": ("နယ်စပ်တွင် တွေ့သည်။", ["နယ်စပ်", "တွင်", "တွေ့သည်"]),
    "vi": ("Ma túy đá.", ["Ma", "túy", "đá"]),
    "zh_Hans": ("边境官员发现毒品。", ["边境", "官员", "发现", "毒品"]),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_where_a_reader_sees_them(language):
    text, words = SENTENCES[language]

    assert [text[start:end] for start, end in word_tokens(text, language)] == words


def test_offsets_count_code_points_also_after_signs_beyond_the_first_plane():
    text = "🛂🚚 𠀀 毒品 seal"

    assert [text[start:end] for start, end in word_tokens(text, "zh_Hans")][-2:] == ["毒品", "seal"]
    assert text[line_breaks(text, "zh_Hans")[-1] :] == "seal"


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_is_broken_into_ascending_stretches(text, language):
    tokens = word_tokens(text, language)
    ends = [offset for token in tokens for offset in token]

    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in tokens)


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_can_be_given_line_breaks_and_loses_nothing(text, language):
    breaks = line_breaks(text, language)

    assert breaks == sorted(set(breaks))
    assert all(0 < offset < len(text) for offset in breaks)
    assert with_line_breaks(text, language).replace("\u200b", "") == text.replace("\u200b", "")


@pytest.mark.parametrize(
    ("language", "text", "broken"),
    [
        ("th", "ตรวจพบน้ำมัน ในรถบรรทุก", "ตรวจ|พบ|น้ำมัน ใน|รถ|บรรทุก"),
        ("lo", "ກວດພົບຢູ່ຊາຍແດນ", "ກວດ|ພົບ|ຢູ່|ຊາຍແດນ"),
        ("km", "មន្ត្រីនៅព្រំដែន", "មន្ត្រី|នៅ|ព្រំដែន"),
        ("my", "နယ်စပ်တွင်။", "နယ်စပ်|တွင်။"),
        ("zh_Hans", "边境官员", "边境官员"),
        ("vi", "Ma túy đá", "Ma túy đá"),
    ],
)
def test_break_marks_are_put_only_where_a_dictionary_is_needed(language, text, broken):
    assert with_line_breaks(text, language).replace("\u200b", "|") == broken


@pytest.mark.parametrize("language", ["th", "lo", "km", "my"])
def test_no_line_ends_inside_a_cluster(language):
    text, _ = SENTENCES[language]

    assert set(line_breaks(text, language)) <= set(cuts(text))


def test_threads_break_their_own_texts():
    wrong: list[object] = []

    def work(language: str) -> None:
        text, words = SENTENCES[language]
        for _ in range(300):
            found = [text[start:end] for start, end in word_tokens(text, language)]
            if found != words:
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(language,)) for language in LANGUAGES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []

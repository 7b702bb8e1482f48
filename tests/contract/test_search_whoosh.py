"""The Search port over real sentences in seven languages."""

import json
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.analysis import StandardAnalyzer

from elearn.adapters.whoosh_search import WhooshSearch
from elearn.core.search.canonical import canonical
from elearn.core.search.passage import Hit, Passage
from elearn.core.vocab.errors import Invalid

SENTENCES = json.loads(Path(__file__).with_name("search_sentences.json").read_text(encoding="utf-8"))
KNOWN_ITEMS = [
    pytest.param(language, query, place, id=f"{language}-{query}")
    for language, each in SENTENCES.items()
    for query, place in each["known_items"].items()
]
NO_SPACE_LANGUAGES = ["th", "lo", "km", "my", "zh_Hans"]


def lesson(language: str, place: str, text: str, title: str = "", anchor: str = "p1") -> Passage:
    return Passage(f"{language}/{place}/{anchor}", language, "lesson", "c1", place, anchor, title, text)


def term(language: str, title: str, text: str) -> Passage:
    return Passage(f"{language}/{title}", language, "glossary", "c1", title, "p1", title, text)


def places(hits: list[Hit]) -> list[str]:
    return [hit.passage.place for hit in hits]


def shown(hit: Hit) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in hit.snippet)


def without_tones(text: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")
    return bare.replace("đ", "d").replace("Đ", "D")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshSearch]:
    search = WhooshSearch(tmp_path_factory.mktemp("search"))
    search.rebuild(
        "sentences",
        (
            lesson(language, str(number), text)
            for language, each in SENTENCES.items()
            for number, text in enumerate(each["sentences"], start=1)
        ),
    )
    yield search
    search.close()


@pytest.fixture
def search(tmp_path: Path) -> Iterator[WhooshSearch]:
    search = WhooshSearch(tmp_path / "search")
    yield search
    search.close()


@pytest.mark.parametrize(("language", "query", "place"), KNOWN_ITEMS)
def test_a_word_from_inside_a_sentence_finds_it_first_and_is_marked(library, language, query, place):
    hits = library.find(language, query)

    assert hits[0].passage.place == str(place)
    assert any(piece.hit for piece in hits[0].snippet)
    text = canonical(SENTENCES[language]["sentences"][place - 1])
    assert "".join(piece.text for piece in hits[0].snippet) == text


@pytest.mark.parametrize("language", NO_SPACE_LANGUAGES)
def test_a_run_of_one_sentence_finds_no_other(library, language):
    found = {query: places(library.find(language, query)) for query in SENTENCES[language]["known_items"]}

    assert found == {query: [str(place)] for query, place in SENTENCES[language]["known_items"].items()}


@pytest.mark.parametrize("language", NO_SPACE_LANGUAGES)
def test_the_known_items_are_not_easy(language):
    analyze = StandardAnalyzer(minsize=1)
    filed = [{token.text for token in analyze(text)} for text in SENTENCES[language]["sentences"]]

    singled_out = [
        query
        for query, place in SENTENCES[language]["known_items"].items()
        if [n for n, terms in enumerate(filed, 1) if {t.text for t in analyze(query)} <= terms] == [place]
    ]

    assert len(singled_out) < 0.8 * len(SENTENCES[language]["known_items"])


@pytest.mark.parametrize(("query", "place"), SENTENCES["vi"]["known_items"].items())
def test_vietnamese_typed_without_tones_finds_the_same(library, query, place):
    assert library.find("vi", without_tones(query))[0].passage.place == str(place)


def test_exact_tones_rank_higher_than_folded_ones(search):
    search.rebuild("x", [lesson("vi", "1", "mà tùy theo"), lesson("vi", "2", "ma túy đá"), lesson("vi", "3", "ma tuý")])

    assert places(search.find("vi", "ma túy"))[0] == "2"
    assert set(places(search.find("vi", "ma tuy"))) == {"1", "2", "3"}


@pytest.mark.parametrize(
    ("language", "query", "text"),
    [
        ("th", "ยา", "ตรวจพบยาเสพติดในรถ"),
        ("lo", "ຢາ", "ກວດພົບຢາເສບຕິດໃນລົດ"),
        ("zh_Hans", "毒品", "海关查获毒品走私案"),
        ("zh_Hans", "毒", "海关查获毒品走私案"),
        ("my", "ဆေး", "မူးယစ်ဆေးဝါးများ"),
        ("km", "ថ្នាំ", "គ្រឿងញៀននិងថ្នាំញៀន"),
    ],
)
def test_two_characters_and_one_cluster_are_enough(search, language, query, text):
    search.rebuild("x", [lesson(language, "1", text), lesson(language, "2", "12")])

    hits = search.find(language, query)

    assert places(hits) == ["1"]
    assert f"[{query}]" in shown(hits[0])


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("th", "เติมน้ำมันที่ด่าน", "น\u0e49\u0e4d\u0e32มัน"),
        ("th", "เติมน\u0e49\u0e4d\u0e32มันที่ด่าน", "น้ำมัน"),
        ("lo", "ໃບອະນຸຍາດນຳເຂົ້າ", "ນ\u0ecd\u0eb2ເຂົ້າ"),
        ("lo", "ໜັງສືຜ່ານແດນ", "ຫນັງສື"),
        ("km", "នៅព្រំ\u200bដែនកម្ពុជា", "ព្រំដែន"),
        ("km", "ស្ថានការណ៍ក\u17d2ដៅ", "ក\u17d2តៅ"),
        ("my", "ပုဂ္ဂိုလ်တစ်ဦး", "ပုဂ္ဂိုလ်"),
        ("my", "အင်္ဂလိပ်စာ", "အင်္ဂလိပ်"),
        ("km", "ទម្ងន់១២គីឡូក្រាម", "12"),
        ("my", "အလေးချိန် ၁၂ ကီလို", "១២"),
        ("lo", "ໜັກ ໑໒ ກິໂລ", "๑๒"),
        ("th", "หนัก 12kg", "๑๒ KG"),
        ("vi", "Ma tu\u0301y \u0111a\u0301", "MA TÚY"),
        ("en", "The officer\u2019s seal", "officer's"),
    ],
)
def test_the_same_word_written_another_way_is_found(search, language, written, typed):
    search.rebuild("x", [lesson(language, "1", written), lesson(language, "2", "0")])

    hits = search.find(language, typed)

    assert places(hits) == ["1"]
    assert any(piece.hit for piece in hits[0].snippet)


def test_every_chunk_must_be_met_and_only_without_such_a_passage_some_of_it(search):
    search.rebuild(
        "x", [lesson("en", "1", "seal the bag"), lesson("en", "2", "seal number"), lesson("en", "3", "number of bags")]
    )

    assert places(search.find("en", "seal number")) == ["2"]
    assert set(places(search.find("en", "seal number bag"))) == {"1", "2", "3"}
    assert search.find("en", "helicopter") == []


def test_a_run_is_met_by_its_words_in_any_order_too(search):
    search.rebuild(
        "x", [lesson("th", "1", "รถบรรทุกขนยาเสพติด"), lesson("th", "2", "รถบรรทุก"), lesson("th", "3", "ยาเสพติด")]
    )

    assert places(search.find("th", "ยาเสพติดบรรทุก")) == ["1"]


def test_words_in_the_order_typed_rank_higher(search):
    filler = "and the rest of it"
    search.rebuild("x", [lesson("en", "1", f"number {filler} seal"), lesson("en", "2", f"{filler} seal number")])

    assert places(search.find("en", "seal number")) == ["2", "1"]


def test_a_lessons_title_finds_its_first_paragraph_only(search):
    paragraphs = [lesson("en", "1", f"Paragraph {n}.", "Border searches", f"p{n}") for n in range(1, 6)]
    search.rebuild("x", paragraphs)

    hits = search.find("en", "border search")

    assert [hit.passage.anchor for hit in hits] == ["p1"]
    assert [piece.text for piece in hits[0].title if piece.hit] == ["Border", "searches"]


def test_a_glossary_term_outranks_a_mention(search):
    search.rebuild(
        "x",
        [lesson("en", "1", "A precursor here."), term("en", "Precursor", "A substance from which another is made.")],
    )

    assert places(search.find("en", "precursor")) == ["Precursor", "1"]


def test_no_phrase_reaches_from_title_into_text(search):
    search.rebuild(
        "x",
        [lesson("en", "1", "number of the bag", "Seal"), lesson("en", "2", "a seal number", "Bags")],
    )

    assert places(search.find("en", "seal number")) == ["2", "1"]


def test_a_passage_comes_back_as_it_was_given(search):
    given_passage = Passage("id", "th", "glossary", "c1", "t1", "p7", "น\u0e4d\u0e32", "ทํา\u200bงาน \ud800")
    search.rebuild("x", [given_passage])

    assert search.find("th", "งาน")[0].passage == given_passage


def test_a_language_is_searched_alone(library):
    assert library.find("en", "毒品") == []
    assert library.find("fr", "seal") == []
    assert library.find("../en", "seal") == []


def test_the_limit_is_kept(search):
    search.rebuild("x", [lesson("en", str(n), "seal") for n in range(30)])

    assert len(search.find("en", "seal")) == 20
    assert len(search.find("en", "seal", limit=3)) == 3
    assert search.find("en", "seal", limit=0) == []


@pytest.mark.parametrize(
    "query", ["", " ", "*", "?", '"', "'", "seal*?", "NOT", "[a TO b]", "words:", "\x00", "!" * 10_000]
)
def test_odd_queries_are_answered(library, query):
    assert isinstance(library.find("en", query), list)


def test_signs_of_query_languages_do_not_widen_a_query(library):
    assert places(library.find("en", "par*")) == []
    assert places(library.find("en", "par?el")) == []
    assert places(library.find("en", '"parcel"')) == ["5"]


@pytest.mark.parametrize("language", list(SENTENCES))
def test_a_query_of_ten_thousand_characters_is_answered(library, language):
    page = " ".join(SENTENCES[language]["sentences"])

    hits = library.find(language, (page * 100)[:10_000])

    assert hits
    assert "1" in places(hits)


@settings(max_examples=60, deadline=None)
@given(language=st.sampled_from(list(SENTENCES)), query=st.text(max_size=40))
def test_any_text_is_answered(library, language, query):
    for hit in library.find(language, query):
        assert "".join(piece.text for piece in hit.snippet) in canonical(hit.passage.text)


def test_any_text_can_be_a_passage(search):
    texts = ["", " ", "\x00", "\ud800", "\u0301", "ก" * 3_000, "a" * 70_000, "毒" * 3_000, "\u17d2" * 500, "🛂"]
    search.rebuild("x", [lesson("th", str(n), text, title=text) for n, text in enumerate(texts)])

    assert places(search.find("th", "ก" * 10)) == ["5"]
    assert places(search.find("th", "毒毒")) == ["7"]
    assert len(shown(search.find("th", "毒毒")[0])) < 200


def test_a_tag_that_is_no_language_is_refused_and_nothing_changes(search):
    search.rebuild("old", [lesson("en", "1", "seal")])

    with pytest.raises(Invalid) as refused:
        search.rebuild("new", [lesson("en", "2", "seal"), lesson("../../en", "3", "seal")])

    assert refused.value.code == "search.language"
    assert refused.value.details == {"language": "../../en"}
    assert search.current("old")
    assert places(search.find("en", "seal")) == ["1"]


def test_progress_is_told_up_to_the_last_passage(search):
    told: list[int] = []

    search.rebuild("x", [lesson("en", str(n), "seal") for n in range(60)], told.append)

    assert told == sorted(told)
    assert len(told) > 2
    assert told[-1] == 60


def test_several_threads_get_the_same_answers(library):
    queries = [(language, query) for language, each in SENTENCES.items() for query in each["known_items"]]
    alone = {asked: library.find(*asked) for asked in queries}
    wrong: list[object] = []

    def ask(offset: int) -> None:
        for asked in queries[offset:] + queries[:offset]:
            try:
                if library.find(*asked) != alone[asked]:
                    wrong.append(asked)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
                wrong.append(error)

    threads = [threading.Thread(target=ask, args=(number * 17,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []

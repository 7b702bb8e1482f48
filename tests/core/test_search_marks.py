"""What is marked in a hit and where a snippet is cut."""

import re

from hypothesis import given
from hypothesis import strategies as st

from elearn.core.search.canonical import canonical
from elearn.core.search.clusters import cuts
from elearn.core.search.marks import SNIPPET_WIDTH, marked, snippet
from elearn.core.search.passage import Piece
from elearn.core.search.plan import plan

SCRIPTS = "abz đéạ'-_ 019\u200b\u0301กาำิ่้ํเ๑ກາຳິ່້ໍໜ໑កាំ្ុដត្ញ១ကာိုး်္င်္ဂ၁毒品、。\ud800\x00🛂"
TEXTS = st.text(alphabet=SCRIPTS, max_size=500) | st.text()


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


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in pieces)


def mark(text: str, query: str, language: str = "en") -> str:
    return shown(marked(text, plan(query, language, blank_breaks), language, blank_breaks))


@given(TEXTS, TEXTS)
def test_pieces_joined_are_the_text_and_no_mark_cuts_a_cluster(text, query):
    asked = plan(query, "th", blind_breaks)

    pieces = marked(text, asked, "th", blind_breaks)

    whole = canonical(text)
    at, ends = 0, set(cuts(whole))
    for piece in pieces:
        assert piece.text
        at += len(piece.text)
        assert at in ends
    assert "".join(piece.text for piece in pieces) == whole


@given(TEXTS, TEXTS)
def test_a_snippet_is_a_slice_cut_between_clusters_that_says_what_it_left_off(text, query):
    found = snippet(text, plan(query, "th", blind_breaks), "th", blind_breaks)

    whole = canonical(text)
    piece = "".join(each.text for each in found.pieces)
    start = 0 if not found.cut_before else whole.index(piece)
    places = [match.start() for match in re.finditer(f"(?={re.escape(piece)})", whole)] if piece else [0]
    ends = set(cuts(whole))
    assert start in places
    assert any(
        place in ends and place + len(piece) in ends
        and (place > 0) == found.cut_before and (place + len(piece) < len(whole)) == found.cut_after
        for place in places
    )  # fmt: skip
    assert len(cuts(piece)) - 1 <= SNIPPET_WIDTH


@given(st.text(alphabet="กาำิ่้เ毒品កាំ្ុ", min_size=1, max_size=8), TEXTS, TEXTS)
def test_a_snippet_shows_a_hit_where_there_is_one(word, before, after):
    text = f"{before} {word} {after}"
    asked = plan(word, "th", blind_breaks)
    if any(piece.hit for piece in marked(text, asked, "th", blind_breaks)):
        assert any(piece.hit for piece in snippet(text, asked, "th", blind_breaks).pieces)


def test_a_word_typed_without_tones_marks_the_word_with_them():
    assert mark("Phát hiện ma túy trong xe", "ma tuy", "vi") == "Phát hiện [ma] [túy] trong xe"


def test_a_word_typed_with_tones_marks_only_its_like_where_there_is_one():
    assert mark("má và ma túy", "ma túy", "vi") == "[má] và [ma] [túy]"
    assert mark("tùy theo túy", "túy", "vi") == "tùy theo [túy]"
    assert mark("tùy theo", "túy", "vi") == "[tùy] theo"


def test_a_run_is_marked_whole_inside_a_longer_word():
    assert mark("ตรวจพบยาเสพติดในรถ", "ยาเสพติด", "th") == "ตรวจพบ[ยาเสพติด]ในรถ"
    assert mark("海关查获毒品走私", "毒品", "zh_Hans") == "海关查获[毒品]走私"


def test_a_run_that_stands_there_only_in_parts_marks_the_parts():
    assert mark("发现毒品和走私", "毒品走私", "zh_Hans") == "发现[毒品]和[走私]"


def test_one_cluster_is_marked_but_never_a_part_of_one():
    assert mark("မူးယစ်ဆေးဝါး", "ဆေး", "my") == "မူးယစ်[ဆေး]ဝါး"
    assert mark("မူးယစ်ဆေးဝါး", "ဆ", "my") == "မူးယစ်ဆေးဝါး"


def test_am_typed_in_two_signs_marks_the_one_sign():
    assert mark("เติมน้ำมันที่ด่าน", "น\u0e49\u0e4d\u0e32มัน", "th") == "เติม[น้ำมัน]ที่ด่าน"


def test_zero_width_blanks_are_neither_shown_nor_in_the_way():
    assert mark("នៅ\u200bព្រំ\u200bដែន", "ព្រំដែន", "km") == "នៅ[ព្រំដែន]"


def test_digits_of_another_script_are_marked_as_they_are_written():
    assert mark("បាន១២គីឡូ", "12", "km") == "បាន[១២]គីឡូ"


def test_a_long_text_is_shown_around_the_place_with_most_of_what_was_asked():
    text = "seal " + "filler words here " * 40 + "the seal number of the container " + "and so on " * 40

    found = snippet(text, plan("seal number container", "en", blank_breaks), "en", blank_breaks)

    assert "the [seal] [number] of the [container]" in shown(found.pieces)
    assert (found.cut_before, found.cut_after) == (True, True)
    assert shown(found.pieces).split()[0] in {"filler", "words", "here"}
    assert shown(found.pieces).split()[-1] in {"and", "so", "on"}


def test_a_han_snippet_is_half_as_long():
    found = snippet("查" * 400 + "毒品" + "获" * 400, plan("毒品", "zh_Hans", blank_breaks), "zh_Hans", blank_breaks)

    assert "[毒品]" in shown(found.pieces)
    assert len("".join(piece.text for piece in found.pieces)) == SNIPPET_WIDTH // 2


def test_a_short_text_is_shown_whole():
    found = snippet("The seal number.", plan("nothing", "en", blank_breaks), "en", blank_breaks)

    assert found.pieces == (Piece("The seal number.", hit=False),)
    assert (found.cut_before, found.cut_after) == (False, False)

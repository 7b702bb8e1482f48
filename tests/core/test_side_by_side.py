"""A lesson in two languages: paragraph beside paragraph, nothing lost, no id twice."""

import re

from elearn.core.content.page import make_page
from elearn.core.content.side_by_side import beside

ENGLISH = """Before.[^a-fact]

## First

3. **Look**
4. touch

> A *night* bus.
>
> It stops.

### A table

| Left | Right |
|:--|--:|
| 1 | 2 |
"""
THAI = """ก่อน

## แรก

3. **ดู**
4. แตะ

> รถบัส*กลางคืน*
>
> จอด

### ตาราง

| ซ้าย | ขวา |
|:--|--:|
| 1 | 2 |
"""
_ID = re.compile(r'\bid="([^"]+)"')
_TAG = re.compile(r"<[^>]*>")


def words(html: str) -> str:
    return " ".join(_TAG.sub(" ", html).split())


def pages() -> tuple[str, str]:
    return make_page(THAI, "Title").html, make_page(ENGLISH, "Title").html


def test_each_block_stands_beside_itself() -> None:
    rows = beside(*pages(), "en")

    assert [row.anchor for row in rows] == [f"p{number}" for number in range(1, 8)]
    assert [(words(row.first), words(row.second)) for row in rows[:4]] == [
        ("ก่อน", "Before."),
        ("แรก", "First"),
        ("ดู", "Look"),
        ("แตะ", "touch"),
    ]


def test_the_first_text_is_there_whole() -> None:
    first, second = pages()

    assert words("".join(row.first for row in beside(first, second, "en"))) == words(first)


def test_items_of_a_list_keep_their_numbers() -> None:
    rows = beside(*pages(), "en")

    assert rows[2].second.startswith('<ol start="3"><li id="en-p3">')
    assert rows[3].second.startswith('<ol start="4"><li id="en-p4">')


def test_no_id_is_on_the_page_twice_and_every_name_is_found() -> None:
    html = "".join(row.first + row.second for row in beside(*pages(), "en"))
    ids = _ID.findall(html)

    assert len(ids) == len(set(ids)) == 14
    assert set(re.findall(r'aria-labelledby="([^"]+)"', html)) == {"p6", "en-p6"}
    assert "p6" in ids
    assert "en-p6" in ids


def test_the_second_text_cites_nothing() -> None:
    rows = beside(*reversed(pages()), "th")
    assert 'href="#s1"' in rows[0].first

    assert 'href="#s1"' not in beside(*pages(), "en")[0].second


def test_what_one_language_has_more_is_shown_alone() -> None:
    longer, shorter = (make_page(text, "Title").html for text in ("One\n\nTwo", "Eins"))

    assert [(row.first != "", row.second != "") for row in beside(shorter, longer, "en")] == [
        (True, True),
        (False, True),
    ]
    assert [(row.first != "", row.second != "") for row in beside(longer, shorter, "en")] == [
        (True, True),
        (True, False),
    ]

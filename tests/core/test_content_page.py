"""Lessons as pages: the same anchors in every language, numbered sources, nothing unsafe, passages for search."""

import pytest

from elearn.core.content.blocks import read_lesson
from elearn.core.content.page import make_page

LESSON = """Before all headings.[^a-fact]

## First

Two claims.[^b-fact] One again.[^a-fact]

1. **Look**
2. touch

> A *night* bus.
>
> It stops.

| Left | Right |
|:--|--:|
| 1 | 2 |
"""


def test_blocks_are_numbered_in_reading_order() -> None:
    blocks = [(block.anchor, block.kind) for block in read_lesson(LESSON).blocks]

    assert blocks == [
        ("p1", "p"),
        ("p2", "h2"),
        ("p3", "p"),
        ("p4", "ol"),
        ("p5", "ol"),
        ("p6", "aside"),
        ("p7", "table 2x2"),
    ]


def test_every_block_carries_its_anchor_once() -> None:
    html = make_page(LESSON, "Title").html

    assert [html.count(f'id="p{n}"') for n in range(1, 9)] == [1, 1, 1, 1, 1, 1, 1, 0]


def test_a_fact_keeps_its_number_when_cited_again() -> None:
    page = make_page(LESSON, "Title")

    cite = '<sup class="cite"><a href="#s{0}">{0}</a></sup>'
    assert page.cited == ["a-fact", "b-fact"]
    assert f"Two claims.{cite.format(2)} One again.{cite.format(1)}" in page.html


def test_passages_name_their_section_and_read_as_plain_text() -> None:
    assert make_page(LESSON, "Title").passages == [
        {"anchor": "p1", "title": "Title", "text": "Before all headings."},
        {"anchor": "p3", "title": "First", "text": "Two claims. One again."},
        {"anchor": "p4", "title": "First", "text": "Look"},
        {"anchor": "p5", "title": "First", "text": "touch"},
        {"anchor": "p6", "title": "First", "text": "A night bus. It stops."},
        {"anchor": "p7", "title": "First", "text": "Left – Right; 1 – 2"},
    ]


def test_scenarios_and_tables_have_their_boxes() -> None:
    html = make_page(LESSON, "Title").html

    assert '<aside id="p6" class="scenario">' in html or '<aside class="scenario" id="p6">' in html
    assert '<div class="table-scroll" id="p7" role="region" tabindex="0" aria-labelledby="p2">' in html
    assert '<th class="align-right" scope="col">Right</th>' in html
    assert "style=" not in html


def test_headings_start_at_two() -> None:
    html = make_page("# One\n\n## Two\n\n##### Five\n", "Title").html

    assert [f"<{tag} " in html for tag in ("h1", "h2", "h3", "h4", "h5")] == [False, True, False, True, False]


@pytest.mark.parametrize(
    "markdown",
    [
        "a <script>alert(1)</script> b",
        "<script>\nalert(1)\n</script>",
        '<img src=x onerror="alert(1)">',
        "[click](javascript:alert(1))",
        "![x](https://example.org/x.png)",
        "<https://example.org/>",
        "[x]: https://example.org 'y'\n\n[x]",
        '<p style="position:fixed">x</p>',
        "[^a](https://example.org)",
    ],
)
def test_nothing_active_and_nothing_from_outside_reaches_a_page(markdown: str) -> None:
    html = make_page(markdown, "Title").html

    assert not any(start in html for start in ("<script", "<img", '<a href="http', '<a href="java', "<p style"))
    assert "href=" not in html.replace('href="#s', "")


def test_link_definitions_do_not_swallow_words() -> None:
    assert "Malee" in make_page("[^x]: Malee says so.\n", "Title").html

"""Drawings and boxes of lessons: words in the page's language, nothing that runs, headings the page fills in."""

from elearn.core.content.drawing import drawn, read_drawing
from elearn.core.content.page import COUNTRY_TITLE, make_page

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0"/><text x="1">{front}</text>'
    "<text>{rear-door}</text></svg>"
)


def test_a_drawing_names_its_labels_in_order() -> None:
    assert read_drawing(SVG).labels == ("front", "rear-door")
    assert read_drawing(SVG).problems == ()


def test_labels_are_filled_in_and_escaped() -> None:
    figure = drawn(SVG, 'A car, "seen" from above', {"front": "មុខ <b>", "rear-door": "ទ្វារ"}, "p4")

    assert '<figure class="picture" id="p4"><svg' in figure
    assert ">មុខ &lt;b&gt;</text>" in figure
    assert ">ទ្វារ</text>" in figure
    assert 'aria-label="A car, &quot;seen&quot; from above"' in figure
    assert "{" not in figure


def test_a_picture_stands_in_the_page_where_its_paragraph_was() -> None:
    page = make_page("## A\n\nBefore.\n\n![](picture:plan)\n\nAfter.", "T", lambda name, at: f"[{name} {at}]")

    assert page.html.index("Before") < page.html.index("[plan p3]") < page.html.index("After")
    assert [one["text"] for one in page.passages] == ["Before.", "After."]


def test_an_unsafe_drawing_never_reaches_a_page() -> None:
    for bad in ("<script>1</script>", '<image href="x"/>', "<style>a{}</style>", "<foreignObject/>", "<a/>", "<use/>"):
        assert read_drawing(SVG.replace("</svg>", f"{bad}</svg>")).problems
    for bad in ('onload="1"', 'style="x"', 'href="http://example.org"', 'class="x"', 'id="x"'):
        assert read_drawing(SVG.replace("<path", f"<path {bad}")).problems


def test_a_country_box_has_room_for_its_heading_and_keeps_its_list() -> None:
    page = make_page("## A\n\n> [!country]\n> - powers to stop\n> - article\n\nEnd.", "T")

    assert '<aside id="p2" class="country">' in page.html
    assert COUNTRY_TITLE in page.html
    assert "[!" not in page.html
    assert page.html.count("<li") == 2


def test_a_job_aid_keeps_its_title_and_steps() -> None:
    page = make_page("## A\n\n> [!jobaid]\n> **Card**\n>\n> 1. Stop\n> 2. Call\n", "T")

    assert '<aside id="p2" class="job-aid">' in page.html
    assert "<strong>Card</strong>" in page.html
    assert page.html.count("<li") == 2
    assert COUNTRY_TITLE not in page.html


def test_a_quotation_without_a_mark_stays_a_scenario() -> None:
    assert '<aside id="p2" class="scenario">' in make_page("## A\n\n> [!other] Six lorries.", "T").html

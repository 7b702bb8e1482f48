"""Laws of lessons on paper: nothing points out of the book, job aids come apart whole, boxes have their heading."""

import re

from elearn.core.book.markup import chapter_html, has_job_aids, job_aids
from elearn.core.content.page import make_page
from elearn.core.content.raster import Header, photo

LESSON = """## Look first

Two seals were cut.[^f-one] Read **twice**.

| Seal | State |
| --- | --- |
| one | cut |

> [!country]
>
> - Who decides: …

> [!jobaid]
>
> **At the gate**[^f-one]
>
> 1. Stop.
> 2. Look.

> [!jobaid]
>
> - Call.
"""


def html() -> str:
    picture = photo("/media/abc.png", Header("png", 40, 30), ("A <gate>", ""), "p9")
    return make_page(LESSON, "Seals").html + picture


def on_paper(lesson: str = "seals") -> str:
    return chapter_html(html(), lesson, "In <my> country", lambda address: f"data:{address}")


def test_two_lessons_of_a_book_share_no_id() -> None:
    ids = [set(re.findall(r'\bid="([^"]+)"', on_paper(lesson))) for lesson in ("seals", "gates")]

    assert len(ids[0]) >= 6
    assert not ids[0] & ids[1]


def test_every_link_leads_into_the_same_lesson() -> None:
    links = re.findall(r'href="([^"]+)"', on_paper())

    assert links
    assert all(link.startswith("#seals-s") for link in links)


def test_the_boxes_of_a_country_have_their_heading_as_text() -> None:
    assert '<p class="country-title">In &lt;my&gt; country</p>' in on_paper()


def test_pictures_are_reached_as_the_press_can_and_what_is_not_here_is_left_out() -> None:
    assert '<img src="data:/media/abc.png"' in on_paper()
    assert "loading=" not in on_paper()
    assert "tabindex" not in on_paper()
    assert "<img" not in chapter_html(html(), "seals", "", lambda _address: "")


def test_the_words_are_all_kept() -> None:
    def words(text: str) -> str:
        return re.sub(r"<[^>]*>", "", text).replace("In &lt;my&gt; country", "")

    assert words(on_paper()) == words(html())


def test_job_aids_come_apart_in_order_without_marks_of_sources() -> None:
    aids = job_aids(html(), "seals", "Seals")

    assert [aid.place for aid in aids] == ["Seals", "Seals"]
    assert len({aid.id for aid in aids}) == 2
    assert "At the gate" in aids[0].html
    assert "<li" in aids[0].html
    assert "Call." in aids[1].html
    assert "cite" not in aids[0].html
    assert "<aside" not in "".join(aid.html for aid in aids)


def test_a_lesson_without_job_aids_has_none() -> None:
    plain = make_page("## Look\n\nNo `job-aid` here.", "Look").html

    assert job_aids(plain, "look", "Look") == []
    assert not has_job_aids(plain)
    assert has_job_aids(html())

"""What goes over the wire: headers on every answer, files cached for good, pages small enough for a thin line."""

import gzip
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin

import pytest
from page_reader import Reader
from web_scenes import COURSE, Site, crawl, links, pass_exam, read_everything, site

from elearn.core.content.page import make_page
from elearn.core.vocab.languages import LANGUAGES
from elearn.web.assets import SHEETS, STATIC
from elearn.web.lessons import lesson_html

PAGE_LIMIT = 100_000
FIRST_VISIT_LIMIT = 60_000
_ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_IN_CSS = re.compile(r"url\((/static/[^)]+)\)")
_IN_JS = re.compile(r'from "([^"]+)"')
ZIP = {"Accept-Encoding": "gzip"}
TAGS = {row.bcp47 for row in LANGUAGES.values()}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("weight"))
    for role in ("officer", "administrator"):
        read_everything(found, found.people[role])
        pass_exam(found, found.people[role], right=role == "officer")
    yield found
    found.node.store.close()


@pytest.fixture(scope="module")
def pages(here: Site) -> dict[tuple[str, str], Any]:
    """Every page an administrator and an officer can click to, in two languages: (language, address) -> answer."""
    found = {}
    for language in ("en", "my"):
        for role in ("officer", "administrator"):
            seen = crawl(here.signed_in(role, language), "/", "/verify", "/search?q=drug", language=language)
            found |= {(language, url): page for url, page in seen.items()}
    return found


def own(pages: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """Return the pages inside the frame: a certificate, transcript or book to print is a page of its own kind."""
    return {
        (language, url): page
        for (language, url), page in pages.items()
        if page.status_code == 200 and page.mimetype == "text/html" and not url.startswith("/certificates/")
        if not ("/print/" in url and "/page" in url) and not url.startswith("/record/transcript")
    }


def first_assets(here: Site, language: str) -> dict[str, Any]:
    """Return everything the sign-in page makes a browser load but fonts: address -> zipped answer."""
    visitor = here.visitor(language)
    waiting, found = _ASSET.findall(visitor.get("/sign-in").text), {}
    while waiting:
        url = waiting.pop()
        if url not in found:
            found[url] = visitor.get(url, headers=ZIP)
            if url.endswith(".js"):
                waiting += [urljoin(url, one) for one in _IN_JS.findall(visitor.get(url).text)]
    return found


def test_every_answer_has_the_headers_that_keep_it_safe(here: Site, pages: dict[tuple[str, str], Any]) -> None:
    visitor = here.visitor()
    visitor.get("/sign-in")
    others = [visitor.get(url) for url in ("/", "/nowhere", "/static/x/nothing.css", *first_assets(here, "en"))]
    others += [visitor.post("/sign-in", {"csrf": ""}), visitor.post("/glossary"), visitor.get("/read/a/b/c")]
    for answer in [*pages.values(), *others]:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_of_people_are_kept_by_no_cache(pages: dict[tuple[str, str], Any]) -> None:
    assert {page.headers["Cache-Control"] for page in pages.values()} == {"no-store"}


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(here: Site) -> None:
    visitor = here.visitor()
    page = visitor.get("/sign-in")
    signed_in = visitor.post("/sign-in", {"service_number": here.number(here.people["officer"]), "pin": "739164"})
    visitor.get("/pin")
    chosen = visitor.post("/language", {"language": "km"})
    cookies = [cookie for answer in (page, signed_in, chosen) for cookie in answer.headers.getlist("Set-Cookie")]

    assert len(cookies) == 3
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=" in cookie


def test_no_page_has_script_or_style_of_its_own(pages: dict[tuple[str, str], Any]) -> None:
    inline = {key: found for key, page in own(pages).items() if (found := Reader(page.text).inline)}

    assert inline == {}


def test_nothing_is_loaded_from_elsewhere(pages: dict[tuple[str, str], Any]) -> None:
    loaded = {
        unescape(url)
        for page in own(pages).values()
        for url in re.findall(r'<(?:link|script|img|source|iframe)\b[^>]*\b(?:href|src)="([^"]+)"', page.text)
    }

    assert loaded
    assert {url for url in loaded if not url.startswith(("/static/", "/media/", "/workshop/", "data:"))} == set()


def test_every_block_says_its_language(pages: dict[tuple[str, str], Any]) -> None:
    for key, page in own(pages).items():
        reader = Reader(page.text)
        assert reader.tags <= {"", *TAGS}, key
        foreign = [
            (lang, text)
            for lang, text in reader.texts
            if (re.search(r"[\u1000-\u109f]", text) and lang != "my")
            or (re.search(r"[\u1780-\u17ff]", text) and lang != "km")
        ]
        assert foreign == [], key


@pytest.mark.parametrize(
    ("page_in", "lesson_in", "letters"), [("my", "en", r"[\u1000-\u109f]"), ("en", "my", "[A-Za-z]{2}")]
)
def test_a_country_box_speaks_the_readers_language_and_says_so(
    here: Site, page_in: str, lesson_in: str, letters: str
) -> None:
    """Also in a lesson of another language; otherwise its heading is drawn by the wrong script's font."""
    lesson = next(one for one in here.package().course.lessons if _has_country_box(here, one.id))
    page = here.signed_in("officer", page_in).get(f"/read/{COURSE}/{lesson.id}/{lesson_in}").text
    box = page[page.index('class="country"') :]
    title = Reader(box[: box.index("</p>")].partition(">")[2]).texts

    assert [lang for lang, _ in title] == [page_in]
    assert re.search(letters, title[0][1])


def test_a_country_box_that_was_filled_in_does_not_say_that_it_is_empty(here: Site) -> None:
    boxes = ("> [!country]\n>\n> - Law: ", "> [!country filled]\n>\n> - Law: law 7, article 3")
    with here.app.test_request_context("/"):
        empty, filled = (lesson_html(make_page(box, "Title").html) for box in boxes)

    assert ("In my country" in empty, "Not filled in yet" in empty) == (True, True)
    assert ("In my country" in filled, "Not filled in yet" in filled) == (True, False)
    assert "article 3" in filled
    assert "[!country" not in empty + filled


def _has_country_box(here: Site, lesson: str) -> bool:
    return b"[!country]" in here.node.course_files.read(COURSE)[f"en/{lesson}.md"]


def test_static_files_are_cached_for_good_and_zipped_once(here: Site) -> None:
    assets = first_assets(here, "en")
    kinds = {url.rsplit(".", 1)[1] for url in assets}

    assert {"css", "js", "svg"} <= kinds
    for url, answer in assets.items():
        plain = here.visitor().get(url)
        assert answer.status_code == 200, url
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", url
        assert answer.headers["Content-Encoding"] == "gzip", url
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert gzip.decompress(answer.data) == plain.data
        assert "Content-Encoding" not in plain.headers


def test_fonts_are_cached_for_good_too(here: Site) -> None:
    style = next(url for url in first_assets(here, "en") if url.endswith(".css"))
    fonts = _IN_CSS.findall(here.visitor().get(style).text)

    assert len(fonts) >= 10
    for url in fonts:
        answer = here.visitor().get(url)
        assert answer.status_code == 200
        assert answer.content_type == "font/woff2"
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_file_under_an_old_name_is_not_kept(here: Site) -> None:
    answer = here.visitor().get("/static/000000000000/style.css")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_first_visit_fits_a_thin_line(here: Site, language: str) -> None:
    """Counted: page, style, scripts, icon and the few letters of each language's own name; not the script's font."""
    page = here.visitor(language).get("/sign-in", headers=ZIP)
    assets = first_assets(here, language)
    style = here.visitor().get(next(url for url in assets if url.endswith(".css"))).text
    names = [here.visitor().get(url) for url in _IN_CSS.findall(style) if "OwnName" in url]
    size = sum(len(answer.data) + 400 for answer in (page, *assets.values(), *names))  # 400 bytes of headers each

    assert len(names) == 4
    assert size < FIRST_VISIT_LIMIT


def _styled(sheet: str) -> set[str]:
    """Return the classes that a style sheet gives a look."""
    rules = "".join((STATIC / "css" / name).read_text() for name in SHEETS[sheet])
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/|{[^{}]*}", " ", rules, flags=re.DOTALL)))


def test_pages_before_signing_in_do_without_the_style_of_those_behind_it(here: Site) -> None:
    only_inside = _styled("inside.css") - _styled("style.css")
    visitor = here.visitor()
    visitor.get("/sign-in")
    number = here.number(here.people["officer"])
    pages = [visitor.get(url) for url in ("/sign-in", "/recover", "/display", "/verify", "/nowhere")]
    pages.append(visitor.post("/sign-in", {"service_number": number, "pin": "000000"}))
    used = {name for page in pages for names in re.findall(r'class="([^"]*)"', page.text) for name in names.split()}

    assert {"lesson", "hits", "spot"} <= only_inside
    assert {"choice", "field"} <= used
    assert used & only_inside == set()
    assert not any("inside.css" in page.text for page in pages)


def test_every_page_of_who_is_signed_in_has_the_whole_style(pages: dict[tuple[str, str], Any]) -> None:
    without = {
        key for key, page in own(pages).items() if not re.search(r"/style\.css.*\n.*/inside\.css", page.text[:2000])
    }

    assert without == set()


def test_no_page_is_over_100_kilobytes(pages: dict[tuple[str, str], Any]) -> None:
    sizes = {key: len(page.data) for key, page in own(pages).items()}

    assert len(sizes) > 50
    assert {key: size for key, size in sizes.items() if size >= PAGE_LIMIT} == {}


def test_pages_are_zipped_for_who_can_unzip(here: Site) -> None:
    visitor = here.signed_in("officer")
    plain = visitor.get("/glossary")
    zipped = visitor.get("/glossary", headers=ZIP)

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert len(zipped.data) * 2 < len(plain.data)
    assert gzip.decompress(zipped.data).startswith(b"<!doctype html>")


def test_every_page_has_a_way_on(pages: dict[tuple[str, str], Any]) -> None:
    assert {key for key, page in own(pages).items() if len(links(page)) < 3} == set()

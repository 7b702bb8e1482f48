"""The page on what certificates look like: pictures in, pictures shown, samples out, mistakes said."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from raster_files import raster, see_through
from web_scenes import Site, Visitor, site

from elearn.core.vocab.kept import CERTIFICATE_PICTURE
from elearn.core.vocab.tables import Row

PAGE = "/certificate-look"
SAID = {
    "issuer": "Border School",
    "issuer-lo": "ໂຮງຮຽນຊາຍແດນ",
    "name-1": "Mara Lim",
    "title-1-en": "Director",
    "title-1-lo": "ຜູ້ອຳນວຍການ",
    "both_eras": "yes",
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("look"))
    yield found
    found.node.store.close()


def chief(here: Site) -> Visitor:
    visitor = here.signed_in("administrator")
    assert visitor.get(PAGE).status_code == 200
    return visitor


def kept(here: Site) -> list[Row]:
    with here.node.store.reading() as tx:
        return tx.tables.select(CERTIFICATE_PICTURE)


def errors(text: str) -> dict[str, str]:
    return dict(re.findall(r'<p class="field-error" id="e-([^"]+)">([^<]+)</p>', text))


def test_what_is_sent_is_kept_shown_and_printed(here: Site) -> None:
    visitor = chief(here)
    files = {
        "seal": (BytesIO(see_through("webp", 300, 200)), "seal.webp"),
        "signature-1": (BytesIO(raster("jpg", 400, 90)), "hand.jpg"),
    }

    assert visitor.post(PAGE, {**SAID, **files}).headers["Location"] == PAGE
    page = visitor.get(PAGE).text
    assert "The changes were saved." in page
    assert [value in page for value in SAID.values()] == [True] * len(SAID)
    assert re.findall(r'<img class="on-paper" src="([^"]+)"', page) == [f"{PAGE}/seal.png", f"{PAGE}/signature-1.png"]
    shown = visitor.get(f"{PAGE}/seal.png")
    assert (shown.mimetype, shown.data[:4]) == ("image/png", b"\x89PNG")
    assert "ticked" not in page
    assert 'name="score" value="yes" checked' not in page
    assert 'name="both_eras" value="yes" checked' in page
    sample = visitor.get("/certificates/sample/lo").text
    assert "ໂຮງຮຽນຊາຍແດນ" in sample
    assert "ຕົວຢ່າງ" in sample
    assert "ພ.ສ." in sample
    assert visitor.get("/certificates/sample/lo.pdf").headers["Location"] == "/certificates/sample/lo"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG drawings are not taken"),
        (b"GIF89a" + b"x" * 50, "Save it as PNG, JPEG or WebP"),
        (b"MZ" + b"x" * 500, "Save it as PNG, JPEG or WebP"),
        (raster("png", 300, 300)[:-30], "damaged or cut off"),
        (raster("png", 6001, 41), "too many pixels"),
        (raster("png", 39, 39), "too small"),
        (raster("png", 200, 200, "white"), "nothing but white"),
    ],
)
def test_a_file_that_cannot_be_printed_is_refused_by_its_content_with_a_sentence(
    here: Site, content: bytes, said: str
) -> None:
    visitor, before = chief(here), kept(here)

    answer = visitor.post(PAGE, {**SAID, "seal": (BytesIO(content), "seal.png")})

    assert answer.status_code == 400
    assert said in errors(answer.text)["seal"]
    assert 'value="ໂຮງຮຽນຊາຍແດນ"' in answer.text  # what was typed is not lost
    assert kept(here) == before


def test_a_name_of_another_body_is_refused_in_any_language(here: Site) -> None:
    answer = chief(here).post(PAGE, {**SAID, "issuer-en": "United Nations", "title-1-en": "UNODC officer"})

    assert answer.status_code == 400
    assert set(errors(answer.text)) == {"issuer-en", "title-1-en"}


def test_pictures_are_shown_to_who_manages_the_node_and_to_nobody_else(here: Site) -> None:
    visitor = chief(here)
    visitor.post(PAGE, {**SAID, "seal": (BytesIO(raster("png", 90, 90)), "a.png")})

    assert visitor.get(f"{PAGE}/seal.png").status_code == 200
    assert visitor.get(f"{PAGE}/other.png").status_code == 404
    assert here.signed_in("officer").get(f"{PAGE}/seal.png").status_code == 403
    assert here.visitor().get(f"{PAGE}/seal.png").status_code == 302

"""Headers of picture files: kind and size by content, whatever the name says; animation and cut files are seen."""

import io

import pytest
from PIL import Image
from raster_files import moving, raster, see_through

from elearn.core.content.raster import Header, photo, read_header

FORMS = {
    "png": raster("png", 640, 480),
    "png with alpha": see_through("png", 640, 480),
    "jpg": raster("jpg", 640, 480),
    "progressive jpg": raster("jpg", 640, 480, progressive=True),
    "jpg with a comment": raster("jpg", 640, 480, comment=b"\xff\xc0 not a frame"),
    "lossy webp": raster("webp", 640, 480),
    "lossless webp": raster("webp", 640, 480, lossless=True),
    "webp with alpha": see_through("webp", 640, 480),
    "odd sizes": raster("webp", 1001, 17),
}


@pytest.mark.parametrize("form", list(FORMS))
def test_kind_and_size_are_read_from_the_bytes(form: str) -> None:
    image = Image.open(io.BytesIO(FORMS[form]))
    header = read_header(FORMS[form])

    assert (header.width, header.height) == image.size
    assert header.kind == {"JPEG": "jpg"}.get(str(image.format), str(image.format).lower())
    assert header.whole
    assert not header.moves


def test_the_three_layouts_of_webp_are_all_in_the_forms() -> None:
    assert {FORMS[form][12:16] for form in FORMS if "webp" in form} == {b"VP8 ", b"VP8L", b"VP8X"}


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_a_picture_that_moves_is_seen(kind: str) -> None:
    assert read_header(moving(kind)).moves


@pytest.mark.parametrize("form", list(FORMS))
def test_a_file_that_is_cut_off_anywhere_has_no_size_and_never_fails(form: str) -> None:
    whole = FORMS[form]
    for end in (*range(40), len(whole) // 2, len(whole) - 9):
        assert not read_header(whole[:end]).whole, end


def test_what_is_no_picture_has_no_kind() -> None:
    for data in (b"", b"GIF89a" + bytes(40), b"<svg/>", b"RIFF" + bytes(40), b"\x89PNG", b"BM" + bytes(40)):
        assert read_header(data) == Header("")


def test_a_figure_escapes_its_words_and_keeps_its_place_before_it_is_loaded() -> None:
    html = photo("/media/ab.png", Header("png", 640, 480), ('A "form" <b>', "Step 1 & 2"), "p4")

    assert html.startswith('<figure class="picture" id="p4"><img src="/media/ab.png" ')
    assert 'alt="A &quot;form&quot; &lt;b&gt;"' in html
    assert 'width="640" height="480" loading="lazy"' in html
    assert "<figcaption>Step 1 &amp; 2</figcaption></figure>" in html
    assert "figcaption" not in photo("/x", Header("png", 1, 1), ("A", ""), "p1")


def test_a_picture_higher_than_wide_is_marked_to_be_shown_smaller() -> None:
    shapes = [photo("/x", Header("png", 400, height), ("A", ""), "p1").partition(" id=")[0] for height in (400, 401)]

    assert shapes == ['<figure class="picture"', '<figure class="picture picture-tall"']

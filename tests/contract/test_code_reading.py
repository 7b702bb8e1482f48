"""Laws of reading codes from pictures: what a phone makes is read; what is torn or too large is refused, each time."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from photo_scenes import PAGE, blurred, dark, noisy, on_a_table, page, qr_code, saved, seen_from_the_side, turned
from PIL import Image
from press_cast import page_for

from elearn.adapters.code_reading import FILE_LIMIT, MOST_WAITING, CodeWorkerLine
from elearn.core.vocab.errors import Invalid, Unavailable

OURS = page_for("km").payload
OTHER = page_for("th").payload


@pytest.fixture(scope="module")
def reader() -> Iterator[CodeWorkerLine]:
    found = CodeWorkerLine()
    yield found
    found.close()


def refusal(reader: CodeWorkerLine, file: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        reader.texts(file)
    return caught.value.code


PHOTOS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as printed": lambda sheet: sheet,
    "on its side": lambda sheet: turned(sheet, 90),
    "upside down": lambda sheet: turned(sheet, 180),
    "a little askew": lambda sheet: turned(sheet, 7),
    "from the side": seen_from_the_side,
    "out of focus": lambda sheet: blurred(sheet, 1.1),
    "in the dark": dark,
    "small": lambda sheet: sheet.resize((PAGE[0] * 2 // 3, PAGE[1] * 2 // 3), Image.Resampling.LANCZOS),
    "by a phone": lambda sheet: seen_from_the_side(on_a_table(sheet)),
    "by a phone, far": lambda sheet: on_a_table(sheet, share=0.45),
    "by a phone, out of focus": lambda sheet: blurred(seen_from_the_side(on_a_table(sheet)), 2),
    "by a poor phone": lambda sheet: noisy(on_a_table(sheet)),
    "by a phone of 50 million points": lambda sheet: on_a_table(sheet, size=(8160, 6120)),
}


@pytest.mark.parametrize("how", list(PHOTOS))
def test_a_photo_saved_with_little_care_is_read(reader: CodeWorkerLine, how: str) -> None:
    assert reader.texts(saved(PHOTOS[how](page(OURS)), quality=40)) == [OURS]


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_is_read_whichever_way_the_phone_was_held(reader: CodeWorkerLine, turn: int) -> None:
    way = Image.Transpose
    ways = {2: 0, 3: way.ROTATE_180, 4: way.FLIP_TOP_BOTTOM, 5: way.TRANSPOSE, 6: way.ROTATE_90, 7: way.TRANSVERSE}
    ways |= {2: way.FLIP_LEFT_RIGHT, 8: way.ROTATE_270}
    exif = Image.Exif()
    exif[0x0112] = turn
    sheet = page(OURS).transpose(ways[turn]) if turn > 1 else page(OURS)

    assert reader.texts(saved(sheet, exif=exif)) == [OURS]


def on_nothing() -> Image.Image:
    """Return a code in black on no ground at all, which is black where the ground is left out."""
    code = qr_code(OURS)
    clear = Image.new("RGBA", code.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=code.point(lambda value: 255 - value))
    return clear


FILES: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: saved(page(OURS), "PNG"),
    "PNG of 256 colours": lambda: saved(page(OURS).convert("P"), "PNG"),
    "PNG in black and white": lambda: saved(page(OURS).convert("1"), "PNG"),
    "PNG with 65,536 greys": lambda: saved(
        page(OURS).convert("L").convert("I").point(lambda value: value * 256).convert("I;16"), "PNG"
    ),
    "PNG without ground": lambda: saved(on_nothing(), "PNG"),
    "WebP": lambda: saved(page(OURS), "WEBP"),
    "WebP that moves": lambda: saved(page(OURS), "WEBP", save_all=True, append_images=[Image.new("RGB", PAGE)]),
    "JPEG in layers": lambda: saved(on_a_table(page(OURS)), progressive=True),
    "JPEG for printing": lambda: saved(page(OURS).convert("CMYK")),
    "light on dark": lambda: saved(qr_code(OURS).point(lambda value: 255 - value), "PNG"),
    "a scan as PDF": lambda: saved(page(OURS), "PDF", resolution=150.0),
}


@pytest.mark.parametrize("kind", list(FILES))
def test_every_kind_of_picture_people_send_is_read(reader: CodeWorkerLine, kind: str) -> None:
    assert reader.texts(FILES[kind]()) == [OURS]


def test_all_codes_of_a_picture_are_given_each_once(reader: CodeWorkerLine) -> None:
    assert set(reader.texts(saved(page(OURS, OTHER, OURS)))) == {OURS, OTHER}
    assert reader.texts(saved(page("https://example.org/"))) == ["https://example.org/"]
    assert reader.texts(saved(page())) == []


TORN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("picture.kind", lambda: b""),
    "words": ("picture.kind", lambda: b"7K3M-9QXA"),
    "GIF": ("picture.kind", lambda: saved(page(OURS), "GIF")),
    "TIFF": ("picture.kind", lambda: saved(page(OURS), "TIFF")),
    "an archive": ("picture.kind", lambda: b"PK\x03\x04" * 100),
    "HEIC": ("picture.heic", lambda: b"\x00\x00\x00\x18ftypheic" + b"\x00" * 2000),
    "AVIF": ("picture.heic", lambda: b"\x00\x00\x00\x18ftypavif" + b"\x00" * 2000),
    "half a JPEG": ("picture.unreadable", lambda: saved(page(OURS))[:40_000]),
    "half a PNG": ("picture.unreadable", lambda: saved(page(OURS), "PNG")[:4000]),
    "half a WebP": ("picture.unreadable", lambda: saved(page(OURS), "WEBP")[:4000]),
    "a torn PDF": ("picture.unreadable", lambda: b"%PDF-1.4 torn"),
    "400 million points in 400 kB": ("picture.too-large", lambda: saved(Image.new("L", (20_000, 20_000)), "PNG")),
    "49 million colours": ("picture.too-large", lambda: saved(Image.new("RGB", (7000, 7000)), "PNG")),
    "a JPEG in layers to be kept whole": (
        "picture.too-large",
        lambda: saved(Image.new("RGB", (8000, 6000)), progressive=True),
    ),
    "too many bytes": ("picture.too-large", lambda: b"\xff\xd8\xff" + b"\x00" * FILE_LIMIT),
}


@pytest.mark.parametrize("what", list(TORN))
def test_what_cannot_be_read_is_refused_and_the_next_picture_is_read(reader: CodeWorkerLine, what: str) -> None:
    code, file = TORN[what]

    assert refusal(reader, file()) == code
    assert reader.texts(saved(qr_code(OURS), "PNG")) == [OURS]


def test_cut_and_flipped_bytes_never_kill_the_worker(reader: CodeWorkerLine) -> None:
    files = [saved(page(OURS).resize((440, 310)), kind) for kind in ("JPEG", "PNG", "WEBP", "PDF")]
    reader.texts(files[0])
    worker = reader.worker_pid
    answers = set()
    for file in files:
        for step in range(12):
            place = 20 + step * len(file) // 13
            for broken in (file[:place], file[:place] + bytes([file[place] ^ 0xFF]) + file[place + 1 :]):
                try:
                    reader.texts(broken)
                    answers.add("looked at")
                except Invalid as error:
                    answers.add(error.code)

    assert answers <= {"looked at", "picture.unreadable", "picture.kind", "picture.too-large"}
    assert {"looked at", "picture.unreadable"} <= answers
    assert reader.worker_pid == worker


def test_a_worker_that_takes_too_long_is_sent_away_and_the_picture_refused() -> None:
    impatient = CodeWorkerLine(longest_seconds=0)
    try:
        assert refusal(impatient, saved(on_a_table(page(OURS)))) == "picture.unreadable"
        assert impatient.worker_pid is None
    finally:
        impatient.close()


def test_it_tells_whether_pictures_can_be_looked_at_and_leaves_nothing_running() -> None:
    well = CodeWorkerLine()

    assert well.missing() is None
    assert well.worker_pid is None


def test_a_machine_without_the_library_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "zxingcpp.py").write_text("raise ImportError('libstdc++ is too old')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    bare = CodeWorkerLine()

    assert bare.missing() == "the program that looks at them does not start"
    with pytest.raises(Unavailable) as refused:
        bare.texts(saved(page(OURS)))
    assert refused.value.code == "codes.missing"
    assert bare.worker_pid is None


def test_a_worker_that_has_gone_home_is_replaced_without_a_word() -> None:
    short = CodeWorkerLine(idle_seconds=0.01)
    try:
        for _ in range(3):
            assert short.texts(saved(qr_code(OURS), "PNG")) == [OURS]
    finally:
        short.close()


def test_few_wait_for_the_reader_and_an_impatient_one_not_at_all(reader: CodeWorkerLine) -> None:
    """Otherwise pictures could take every thread of the post."""
    busy: list[str] = []
    with reader._turn:  # a picture that takes long
        waiting = [threading.Thread(target=reader.texts, args=(saved(page(OURS)),)) for _ in range(MOST_WAITING - 1)]
        for one in waiting:
            one.start()
        while reader._places._value > 1:
            pass
        for patient in (False, True):
            if patient:
                reader._places.acquire()  # the last place
            with pytest.raises(Unavailable) as refused:
                reader.texts(saved(page(OURS)), patient=patient)
            busy.append(refused.value.code)
        reader._places.release()
    for one in waiting:
        one.join()

    assert busy == ["codes.busy", "codes.busy"]
    assert reader.texts(saved(page(OURS))) == [OURS]

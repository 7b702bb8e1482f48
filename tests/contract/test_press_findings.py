"""The five findings about WeasyPrint, each with a test that fails without its cure: beside it, the cure is off.

Needs Pango and poppler-utils. 1: glyphs of other signs; 2: no font, no process; 3: threads; 4: lines that never break;
5: a text layer that says other letters.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import weasyprint
from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image
from press_cast import LONG, SHORT, WORDS, page_for
from press_eyes import cut_out, press_with, press_with_fonts, text_of, unlike, unsaid, words_of

from elearn.adapters.press import sheet, text_layer
from elearn.adapters.press.metrics import FONTS
from elearn.adapters.press.places import AWARD_MM
from elearn.adapters.press_line import PressLine
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.credential.page import CertificatePage
from elearn.core.vocab.errors import Invalid, Unavailable

pytestmark = [pytest.mark.pango, pytest.mark.poppler]
RARE = "䶮堃赟㛃翀犇"
COMMON = "李娜国鑫磊"
LEFT_MM = 22.5
BREAKING = ("km", "lo", "my")
COUNTING = """import builtins, threading
whole = builtins.__import__
def note(words):
    with open({log!r}, "a") as log:
        log.write(words + "\\n")
def imports(name, *rest, **more):
    found = whole(name, *rest, **more)
    if name == "weasyprint.text.fonts":
        kept = found.FontConfiguration if hasattr(found, "FontConfiguration") else found.text.fonts.FontConfiguration
        if not hasattr(kept, "counted"):
            first, kept.counted = kept.__init__, True
            def made(self, *given, **named):
                note("fonts")
                first(self, *given, **named)
            kept.__init__ = made
            from weasyprint.document import Document
            write = Document.write_pdf
            def drawn(self, *given, **named):
                note(f"drawn {{threading.get_ident()}}")
                return write(self, *given, **named)
            Document.write_pdf = drawn
    return found
builtins.__import__ = imports
"""
OTHER_LETTERS = "from elearn.adapters.press import text_layer\ntext_layer.MADE_FOR = 'another version'\n"


@pytest.fixture(scope="module")
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


def sign_on_page(press: WeasyPress, sign: str, folder: Path) -> Image.Image:
    """Return the picture of a name of one sign."""
    pdf = press.certificate(page_for("zh_Hans", sign, unit="", unit_english=""))
    word = next(one for one in words_of(pdf) if one.text == sign)
    return cut_out(pdf, word, folder)


# --- 1: regular and bold, and what else a name can be drawn with ----------------------------------------------------


@pytest.mark.parametrize("sign", RARE)
def test_rare_hanzi_are_drawn_as_themselves(press: WeasyPress, tmp_path: Path, sign: str) -> None:
    """The text layer can be right while another glyph is drawn: so pixels are compared with the font's own outline."""
    seen = sign_on_page(press, sign, tmp_path)

    assert unlike(seen, sign) < 16
    assert min(unlike(seen, other) for other in COMMON) > 32


def test_with_a_bold_that_lacks_a_sign_the_pixels_tell_and_the_text_does_not(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for path in FONTS.glob("*.ttf"):
        if path.name != "NotoSansSC-Bold.ttf":
            (fonts / path.name).symlink_to(path)
    lopsided(fonts / "NotoSansSC-Bold.ttf")
    press = press_with_fonts(tmp_path / "press", fonts)
    try:
        page = page_for("zh_Hans", RARE[0], unit="", unit_english="")
        assert unsaid(press.certificate(page), [RARE[0]]) == []
        assert unlike(sign_on_page(press, RARE[0], tmp_path), RARE[0]) > 16
    finally:
        press.close()


def lopsided(target: Path) -> None:
    """Write a Bold that has the signs of the page but not the rare one."""
    kept = "".join(page_for("zh_Hans", "李").texts()) + COMMON
    with TTFont(FONTS / "NotoSansSC-Bold.ttf", lazy=True) as font:
        cutter = subset.Subsetter(subset.Options(notdef_outline=True))
        cutter.populate(text=kept.replace(RARE[0], ""))
        cutter.subset(font)
        font.save(target)


def test_a_name_with_a_sign_outside_the_fonts_is_refused_before_it_is_drawn(press: WeasyPress) -> None:
    with pytest.raises(Invalid) as caught:
        press.certificate(page_for("zh_Hans", "李𠮷"))

    assert (caught.value.code, caught.value.details["characters"]) == ("name.characters", "𠮷")


# --- 2: no font ---------------------------------------------------------------------------------------------------


def test_a_start_without_fonts_is_told_and_the_program_goes_on(press: WeasyPress, tmp_path: Path) -> None:
    (tmp_path / "no-fonts").mkdir()
    bare = press_with_fonts(tmp_path / "press", tmp_path / "no-fonts")

    with pytest.raises(Unavailable) as caught:
        bare.certificate(page_for("en"))
    bare.close()

    assert caught.value.code == "press.crashed"  # the worker, and not this process
    assert press.certificate(page_for("en")).startswith(b"%PDF")


# --- 3: threads ---------------------------------------------------------------------------------------------------


def asked_at_once(press: WeasyPress, pages: list[CertificatePage]) -> list[bytes]:
    """Ask for all pages in threads that begin together; b"" where one got an error."""
    found = [b""] * len(pages)
    start = threading.Barrier(len(pages))

    def ask(place: int) -> None:
        start.wait()
        try:
            found[place] = press.certificate(pages[place])
        except Exception:  # noqa: BLE001 (whatever comes of two talking at once)
            found[place] = b""

    threads = [threading.Thread(target=ask, args=(place,), daemon=True) for place in range(len(pages))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_many_who_ask_at_once_get_what_one_alone_gets(press: WeasyPress) -> None:
    pages = [page_for(language, names[language]) for names in (SHORT, LONG) for language in SHORT]
    alone = [press.certificate(page) for page in pages]

    assert asked_at_once(press, pages * 2) == alone * 2


class Watched(PressLine):
    """Counts how many are with the worker at a time. together: so many wait in there for each other."""

    def __init__(self, together: int) -> None:
        super().__init__()
        self.inside, self.most = 0, 0
        self._meeting = threading.Barrier(together)

    def _asked_once(self, _body: bytes, _told: object) -> tuple[dict[str, int], bytes]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self._meeting.wait()
        self.inside -= 1
        return {"pages": 1}, b""


class NoQueue:
    """What stands for no lock at all."""

    def __enter__(self) -> None: ...
    def __exit__(self, *_error: object) -> None: ...


def ask_in_threads(line: PressLine, number: int) -> None:
    threads = [threading.Thread(target=line.ask, args=({},)) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_one_at_a_time_is_with_the_worker_and_without_the_queue_all_are() -> None:
    """Fonts shared by threads corrupt memory now and then, and nothing tells: so it is the queue that is looked at."""
    queued, crowded = Watched(1), Watched(6)
    crowded._lock = NoQueue()  # type: ignore[assignment]
    ask_in_threads(queued, 6)
    ask_in_threads(crowded, 6)

    assert (queued.most, crowded.most) == (1, 6)


def test_a_worker_has_one_set_of_fonts_and_one_thread_that_draws(tmp_path: Path) -> None:
    press = press_with(tmp_path, COUNTING.format(log=str(tmp_path / "log")))
    asked_at_once(press, [page_for(language) for language in SHORT])
    press.close()
    said = (tmp_path / "log").read_text().split("\n")[:-1]

    assert len([line for line in said if line.startswith("fonts")]) == 1
    assert len([line for line in said if line.startswith("drawn")]) == len(SHORT)
    assert len({line for line in said if line.startswith("drawn")}) == 1


# --- 4: lines -----------------------------------------------------------------------------------------------------


def running_on(language: str) -> CertificatePage:
    """Return a page whose title and outcome have no blank to break a line at."""
    words = WORDS[language]
    title, outcome = (re.sub(r"[\s\d.:។៖။၊-]", "", text) for text in (words.verify_hint[:58], words.outcome * 2))
    return replace(page_for(language), local=replace(words, course_title=title, outcome=outcome))


def outside_the_column(pdf: bytes) -> list[str]:
    """Return the words left of the panel that stand over the edge of their column."""
    award = [one for one in words_of(pdf) if one.left < LEFT_MM + AWARD_MM]
    return [one.text for one in award if one.right > LEFT_MM + AWARD_MM + 0.5 or one.left < LEFT_MM - 0.5]


@pytest.mark.parametrize("language", BREAKING)
def test_text_without_blanks_is_wrapped_inside_its_column(press: WeasyPress, language: str) -> None:
    page = running_on(language)
    pdf = press.certificate(page)

    assert outside_the_column(pdf) == []
    assert unsaid(pdf, [page.local.course_title, page.local.outcome]) == []
    assert "\u200b" not in text_of(pdf)


@pytest.mark.parametrize("language", BREAKING)
def test_without_marks_where_words_end_it_runs_out_of_its_column(
    press: WeasyPress, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "with_line_breaks", lambda text, _language: text)

    assert outside_the_column(press.certificate(running_on(language))) != []


# --- 5: the text layer --------------------------------------------------------------------------------------------


def test_the_text_layer_is_mended_for_this_weasyprint() -> None:
    """With another version nothing is patched: look whether it is still needed, and where, then say so in MADE_FOR."""
    assert weasyprint.__version__.startswith(text_layer.MADE_FOR), (
        f"WeasyPrint {weasyprint.__version__} is not the {text_layer.MADE_FOR}x that press/text_layer.py was made for"
    )


@pytest.mark.parametrize("language", SHORT)
@pytest.mark.parametrize("names", [SHORT, LONG], ids=["short", "long"])
def test_the_text_layer_says_every_text_letter_for_letter(
    press: WeasyPress, language: str, names: dict[str, str]
) -> None:
    page = page_for(language, names[language])

    assert unsaid(press.certificate(page), page.texts()) == []


def test_without_the_mending_it_says_other_letters(tmp_path: Path) -> None:
    press = press_with(tmp_path, OTHER_LETTERS)
    pages = {language: page_for(language, LONG[language]) for language in SHORT}
    wrong = {language for language, page in pages.items() if unsaid(press.certificate(page), page.texts())}
    press.close()

    assert set(BREAKING) <= wrong

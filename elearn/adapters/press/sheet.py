"""From a CertificatePage to HTML: every text measured and fitted, refused if it cannot be printed as it is.

One template for the PDF and for a browser's printer. No inline style, no script, nothing fetched: sizes are classes,
the QR code and (for browsers) the fonts are data: addresses.
"""

import base64
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass, replace
from functools import cache
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import jinja2

from elearn.adapters.press.border import border_css
from elearn.adapters.press.fitting import Place, Step, fit, room_in, two_lines
from elearn.adapters.press.metrics import families, outside, used_families, width
from elearn.adapters.press.places import ALONE, AWARD_MM, BOTH, PAIR, SEAL_GAP_MM, SEAL_MM, WATERMARK
from elearn.adapters.press.qr import modules_of, png
from elearn.adapters.word_breaks import letters, with_line_breaks
from elearn.core.content.raster import read_header
from elearn.core.credential.page import CertificatePage, CertificateWords
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.languages import LANGUAGES, SOURCE

HERE = Path(__file__).resolve().parent
WEB_FONTS = HERE.parents[1] / "web" / "static" / "fonts"
LATIN = "Noto Sans"
CHINESE = "Noto Sans SC"
# So many of the widest letters find room on two lines.
SURELY_FITS = 40
QR_MM = 30.0

# What is taller than the sheet must come out on a second page, where the press notices it, and not over the frame.
PDF_ONLY = "@page { margin-bottom: 14.5mm }"


@dataclass(frozen=True)
class Sheet:
    """A page ready for the press: HTML without style sheets, the style sheets, and what goes along as attachment."""

    html: str
    css: tuple[str, ...]
    payload: str


def certificate_sheet(page: CertificatePage, compact: bool = False) -> Sheet:
    """Return the sheet for the press; ``compact`` takes the air out between the parts.

    Raises Invalid("name.characters", characters=, text=) for characters outside the bundled fonts, and
    Invalid("page.too-long", field=, text=) for a text that would not fit even in its smallest type.
    """
    return Sheet(_html(page, (), compact), (_css(), _font_stacks(page.language), PDF_ONLY), page.payload)


def printable_sheet(page: CertificatePage) -> str:
    """Return one self-contained HTML page for a browser to print; refuses what certificate_sheet refuses."""
    return _html(page, (_css(), _web_fonts(page), _font_stacks(page.language)), False)


def name_too_wide(name: str) -> bool:
    """Tell whether a name finds no room on a certificate, in whatever language it is printed."""
    name, place = _clean(name), BOTH["name"]
    last = place.steps[-1]
    # Cut anywhere, a line is filled up to a letter or two. Sheets of thousands of officers end here.
    if len(name) <= SURELY_FITS or width(name, stack(SOURCE), True) <= last.lines * (room_in(place, last.size_pt) - 2):
        return False
    return fit(name, SOURCE, stack(SOURCE), place, cut_words=True) is None


def stack(language: str) -> tuple[str, ...]:
    """Return the order in which families are asked for a sign: the language's own, Latin, all others."""
    own = LANGUAGES[language].font
    return tuple(dict.fromkeys((own, LATIN, *families())))


def _html(page: CertificatePage, style_sheets: tuple[str, ...], compact: bool) -> str:
    page = _mapped(page, _clean)
    _refuse_unknown_characters(page)
    words = page.local if page.bilingual else page.english
    places = _places(page)
    fitted = _fitted(page, words, places)
    html = _template().render(
        page=page,
        lang=LANGUAGES[page.language].bcp47,
        both=page.bilingual,
        compact=compact,
        title=f"{words.heading} {page.number}",
        code_alt=f"{words.number_label} {page.number}",
        t=_broken(page, words, places, fitted),
        size={place: _size(step) for place, step in fitted.items()},
        stacked=_stacked(page),
        name_script=_script_of(page.person_name),
        facts=_facts(page, words, places["fact"]),
        signatories=_signatories(page, places),
        seal=_png(page.seal),
        beside_seal=_beside_seal_mm(page.seal),
        qr=_qr(page.payload),
        style_sheets=style_sheets,
    )
    return re.sub(r">\s*\n\s*<", "><", html)  # blanks between blocks would be boxes to lay out


def _places(page: CertificatePage) -> dict[str, Place]:
    """Return where each text goes; beside a seal, there is less room for the issuer."""
    places = BOTH if page.bilingual else ALONE
    if not page.seal:
        return places
    taken = _beside_seal_mm(page.seal)
    names = ("issuer", "issuer_english")
    return places | {name: replace(places[name], width_mm=AWARD_MM - taken) for name in names}


def _beside_seal_mm(seal: bytes) -> int:
    """Return where the issuer begins beside a seal, in whole millimetres: the classes ``.beside<mm>``. 0 = no seal."""
    header = read_header(seal)
    return ceil(min(SEAL_MM[0], header.width * SEAL_MM[1] / header.height) + SEAL_GAP_MM) if seal else 0


# --- texts ---------------------------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """Return the text in NFC, blanks as single spaces, without zero-width spaces."""
    return " ".join(unicodedata.normalize("NFC", text.replace("\u200b", "")).split())


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """Return the value with every text in it changed, through tuples and dataclasses."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item, change) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{name: _mapped(item, change) for name, item in vars(value).items()})
    return value


def _refuse_unknown_characters(page: CertificatePage) -> None:
    for text in page.texts():
        characters = outside(text)
        if characters:
            raise Invalid("name.characters", characters=characters, text=text)


def _fitted(page: CertificatePage, words: CertificateWords, places: dict[str, Place]) -> dict[str, Step]:
    """Return for each place the step in which its text is set."""
    local = page.language
    asked = [
        ("issuer", page.issuer, local),
        ("heading", words.heading, local),
        ("name", page.person_name, local),
        ("title", words.course_title, local),
        ("unit", f"{page.unit} {page.unit_english}".strip(), local),
        ("outcome", words.outcome, local),
        ("hint", words.verify_hint, local),
        ("draft", words.draft, local),
    ]
    if page.bilingual:
        asked += [
            ("issuer_english", page.issuer_english, SOURCE),
            ("second_heading", page.english.heading, SOURCE),
            ("second_title", page.english.course_title, SOURCE),
        ]
    fitted = {place: _fit(place, text, language, places[place]) for place, text, language in asked if text}
    if page.watermark:
        fitted["watermark"] = _fit("watermark", page.watermark, local, WATERMARK)
    return fitted


def _fit(name: str, text: str, language: str, place: Place) -> Step:
    step = fit(text, language, stack(language), place, cut_words=name in ("name", "signatory"))
    if step is None:
        raise Invalid("page.too-long", field=name, text=text)
    return step


def _size(step: Step) -> str:
    return f"pt{step.size_pt:g}".replace(".", "-")


def _broken(
    page: CertificatePage, words: CertificateWords, places: dict[str, Place], fitted: dict[str, Step]
) -> dict[str, Any]:
    """Return the texts as set: where a text runs over a line, with U+200B at each break of its language.

    Pango does not know where words end in Khmer, Lao and Burmese and would let the line run out of the page.
    """

    def breaking(place: str, text: str) -> str:
        runs = place not in fitted or fitted[place].lines > 1
        return with_line_breaks(text, page.language) if runs else text

    own = {"outcome": "outcome", "verify_hint": "hint", "draft": "draft", "heading": "heading"}
    return {
        "local": {name: breaking(own.get(name, name), text) for name, text in vars(words).items()},
        "second": _second(page, words),
        "name": _lines(page.person_name, page.language, places["name"], fitted["name"]),
        "title": _lines(words.course_title, page.language, places["title"], fitted["title"]),
        "issuer": breaking("issuer", page.issuer),
        "unit": breaking("unit", page.unit),
    }


def _second(page: CertificatePage, words: CertificateWords) -> dict[str, str]:
    """Return the English words to print beside the local ones: "" where that would say the same twice."""
    own = vars(page.english) | {"issuer": page.issuer_english, "unit": page.unit_english}
    local = vars(words) | {"issuer": page.issuer, "unit": page.unit}
    return {name: text if page.bilingual and text != local[name] else "" for name, text in own.items()}


def _stacked(page: CertificatePage) -> dict[str, str]:
    """Return the class that puts English below, for each pair that is too wide to stand on one line."""
    pairs = {
        "awarded_to": (page.local.awarded_to, page.english.awarded_to),
        "has_completed": (page.local.has_completed, page.english.has_completed),
        "unit": (page.unit, page.unit_english),
    }
    classes = {}
    for name, (local, english) in pairs.items():
        side_by_side = fit(f"{local} -- {english}", page.language, stack(page.language), PAIR)
        classes[name] = "" if side_by_side else "stacked"
    return classes


def _lines(text: str, language: str, place: Place, step: Step) -> tuple[str, str]:
    """Return the lines of a name or a title, the second "" if it is on one; a line not ended by a blank is ended by
    U+200B."""
    if step.lines == 1:
        return text, ""
    first, second = two_lines(text, language, stack(language), place, step.size_pt)
    return first if first[-1:].isspace() else first + "\u200b", second


def _facts(page: CertificatePage, words: CertificateWords, place: Place) -> list[dict[str, Any]]:
    facts, second = [], _second(page, words)
    for name in ("score", "issued", "expires", "version"):
        label, value = getattr(words, f"{name}_label"), getattr(words, name)
        if not value:
            continue
        step = _fit(name, value, page.language, place)
        facts.append(
            {
                "label": with_line_breaks(label, page.language),
                "second_label": second[f"{name}_label"],
                "value": _lines(value, page.language, place, step),
                "second": second[name],
                "size": _size(step),
            }
        )
    return facts


def _signatories(page: CertificatePage, places: dict[str, Place]) -> list[dict[str, str]]:
    signing = []
    for one in page.signatories:
        _fit("signatory", one.name, page.language, places["signatory"])
        _fit("signatory title", one.title, page.language, places["signatory_title"])
        _fit("signatory title", one.title_english, SOURCE, places["signatory_title"])
        signing.append(
            {
                "name": _signatory_name(one.name, page.language, places["signatory"]),
                "picture": _png(one.picture),
                "script": _script_of(one.name),
                "title": with_line_breaks(one.title, page.language),
                "title_english": one.title_english if page.bilingual and one.title_english != one.title else "",
            }
        )
    return signing


def _signatory_name(name: str, language: str, place: Place) -> str:
    """Return the name with the places where it may run over: between words, or inside one that is too long."""
    if fit(name, language, stack(language), place):
        return with_line_breaks(name, language)
    cuts = [0, *letters(name), len(name)]
    return "\u200b".join(name[start:end] for start, end in pairwise(cuts))


def _script_of(name: str) -> str:
    """Return the tag of the language whose line height the name needs."""
    used = used_families(name, stack(SOURCE))
    return next((row.tag for row in LANGUAGES.values() if row.font in used and row.font != LATIN), "en")


# --- style, fonts, code --------------------------------------------------------------------------------------------


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(HERE)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(
        "certificate.html.j2"
    )


@cache
def _css() -> str:
    return (HERE / "certificate.css").read_text(encoding="utf-8") + border_css() + _qr_css() + _beside_css()


@cache
def _font_stacks(language: str) -> str:
    """Return the rules that name the families, by the language of the text."""
    others = '"PingFang SC", "Microsoft YaHei", sans-serif'

    def rule(place: str, tag: str) -> str:
        names = ", ".join(f'"{name}"' for name in stack(tag))
        return f"{place} {{ font-family: {names}, {others} }}"

    return rule("body", language) + "\n" + rule('[lang="en"]', SOURCE)


def _web_fonts(page: CertificatePage) -> str:
    """Return @font-face rules with the WOFF2 of the families this page uses. Chinese is left to the reader's system."""
    used = used_families("".join(page.texts()), stack(page.language))
    return "\n".join(font_face(family, weight) for family in sorted(used - {CHINESE}) for weight in (400, 700))


@cache
def font_face(family: str, weight: int) -> str:
    """Return an @font-face rule with the WOFF2 of one weight of a bundled family in it."""
    file = WEB_FONTS / f"{family.replace(' ', '')}-{'Bold' if weight == 700 else 'Regular'}.woff2"
    data = base64.b64encode(file.read_bytes()).decode("ascii")
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: {source} }}'


def _png(picture: bytes) -> str:
    """Return a picture as data: address, "" for none."""
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii") if picture else ""


def _qr(payload: str) -> dict[str, str]:
    """Return the address of the QR code as PNG, with its quiet zone of four modules, and the class for its size."""
    rows = modules_of(payload)
    return {"address": _png(png(rows)), "size": f"qr{len(rows)}"}


@cache
def _qr_css() -> str:
    """Return the rules that make the code itself 30 mm wide, whatever its number of modules; the white comes on top.

    Its black begins where the texts do.
    """
    sides = {modules: QR_MM / modules for modules in range(21, 122, 4)}
    return "\n".join(
        f".qr{modules} {{ width: {(modules + 8) * one:.3f}mm; height: {(modules + 8) * one:.3f}mm;"
        f" margin-left: {-4 * one:.3f}mm }}"
        for modules, one in sides.items()
    )


@cache
def _beside_css() -> str:
    """Return the rules that keep the issuer beside a seal of any width, also below one that is low."""
    widest = ceil(SEAL_MM[0] + SEAL_GAP_MM)
    return "\n".join(f".beside{taken} {{ margin-left: {taken}mm }}" for taken in range(1, widest + 1))

"""THE table of languages: everything the program knows about one stands in its row.

Seven, equal in rank. A new language is one row here, one folder in translations/ and one in each course.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One language of the platform.

    tag: name of its folders and of Babel's locale; bcp47: for ``lang`` attributes and HTTP;
    spaced: words are separated by blanks; buddhist: the Buddhist era is offered for dates;
    font: family name in CSS and PDF; line_height: of running text.
    """

    tag: str
    bcp47: str
    own_name: str
    english_name: str
    script: str
    font: str
    spaced: bool
    buddhist: bool
    line_height: float


LANGUAGES: dict[str, Language] = {
    row.tag: row
    for row in (
        Language("en", "en", "English", "English", "Latn", "Noto Sans", True, False, 1.55),
        Language("km", "km", "ខ្មែរ", "Khmer", "Khmr", "Noto Sans Khmer", False, False, 1.9),
        Language("lo", "lo", "ລາວ", "Lao", "Laoo", "Noto Sans Lao", False, True, 1.8),
        Language("my", "my", "မြန်မာ", "Burmese", "Mymr", "Noto Sans Myanmar", False, False, 2.0),
        Language("th", "th", "ไทย", "Thai", "Thai", "Noto Sans Thai", False, True, 1.75),
        Language("vi", "vi", "Tiếng Việt", "Vietnamese", "Latn", "Noto Sans", True, False, 1.6),
        Language("zh_Hans", "zh-Hans", "简体中文", "Chinese", "Hans", "Noto Sans SC", False, False, 1.75),
    )
}

SOURCE = "en"


def pick(texts: dict[str, str], language: str) -> str:
    """Return the text in ``language``, else in English, else the first there is, else ""."""
    return texts.get(language) or texts.get(SOURCE) or next(iter(texts.values()), "")

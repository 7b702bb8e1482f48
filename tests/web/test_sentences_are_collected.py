"""Sentences the code asks for stand in the catalogs: the collector of sentences does not see into an f-string."""

import ast
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from elearn.core.vocab.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
ASKS = {"_", "gettext", "ngettext", "lazy_gettext"}
TRANSLATED = [tag for tag in LANGUAGES if tag != "en"]


def asked_for(source: str) -> set[str]:
    """Return every sentence that this source has looked up; of a plural, the form for one."""
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    named = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id in ASKS and one.args]
    firsts = [one.args[0] for one in named]
    return {one.value for one in firsts if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def everywhere() -> set[str]:
    sources = (ROOT / "elearn").rglob("*.py")
    return set().union(*(asked_for(path.read_text("utf-8")) for path in sources))


def test_the_scan_sees_a_sentence_inside_an_f_string() -> None:
    assert asked_for("""link = f'<a>{escape(_("Read on"))}</a>' + ngettext("one", "many", 2)""") == {"Read on", "one"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_code_stands_in_the_catalog(language: str) -> None:
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file)
    known = {one.id[0] if isinstance(one.id, tuple) else one.id for one in catalog}

    assert everywhere() - known == set()

"""`translations`: the catalogs of the interface: collect the sentences, bring catalogs up to date, check them.

The sentences are the English ones in templates and code; each language has translations/<tag>/LC_MESSAGES/messages.po.
A catalog whose header says `X-Reviewed-By:` with a name is reviewed; all others are drafts and the pages say so.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from elearn.cli.judging import add_fail_on, fails, term_lists
from elearn.cli.workbench import Workbench
from elearn.core.content.finding import At, Finding, Findings, by_place, sentence_of
from elearn.core.content.term_words import sentence_of_words
from elearn.core.content.terms import TermList
from elearn.core.vocab.languages import LANGUAGES, SOURCE

NAME = "translations"
HELP = "collect the interface's sentences, update and check its catalogs"

METHODS = [("elearn/**.py", "python"), ("elearn/web/templates/**.html", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "say": (2,),
    "marked": None,
}
HEADER = """# {language} words of the interface of elearn. Apache-2.0, as the program.
# A draft until a native speaker has read it and signed in the header: X-Reviewed-By: name, date."""
CATALOG = "LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("errand", choices=("update", "check", "status"))
    parser.add_argument("languages", nargs="*", help="tags; all where none is given")
    add_fail_on(parser)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Update, check or show; 1 if a check finds something."""
    folder = workbench.root / "translations"
    tags = arguments.languages or [tag for tag in LANGUAGES if tag != SOURCE]
    template = collect(workbench.root)
    if arguments.errand == "update":
        return _update(template, folder, tags)
    if arguments.errand == "status":
        return _status(template, folder, tags)
    return _check(template, folder, tags, workbench, arguments.fail_on)


def collect(root: Path) -> Catalog:
    """Return a catalog of every sentence of the interface, with the places it stands in."""
    catalog = Catalog(project="elearn", charset="utf-8", copyright_holder="the elearn authors")
    found = extract_from_dir(root, METHODS, {"**.html": {"trimmed": "true"}}, KEYWORDS, ("translators:",))
    for place, line, message, comments, context in found:
        catalog.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return catalog


def catalog_path(folder: Path, tag: str) -> Path:
    """Return where a language's catalog lies."""
    return folder / tag / CATALOG


def read_catalog(folder: Path, tag: str) -> Catalog:
    """Return a language's catalog, empty if there is none yet."""
    path = catalog_path(folder, tag)
    if not path.exists():
        return Catalog(locale=tag, project="elearn", charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=tag)


def _update(template: Catalog, folder: Path, tags: list[str]) -> int:
    for tag in tags:
        catalog = read_catalog(folder, tag)
        made = catalog.creation_date
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.creation_date, catalog.fuzzy = made, False  # a new date each time would be a change each time
        catalog.header_comment = HEADER.format(language=LANGUAGES[tag].english_name)
        path = catalog_path(folder, tag)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = BytesIO()
        # Without line numbers: they would make every change of a template a change of seven catalogs.
        write_po(written, catalog, width=100, sort_by_file=True, include_lineno=False, omit_header=False)
        path.write_bytes(written.getvalue())
        missing = sum(1 for message in catalog if message.id and not translated(message))
        print(f"  {tag}: {len(catalog)} sentences, {missing} to translate")
    return 0


def _status(template: Catalog, folder: Path, tags: list[str]) -> int:
    for tag in tags:
        catalog = read_catalog(folder, tag)
        done = sum(1 for message in template if message.id and translated(catalog.get(message.id)))
        reviewer = dict(catalog.mime_headers).get("X-Reviewed-By", "")
        state = f"reviewed by {reviewer}" if reviewer else "draft translation, not yet reviewed"
        print(f"  {tag}: {done}/{len(template)} sentences; {state}")
    return 0


def _check(template: Catalog, folder: Path, tags: list[str], workbench: Workbench, fail_on: list[str]) -> int:
    terms, wrong = term_lists(workbench)
    catalogs = {tag: read_catalog(folder, tag) for tag in tags}
    findings = [finding for tag, catalog in catalogs.items() for finding in findings_in(template, catalog, tag)]
    words = [one for one in wrong if one.file.split("/")[0] in tags]
    for tag in terms.keys() & catalogs.keys():
        words += words_in(catalogs[tag], terms[tag].interface)
    for finding in findings:
        print(finding)
    for one in by_place(words):
        print(f"translations/{one.file}:{one.line}: {one.severity}: {sentence_of(one)}")
    if not findings and not words:
        print(f"  {len(template)} sentences in {len(tags)} languages: complete")
    return 1 if findings or any(fails(one, fail_on) for one in words) else 0


def words_in(catalog: Catalog, terms: TermList) -> tuple[Finding, ...]:
    """Return where the catalog uses other words than the term list of its language says."""
    found = Findings()
    for message in catalog:
        if not message.id or not translated(message):
            continue
        at = At(f"{terms.language}/{CATALOG}", message.lineno or 1)
        # Every form of the translation against the last of the English: that of the plural has the noun.
        english = sentence_of_words(PLACEHOLDER.sub("|", _forms(message.id)[-1]))
        for form in _forms(message.string):
            for breach in terms.breaches(english, PLACEHOLDER.sub("|", form)):
                found.add(breach.code, at, **breach.details)
    return found.listed()


def translated(message: Message | None) -> bool:
    """Tell whether every form of the message has a translation and none is fuzzy."""
    if message is None or message.fuzzy:
        return False
    forms = _forms(message.string)
    return bool(forms) and all(forms)


def _forms(text: object) -> list[str]:
    """Return a message's id or translation as the list of its forms: one, or one for each number."""
    return [str(form or "") for form in text] if isinstance(text, (tuple, list)) else [str(text or "")]


def findings_in(template: Catalog, catalog: Catalog, tag: str) -> Iterator[str]:
    """Yield what is wrong with a catalog: missing, fuzzy, wrong number of forms, placeholders that differ."""
    where = f"translations/{tag}/{CATALOG}"
    for wanted in template:
        if not wanted.id:
            continue
        message = catalog.get(wanted.id)
        english = wanted.id[0] if isinstance(wanted.id, tuple) else wanted.id
        if message is None or not translated(message):
            yield f"{where}: error: not translated: {english!r}"
            continue
        forms = _forms(message.string)
        if isinstance(wanted.id, tuple) and len(forms) != catalog.num_plurals:
            yield f"{where}:{message.lineno}: error: {catalog.num_plurals} plural forms are needed: {english!r}"
        yield from _placeholders(wanted, forms, f"{where}:{message.lineno}")
    for message in catalog:
        if message.id and template.get(message.id) is None:
            english = message.id[0] if isinstance(message.id, tuple) else message.id
            yield f"{where}:{message.lineno}: error: no page uses this sentence: {english!r}"


def _placeholders(wanted: Message, forms: Sequence[str], where: str) -> Iterator[str]:
    ids = _forms(wanted.id)
    allowed = {name for text in ids for name in PLACEHOLDER.findall(text)}
    needed = allowed - {"num"}
    for form in forms:
        given = set(PLACEHOLDER.findall(form))
        stray = re.search(r"%(?!\(\w+\)[a-z])", form.replace("%%", ""))
        if not needed <= given <= allowed or (stray and PLACEHOLDER.search(form)):
            yield f"{where}: error: placeholders {sorted(given)} instead of {sorted(allowed)}: {ids[0]!r}"

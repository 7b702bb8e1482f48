"""Every kind of mistake is found, in the right file, on the right line, and says what to do."""

import re
from collections.abc import Callable

import pytest
from good_course import KM, TODAY, Files, edit, good_course, line_of
from kinds_broken import ROWS as KINDS_ROWS
from raster_files import moving, noise, raster

from elearn.core.content.finding import Findings, sentence_of
from elearn.core.content.package import compile_course, read_course
from elearn.core.content.parse import parse_course
from elearn.core.content.rules_path import requires_of, shelf_findings
from elearn.core.content.sentences import RULES
from elearn.core.content.stamps import stamped, stamps_text
from elearn.core.learning.course import course_of

Mutation = Callable[[Files], Files]
Row = tuple[str, Mutation, str, str]
"""Code, mutation, file, and a text on the line where it must be found ("" = line 1)."""

C, Q, F = "course.yaml", "questions.yaml", "facts.yaml"
ET, EQ, EG, EL, ES = "en/texts.yaml", "en/questions.yaml", "en/glossary.yaml", "en/looking.md", "en/stopping.md"
KT, KQ, KG, KL, KS = "km/texts.yaml", "km/questions.yaml", "km/glossary.yaml", "km/looking.md", "km/stopping.md"
TR = "km/translation.yaml"
PICTURE, PHOTO, EP, KP = "pictures/plan.svg", "pictures/desk.png", "en/pictures/desk.png", "km/pictures/desk.png"
PNG = raster("png")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0" fill="none"/><text>{front}</text></svg>'
)


def put(name: str, text: str | bytes) -> Mutation:
    """Return a mutation that writes a whole file."""
    return lambda files: {**files, name: text if isinstance(text, bytes) else text.encode()}


def drop(*names: str) -> Mutation:
    """Return a mutation that removes files, or folders named with a slash at the end."""
    return lambda files: {name: data for name, data in files.items() if not name.startswith(names)}


def add(name: str, text: str) -> Mutation:
    """Return a mutation that writes at the end of a file."""
    return lambda files: {**files, name: files[name] + text.encode()}


def both(*mutations: Mutation) -> Mutation:
    """Return mutations one after the other."""

    def run(files: Files) -> Files:
        for mutation in mutations:
            files = mutation(files)
        return files

    return run


def renew(draw: str) -> Mutation:
    """Return a mutation that gives the course a renewal exam."""
    return edit(C, "pretest:", f"renewal:\n  draw: {draw}\npretest:")


def stamp(reviewer: str = "") -> Mutation:
    """Return a mutation that stamps all Khmer units."""

    def run(files: Files) -> Files:
        course = parse_course(files, Findings())
        assert course is not None
        stamps, _ = stamped(course, "km", "2026-11-24", reviewer=reviewer)
        return {**files, TR: stamps_text(stamps).encode()}

    return run


def only_read(files: Files) -> Files:
    """Return the files without pre-test and exam."""
    course = re.sub(rb"exam:\n(  .*\n)+", b"", files[C])
    course = re.sub(rb"(pass_mark|validity_months|attempts): .*\n", b"", course)
    checks = re.compile(rb"- id: [pe]-\d+\n(  .*\n)+")
    words = re.compile(rb"^[pe]-\d+:\n(  .*\n)+", re.MULTILINE)
    changed = {C: re.sub(rb"pretest: .*", b"pretest: []", course), Q: checks.sub(b"", files[Q])}
    return {**files, **changed, **{name: words.sub(b"", files[name]) for name in (EQ, KQ)}}


def show(picture: str) -> Mutation:
    """Return a mutation that shows a picture in both languages, with words in texts.yaml."""
    words = f"pictures:\n  {picture}:\n    alt: {{}}A desk\n"
    return both(
        *(add(lesson, f"\n![](picture:{picture})\n") for lesson in (EL, KL)),
        add(ET, words.format("")),
        add(KT, words.format(f"{KM} ")),
        stamp(),
    )


QUESTION_AGAIN = "- id: c-1\n  kind: choice\n  objective: o-look\n  use: check\n  options: [a]\n  correct: [a]\n"

ROWS: list[Row] = [
    ("file.missing", drop(Q), Q, ""),
    ("file.missing", drop(ES), ES, ""),
    ("file.unknown", put("en/notes.txt", "x"), "en/notes.txt", ""),
    ("file.too-large", put(EG, "a: " + "x" * 1_000_001), EG, ""),
    ("file.not-utf8", put(EG, b"seal:\n  name: \xff\n"), EG, "\n  name"),
    ("file.bom", lambda f: {**f, EG: b"\xef\xbb\xbf" + f[EG]}, EG, ""),
    ("file.line-ends", lambda f: {**f, EG: f[EG].replace(b"\n", b"\r\n")}, EG, ""),
    ("file.control-character", edit(EG, "Seal", "Se\x07al"), EG, "Se\x07al"),
    ("yaml.broken", edit(EG, "name: Seal", "name: [Seal"), EG, "meaning"),
    ("yaml.empty", put(EG, "# nothing\n"), EG, ""),
    ("yaml.too-deep", put(EG, "a: [[[[[[[[[1]]]]]]]]]"), EG, ""),
    ("yaml.anchor", edit(EG, "name: Seal", "name: &x Seal"), EG, "&x"),
    ("yaml.anchor", edit(EG, "name: Seal", "name: *x"), EG, "*x"),
    ("yaml.tag", edit(EG, "name: Seal", "name: !!str Seal"), EG, "!!str"),
    ("yaml.duplicate-key", edit(EG, "  meaning:", "  name: Again\n  meaning:"), EG, "Again"),
    ("yaml.key-not-text", edit(EG, "  name: Seal", "  [a, b]: Seal"), EG, "[a, b]"),
    ("yaml.more-documents", add(EG, "---\na: b\n"), EG, "---"),
    ("field.missing", edit(C, "code: T1\n", ""), C, ""),
    ("field.missing", edit(C, "code: T1", "code:"), C, "code:"),
    ("field.missing", edit(Q, "  kind: choice\n", ""), Q, "- id: c-1"),
    ("field.unknown", edit(C, "code: T1", "code: T1\ncolour: red"), C, "colour"),
    ("field.unknown", edit(C, "    number: 1", "    number: 1\n    colour: red"), C, "colour"),
    ("field.wrong-type", edit(C, "pass_mark: 0.8", "pass_mark: most"), C, "pass_mark"),
    ("field.wrong-type", edit(C, "validity_months: 24", "validity_months: 2.5"), C, "validity"),
    ("field.wrong-type", edit(C, "sap: [TA2-O4]", "sap: TA2-O4"), C, "sap"),
    ("field.wrong-type", edit(Q, "  critical: true", "  critical: perhaps"), Q, "perhaps"),
    ("field.wrong-type", put(F, "a: b"), F, ""),
    ("field.wrong-type", put(C, "- a"), C, ""),
    ("field.range", edit(C, "pass_mark: 0.8", "pass_mark: 1.2"), C, "pass_mark"),
    ("field.range", edit(C, "pass_mark: 0.8", "pass_mark: 0.3"), C, "pass_mark"),
    ("field.range", edit(C, "validity_months: 24", "validity_months: 0"), C, "validity"),
    ("id.malformed", edit(Q, "id: c-1\n", "id: C 1\n"), Q, "C 1"),
    ("format.unknown", edit(C, "format: 1", "format: 2"), C, "format"),
    ("course.id-differs", edit(C, "id: seals", "id: lorries"), C, "lorries"),
    ("version.malformed", edit(C, "version: 1.0.0", "version: 1.0"), C, "version"),
    ("version.malformed", edit(C, "version: 1.0.0", "version: 1.0.0+mine"), C, "version"),
    ("sap.malformed", edit(C, "TA2-O4", "TA9"), C, "TA9"),
    ("sap.none", edit(C, "[TA2-O4]", "[]"), C, "sap"),
    ("date.malformed", edit(F, "read: 2026-11-24", "read: 24.11.2026"), F, "24.11"),
    ("language.unknown", edit(C, "[en, km]", "[en, km, xx]"), C, "xx"),
    ("language.twice", edit(C, "[en, km]", "[en, km, km]"), C, "km, km"),
    ("language.no-source", edit(C, "[en, km]", "[km]"), C, "source_language"),
    ("language.not-begun", edit(C, "[en, km]", "[en, km, lo]"), C, "lo]"),
    ("language.file-missing", drop(KS), KS, ""),
    ("language.not-listed", edit(C, "[en, km]", "[en]"), C, "languages"),
    ("objective.twice", edit(C, "  - o-stop", "  - o-stop\n  - o-look"), C, "- o-look\nlessons"),
    ("objective.unknown", edit(C, "objectives: [o-look]", "objectives: [o-look, o-smell]"), C, "o-smell"),
    ("objective.unknown", edit(Q, "objective: o-look", "objective: o-smell"), Q, "- id: c-1"),
    ("objective.unknown", edit(C, "    o-stop: 10", "    o-smell: 10"), C, "o-smell"),
    ("objective.untaught", edit(C, "  - o-stop", "  - o-stop\n  - o-smell"), C, "o-smell"),
    ("objective.untested", edit(C, "  - o-stop", "  - o-stop\n  - o-smell"), C, "o-smell"),
    ("lesson.none", lambda f: {**f, C: re.sub(rb"lessons:\n(  .*\n)+", b"lessons: []\n", f[C])}, C, "lessons: []"),
    ("lesson.twice", edit(C, "id: stopping", "id: looking"), C, "- id: looking\n    number: 2"),
    ("lesson.number-twice", edit(C, "number: 2", "number: 1"), C, "- id: stopping"),
    ("lesson.order", edit(C, "number: 1", "number: 5"), C, "- id: stopping"),
    ("lesson.too-long", edit(C, "minutes: 10", "minutes: 21"), C, "- id: looking"),
    ("lesson.no-objectives", edit(C, "objectives: [o-stop]", "objectives: []"), C, "- id: stopping"),
    ("lesson.no-practice", edit(ES, "> Malee", "Malee"), C, "- id: stopping"),
    ("lesson.reading-time", add(EL, "\n" + "long " * 1001 + "\n"), C, "- id: looking"),
    ("glossary.twice", edit(C, "[seal]", "[seal, seal]"), C, "glossary"),
    ("pretest.none", lambda f: {**f, C: re.sub(rb"pretest: .*", b"pretest: []", f[C])}, C, "pretest"),
    ("pretest.count", edit(C, ", p-10]", "]"), C, "pretest"),
    ("pretest.twice", edit(C, ", p-10]", ", p-10, p-1]"), C, "pretest"),
    ("exam.missing", lambda f: {**f, C: re.sub(rb"exam:\n(  .*\n)+", b"", f[C])}, C, "pretest"),
    ("exam.leftover", both(only_read, edit(C, "glossary", "pass_mark: 0.8\nglossary")), C, "pass_mark"),
    ("exam.leftover", both(only_read, edit(C, "glossary", "attempts: {limit: 0}\nglossary")), C, "attempts"),
    ("requires.twice", edit(C, "pass_mark", "requires: [lorries, lorries]\npass_mark"), C, "requires"),
    ("requires.itself", edit(C, "pass_mark", "requires: [seals]\npass_mark"), C, "requires"),
    ("review.unknown", edit(C, "minutes: 30", "minutes: 30\n  review: everything"), C, "review"),
    ("optional.examined", edit(C, "number: 2", "number: 2\n    optional: true"), C, "objectives: [o-stop]"),
    (
        "lesson.all-optional",
        both(*(edit(C, f"number: {n}", f"number: {n}\n    optional: true") for n in (1, 2))),
        C,
        "lessons:",
    ),
    ("field.wrong-type", edit(C, "number: 2", "number: 2\n    optional: sometimes"), C, "optional"),
    ("renewal.sum", renew("{o-look: 10, o-stop: 10}"), C, "renewal:"),
    ("objective.unknown", renew("{o-look: 5, o-smell: 2}"), C, "  draw: {o-look: 5"),
    ("exam.too-few", renew("{o-look: 13}"), C, "  draw: {o-look: 13"),
    ("exam.critical-crowded", renew("{o-stop: 5}"), C, "renewal:"),
    ("exam.leftover", both(only_read, edit(C, "glossary", "renewal: {within_months: 6}\nglossary")), C, "renewal"),
    ("audience.unknown", edit(C, "number: 2", "number: 2\n    audience: [chief]"), C, "audience"),
    ("audience.twice", edit(C, "number: 2", "number: 2\n    audience: [trainer, trainer]"), C, "audience"),
    ("exam.sum", both(edit(C, "o-look: 10", "o-look: 4"), edit(C, "o-stop: 10", "o-stop: 4")), C, "exam:"),
    ("exam.empty", both(edit(C, "o-look: 10", "o-look: 0"), edit(C, "o-stop: 10", "o-stop: 0")), C, "exam:"),
    ("exam.too-few", edit(C, "o-look: 10", "o-look: 13"), C, "o-look: 13"),
    ("exam.not-drawn", edit(C, "    o-stop: 10\n", ""), C, "exam:"),
    (
        "exam.critical-crowded",
        both(edit(C, "o-look: 10", "o-look: 1"), edit(Q, "linked: p-3\n", "linked: p-3\n  critical: true\n")),
        C,
        "o-look: 1",
    ),
    ("exam.no-choice", edit(C, "o-look: 10", "o-look: 12"), C, "o-look: 12"),
    ("question.twice", add(Q, QUESTION_AGAIN), Q, QUESTION_AGAIN),
    ("question.unknown", edit(C, "c-3]", "c-9]"), C, "c-9"),
    ("question.unknown", edit(C, "p-10]", "p-99]"), C, "p-99"),
    ("question.unused", edit(C, ", c-3]", "]"), Q, "- id: c-3"),
    ("question.unused", edit(C, "    o-stop: 10\n", ""), Q, "- id: e-2\n"),
    ("question.wrong-use", edit(C, "c-3]", "e-3]"), C, "e-3"),
    ("question.asked-twice", edit(C, "c-3]", "c-1]"), C, "c-1]"),
    (
        "question.check-elsewhere",
        edit(Q, "id: c-3\n  kind: choice\n  objective: o-look", "id: c-3\n  kind: choice\n  objective: o-stop"),
        C,
        "c-3",
    ),
    ("question.kind-unknown", edit(Q, "kind: choice", "kind: guess"), Q, "- id: c-1"),
    ("question.use-unknown", edit(Q, "use: check", "use: fun"), Q, "- id: c-1"),
    ("question.options-few", edit(Q, "options: [a, b, c]", "options: [a]"), Q, "options: [a]"),
    ("question.options-many", edit(Q, "options: [a, b, c]", "options: [a, b, c, d, e, f, g, h, i]"), Q, "h, i]"),
    ("question.option-twice", edit(Q, "options: [a, b, c]", "options: [a, b, b]"), Q, "[a, b, b]"),
    ("question.option-malformed", edit(Q, "options: [a, b, c]", "options: [a, b, 3]"), Q, "[a, b, 3]"),
    ("question.correct-unknown", edit(Q, "correct: [a]", "correct: [z]"), Q, "correct: [z]"),
    ("question.correct-one", edit(Q, "correct: [a]", "correct: [a, b]"), Q, "correct: [a, b]"),
    ("question.correct-several", edit(Q, "correct: [a, b]", "correct: [a]"), Q, "correct: [a]\n- id: c-3"),
    ("question.correct-all", edit(Q, "correct: [a, b]", "correct: [a, b, c]"), Q, "correct: [a, b, c]"),
    ("question.critical-elsewhere", edit(Q, "use: check\n", "use: check\n  critical: true\n"), Q, "- id: c-1"),
    ("question.linked-elsewhere", edit(Q, "use: check\n", "use: check\n  linked: p-1\n"), Q, "- id: c-1"),
    ("question.linked-unknown", edit(Q, "linked: p-1\n", "linked: c-1\n"), Q, "- id: e-1\n"),
    ("question.linked-differs", edit(Q, "linked: p-1\n", "linked: p-2\n"), Q, "- id: e-1\n"),
    ("question.linked-none", edit(Q, "  linked: p-10\n", ""), C, "p-10"),
    ("fact.twice", edit(F, "- id: mou-1995", "- id:  mou-1993"), F, "- id:  mou-1993"),
    ("fact.unknown", edit(EL, "[^mou-1995]", "[^mou-1996]"), EL, "[^mou-1996]"),
    ("fact.unknown", edit(Q, "use: check\n", "use: check\n  facts: [mou-1996]\n"), Q, "- id: c-1"),
    ("fact.unused", both(edit(EL, "[^mou-1995]", ""), edit(KL, "[^mou-1995]", "")), F, "- id: mou-1995"),
    ("fact.unsourced", edit(F, "section: Page 1, ", ""), F, "- id: mou-1993"),
    ("fact.address", edit(F, "https://example.org/", "example.org"), F, "- id: mou-1993"),
    ("fact.year", edit(F, "year: 2017", "year: 1492"), F, "- id: mou-1993"),
    ("fact.mark-unknown", edit(F, "mark: V", "mark: X"), F, "- id: mou-1993"),
    ("fact.review-first", edit(F, "2028-11-24", "2025-11-24"), F, "- id: mou-1993"),
    ("fact.review-passed", edit(F, "2028-11-24", "2026-11-24"), F, "- id: mou-1993"),
    ("fact.read-later", edit(F, "read: 2026-11-24", "read: 2027-11-24"), F, "- id: mou-1993"),
    ("unit.missing", edit(KT, f"summary: {KM} How to look at a seal.\n", ""), KT, ""),
    ("unit.missing", edit(KG, f"  meaning: {KM} A numbered lock.\n", ""), KG, "name"),
    ("unit.missing", edit(KQ, "c-1:", "c-77:"), KQ, ""),
    ("unit.unknown", edit(KQ, "c-1:", "c-77:"), KQ, "stem"),
    ("unit.unknown", edit(KT, "title:", "titel:"), KT, "titel"),
    ("unit.unknown", edit(KG, "  meaning:", "  colour: red\n  meaning:"), KG, "colour"),
    ("unit.empty", edit(KT, f"title: {KM} Seals", "title:"), KT, "title"),
    ("unit.not-text", edit(KT, f"title: {KM} Seals", f"title: [{KM}]"), KT, "title"),
    ("options.missing", edit(KQ, f"    b: {KM} option b of c-1\n", ""), KQ, "option a of c-1"),
    ("options.unknown", edit(KQ, "option a of c-1\n", f"option a of c-1\n    z: {KM} z\n"), KQ, "    z:"),
    ("options.same", edit(KQ, "option b of c-1", "option a of c-1"), KQ, f"    b: {KM} option a of c-1"),
    ("feedback.missing", edit(KQ, f"    b: {KM} because of b in c-1\n", ""), KQ, "because of a in c-1"),
    ("feedback.unknown", edit(KQ, "because of a in c-1\n", f"because of a in c-1\n    z: {KM} z\n"), KQ, "    z:"),
    ("outcomes.count", edit(KT, f"  - {KM} The officer can stop in time.\n", ""), KT, "read a seal"),
    ("text.too-long", edit(ET, "title: Seals", "title: " + "Seals " * 20), ET, "title"),
    ("text.no-words", edit(ET, "title: Seals", 'title: "12 %"'), ET, "title"),
    ("text.no-question", edit(EQ, "What about c-1?", "Think about c-1."), EQ, "Think"),
    ("text.invisible", edit(KT, "Seals", "Se\u200eals"), KT, "Se\u200eals"),
    ("text.invisible", edit(ET, "Seals", "Se\u200bals"), ET, "Se\u200bals"),
    ("text.broken-character", edit(KL, "signed", "sig\ufffdned"), KL, "sig\ufffdned"),
    ("text.not-nfc", edit(ET, "Seals", "Cafe\u0301"), ET, "Cafe"),
    ("text.html", edit(ET, "Seals", "<b>Seals</b>"), ET, "Seals"),
    ("text.html", edit(EL, "then touch", "then <i>touch</i>"), EL, "touch"),
    ("text.html", add(EL, "\n<div>\nx\n</div>\n"), EL, "<div>"),
    ("text.markup", edit(ET, "Seals", "'**Seals**'"), ET, "Seals"),
    ("text.address", edit(ET, "How to look at", "See https://example.org for"), ET, "https"),
    ("text.local-digits", edit(KL, "Four", "\u17e4"), KL, "\u17e4"),
    ("text.wrong-script", edit(KT, f"title: {KM} Seals", "title: Seal-Kunde"), KT, "title"),
    ("text.wrong-script", put(KS, "## Stop\n\n> Malee stops.\n"), KS, ""),
    ("text.untranslated", edit(KT, f"title: {KM} Seals", "title: Seals"), KT, "title"),
    ("text.untranslated", edit(KL, f"{KM} then touch", "then touch"), KL, "then touch"),
    ("lesson.empty", put(ES, "\n\n"), ES, ""),
    ("lesson.heading-one", edit(EL, "## Look", "# Look"), EL, "# Look"),
    ("lesson.heading-deep", edit(EL, "### Table", "#### Table"), EL, "#### Table"),
    ("lesson.heading-jump", edit(EL, "## Look", "### Look"), EL, "### Look"),
    ("lesson.heading-empty", edit(EL, "### Table", "###"), EL, "###"),
    ("lesson.no-heading", edit(ES, "## Stop", "Stop"), ES, ""),
    ("lesson.code", edit(EL, "## Look\n", "## Look\n\n    x = 1\n"), EL, "x = 1"),
    ("lesson.nested", edit(EL, "- then touch", "- then\n  - touch"), EL, "- then"),
    ("lesson.link", edit(EL, "then touch", "then [touch](stopping)"), EL, "stopping"),
    ("lesson.link-outside", edit(EL, "then touch", "then [touch](https://example.org)"), EL, "example"),
    ("lesson.link-outside", edit(EL, "then touch", "<https://example.org>"), EL, "example"),
    ("lesson.image", edit(EL, "then touch", "![a seal](seal.png)"), EL, "seal.png"),
    ("lesson.image-no-words", edit(EL, "then touch", "![](seal.png)"), EL, "seal.png"),
    ("picture.unknown", add(EL, "\n![](picture:plan)\n"), EL, "picture:plan"),
    ("picture.unused", put(PICTURE, DRAWING), PICTURE, ""),
    ("picture.broken", put(PICTURE, "<svg"), PICTURE, ""),
    ("picture.broken", put(PICTURE, "<html></html>"), PICTURE, ""),
    ("picture.too-large", put(PICTURE, DRAWING.replace("M0 0", "M0 0 " * 15000)), PICTURE, ""),
    ("picture.view-box", put(PICTURE, DRAWING.replace(' viewBox="0 0 9 9"', "")), PICTURE, ""),
    ("picture.element", put(PICTURE, DRAWING.replace("</svg>", "<script>1</script></svg>")), PICTURE, ""),
    ("picture.element", put(PICTURE, "<!DOCTYPE svg>" + DRAWING), PICTURE, ""),
    ("picture.attribute", put(PICTURE, DRAWING.replace("<path", '<path onclick="1"')), PICTURE, ""),
    ("picture.attribute", put(PICTURE, DRAWING.replace('"none"', '"url(#x)"')), PICTURE, ""),
    ("picture.words", put(PICTURE, DRAWING.replace("{front}", "Front")), PICTURE, ""),
    ("unit.missing", put(PICTURE, DRAWING), ET, ""),
    ("picture.unknown", both(show("desk"), put(KP, PNG)), EL, "picture:desk"),
    ("picture.unused", put(PHOTO, PNG), PHOTO, ""),
    ("picture.unused", put(KP, PNG), KP, ""),
    ("picture.twice", both(put(PHOTO, PNG), put("pictures/desk.webp", raster("webp"))), "pictures/desk.webp", ""),
    ("picture.twice", both(put(PICTURE, DRAWING), put("km/pictures/plan.png", PNG)), "km/pictures/plan.png", ""),
    ("picture.kind", put(PHOTO, b"GIF89a" + bytes(99)), PHOTO, ""),
    ("picture.kind", put(PHOTO, b""), PHOTO, ""),
    ("picture.named", put(PHOTO, raster("jpg")), PHOTO, ""),
    ("picture.cut", put(PHOTO, PNG[:-12]), PHOTO, ""),
    ("picture.heavy", put(PHOTO, noise("png")), PHOTO, ""),
    ("picture.pixels", put(PHOTO, raster("png", 15, 40)), PHOTO, ""),
    ("picture.pixels", put(PHOTO, raster("png", 40, 4001)), PHOTO, ""),
    ("picture.moves", put("pictures/desk.webp", moving("webp")), "pictures/desk.webp", ""),
    ("picture.other-language", both(show("desk"), put(EP, PNG)), KP, ""),
    ("unit.missing", both(add(EL, "\n![](picture:desk)\n"), put(PHOTO, PNG)), ET, ""),
    ("unit.missing", both(show("desk"), put(PHOTO, PNG), add(ET, "    caption: A desk at a post\n")), KT, "alt:"),
    ("unit.unknown", both(show("desk"), put(PHOTO, PNG), add(KT, f"    caption: {KM}\n")), KT, "caption"),
    ("file.unknown", put("pictures/desk.gif", b"GIF89a"), "pictures/desk.gif", ""),
    ("file.unknown", put("xx/pictures/desk.png", PNG), "xx/pictures/desk.png", ""),
    ("blocks.count", add(KL, f"\n{KM} one more\n"), KL, "one more"),
    ("blocks.count", edit(KL, f"- {KM} then touch\n", ""), KL, "### "),
    ("blocks.kind", edit(KL, f"### {KM} Table", f"## {KM} Table"), KL, "Table"),
    ("blocks.kind", add(KL, f"| {KM} a | {KM} b |\n"), KL, "Word"),
    ("blocks.bold", edit(KL, "**Look**", "Look"), KL, "Look first"),
    ("markers.missing", edit(KL, "[^mou-1995]", ""), KL, "signed"),
    ("markers.extra", edit(KL, "then touch", "then touch[^mou-1993]"), KL, "then touch"),
    (
        "markers.order",
        both(edit(KL, "[^mou-1995]", "[^x]"), edit(KL, "[^mou-1993]", "[^mou-1995]"), edit(KL, "[^x]", "[^mou-1993]")),
        KL,
        "signed",
    ),
    ("markers.broken", edit(EL, "[^mou-1995]", "[^mou 1995]"), EL, "[^mou 1995]"),
    ("translation.behind", edit(EQ, "What about c-1?", "What of c-1?"), TR, "question/c-1:"),
    ("translation.behind", edit(EL, "then touch", "then feel"), TR, "lesson/looking:"),
    ("translation.unstamped", drop(TR), TR, ""),
    ("translation.stamp-unknown", edit(TR, "question/c-1:", "question/c-77:"), TR, "question/c-77:"),
    ("translation.stamp-malformed", edit(TR, "  source: ", "  source: x"), TR, "texts/title"),
    ("translation.state-unknown", edit(TR, "state: draft", "state: fine"), TR, "texts/title"),
    ("translation.reviewer-missing", edit(TR, "state: draft", "state: reviewed"), TR, "texts/title"),
]


def good() -> Files:
    """Return the good course with every Khmer unit stamped."""
    return stamp()(good_course())


def test_the_good_course_has_no_finding() -> None:
    package, findings = compile_course("seals", good(), TODAY)

    assert findings == ()
    assert package is not None


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row[0]}" for number, row in enumerate(ROWS)])
def test_each_mistake_is_found_in_its_file_and_line(row: Row) -> None:
    code, mutate, file, text = row
    files = mutate(good())

    package, findings = compile_course("seals", files, TODAY)

    line = line_of(files, file, text.lstrip("\n")) if text and file in files and b"\xff" not in files[file] else None
    found = [(one.file, one.line) for one in findings if one.code == code]
    assert any(place == file and (line is None or at == line) for place, at in found), (found, line, findings)
    assert all(sentence_of(one) for one in findings)
    if RULES[code].severity == "error" and not (file.startswith("km/") and KS not in files):
        assert package is None


def test_what_a_course_may_say_of_its_path_is_no_finding() -> None:
    files = good()
    for old, new in (
        ("pass_mark", "requires: [lorries]\npass_mark"),
        ("minutes: 30", "minutes: 30\n  review: answers-after-pass"),
        ("exam:", "renewal:\n  within_months: 12\n  draw: {o-look: 5}\nexam:"),
        ("number: 2", "number: 2\n    optional: true"),
        ("    objectives: [o-look]", "    objectives: [o-look, o-stop]"),
    ):
        files = edit(C, old, new)(files)

    package, findings = compile_course("seals", files, TODAY)

    assert findings == ()
    assert package is not None
    taught = course_of(package.structure)
    assert (taught.requires, taught.review, taught.renewal_months) == (("lorries",), "answers-after-pass", 12)
    assert (taught.blueprint(short=True), taught.blueprint(short=False)) == (
        {"o-look": 5},
        {"o-look": 10, "o-stop": 10},
    )
    assert [lesson.optional for lesson in taught.lessons] == [False, True]


def test_a_course_that_says_nothing_of_it_keeps_its_digest() -> None:
    package, _ = compile_course("seals", good(), TODAY)

    assert package is not None
    assert not {"requires", "renewal"} & set(package.structure)
    assert set(package.structure["exam"]) == {"minutes", "draw"}
    assert all("optional" not in lesson for lesson in package.structure["lessons"])
    assert course_of(package.structure).blueprint(short=True) == {"o-look": 10, "o-stop": 10}


def test_required_courses_are_held_against_the_folders_beside() -> None:
    def codes(shelf: dict[str, tuple[str, ...]], required: str = "[lorries]") -> list[tuple[str, int]]:
        files = edit(C, "pass_mark", f"requires: {required}\npass_mark")(good())
        course = read_course("seals", files, TODAY).course
        assert course is not None
        return [(one.code, one.line) for one in shelf_findings(course, {"seals": requires_of(files), **shelf})]

    assert codes({"lorries": ()}) == []
    assert codes({}) == [("requires.unknown", 8)]
    assert codes({"lorries": ("seals",)}) == [("requires.circle", 8)]
    assert codes({"lorries": ("boats",), "boats": ("seals",)}) == [("requires.circle", 8)]


def test_every_rule_of_the_table_is_shown_by_a_broken_course() -> None:
    shown = {row[0] for row in ROWS} | {row[0] for row in KINDS_ROWS}
    against_the_store = {"language.lost", "version.older", "version.not-raised", "version.too-small"}
    against_the_shelf = {"requires.unknown", "requires.circle"}
    against_term_lists = {code for code in RULES if code.partition(".")[0] in {"term", "terms"}}

    assert set(RULES) - shown == against_the_store | against_the_shelf | against_term_lists


@pytest.mark.parametrize("files", [{PHOTO: PNG}, {EP: PNG, KP: raster("png", colour="white")}, {PHOTO: PNG, KP: PNG}])
def test_a_picture_for_all_languages_or_one_for_each_is_taken(files: Files) -> None:
    package, findings = compile_course("seals", {**show("desk")(good_course()), **files}, TODAY)

    assert findings == ()
    assert package is not None


def test_a_course_that_is_only_read_has_no_finding() -> None:
    files = edit(C, "number: 2", "number: 2\n    audience: [trainer, administrator]")(stamp()(only_read(good())))
    package, findings = compile_course("seals", files, TODAY)

    assert findings == ()
    assert package is not None
    assert not {"pass_mark", "validity_months", "attempts", "exam"} & set(package.structure)
    assert package.structure["pretest"] == []
    assert package.structure["lessons"][1]["audience"] == ["trainer", "administrator"]
    assert "audience" not in package.structure["lessons"][0]


def test_a_course_that_is_only_read_need_not_name_a_pretest() -> None:
    files = edit(C, "pretest: []\n", "")(stamp()(only_read(good())))

    assert compile_course("seals", files, TODAY)[1] == ()


def test_all_mistakes_are_found_in_one_go() -> None:
    files = good()
    for mutation in (
        edit(C, "pass_mark: 0.8", "pass_mark: 7"),
        edit(Q, "correct: [a]", "correct: [z]"),
        edit(F, "mark: V", "mark: X"),
        edit(KT, f"title: {KM} Seals", "title:"),
        edit(EL, "### Table", "#### Table"),
    ):
        files = mutation(files)

    _, findings = compile_course("seals", files, TODAY)

    codes = {one.code for one in findings}
    assert codes >= {
        "field.range", "question.correct-unknown", "fact.mark-unknown", "unit.empty", "lesson.heading-deep"
    }  # fmt: skip


def test_a_question_without_a_word_is_one_finding_not_ten() -> None:
    files = good()
    text = files[KQ].decode()
    start, end = text.index("c-3:"), text.index("p-1:")
    _, findings = compile_course("seals", {**files, KQ: (text[:start] + text[end:]).encode()}, TODAY)

    assert [(one.code, one.details["unit"]) for one in findings] == [("unit.missing", "questions/c-3")]


def test_each_sentence_says_what_to_do() -> None:
    for code, rule in RULES.items():
        assert rule.sentence.endswith("."), code
        assert any(joint in rule.sentence for joint in (". ", ": ", "; ")), code


def test_a_language_under_way_does_not_stop_the_others() -> None:
    files = {**good(), KT: b"title: ["}
    assert compile_course("seals", files, TODAY)[0] is None

    package, findings = compile_course("seals", drop(KS)(files), TODAY)

    assert package is not None
    assert list(package.texts) == ["en"]
    assert {"language.file-missing", "yaml.broken"} <= {one.code for one in findings}


def test_numbers_and_no_stay_words() -> None:
    files = good()
    for name, old, new in (
        (EQ, "    a: option a of c-1", "    a: 20"),
        (EQ, "    b: option b of c-1", "    b: no"),
    ):
        files = edit(name, old, new)(files)

    package, _ = compile_course("seals", files, TODAY)

    assert package is not None
    assert package.questions["c-1", "en"]["options"] == {"a": "20", "b": "no", "c": "option c of c-1"}


def test_every_broken_marker_of_a_paragraph_is_named_at_once() -> None:
    files = edit(EL, "[^mou-1995]", "[^mou 1995] and [^Mou] and[^mou-1995")(good_course())

    _, findings = compile_course("seals", files, TODAY)

    named = {str(finding.details["marker"])[:10] for finding in findings if finding.code == "markers.broken"}
    assert {"[^mou 1995", "[^Mou]", "[^mou-1995"} == named


def test_labels_of_a_drawing_that_cannot_be_read_are_not_told_to_be_removed() -> None:
    files = show("plan")(good_course())
    files[ET] = files[ET].replace(b"alt: A desk", b"alt: A desk\n    labels: {front: Front}")

    def codes(drawing: str) -> set[str]:
        _, findings = compile_course("seals", {**files, PICTURE: drawing.encode()}, TODAY)
        return {one.code for one in findings}

    assert not codes(DRAWING) & {"picture.broken", "unit.unknown"}
    assert "picture.broken" in codes(DRAWING[:60])
    assert "unit.unknown" not in codes(DRAWING[:60])
    assert "unit.unknown" in codes(DRAWING.replace("{front}", "{back}"))

"""A course folder as bytes becomes a Course and findings. Reads everything; what cannot be read is noted and left out.

Nothing here judges whether the course makes sense: that is `check`.
"""

import re
from collections.abc import Mapping
from typing import Any

from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Course, Fact, Lesson, Question, Raster, Source, Stamp, Structure, Text, Words
from elearn.core.content.raster import KINDS, read_header
from elearn.core.content.reader import Reader, reader_rows
from elearn.core.content.tree import Fields, Items, Leaf, Node, decoded, read_tree
from elearn.core.questions.all import KINDS as KINDS_OF_QUESTIONS
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.xapi.canonical import sha256_hex

COURSE, QUESTIONS, FACTS = "course.yaml", "questions.yaml", "facts.yaml"
TEXTS, GLOSSARY, TRANSLATION = "texts.yaml", "glossary.yaml", "translation.yaml"
PICTURES = "pictures"
_PICTURE = re.compile(rf"{PICTURES}/([a-z0-9]+(?:-[a-z0-9]+)*)\.svg")
_RASTER = re.compile(rf"(?:({'|'.join(LANGUAGES)})/)?{PICTURES}/([a-z0-9]+(?:-[a-z0-9]+)*)\.({'|'.join(KINDS)})")
PASSING = ("pass_mark", "validity_months", "attempts", "renewal")
"""Fields that say something about an exam: left out where there is none."""
_YEARS = 3000


def parse_course(files: Mapping[str, bytes], findings: Findings) -> Course | None:
    """Return the course in a folder, or None if course.yaml cannot be read at all.

    files: path relative to the course folder -> content.
    """
    for name in (COURSE, QUESTIONS, FACTS):
        if name not in files:
            findings.add("file.missing", At(name, 1))
    tree = _tree(files, COURSE, findings)
    if not isinstance(tree, Fields):
        if tree is not None:
            findings.add("field.wrong-type", At(COURSE, tree.line), field=COURSE, expected="name: value")
        return None
    structure = _structure(Reader(tree, COURSE, findings))
    lessons = [lesson.id for lesson in structure.lessons]
    return Course(
        structure=structure,
        facts=tuple(_fact(row) for row in reader_rows(_tree(files, FACTS, findings), FACTS, findings)),
        questions=tuple(_question(row) for row in reader_rows(_tree(files, QUESTIONS, findings), QUESTIONS, findings)),
        words={
            tag: _words(files, tag, lessons, tag == structure.source_language, findings)
            for tag in LANGUAGES
            if _has_folder(files, tag)
        },
        files=tuple(sorted(files)),
        pictures=_pictures(files, findings),
        rasters=_rasters(files, findings),
    )


def _tree(files: Mapping[str, bytes], name: str, findings: Findings) -> Node | None:
    return read_tree(files[name], name, findings) if name in files else None


def _has_folder(files: Mapping[str, bytes], tag: str) -> bool:
    return any(name.startswith(f"{tag}/") for name in files)


def _pictures(files: Mapping[str, bytes], findings: Findings) -> dict[str, Text]:
    pictures = {}
    for path in sorted(files):
        match = _PICTURE.fullmatch(path)
        text = decoded(files[path], path, findings) if match else None
        if match and text is not None:
            pictures[match[1]] = Text(text, At(path, 1))
    return pictures


def is_raster(path: str) -> bool:
    """Tell whether a path is one where a picture made of pixels may lie."""
    return bool(_RASTER.fullmatch(path))


def _rasters(files: Mapping[str, bytes], findings: Findings) -> dict[str, dict[str, Raster]]:
    rasters: dict[str, dict[str, Raster]] = {}
    for path in sorted(files):
        match = _RASTER.fullmatch(path)
        if not match:
            continue
        tag, picture, named = match[1] or "", match[2], match[3]
        drawing = f"{PICTURES}/{picture}.svg"
        first = rasters.get(picture, {}).get(tag)
        if first or drawing in files:
            findings.add("picture.twice", At(path, 1), id=picture, first=first.at.file if first else drawing)
            continue
        data = files[path]
        raster = Raster(read_header(data), named, sha256_hex(data), len(data), At(path, 1))
        rasters.setdefault(picture, {})[tag] = raster
    return rasters


def _structure(row: Reader) -> Structure:
    form = row.text("format")
    if form not in {"1", ""}:
        row.findings.add("format.unknown", row.at("format"), format=form)
    examined = row.has("exam")
    passing = _passing(row) if examined else _NOTHING_TO_PASS
    row.pass_over(*PASSING)
    structure = Structure(
        id=row.id("id"),
        code=row.text("code"),
        version=row.text("version"),
        draft=row.flag("draft"),
        source_language=row.text("source_language"),
        languages=row.texts("languages"),
        sap=row.texts("sap"),
        requires=row.ids("requires", optional=True),
        glossary=row.ids("glossary"),
        objectives=row.ids("objectives"),
        lessons=tuple(_lesson(lesson) for lesson in row.rows("lessons")),
        pretest=row.ids("pretest", optional=not examined),
        examined=examined,
        **{**passing, "places": {**row.places(), **passing["places"]}},
    )
    row.done()
    return structure


_NOTHING_TO_PASS: dict[str, Any] = {
    "pass_mark": 0.0,
    "validity_months": 0,
    "attempts_limit": 0,
    "wait_minutes": 0,
    "exam_minutes": 0,
    "draw": {},
    "review": "",
    "renewal": False,
    "renewal_draw": {},
    "renewal_months": 0,
    "places": {},
}


def _passing(row: Reader) -> dict[str, Any]:
    """Return the fields of Structure that say what it takes to pass."""
    attempts, exam = row.part("attempts"), row.part("exam")
    draw = exam.part("draw")
    passing: dict[str, Any] = {
        "pass_mark": row.number("pass_mark", 0.5, 1.0),
        "validity_months": row.whole("validity_months", 1, 120),
        "attempts_limit": attempts.whole("limit", 0, 100),
        "wait_minutes": attempts.whole("wait_minutes", 0, 43200),
        "exam_minutes": exam.whole("minutes", 0, 480),
        "draw": draw.counts(),
        "review": exam.text("review", ""),
        "places": {
            **{f"draw/{field}": at for field, at in draw.places().items()},
            **({"review": exam.at("review")} if exam.has("review") else {}),
        },
    }
    attempts.done()
    exam.done()
    renewal = _renewal(row)
    return {**passing, **renewal, "places": {**passing["places"], **renewal["places"]}}


def _renewal(row: Reader) -> dict[str, Any]:
    """Return the fields of Structure that say how a certificate is renewed; a course may leave them out."""
    if not row.has("renewal"):
        return {"renewal": False, "renewal_draw": {}, "renewal_months": 0, "places": {}}
    renewal = row.part("renewal")
    draw = renewal.part("draw") if renewal.has("draw") else None
    found = {
        "renewal": True,
        "renewal_draw": draw.counts() if draw else {},
        "renewal_months": renewal.whole("within_months", 0, 120, 0),
        "places": {f"renewal/{field}": at for field, at in draw.places().items()} if draw else {},
    }
    renewal.done()
    return found


def _lesson(row: Reader) -> Lesson:
    lesson = Lesson(
        id=row.id("id"),
        number=row.whole("number", 1, 99),
        minutes=row.whole("minutes", 1, 600),
        objectives=row.ids("objectives"),
        checks=row.ids("checks", optional=True),
        audience=row.texts("audience", optional=True),
        optional=row.flag("optional"),
        at=row.here,
    )
    row.done()
    return lesson


def _question(row: Reader) -> Question:
    name = row.text("kind")
    kind = KINDS_OF_QUESTIONS.get(name)
    wanted = kind.fields if kind else {"options", "correct"}
    plan = {field: row.value(field) for field in sorted(wanted - {"options", "correct"})}
    listed = tuple(text.text for text in row.texts("options")) if "options" in wanted else ()
    question = Question(
        id=row.id("id"),
        kind=name,
        objective=row.id("objective"),
        use=row.text("use"),
        options=listed or (kind.implied(plan) if kind else ()),
        correct=tuple(text.text for text in row.one_or_more("correct")) if "correct" in wanted else (),
        critical=row.flag("critical"),
        linked=row.id("linked", ""),
        facts=tuple(text.text for text in row.ids("facts", optional=True)),
        plan=plan,
        confidence=row.flag("confidence"),
        places=row.places(),
        at=row.here,
    )
    row.done()
    return question


def _fact(row: Reader) -> Fact:
    fact = Fact(
        id=row.id("id"),
        claim=row.text("claim"),
        source=_source(row.part("source")),
        read=row.day("read"),
        review_by=row.day("review_by"),
        mark=row.text("mark"),
        at=row.here,
    )
    row.done()
    return fact


def _source(row: Reader) -> Source:
    # Missing parts are one kind of mistake ("unsourced"), told by check with the fact's id.
    source = Source(
        title=row.text("title", ""),
        body=row.text("body", ""),
        year=row.whole("year", 0, _YEARS, 0),
        section=row.text("section", ""),
        url=row.text("url", ""),
    )
    if row.names():
        row.done()
    return source


def _words(files: Mapping[str, bytes], tag: str, lessons: list[str], source: bool, findings: Findings) -> Words:
    needed = [TEXTS, QUESTIONS, GLOSSARY, *(f"{lesson}.md" for lesson in lessons)]
    missing = [name for name in needed if f"{tag}/{name}" not in files]
    for name in missing:
        # A translation under way must not keep the other languages from being published.
        code = "file.missing" if source else "language.file-missing"
        details = {} if source else {"language": LANGUAGES[tag].english_name}
        findings.add(code, At(f"{tag}/{name}", 1), **details)
    return Words(
        language=tag,
        texts=_texts(files, tag, findings),
        bodies=_bodies(files, tag, lessons, findings),
        stamps=_stamps(files, tag, findings),
        complete=not missing,
    )


def _texts(files: Mapping[str, bytes], tag: str, findings: Findings) -> dict[str, Text]:
    texts: dict[str, Text] = {}
    for name, prefix in ((TEXTS, ""), (QUESTIONS, "questions/"), (GLOSSARY, "glossary/")):
        tree = _tree(files, f"{tag}/{name}", findings)
        if tree is not None:
            _flatten(tree, prefix, f"{tag}/{name}", texts, findings)
    return texts


def _flatten(node: Node, path: str, file: str, texts: dict[str, Text], findings: Findings) -> None:
    """Note each text under its path: ``lessons/<id>/title``, ``outcomes/0``. A list or mapping gives no text itself."""
    if isinstance(node, Leaf):
        if path in {"", "questions/", "glossary/"}:
            findings.add("field.wrong-type", At(file, node.line), field=file, expected="name: value")
        else:
            texts[path] = Text(node.text.strip(), At(file, node.line))
        return
    steps = enumerate(node.items) if isinstance(node, Items) else node.fields.items()
    for step, child in steps:
        below = f"{path}{step}" if not path or path.endswith("/") else f"{path}/{step}"
        _flatten(child, below, file, texts, findings)


def _bodies(files: Mapping[str, bytes], tag: str, lessons: list[str], findings: Findings) -> dict[str, Text]:
    bodies = {}
    for lesson in lessons:
        path = f"{tag}/{lesson}.md"
        text = decoded(files[path], path, findings) if path in files else None
        if text is not None:
            bodies[lesson] = Text(text, At(path, 1))
    return bodies


def _stamps(files: Mapping[str, bytes], tag: str, findings: Findings) -> dict[str, Stamp]:
    path = f"{tag}/{TRANSLATION}"
    if path not in files:
        return {}
    stamps = Reader(read_tree(files[path], path, findings), path, findings)
    return {unit: _stamp(stamps, unit) for unit in stamps.names()}


def _stamp(stamps: Reader, unit: str) -> Stamp:
    row = stamps.part(unit)
    stamp = Stamp(
        source=row.text("source"),
        state=row.text("state"),
        reviewer=row.text("reviewer", ""),
        date=row.day("date", ""),
        blocks=tuple(re.findall(r"\S+", row.text("blocks", ""))),
        at=stamps.at(unit),
    )
    row.done()
    return stamp

"""Picture files of courses: kept by digest when published, given out by name, never taken away, not held in memory."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import MemoryCourses, memory_node, sqlite_node
from good_course import KM, TODAY, Files, changed
from illustrated_course import DESK, DESK_KM, EN, KHMER, MAP, illustrated, name_of
from raster_files import raster

from elearn.core.content.digest import units_of
from elearn.core.content.finding import Findings
from elearn.core.content.package import compile_course
from elearn.core.content.parse import parse_course
from elearn.core.vocab.errors import NotFound
from elearn.core.vocab.kept import LESSON_PAGE, MEDIA, PACKAGE
from elearn.core.xapi.canonical import sha256_hex
from elearn.services import author
from elearn.services.comparing import compare
from elearn.services.media import published_picture
from elearn.services.node import Node


@pytest.fixture
def folder() -> dict[str, Files]:
    return {"seals": illustrated()}


@pytest.fixture(params=["memory", "sqlite"])
def node(request: pytest.FixtureRequest, tmp_path: Path, folder: dict[str, Files]) -> Iterator[Node]:
    courses = MemoryCourses(folder)
    made = (
        memory_node(course_files=courses) if request.param == "memory" else sqlite_node(tmp_path, course_files=courses)
    )
    yield made
    made.store.close()


def page(node: Node, digest: str, language: str) -> str:
    with node.store.reading() as tx:
        row = tx.tables.get(LESSON_PAGE, digest, "looking", language)
    assert row is not None
    return str(row["html"])


def test_each_language_shows_its_own_picture_and_its_own_words(node: Node) -> None:
    digest = author.publish(node, "seals")
    english, khmer = page(node, digest, "en"), page(node, digest, "km")

    assert (
        f'src="/media/{name_of(DESK, "png")}" alt="A &#x27;desk&#x27; &amp; chair" width="320" height="200"' in english
    )
    assert f'src="/media/{name_of(DESK_KM, "webp")}" alt="{KM} A &#x27;desk&#x27; &amp; chair"' in khmer
    assert "<figcaption>Step one</figcaption>" in english
    assert f"<figcaption>{KM} Step one</figcaption>" in khmer
    assert f'src="/media/{name_of(MAP, "jpg")}" alt="A map"' in english
    assert f'src="/media/{name_of(MAP, "jpg")}" alt="{KM} A map"' in khmer
    assert english.count("<figcaption>") == 1


def test_a_language_without_its_own_file_shows_the_source_languages(node: Node, folder: dict[str, Files]) -> None:
    del folder["seals"][KHMER]
    digest = author.publish(node, "seals")

    assert f'src="/media/{name_of(DESK, "png")}" alt="{KM} A &#x27;desk&#x27; &amp; chair"' in page(node, digest, "km")
    assert "picture.other-language" in {one.code for one in author.findings_of(node, "seals")}


def test_what_is_published_is_given_out_by_its_name(node: Node) -> None:
    author.publish(node, "seals")

    for data, kind, content_type in (
        (DESK, "png", "image/png"),
        (DESK_KM, "webp", "image/webp"),
        (MAP, "jpg", "image/jpeg"),
    ):
        found = published_picture(node, name_of(data, kind))
        assert (found.content, found.content_type) == (data, content_type)


def test_nothing_else_is_given_out(node: Node) -> None:
    with pytest.raises(NotFound):
        published_picture(node, name_of(DESK, "png"))
    author.publish(node, "seals")
    digest = sha256_hex(DESK)
    for name in (
        digest,
        f"{digest}.jpg",
        f"{digest.upper()}.png",
        f"{digest}.svg",
        "../looking.md",
        "",
        f"{'0' * 64}.png",
    ):
        with pytest.raises(NotFound, match=r"media\.unknown"):
            published_picture(node, name)


def test_a_picture_not_yet_published_is_seen_in_the_preview_only(node: Node) -> None:
    view = author.preview(node, "seals", "looking", "en", "/here/")
    name = name_of(DESK, "png")

    assert f'src="/here/{name}"' in view.html
    assert author.picture_file(node, "seals", name).content == DESK
    with pytest.raises(NotFound):
        published_picture(node, name)
    for wrong in (name.replace("png", "jpg"), "course.yaml", ""):
        with pytest.raises(NotFound, match=r"media\.unknown"):
            author.picture_file(node, "seals", wrong)


def test_what_an_older_package_shows_is_never_taken_away(node: Node, folder: dict[str, Files]) -> None:
    author.publish(node, "seals")
    fresh = raster("png", 300, 200, "white")
    folder["seals"] = changed({**folder["seals"], EN: fresh}, "course.yaml", "version: 1.0.0", "version: 1.1.0")
    author.publish(node, "seals")

    for data in (DESK, fresh):
        assert published_picture(node, name_of(data, "png")).content == data


def test_a_picture_is_kept_once_however_often_it_is_published(node: Node, folder: dict[str, Files]) -> None:
    folder["seals"][KHMER.replace("webp", "png")] = DESK
    del folder["seals"][KHMER]
    for _ in range(2):
        author.publish(node, "seals")

    with node.store.reading() as tx:
        assert tx.tables.count(MEDIA) == 2


def test_another_picture_of_the_source_language_wants_another_version(node: Node, folder: dict[str, Files]) -> None:
    author.publish(node, "seals")
    folder["seals"][EN] = raster("png", 300, 200)
    found = compare(node, "seals")

    assert (found.needed, found.wanted) == ("clarification", "1.1.0")
    assert ("", "media/desk") in {(one.language, one.unit) for one in found.differences}
    assert "version.not-raised" in {one.code for one in author.findings_of(node, "seals")}


def test_another_picture_of_a_translation_is_another_build_of_the_version(node: Node, folder: dict[str, Files]) -> None:
    author.publish(node, "seals")
    folder["seals"][KHMER] = raster("webp", 300, 200)
    assert compare(node, "seals").needed == "same"
    assert "version.not-raised" not in {one.code for one in author.findings_of(node, "seals")}
    second = author.publish(node, "seals")

    with node.store.reading() as tx:
        row = tx.tables.get(PACKAGE, second)
    assert row is not None
    assert row["version"] == f"1.0.0+{second[:8]}"


def test_digests_pin_every_picture_and_no_path(folder: dict[str, Files]) -> None:
    def digests(files: Files) -> tuple[str, str]:
        package, _ = compile_course("seals", files, TODAY)
        assert package is not None
        return package.digest, package.source

    files = folder["seals"]
    first = digests(files)
    other_khmer, other_english = (
        digests({**files, KHMER: raster("webp", 64, 48)}),
        digests({**files, EN: raster("png", 99, 99)}),
    )

    assert digests(dict(reversed(files.items()))) == first
    assert other_khmer[0] != first[0]
    assert other_khmer[1] == first[1]
    assert other_english[0] != first[0]
    assert other_english[1] != first[1]


def test_alternative_text_and_caption_are_one_unit_to_translate(folder: dict[str, Files]) -> None:
    course = parse_course(folder["seals"], Findings())
    assert course is not None
    units = units_of(course.words["en"])
    reworded = parse_course(changed(folder["seals"], "en/texts.yaml", "Step one", "Step 1"), Findings())
    repainted = parse_course({**folder["seals"], EN: raster("png")}, Findings())
    assert reworded is not None
    assert repainted is not None

    assert {"picture/desk", "picture/map"} <= set(units)
    assert {unit for unit, one in units_of(reworded.words["en"]).items() if one != units[unit]} == {"picture/desk"}
    assert units_of(repainted.words["en"]) == units


def test_no_reading_of_a_course_keeps_the_bytes_of_pictures() -> None:
    files = illustrated()
    node = memory_node(course_files=MemoryCourses({"seals": dict(files)}))
    author.course_state(node, "seals")

    def holds(value: object, depth: int = 12, seen: set[int] | None = None) -> bool:
        seen = set() if seen is None else seen
        if isinstance(value, bytes) and len(value) > 100:
            return True
        if depth == 0 or id(value) in seen or isinstance(value, type):
            return False
        seen.add(id(value))
        inside = [one for one in gc.get_referents(value) if not isinstance(one, (type, str, int))]
        return any(holds(one, depth - 1, seen) for one in inside)

    kept = author._read_last["seals"]
    assert not holds(kept)
    assert holds([kept, files])

"""Course folders and catalogs on disk: what is read, what is never read, and what is said when it is damaged."""

import os
from pathlib import Path

import pytest

from elearn.adapters.files import FolderCourses
from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.core.vocab.errors import NotFound, Unavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    course = tmp_path / "courses" / "interdiction"
    (course / "km").mkdir(parents=True)
    (course / "course.yaml").write_bytes(b"id: interdiction\n")
    (course / "km" / "safe-search.md").write_bytes("# ការឆែកឆេរ".encode())
    (course / ".git").mkdir()
    (course / ".git" / "config").write_bytes(b"hidden")
    (tmp_path / "courses" / ".hidden").mkdir()
    (tmp_path / "courses" / "readme.txt").write_bytes(b"no course")
    (tmp_path / "courses" / "evidence").mkdir()
    (tmp_path / "secret.txt").write_bytes(b"secret")
    return tmp_path / "courses"


def test_a_course_is_a_folder_and_its_files_are_bytes(folder: Path) -> None:
    courses = FolderCourses(folder)

    assert courses.courses() == ["evidence", "interdiction"]
    assert courses.read("interdiction") == {
        "course.yaml": b"id: interdiction\n",
        "km/safe-search.md": "# ការឆែកឆេរ".encode(),
    }
    assert courses.read("evidence") == {}


@pytest.mark.parametrize(
    "course", ["", ".", "..", "../courses/interdiction", "/etc", "none", "Interdiction", "a\x00", ".git"]
)
def test_a_course_that_is_none_is_not_found(folder: Path, course: str) -> None:
    with pytest.raises(NotFound) as refused:
        FolderCourses(folder).read(course)

    assert (refused.value.code, refused.value.details["course"]) == ("course.unknown", course)


def test_a_link_out_of_the_course_is_not_followed(folder: Path) -> None:
    (folder / "interdiction" / "stolen.md").symlink_to(folder.parent / "secret.txt")
    (folder / "interdiction" / "within.md").symlink_to("course.yaml")
    (folder / "interdiction" / "away").symlink_to(folder.parent)

    read = FolderCourses(folder).read("interdiction")

    assert set(read) == {"course.yaml", "km/safe-search.md", "within.md"}


def test_term_lists_are_read_by_language_and_a_post_may_have_none(folder: Path, tmp_path: Path) -> None:
    for tag in ("km", "xx"):
        (tmp_path / "translations" / tag).mkdir(parents=True)
        (tmp_path / "translations" / tag / "terms.yaml").write_bytes(b"terms: []\n")

    assert FolderCourses(folder, tmp_path / "translations").terms() == {"km": b"terms: []\n"}
    assert FolderCourses(folder).terms() == FolderCourses(folder, tmp_path / "none").terms() == {}


def test_no_folder_is_no_courses_and_a_file_in_its_place_is_said(folder: Path) -> None:
    with pytest.raises(Unavailable, match=r"courses\.unreadable"):
        FolderCourses(folder / "none").courses()

    with pytest.raises(Unavailable) as refused:
        FolderCourses(folder / "readme.txt").courses()

    assert refused.value.code == "courses.unreadable"


# --- catalogs

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: km\\n"

msgid "Welcome, %(name)s"
msgstr "សូមស្វាគមន៍ %(name)s"

msgid "Broken %(name)s"
msgstr "ខូច %(nam)s"

msgid "Half %(name)s"
msgstr "ពាក់កណ្តាល %(name)"

msgid "Not yet"
msgstr ""
"""


@pytest.fixture
def phrases(tmp_path: Path) -> GettextPhrases:
    write_po(tmp_path, PO)
    return GettextPhrases(tmp_path / "translations", tmp_path / "data" / "cache")


def write_po(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "translations" / "km" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("language", "message", "values", "said"),
    [
        ("km", "Welcome, %(name)s", {"name": "Dara"}, "សូមស្វាគមន៍ Dara"),
        ("km", "Welcome, %(name)s", {"name": "Dara", "more": 1}, "សូមស្វាគមន៍ Dara"),
        ("km", "Broken %(name)s", {"name": "Dara"}, "Broken Dara"),
        ("km", "Half %(name)s", {"name": "Dara"}, "Half Dara"),
        ("km", "Welcome, %(name)s", {"other": 1}, "Welcome, %(name)s"),
        ("km", "Not yet", {}, "Not yet"),
        ("km", "100 %", {}, "100 %"),
        ("km", "100 %", {"name": "x"}, "100 %"),
        ("km", "", {}, ""),
        ("en", "Welcome, %(name)s", {"name": "Dara"}, "Welcome, Dara"),
        ("lo", "Welcome, %(name)s", {"name": "Dara"}, "Welcome, Dara"),
        ("../km", "Not yet", {}, "Not yet"),
    ],
)
def test_what_is_said(
    phrases: GettextPhrases, language: str, message: str, values: dict[str, object], said: str
) -> None:
    assert phrases.say(language, message, **values) == said


def test_a_changed_catalog_is_compiled_anew_and_an_unchanged_one_is_not(
    tmp_path: Path, phrases: GettextPhrases
) -> None:
    phrases.say("km", "Not yet")
    compiled = phrases.cache / "km" / "LC_MESSAGES" / "messages.mo"
    first = compiled.stat().st_ino
    GettextPhrases(tmp_path / "translations", phrases.cache).say("km", "Not yet")
    assert compiled.stat().st_ino == first

    changed = write_po(tmp_path, PO + '\nmsgid "New"\nmsgstr "ថ្មី"\n')
    os.utime(changed, (1, 1))  # an older file put back is a change too

    assert GettextPhrases(tmp_path / "translations", phrases.cache).say("km", "New") == "ថ្មី"
    assert [file.name for file in compiled.parent.iterdir()] == ["messages.mo"]


@pytest.mark.parametrize("damage", [b"<<<<<<< HEAD\n", b'msgid "a"\nmsgstr "\xff"\n', b'"loose"\n'])
def test_a_damaged_catalog_is_said_with_its_path(tmp_path: Path, phrases: GettextPhrases, damage: bytes) -> None:
    path = write_po(tmp_path, "")
    path.write_bytes(damage)

    with pytest.raises(Unavailable) as refused:
        phrases.say("km", "Not yet")

    assert (refused.value.code, refused.value.details["path"]) == ("catalog.damaged", str(path))
    assert not phrases.cache.exists()


def test_the_cache_is_laid_out_as_flask_babel_reads_it(phrases: GettextPhrases) -> None:
    assert (Path(phrases.compiled()) / "km" / "LC_MESSAGES" / "messages.mo").is_file()

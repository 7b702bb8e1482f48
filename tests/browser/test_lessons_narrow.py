"""Every lesson of every course in every language as Chromium shows it on a screen of 320 pixels.

One browser and one page go through them all once; the laws look at what was noted on the way.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from browser_scenes import Picture, Screen, Texts, chromium, narrow_screen
from web_scenes import COURSE, Site, pass_exam, read_everything, site

from elearn.core.vocab.languages import LANGUAGES
from elearn.services import find, sit
from elearn.services.packages import Package, current_packages

pytestmark = pytest.mark.browser

Place = tuple[str, str]
"""(language, address)"""


@dataclass
class Notes:
    """What was seen: pages that scroll sideways (also with letters twice as large), strange fonts, pictures."""

    seen: list[Place] = field(default_factory=list)
    statuses: dict[Place, int] = field(default_factory=dict)
    wide: dict[Place, str] = field(default_factory=dict)
    wide_zoomed: dict[Place, str] = field(default_factory=dict)
    zoomed: int = 0
    strange: dict[Place, list[str]] = field(default_factory=dict)
    pictures: dict[Place, list[Picture]] = field(default_factory=dict)

    def look(self, screen: Screen, language: str, path: str, *, zoom: bool) -> Texts:
        place = (language, path)
        self.seen.append(place)
        self.statuses[place] = screen.go(path)
        page = screen.look()
        self.wide[place] = page.wide
        self.pictures[place] = page.pictures
        if zoom:
            self.zoomed += 1
            screen.set_text_size(32)
            self.wide_zoomed[place] = screen.too_wide()
            screen.set_text_size(16)
        return page.texts

    def look_at_all(self, screen: Screen, language: str, paths: list[str]) -> None:
        """Look at pages that belong together. What is written on them is drawn once more, together, on the last."""
        written: dict[tuple[str, str, str, str], set[str]] = {}
        for path in paths:
            texts = self.look(screen, language, path, zoom=path.startswith(f"/courses/{COURSE}/"))
            for kind, text in texts.items():
                written.setdefault(kind, set()).update(text.split())
        words = {kind: " ".join(sorted(found)) for kind, found in written.items()}
        self.strange[language, paths[0]] = screen.strangers(words)


def only_faults(noted: Mapping[Place, object]) -> dict[Place, object]:
    """Return the places of which something was noted."""
    return {place: fault for place, fault in noted.items() if fault}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("lessons"))
    find.refresh(found.node)
    yield found
    found.node.store.close()


@pytest.fixture(scope="module")
def packages(here: Site) -> list[Package]:
    with here.node.store.reading() as tx:
        return list(current_packages(tx))


@pytest.fixture(scope="module")
def screen(here: Site) -> Iterator[Screen]:
    with chromium() as browser, narrow_screen(browser, here.node) as found:
        yield found


@pytest.fixture(scope="module")
def others(here: Site, packages: list[Package]) -> list[str]:
    """Return pages of an officer that are no lessons, once lessons are open and an exam has been failed."""
    person = here.people["officer"]
    read_everything(here, person)
    for package in packages:
        if package.course.pretest and package.course.id != COURSE:
            sit.submit(here.node, person, sit.start(here.node, person, package.course.id, "pretest", "en"), anyway=True)
    failed, _ = pass_exam(here, person, right=False)
    running = sit.start(here.node, person, COURSE, "exam", "en")
    courses = [f"/courses/{package.course.id}" for package in packages]
    return [
        *("/courses", *courses, f"/results/{failed}", f"/sittings/{running}", f"/sittings/{running}/hand-in"),
        *("/record", "/glossary", "/search?q=a", "/search?q=1"),
    ]


@pytest.fixture(scope="module")
def lessons(packages: list[Package]) -> list[list[str]]:
    """Return the addresses of every course's lessons."""
    return [[f"/courses/{one.course.id}/lessons/{lesson.id}" for lesson in one.course.lessons] for one in packages]


@pytest.fixture(scope="module")
def notes(here: Site, screen: Screen, lessons: list[list[str]], others: list[str]) -> Notes:
    found = Notes()
    screen.sign_in(here.number(here.people["officer"]))
    for language in LANGUAGES:
        screen.choose(language)
        for paths in [*lessons, others]:
            found.look_at_all(screen, language, paths)
    return found


def test_every_lesson_and_every_picture_was_looked_at(here: Site, notes: Notes, lessons: list[list[str]]) -> None:
    drawn = {(tag, one.alternative) for (tag, _), pictures in notes.pictures.items() for one in pictures}
    files = [name for course in here.node.course_files.courses() for name in here.node.course_files.read(course)]
    known = sum(name.endswith(".svg") for name in files)

    assert set(notes.statuses.values()) == {200}
    assert sum(map(len, lessons)) >= 36
    assert set(notes.seen) >= {(language, path) for language in LANGUAGES for paths in lessons for path in paths}
    # More than the files where a lesson shows the English text beside a translation that is behind.
    assert all(sum(tag == language for tag, _ in drawn) >= known for language in LANGUAGES)
    assert notes.zoomed >= 8 * len(LANGUAGES)


def test_no_page_scrolls_sideways(notes: Notes) -> None:
    assert only_faults(notes.wide) == {}


def test_no_lesson_scrolls_sideways_with_letters_twice_as_large(notes: Notes) -> None:
    assert only_faults(notes.wide_zoomed) == {}


def test_every_letter_is_drawn_by_a_font_of_the_page(notes: Notes) -> None:
    assert only_faults(notes.strange) == {}


def test_labels_stay_in_their_pictures_and_off_each_other(notes: Notes) -> None:
    faults = {
        place: [fault for one in pictures for fault in one.faults()] for place, pictures in notes.pictures.items()
    }

    assert sum(len(one.labels) for pictures in notes.pictures.values() for one in pictures) > 500
    assert only_faults(faults) == {}


def test_what_is_wrong_is_seen(here: Site, screen: Screen, notes: Notes) -> None:
    """A wide block, a letter that no font of the page has, a label too long: put into a good page, each is found."""
    screen.choose("en")
    screen.go(next(path for (_, path), pictures in notes.pictures.items() if pictures))
    before = screen.look()
    screen.page.evaluate(
        """() => {
            const text = document.querySelector("main p");
            text.style.width = "400px";
            text.append("\u2713");
            const labels = document.querySelectorAll("figure.picture svg text");
            for (const one of labels) one.textContent = "wide ".repeat(60);
        }"""
    )
    after = screen.look()

    assert (before.wide, screen.strangers(before.texts)) == ("", [])
    assert "px: " in after.wide
    assert all(one.faults() for one in after.pictures)
    assert screen.strangers(after.texts)

"""Publishing from files: immutable packages, a damaged course stops nothing, versions never collide."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import MemoryCourses, TickingClock, memory_node, officer, sqlite_node
from good_course import KM, Files, edit, good_course

from elearn.core.content.finding import sentence_of
from elearn.core.content.package import signed_words
from elearn.core.content.version import numbers_of
from elearn.core.learning.course import course_of
from elearn.core.vocab.errors import Invalid, NotFound
from elearn.core.vocab.kept import LESSON_PAGE, PACKAGE, PACKAGE_SIGNATURE, QUESTION_TEXT
from elearn.core.xapi.verbs import PUBLISHED
from elearn.services import author
from elearn.services.node import Node
from elearn.services.publishing import signers, versions


class Folder(MemoryCourses):
    """The folder of one course, whose files can be changed."""

    def __init__(self) -> None:
        self.files: dict[str, Files] = {"seals": good_course()}
        super().__init__(self.files)

    def edit(self, name: str, old: str, new: str) -> None:
        self.files["seals"] = edit(name, old, new)(self.files["seals"])


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture(params=["memory", "sqlite"])
def node(request: pytest.FixtureRequest, tmp_path: Path, folder: Folder) -> Iterator[Node]:
    made = memory_node(course_files=folder) if request.param == "memory" else sqlite_node(tmp_path, course_files=folder)
    yield made
    made.store.close()


def current(node: Node) -> tuple[str, str]:
    with node.store.reading() as tx:
        rows = tx.tables.select(PACKAGE, {"course": "seals", "current": 1})
    assert len(rows) == 1
    return rows[0]["digest"], rows[0]["version"]


def codes(node: Node) -> set[str]:
    findings = author.findings_of(node, "seals")
    assert all("%(" not in sentence_of(one) for one in findings)
    return {one.code for one in findings}


def test_what_is_published_is_what_learning_reads(node: Node) -> None:
    digest = author.publish(node, "seals")

    with node.store.reading() as tx:
        row = tx.tables.get(PACKAGE, digest)
        assert row is not None
        assert course_of(row["structure"]).questions["c-2"].correct == {"a", "b"}
        assert row["texts"]["km"]["title"] == f"{KM} Seals"
        page = tx.tables.get(LESSON_PAGE, digest, "looking", "km")
        assert page is not None
        assert [one["number"] for one in page["sources"]] == [1, 2]
        assert tx.tables.count(QUESTION_TEXT, {"digest": digest}) == 2 * 37
        words = tx.tables.get(QUESTION_TEXT, digest, "c-1", "en")
        assert words is not None
        assert words["words"]["options"]["a"] == "option a of c-1"


def test_publishing_again_changes_nothing(node: Node) -> None:
    first = author.publish_all(node)
    second = author.publish_all(node)

    assert [(one.published, one.errors) for one in first + second] == [(True, 0), (False, 0)]
    assert first[0].digest == second[0].digest
    with node.store.reading() as tx:
        assert tx.tables.count(PACKAGE) == 1


def test_progress_names_only_courses_that_are_worked_on(node: Node) -> None:
    told: list[tuple[int, int, str]] = []
    author.publish_all(node, lambda *said: told.append(said))
    author.publish_all(node, lambda *said: told.append(said))

    assert told == [(1, 1, "seals")]


def test_a_damaged_course_leaves_the_last_good_one_served(node: Node, folder: Folder) -> None:
    served = author.publish(node, "seals")
    folder.edit("questions.yaml", "correct: [a]", "correct: [z]")

    outcomes = author.publish_all(node)

    assert [(one.digest, one.published, one.errors) for one in outcomes] == [(served, False, 1)]
    assert current(node)[0] == served
    state = author.workshop(node)[0]
    assert (state.files, state.errors) == ("damaged", 1)
    with pytest.raises(Invalid) as refused:
        author.publish(node, "seals")
    assert refused.value.code == "course.damaged"


def test_an_unreadable_course_does_not_stop_the_others(node: Node, folder: Folder) -> None:
    folder.files["broken"] = {"course.yaml": b"id: [\n"}

    outcomes = author.publish_all(node)

    assert [(one.course, one.published, one.digest is None) for one in outcomes] == [
        ("broken", False, True),
        ("seals", True, False),
    ]
    assert [one.files for one in author.workshop(node)] == ["damaged", "published"]


def test_a_mended_course_is_published_at_the_next_start(node: Node, folder: Folder) -> None:
    folder.edit("questions.yaml", "correct: [a]", "correct: [z]")
    author.publish_all(node)
    folder.edit("questions.yaml", "correct: [z]", "correct: [a]")

    assert [one.published for one in author.publish_all(node)] == [True]


def test_old_packages_stay_as_they_were(node: Node, folder: Folder) -> None:
    old = author.publish(node, "seals")
    with node.store.reading() as tx:
        before = tx.tables.get(PACKAGE, old)
    folder.edit("course.yaml", "version: 1.0.0", "version: 1.1.0")
    folder.edit("en/questions.yaml", "What about c-1?", "What of c-1?")

    new = author.publish(node, "seals")

    with node.store.reading() as tx:
        assert before is not None
        assert tx.tables.get(PACKAGE, old) == {**before, "current": 0}
        stems = [tx.tables.get(QUESTION_TEXT, digest, "c-1", "en") for digest in (old, new)]
    assert [row and row["words"]["stem"] for row in stems] == ["What about c-1?", "What of c-1?"]
    assert current(node) == (new, "1.1.0")


def test_no_two_packages_share_a_version(node: Node, folder: Folder) -> None:
    author.publish(node, "seals")
    folder.edit("km/texts.yaml", "Seals", "Seal")

    digest = author.publish(node, "seals")

    assert current(node) == (digest, f"1.0.0+{digest[:8]}")
    with node.store.reading() as tx:
        assert {one.version for one in versions(tx, "seals")} == {"1.0.0", f"1.0.0+{digest[:8]}"}
        row = tx.tables.get(PACKAGE, digest)
    assert row is not None
    assert row["structure"]["version"] == f"1.0.0+{digest[:8]}"


def test_changed_words_under_the_same_version_are_told_but_a_translation_is_not(node: Node, folder: Folder) -> None:
    author.publish(node, "seals")
    folder.edit("km/texts.yaml", "Seals", "Seal")
    assert "version.not-raised" not in codes(node)

    folder.edit("en/texts.yaml", "Seals", "Seal")
    assert "version.not-raised" in codes(node)


def test_a_step_too_small_for_what_changed_is_told(node: Node, folder: Folder) -> None:
    author.publish(node, "seals")
    folder.edit("questions.yaml", "correct: [a]", "correct: [b]")
    folder.edit("course.yaml", "version: 1.0.0", "version: 1.0.1")
    assert "version.too-small" in codes(node)

    folder.edit("course.yaml", "version: 1.0.1", "version: 2.0.0")
    assert "version.too-small" not in codes(node)


def test_a_version_never_goes_back_but_a_published_one_may_return_whole(node: Node, folder: Folder) -> None:
    first = author.publish(node, "seals")
    old_files = folder.files["seals"]
    folder.edit("course.yaml", "version: 1.0.0", "version: 1.10.0")
    author.publish(node, "seals")
    folder.edit("course.yaml", "version: 1.10.0", "version: 1.9.0")
    assert "version.older" in codes(node)
    with pytest.raises(Invalid):
        author.publish(node, "seals")
    assert current(node)[1] == "1.10.0"

    folder.files["seals"] = old_files
    assert author.publish(node, "seals") == first
    assert current(node) == (first, "1.0.0")


def test_a_language_that_is_served_is_not_lost_by_accident(node: Node, folder: Folder) -> None:
    served = author.publish(node, "seals")
    folder.files["seals"] = {name: data for name, data in folder.files["seals"].items() if name != "km/stopping.md"}

    assert "language.lost" in codes(node)
    assert [one.errors for one in author.publish_all(node)] == [1]
    assert current(node)[0] == served


def test_publishing_by_a_person_is_recorded_once(node: Node, folder: Folder) -> None:
    trainer = officer(node, role="trainer")
    digest = author.publish(node, "seals", trainer)
    author.publish(node, "seals", trainer)
    author.publish_all(node)

    with node.store.reading() as tx:
        said = [one for one in tx.ledger.about(trainer) if one.verb == PUBLISHED]
    assert [(one.course, one.extension("digest"), one.extension("version")) for one in said] == [
        ("seals", digest, "1.0.0")
    ]


def test_the_workshop_shows_files_store_and_translations(node: Node, folder: Folder) -> None:
    author.publish(node, "seals")
    folder.edit("course.yaml", "version: 1.0.0", "version: 1.0.1")

    state = author.workshop(node)[0]

    assert (state.course, state.code, state.version, state.files) == ("seals", "T1", "1.0.1", "changed")
    assert state.title("km") == f"{KM} Seals"
    assert [one.version for one in state.versions] == ["1.0.0"]
    assert [(one.language, one.state, one.current > 0) for one in state.translation] == [
        ("en", "source", True),
        ("km", "draft", False),
    ]
    assert (state.lessons, state.languages) == (("looking", "stopping"), ("en", "km"))


def test_a_course_whose_folder_is_gone_is_still_served_and_shown(node: Node, folder: Folder) -> None:
    author.publish(node, "seals")
    folder.files.clear()

    assert author.publish_all(node) == []
    assert [(one.files, one.title("en")) for one in author.workshop(node)] == [("absent", "Seals")]
    assert numbers_of(current(node)[1]) == (1, 0, 0)


def test_a_preview_shows_the_files_as_they_are(node: Node, folder: Folder) -> None:
    author.publish(node, "seals")
    folder.edit("km/looking.md", "then touch", "then **feel**")
    folder.edit("questions.yaml", "correct: [a]", "correct: [z]")
    folder.edit("km/looking.md", "[^mou-1995]", "[^mou-1996]")

    view = author.preview(node, "seals", "looking", "km")

    assert view.title == f"{KM} Looking"
    assert f'<li id="p4">{KM} then <strong>feel</strong></li>' in view.html
    assert [(one["number"], one["fact"], "source" in one) for one in view.sources] == [
        (1, "mou-1993", True),
        (2, "mou-1996", False),
    ]
    assert {one.code for one in view.findings} >= {"fact.unknown", "blocks.bold", "markers.missing"}
    with node.store.reading() as tx:
        assert tx.tables.count(PACKAGE) == 1


@pytest.mark.parametrize(
    ("course", "lesson", "language", "code"),
    [
        ("nothing", "looking", "en", "course.unknown"),
        ("seals", "nothing", "en", "lesson.unknown"),
        ("seals", "looking", "lo", "lesson.no-words"),
    ],
)
def test_a_preview_of_nothing_says_what_is_missing(
    node: Node, course: str, lesson: str, language: str, code: str
) -> None:
    with pytest.raises(NotFound) as missing:
        author.preview(node, course, lesson, language)

    assert missing.value.code == code


def test_reviews_that_are_due_are_told_by_the_clock(folder: Folder) -> None:
    late = TickingClock(TickingClock().now().replace(year=2030))
    node = memory_node(course_files=folder, clock=late)

    assert "fact.review-passed" in codes(node)
    assert "fact.review-passed" not in codes(memory_node(course_files=folder))


def test_the_courses_of_the_checkout_have_no_error() -> None:
    from elearn.adapters.files import FolderCourses

    files = FolderCourses(Path(__file__).parents[2] / "courses")
    node = memory_node(course_files=files)

    errors = [
        (course, one.file, one.line, one.code)
        for course in files.courses()
        for one in author.findings_of(node, course)
        if one.severity == "error"
    ]
    assert files.courses() != []
    assert errors == []


def test_what_is_published_is_signed_by_the_node_that_published_it(node: Node) -> None:
    digest = author.publish(node, "seals")

    with node.store.reading() as tx:
        row = tx.tables.get(PACKAGE_SIGNATURE, digest, node.keys.key_id)
        assert row is not None
        assert node.keys.check(node.keys.public_key, signed_words(digest), row["signature"])
        assert len(signers(tx, digest, node.keys)) == 1


def test_a_forged_signature_vouches_for_nothing(node: Node) -> None:
    digest = author.publish(node, "seals")
    forged = {"digest": digest, "key_id": node.keys.key_id, "signature": b"\0" * 64, "signed_at": node.now()}

    node.store.write(lambda tx: tx.tables.put(PACKAGE_SIGNATURE, forged))

    with node.store.reading() as tx:
        assert signers(tx, digest, node.keys) == ()


def test_a_course_that_is_being_written_is_checked_and_shown_but_not_published(node: Node, folder: Folder) -> None:
    folder.edit("course.yaml", "version: 1.0.0", "version: 1.0.0\ndraft: true")

    (outcome,) = author.publish_all(node)

    assert (outcome.published, outcome.draft, outcome.errors, outcome.digest) == (False, True, 0, None)
    assert author.workshop(node)[0].files == "draft"
    with pytest.raises(Invalid, match=r"course\.draft"):
        author.publish(node, "seals")
    (again,) = author.publish_all(node)
    assert (again.draft, again.findings) == (True, ())


def test_when_the_draft_is_done_it_is_published(node: Node, folder: Folder) -> None:
    folder.edit("course.yaml", "version: 1.0.0", "version: 1.0.0\ndraft: true")
    author.publish_all(node)
    folder.edit("course.yaml", "\ndraft: true", "")

    (outcome,) = author.publish_all(node)

    assert outcome.published
    assert author.workshop(node)[0].files == "published"

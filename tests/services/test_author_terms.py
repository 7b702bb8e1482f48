"""Term lists on a post: they are looked at when courses are published, and again when a list changes."""

import pytest
from cast import MemoryCourses, memory_node
from good_course import good_course

from elearn.services import author
from elearn.services.node import Node


class Folder(MemoryCourses):
    """One course and the Khmer term list, which can be changed."""

    def __init__(self) -> None:
        super().__init__({"seals": good_course()})
        self.list = b""

    def terms(self) -> dict[str, bytes]:
        return {"km": self.list} if self.list else {}


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture
def node(folder: Folder) -> Node:
    return memory_node(course_files=folder)


def codes(node: Node) -> set[str]:
    return {one.code for one in author.findings_of(node, "seals") if one.code.startswith("term")}


def test_a_post_without_lists_publishes_as_before(node: Node) -> None:
    [outcome] = author.publish_all(node)

    assert outcome.published
    assert codes(node) == set()


def test_a_new_list_is_held_against_courses_that_did_not_change(node: Node, folder: Folder) -> None:
    [before] = author.publish_all(node)
    folder.list = "terms:\n  - {term: numbered lock, use: [សោ]}\n".encode()

    [after] = author.publish_all(node)
    [again] = author.publish_all(node)

    assert (after.published, after.digest) == (False, before.digest)
    assert after.warnings == again.warnings == before.warnings + 1
    assert codes(node) == {"term.not-held"}


def test_a_broken_list_stops_no_course(node: Node, folder: Folder) -> None:
    folder.list = b"terms: ["

    [outcome] = author.publish_all(node)

    assert (outcome.published, outcome.errors) == (True, 0)
    assert codes(node) == set()


def test_an_avoided_word_keeps_the_last_good_version_in_service(node: Node, folder: Folder) -> None:
    [before] = author.publish_all(node)
    folder.list = "terms:\n  - {term: lock, use: [សោ], avoid: [ខ្មែរ]}\n".encode()

    [after] = author.publish_all(node)

    assert after.errors > 0
    assert (after.digest, after.published) == (before.digest, False)
    assert codes(node) == {"term.avoided", "term.not-held"}

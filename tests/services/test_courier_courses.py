"""Courses come by stick where somebody chose so; chains go on by stick from a hub to a regional hub."""

from typing import Any

import pytest
from cast import MemoryCourses, MemoryIncoming, memory_node
from courier_scenes import carried, enrolled_by_file, id_of, made, read, there_and_back
from exchange_scenes import hub_node, let_pass, rows
from illustrated_course import illustrated

from elearn.core.projections.completions import COMPLETION
from elearn.core.vocab.kept import MEDIA, PACKAGE, PACKAGE_OFFERED, PERSON
from elearn.core.vocab.nodes import NodeKind
from elearn.services import author
from elearn.services.chains import whole_chain
from elearn.services.courier_files import content_of
from elearn.services.courier_writing import write_files
from elearn.services.exchange import light
from elearn.services.node import Node, keep_fact
from elearn.services.operator import operator


@pytest.fixture
def taught() -> tuple[Node, Node]:
    """A hub that teaches a course with pictures, and a post without any and without a line."""
    hub = hub_node(course_files=MemoryCourses({"seals": illustrated()}))
    post = memory_node(series=1, incoming=MemoryIncoming())
    author.publish_all(hub)
    enrolled_by_file(post, hub)
    carried(post, hub)
    return post, hub


def with_courses(hub: Node, post: Node) -> list[bytes]:
    by = operator(hub)
    return [content_of(hub, by, one.file)[1] for one in write_files(hub, by, id_of(post), courses=True)]


def served(node: Node) -> list[dict[str, Any]]:
    return [row for row in rows(node, PACKAGE) if row["current"]]


def test_a_course_with_its_pictures_comes_by_stick(taught: tuple[Node, Node]) -> None:
    post, hub = taught
    [content] = with_courses(hub, post)

    told = read(post, content)

    assert (told.problems, told.carries["files"] > 1) == ([], True)
    assert served(post) == served(hub) != []
    assert rows(post, MEDIA) == rows(hub, MEDIA) != []


def test_without_being_chosen_only_the_list_comes(taught: tuple[Node, Node]) -> None:
    post, hub = taught
    there_and_back(post, hub)

    assert served(post) == []
    assert len(rows(post, PACKAGE_OFFERED)) == 1


def test_what_the_post_holds_is_not_carried_again(taught: tuple[Node, Node]) -> None:
    post, hub = taught
    for content in with_courses(hub, post):
        read(post, content)
    carried(post, hub)

    [told] = [read(post, content) for content in with_courses(hub, post)]

    assert told.carries["files"] == 0


def test_a_large_course_comes_in_several_files_and_rounds(
    taught: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    post, hub = taught
    monkeypatch.setattr("elearn.services.courier_writing.FULL_BYTES", 1500)
    monkeypatch.setattr("elearn.services.courier_writing.MOST_FILES", 3)
    rounds = 0
    while not served(post):
        rounds += 1
        assert rounds < 9
        for content in with_courses(hub, post):
            assert read(post, content).problems == []
        carried(post, hub)

    assert rounds > 1
    assert served(post) == served(hub)


def test_files_that_come_before_their_list_are_named_and_read_again(
    taught: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    post, hub = taught
    monkeypatch.setattr("elearn.services.courier_writing.FULL_BYTES", 1500)
    contents = with_courses(hub, post)
    early = read(post, contents[-1])

    for content in contents:
        assert read(post, content).problems == []

    assert [(name, error.code) for name, error in early.problems] == [("courses", "courier.too-early")]
    assert served(post) == served(hub)


def test_from_a_post_over_its_hub_to_a_region_by_sticks_alone() -> None:
    region = memory_node(kind=NodeKind.REGIONAL_HUB, series=20)
    region.store.write(lambda tx: keep_fact(tx, "name", "Region"))
    hub, post = hub_node(), memory_node(series=1)
    enrolled_by_file(hub, region)
    enrolled_by_file(post, hub)
    let_pass(post, 4)
    let_pass(hub, 2)

    there_and_back(post, hub)
    there_and_back(hub, region)

    for origin in (post, hub):
        with origin.store.reading() as own, region.store.reading() as tx:
            mine = own.ledger.entries(id_of(origin))
            assert [entry.digest for entry in whole_chain(tx, id_of(origin))] == [entry.digest for entry in mine]
    assert len(rows(region, COMPLETION)) == 6
    assert rows(region, PERSON) == []
    assert light(hub).colour == light(post).colour == "good"


def test_one_stick_carries_files_for_several(taught: tuple[Node, Node]) -> None:
    post, hub = taught
    other = memory_node(series=2)
    enrolled_by_file(other, hub)
    let_pass(post, 3)
    let_pass(other, 2)

    stick = [*made(post), *made(other)]
    for content in stick:
        assert read(hub, content).problems == []

    assert len(rows(hub, COMPLETION)) == 5

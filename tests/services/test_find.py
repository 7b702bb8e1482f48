"""Looking things up: what is in the index, in which language it is found, and when it is built anew."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cast import MemorySearch, memory_node, sqlite_node
from small_course import publish, structure, texts

from elearn.adapters.whoosh_search import WhooshSearch
from elearn.core.search.passage import Passage
from elearn.core.vocab.errors import Unavailable
from elearn.services.find import GlossaryPart, Term, find, glossary, refresh
from elearn.services.node import Node


@pytest.fixture(params=["memory", "whoosh"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    if request.param == "memory":
        node = memory_node()
    else:
        node = sqlite_node(tmp_path / "data", search=WhooshSearch(tmp_path / "search"))
    node.store.write(publish)
    yield node
    if isinstance(node.search, WhooshSearch):
        node.search.close()
    node.store.close()


def places(node: Node, language: str, query: str) -> list[tuple[str, str, str, str]]:
    return [
        (one.hit.passage.language, one.hit.passage.kind, one.hit.passage.place, one.hit.passage.anchor)
        for one in find(node, language, query)
    ]


def test_lessons_and_glossary_are_found_with_the_place_to_jump_to(post: Node) -> None:
    assert sorted(places(post, "en", "seal")) == [
        ("en", "glossary", "seal", "term-seals-seal"),
        ("en", "lesson", "looking", "p1"),
        ("en", "lesson", "stopping", "p1"),
    ]
    assert {one.course_title for one in find(post, "en", "seal")} == {"Seals"}


def test_the_own_language_comes_first_and_english_fills_in_what_it_lacks(post: Node) -> None:
    # Khmer and English have the same places: English adds nothing.
    assert {language for language, *_ in places(post, "km", "seal")} == {"km"}
    # Nothing is in Thai: all is found in English.
    assert {language for language, *_ in places(post, "th", "seal")} == {"en"}


def test_a_query_in_english_is_found_from_another_language(post: Node) -> None:
    assert ("en", "glossary", "seal", "term-seals-seal") in places(post, "vi", "numbered lock")


def test_no_question_option_or_feedback_can_be_found(post: Node) -> None:
    assert places(post, "en", "reported")
    for words in ("What about e-one", "option", "feedback"):
        assert places(post, "en", words) == []


def test_what_is_published_anew_is_found_at_once_and_what_is_gone_is_not(post: Node) -> None:
    find(post, "en", "seal")
    plan = structure(version="1.1.0")
    plan["lessons"] = plan["lessons"][:1]
    post.store.write(lambda tx: publish(tx, plan))

    assert {place for _, kind, place, _ in places(post, "en", "reported") if kind == "lesson"} == {"looking"}


def test_the_index_is_built_once_for_what_is_published(post: Node) -> None:
    told: list[int] = []

    assert refresh(post, told.append) is True
    assert refresh(post, told.append) is False
    assert told[-1] == 6  # two lessons and a term in two languages


@pytest.mark.parametrize("query", ["", "   ", "xyzzy", "\x00", "a" * 5000, "AND OR NOT (", "*"])
def test_a_query_that_finds_nothing_finds_nothing(post: Node, query: str) -> None:
    assert find(post, "km", query) == []


def test_no_more_is_returned_than_was_asked_for(post: Node) -> None:
    assert len(find(post, "th", "seal", limit=2)) == 2


class BusySearch(MemorySearch):
    """Another thread is building."""

    def rebuild(self, fingerprint: str, passages: list[Passage], progress: Callable[[int], None] | None = None) -> None:
        """Raise Unavailable("search.building")."""
        raise Unavailable("search.building")


def test_while_another_thread_builds_the_old_index_answers() -> None:
    node = memory_node()
    node.store.write(publish)
    refresh(node)
    busy = BusySearch()
    busy.__dict__.update(vars(node.search))
    node.store.write(lambda tx: publish(tx, structure(version="1.1.0")))

    assert places(replace(node, search=busy), "en", "reported")


def test_while_the_first_index_is_built_that_is_said() -> None:
    node = memory_node(search=BusySearch())
    node.store.write(publish)

    with pytest.raises(Unavailable, match=r"search\.building"):
        find(node, "en", "seal")


def test_the_glossary_is_in_the_own_language_or_says_in_which(post: Node) -> None:
    khmer: dict[str, Any] = texts("km")["glossary"]["seal"]

    assert glossary(post, "km") == [
        GlossaryPart("seals", "ខ្មែរ Seals", "km", False, (Term("seal", khmer["name"], khmer["meaning"]),))
    ]
    assert glossary(post, "th")[0].language == "en"

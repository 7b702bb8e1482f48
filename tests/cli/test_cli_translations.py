"""`translations check` and the term lists: the sentences of the program hold to the same words as the courses."""

from babel.messages.catalog import Catalog

from elearn.cli.translations import words_in
from elearn.core.content.finding import Findings
from elearn.core.content.terms import TermList, read_terms

LIST = """terms:
  - {term: post, use: [ប៉ុស្តិ៍], avoid: [កន្លែង]}
  - {term: name, use: [ឈ្មោះ, name]}
  - {term: lorry, use: [រថយន្ត], where: courses}
"""


def terms() -> TermList:
    return read_terms(LIST.encode(), "km", Findings()).interface


def found(*messages: tuple[object, object]) -> list[tuple[int, str, str]]:
    catalog = Catalog(locale="km")
    for number, (english, khmer) in enumerate(messages, start=1):
        catalog.add(english, khmer, lineno=10 * number)
    return [(one.line, one.code, one.details["term"]) for one in words_in(catalog, terms())]


def test_a_sentence_that_holds_to_the_list_has_no_finding() -> None:
    assert found(("This post", "ប៉ុស្តិ៍នេះ"), ("Lorry", "ឡាន")) == []


def test_a_sentence_is_found_by_its_line_in_the_catalog() -> None:
    assert found(("This post", "ប៉ុស្តិ៍"), ("Posts", "ស្ថានីយ")) == [(20, "term.not-held", "post")]
    assert found(("Here", "កន្លែងនេះ")) == [(10, "term.avoided", "post")]


def test_placeholders_are_no_words() -> None:
    assert found(("Hello %(name)s", "សួស្ដី %(name)s"), ("%(n)s name", "%(name)s")) == [(20, "term.not-held", "name")]


def test_every_form_of_a_plural_is_held_to_the_list() -> None:
    assert found((("%(num)s post", "%(num)s posts"), ("%(num)s ប៉ុស្តិ៍",))) == []
    assert found((("%(num)s post", "%(num)s posts"), ("%(num)s",))) == [(10, "term.not-held", "post")]


def test_what_is_not_translated_yet_is_told_as_that_alone() -> None:
    assert found(("This post", "")) == []

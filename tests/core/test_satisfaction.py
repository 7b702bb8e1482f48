"""The satisfaction form: what it asks, how an answer is read, and the statement it becomes, to the letter."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from satisfaction_scenes import responded, said

from elearn.core.learning.satisfaction import answers_from
from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.satisfaction import HELPED, ITEMS, LEAST, SCALE
from elearn.core.xapi.check import check

GOLDEN = """{
  "id": "00000000-0000-4000-b000-000000000001",
  "actor": {
    "objectType": "Agent",
    "account": {
      "homePage": "https://elearn.invalid/",
      "name": "anonymous"
    }
  },
  "verb": {
    "id": "http://adlnet.gov/expapi/verbs/responded",
    "display": {
      "en": "responded"
    }
  },
  "object": {
    "objectType": "Activity",
    "id": "https://elearn.invalid/course/interdiction/satisfaction",
    "definition": {
      "type": "http://id.tincanapi.com/activitytype/survey"
    }
  },
  "context": {
    "platform": "elearn",
    "extensions": {
      "https://elearn.invalid/xapi/ext/version": "1",
      "https://elearn.invalid/xapi/ext/language": "lo",
      "https://elearn.invalid/xapi/ext/node": "n"
    },
    "contextActivities": {
      "parent": [
        {
          "objectType": "Activity",
          "id": "https://elearn.invalid/course/interdiction"
        }
      ]
    }
  },
  "timestamp": "2026-03-04T17:00:00.000000Z",
  "result": {
    "extensions": {
      "https://elearn.invalid/xapi/ext/form": 1,
      "https://elearn.invalid/xapi/ext/ratings": {
        "useful": 4,
        "understood": 4,
        "fair": 4,
        "fitting": 4,
        "easy": 4
      },
      "https://elearn.invalid/xapi/ext/helped": "practice"
    }
  }
}"""


def test_the_statement_of_an_anonymous_answer_is_this_and_nothing_more() -> None:
    statement = responded("00000000-0000-4000-b000-000000000001")

    assert json.dumps(statement.body, indent=2) == GOLDEN
    assert check(json.loads(GOLDEN)) == statement


def test_the_form_has_five_statements_a_scale_of_five_and_one_choice() -> None:
    assert (len(ITEMS), list(SCALE), len(HELPED), LEAST) == (5, [1, 2, 3, 4, 5], 5, 5)
    assert len({*ITEMS.values(), *SCALE.values(), *HELPED.values()}) == 15


def test_an_answer_is_kept_in_the_order_of_the_form_whatever_was_clicked_first() -> None:
    clicked_backwards = dict(reversed(said(useful="1", easy="5").items()))

    kept = answers_from(clicked_backwards).kept()

    assert list(kept["ratings"].items()) == [("useful", 1), ("understood", 4), ("fair", 4), ("fitting", 4), ("easy", 5)]
    assert kept["helped"] == "practice"


def test_nothing_but_the_form_itself_is_read() -> None:
    with_more = {**said(), "csrf": "token", "comment": "the two of us at the bridge", "person": "me"}

    assert answers_from(with_more) == answers_from(said())


@pytest.mark.parametrize("wrong", ["", "0", "6", "-1", "3.0", " 3", "٣", "three"])
def test_a_rating_the_form_does_not_offer_is_told_at_its_statement(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        answers_from(said(fair=wrong))

    assert refused.value.code == "satisfaction.incomplete"
    assert refused.value.details["fields"] == {"fair": "satisfaction.no-rating"}


def test_all_that_has_no_answer_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        answers_from({"useful": "5", "helped": "money"})

    expected = {**dict.fromkeys(("understood", "fair", "fitting", "easy"), "satisfaction.no-rating")}
    assert refused.value.details["fields"] == {**expected, "helped": "satisfaction.no-choice"}


@given(
    fields=st.dictionaries(
        st.sampled_from([*ITEMS, "helped", "x"]), st.sampled_from("1234560") | st.sampled_from(list(HELPED)) | st.text()
    )
)
def test_whatever_is_sent_it_is_a_whole_answer_or_refused(fields: dict[str, Any]) -> None:
    good = {**dict.fromkeys(ITEMS, frozenset("12345")), "helped": frozenset(HELPED)}
    wrong = {name for name, taken in good.items() if fields.get(name) not in taken}
    if wrong:
        with pytest.raises(Invalid) as refused:
            answers_from(fields)
        assert refused.value.details["fields"].keys() == wrong  # type: ignore[attr-defined]
    else:
        assert answers_from(fields).kept()["helped"] == fields["helped"]

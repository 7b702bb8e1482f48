"""A post or hub with more officers than a page holds: the page says so, and each is still found."""

from collections.abc import Iterator

import pytest
from cast import officer
from web_scenes import Site, site

from elearn.web.administrator.views import MOST_ON_A_PAGE


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("many"))
    for number in range(MOST_ON_A_PAGE):
        officer(found.node, f"Aye {number:04}")
    officer(found.node, "Zaw Last", service_number="LA-9")
    yield found
    found.node.store.close()


def test_a_page_that_cannot_show_all_officers_tells_how_many_there_are(here: Site) -> None:
    visitor = here.signed_in("administrator")
    everybody = MOST_ON_A_PAGE + len(here.people) + 1

    page = visitor.get("/officers").text

    assert f"{everybody} officers" in page
    assert f"{everybody - MOST_ON_A_PAGE} more officers are not shown here" in page
    assert "Zaw Last" not in page
    found = visitor.get("/officers?q=LA-9").text
    assert "Zaw Last" in found
    assert "not shown here" not in found

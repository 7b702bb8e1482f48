"""Names of people and posts come in any script, whatever the page is written in: each has a font on each page."""

import re
from collections.abc import Iterator

import pytest
from web_scenes import Site, site

_STYLE = re.compile(r'href="(/static/[^"]+\.css)"')
_FACE = re.compile(r'@font-face\s*{[^}]*font-family:\s*"(Noto [^"]+)"')
_FAMILY = re.compile(r"--family:([^;]+);")
_ANY_SCRIPT = re.compile(r"--any-script:([^;]+);")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = site(tmp_path_factory.mktemp("scripts"))
    yield found
    found.node.store.close()


def test_a_name_in_another_script_than_the_page_has_a_font(here: Site) -> None:
    address = _STYLE.findall(here.visitor().get("/sign-in").text)[0]
    style = here.visitor().get(address).text
    every_script = _ANY_SCRIPT.findall(style)[0]
    faces = set(_FACE.findall(style))
    families = [family.replace("var(--any-script)", every_script) for family in _FAMILY.findall(style)]

    assert len(faces) >= 5
    assert len(families) >= 6
    for family in families:
        assert {face for face in faces if f'"{face}"' not in family} == set(), family

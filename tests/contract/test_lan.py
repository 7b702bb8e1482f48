"""A hub on the local network is found by posts, and by nobody any more once it is gone. On the loopback interface."""

from collections.abc import Iterator

import pytest

from elearn.adapters.lan import LanNeighbours
from elearn.ports import Neighbour

NODE = "00000000-0000-4000-8000-00000000000"
HERE = ("127.0.0.1",)


@pytest.fixture
def hub() -> Iterator[LanNeighbours]:
    hub = LanNeighbours(HERE)
    yield hub
    hub.close()


def test_a_hub_that_is_announced_is_found_with_its_name_and_address(hub: LanNeighbours) -> None:
    assert hub.announce("ສູນ Vientiane", NODE + "1", 8123)

    assert Neighbour("ສູນ Vientiane", "http://127.0.0.1:8123") in LanNeighbours(HERE).find(2)


def test_two_hubs_of_one_name_are_two(hub: LanNeighbours) -> None:
    second = LanNeighbours(HERE)
    try:
        assert hub.announce("Hub", NODE + "2", 8124)
        assert second.announce("Hub", NODE + "3", 8125)

        found = {one.url for one in LanNeighbours(HERE).find(2) if one.name == "Hub"}
    finally:
        second.close()
    assert found == {"http://127.0.0.1:8124", "http://127.0.0.1:8125"}


def test_a_hub_that_was_closed_is_not_found(hub: LanNeighbours) -> None:
    assert hub.announce("Gone", NODE + "4", 8126)
    hub.close()

    assert "Gone" not in {one.name for one in LanNeighbours(HERE).find(1)}


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # the library leaves a socket to the collector
def test_where_there_is_no_network_nobody_is_found_and_nothing_breaks() -> None:
    nowhere = LanNeighbours(("192.0.2.1",))  # TEST-NET-1: no machine has it

    assert nowhere.find(0.2) == []
    assert nowhere.announce("Hub", NODE + "5", 8127) is False
    nowhere.close()

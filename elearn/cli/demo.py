"""`demo`: a post and a hub full of invented officers, so that every page has something to show.

Lives in folders of its own, is marked as a demonstration on every page, and refuses to touch a real post.
"""

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from elearn.cli.workbench import Workbench
from elearn.core.sync.talk import Answer
from elearn.core.vocab.nodes import NodeKind
from elearn.services import author, exchange, posts
from elearn.services.demonstration import PIN, STAFF, Place, TurnedClock, let_learn, must_be_demo, set_up_place
from elearn.services.node import Node
from elearn.services.operator import operator

NAME = "demo"
HELP = "make the demonstration: a post and a hub with invented officers"

POST = Place("DEMO", "Bridge Two Post", "KH", "customs", 34)
HUB = Place("HUB", "National Training Hub", "KH", "police", 0)
OTHERS = (Place("RIVER", "River Post", "KH", "police", 22), Place("HILL", "Hill Gate Post", "KH", "immigration", 16))
SILENT_DAYS = 47
HUB_URL = "http://hub.demo"


class AppPeer:
    """The port `Peer` over an app in the same process: no socket, the same words."""

    def __init__(self, app: Any) -> None:
        self._client = Client(app)

    def call(self, url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:  # noqa: ARG002
        """Send one request to the app."""
        response = self._client.open(path, method=method, data=body, headers=headers)
        return Answer(response.status_code, dict(response.headers), response.data)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--again", action="store_true", help="throw the old demonstration away first")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Make it, without serving it."""
    if arguments.again:
        _throw_away(workbench)
    with workbench.node(NodeKind.POST, demo=True) as post, workbench.node(NodeKind.HUB, demo=True) as hub:
        fill(workbench, post, hub)
    print("The demonstration is ready: python3 run.py --demo")
    return 0


def _throw_away(workbench: Workbench) -> None:
    for kind in (NodeKind.POST, NodeKind.HUB):
        with workbench.node(kind, demo=True) as node:
            must_be_demo(node)
        shutil.rmtree(workbench.settings(kind, demo=True).data)


def fill(workbench: Workbench, post: Node, hub: Node, quiet: bool = False) -> None:
    """Fill post and hub, unless they are. Raises Refused where a real post lives in the folder."""
    if must_be_demo(post) & must_be_demo(hub):
        return
    now = post.clock.now()
    set_up_place(hub, HUB, now - timedelta(days=SILENT_DAYS * len(OTHERS)))
    _fill_post(workbench, post, hub, POST, silent_days=0, quiet=quiet)
    for number, place in enumerate(OTHERS):
        with tempfile.TemporaryDirectory(prefix="elearn-demo-") as folder:
            other = workbench.build_node(replace(post.settings, data=Path(folder)))
            try:
                _fill_post(workbench, other, hub, place, silent_days=SILENT_DAYS * number, quiet=quiet)
            finally:
                other.store.close()
    if not quiet:
        took = (post.clock.now() - now).total_seconds()
        print(f"  demonstration filled in {took:.0f} s")


def _fill_post(workbench: Workbench, post: Node, hub: Node, place: Place, *, silent_days: int, quiet: bool) -> None:
    author.publish_all(post)
    until = post.clock.now() - timedelta(days=silent_days, minutes=10)
    set_up_place(post, place, until)

    def progress(done: int, total: int) -> None:
        if not quiet and (done == total or done % 20 == 0) and sys.stdout.isatty():
            print(f"\r  {place.name}: {done}/{total} sessions", end="\n" if done == total else "", flush=True)

    let_learn(post, place, until, progress)
    clock = TurnedClock(until, timedelta(milliseconds=20))
    # Both sides on the same turned clock: the hub shall see when this post was last heard of.
    answering = replace(hub, clock=clock)
    calling = replace(post, clock=clock, peer=AppPeer(workbench.create_app(answering)))
    code = posts.make_code(answering, operator(answering), place.name)
    exchange.enrol_with(calling, operator(calling), HUB_URL, code)
    outcome = exchange.exchange_now(calling, operator(calling))
    if outcome.error:
        raise outcome.error


def say_accounts() -> None:
    """Print how to sign in to a demonstration."""
    for place in (POST, HUB):
        print(f"  {place.name}: PIN {PIN}, " + ", ".join(f"{place.sign}-{job}" for job, _, _ in STAFF))
